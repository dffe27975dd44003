"""Translated articles: a passage and what says the same in the other language, scored together.

A question finds what is in its own language more surely than what is not. Where an article has
two texts, each speaks for the other: an English question about a Chinese passage is put to its
translation first. Pure.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

from rag.corpus.aligner import counterpart
from rag.types import LANGUAGES, Language, Pair, Passage, Span

Item = TypeVar("Item")

# What the text in the language not asked in counts for, beside the one asked in: the best of
# .1 to .25 on the dev questions, over paragraphs in both languages (docs/retrieval.md).
_OTHER = 0.1
# A passage whose counterpart touches another by less than this share of the shorter is not its.
_OVERLAP = 0.2


class Scored(NamedTuple):
    """A candidate: its score, its passage's key, the legs that proposed it."""

    score: float
    key: int
    via: tuple[str, ...]


def together(
    scored: Sequence[Scored],
    passages: Mapping[int, Passage],
    pairs: Mapping[str, Sequence[Pair]],
    asked: Language,
) -> list[Scored]:
    """The candidates, those of translated articles scored by both texts, in no order.

    A passage that nothing proposed is one where its counterpart is proposed; for its own score
    the lowest of the translated articles' in its language is taken.

    Args:
        scored: candidates in both languages.
        passages: every passage of the articles in `pairs`, by key.
        pairs: of the articles that have two texts.
        asked: the question's language.
    """
    alone = [one for one in scored if one.key not in passages]
    both = {one.key: one for one in scored if one.key in passages}
    lowest: dict[Language, float] = {}
    for one in both.values():
        language = passages[one.key].language
        lowest[language] = min(one.score, lowest.get(language, one.score))
    for key, partners in _partners(passages, pairs):
        language = passages[key].language
        own, others = both.get(key), [both[other] for other in partners if other in both]
        if not partners or len(lowest) < 2:
            alone += [own] if own else []
        elif own or others:
            best = max(others, default=None)
            low = lowest["en" if language == "zh" else "zh"]
            here, there = own.score if own else lowest[language], best.score if best else low
            share = _OTHER if language == asked else 1 - _OTHER
            via = (*(own.via if own else ()), *(best.via if best else ()))
            score = (1 - share) * here + share * there
            alone.append(Scored(score, key, tuple(dict.fromkeys(via))))
    return alone


def _partners(
    passages: Mapping[int, Passage], pairs: Mapping[str, Sequence[Pair]]
) -> Iterator[tuple[int, list[int]]]:
    """Every passage with those of its article that say the same in the other language."""

    def article(key: int) -> str:
        return passages[key].masthead.article_id

    for article_id, keys in groupby(sorted(passages, key=article), key=article):
        held = list(keys)
        both = [(pair, pair.zh, pair.en) for pair in pairs[article_id] if pair.zh and pair.en]
        paired = {
            "zh": _InPlace([(zh, pair) for pair, zh, _ in both]),
            "en": _InPlace([(en, pair) for pair, _, en in both]),
        }
        # By the language they answer.
        others = {
            language: _InPlace(
                [(passages[n].span, n) for n in held if passages[n].language != language]
            )
            for language in LANGUAGES
        }
        for key in held:
            own = passages[key]
            across = counterpart(paired[own.language].at(own.span), own.language, own.span)
            near = others[own.language].at(across) if across else ()
            yield key, [n for n in near if across and _enough(across, passages[n].span)]


class _InPlace(Generic[Item]):
    """What stands at spans of one body, found by place: among thousands too, no two of which need
    be compared."""

    def __init__(self, placed: Sequence[tuple[Span, Item]]) -> None:
        ordered = sorted(placed, key=itemgetter(0))
        self._items = [item for _, item in ordered]
        self._starts = [span.start for span, _ in ordered]
        self._reached = list(accumulate((span.end for span, _ in ordered), max))

    def at(self, span: Span) -> Sequence[Item]:
        """All that shares characters with a span, in order; where spans lie within others, more."""
        first = bisect_right(self._reached, span.start)
        return self._items[first : bisect_left(self._starts, span.end)]


def _enough(one: Span, other: Span) -> bool:
    return one.overlap(other) > _OVERLAP * min(one.end - one.start, other.end - other.start)
