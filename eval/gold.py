"""Where the gold of a case stands in an archive, and what counts as having found it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from eval.cases import Case, GoldQuote, article_names
from eval.records import Gold, Place
from rag.archive import Archive
from rag.types import LANGUAGES, Article, Language, Passage


def overlap(one: Place, other: Place) -> bool:
    """Whether two places share a character."""
    return (
        one.article_id == other.article_id
        and one.language == other.language
        and one.start < other.end
        and other.start < one.end
    )


def place_of(passage: Passage) -> Place:
    """Where a passage stands."""
    return Place(passage.masthead.article_id, passage.language, passage.start, passage.end)


class Locator:
    """Finds quotes and the passages that hold them, in one archive.

    Args:
        names: ids of the articles that bear a name (`eval.cases.article_names`).
        article: an article by its id.
        passages: all of the archive.
    """

    def __init__(
        self,
        names: Mapping[str, frozenset[str]],
        article: Callable[[str], Article],
        passages: Iterable[Passage],
    ) -> None:
        self._names = names
        self._article = lru_cache(maxsize=64)(article)
        self._passages: dict[tuple[str, Language], list[Passage]] = {}
        for passage in passages:
            key = (passage.masthead.article_id, passage.language)
            self._passages.setdefault(key, []).append(passage)

    @classmethod
    def of(cls, archive: Archive) -> Locator:
        """The locator of an archive."""
        return cls(article_names(archive), archive.article, archive.passages())

    def ids(self, names: Iterable[str]) -> frozenset[str]:
        """Ids of all articles that bear one of the names."""
        return frozenset(each for name in names for each in self._names.get(name, ()))

    def locate(self, case: Case) -> Gold:
        """Where a case's quotes stand, and which passages hold them."""
        needed = tuple(self._places(quote) for quote in case.gold)
        return Gold(
            needed,
            tuple(place for quote in case.acceptable for place in self._places(quote)),
            {
                language: found
                for language in LANGUAGES
                if (found := self._holding([p for places in needed for p in places], language))
            },
        )

    def problems(self, cases: Iterable[Case]) -> Iterator[str]:
        """Quotes and articles of cases that do not stand in the archive, a line each."""
        for case in cases:
            quotes = (*case.gold, *case.acceptable)
            named = (*case.articles, *case.held_out, *(quote.article for quote in quotes))
            for name in dict.fromkeys(named):
                if name not in self._names:
                    yield f"{case.id}: the archive holds no article {name!r}"
            for quote in quotes:
                if quote.article in self._names and not self._places(quote):
                    where = f"{quote.article} ({quote.language})"
                    yield f"{case.id}: not in {where}: {quote.text!r}"

    def _places(self, quote: GoldQuote) -> tuple[Place, ...]:
        """Every place where a quote stands; a run of white space matches any other."""
        pattern = re.compile(r"\s+".join(map(re.escape, quote.text.split())))
        found = []
        for article_id in sorted(self.ids([quote.article])):
            text = self._article(article_id).text(quote.language)
            if text:
                found += [
                    Place(article_id, quote.language, *match.span())
                    for match in pattern.finditer(text.body)
                ]
        return tuple(found)

    def _holding(self, places: Sequence[Place], language: Language) -> tuple[str, ...]:
        """Ids of the passages that hold one of the places whole, or else a part of it."""
        found: dict[str, None] = {}
        for place in places:
            if place.language == language:
                near = [
                    passage
                    for passage in self._passages.get((place.article_id, language), ())
                    if overlap(place_of(passage), place)
                ]
                whole = [p for p in near if p.start <= place.start and place.end <= p.end]
                found |= dict.fromkeys(p.passage_id for p in whole or near)
        return tuple(found)
