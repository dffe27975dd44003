"""A question that compares two things -> a sentence for each of them.

What is compared often stands in two articles, and the words of each side draw every sentence away
from the other. So the two articles are taken that together hold the most of the names asked about,
and each, with those that hold the same of the names, is asked about its own side alone, without the
names that a headline says, for they do not tell its sentences apart. Where numbers are compared, a
side is a sentence that tells one the question does not.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.answer.coordination import Place, apart
from rag.answer.counting import tells_figure
from rag.answer.evidence import Evidence, find_evidence
from rag.answer.ground import Ground, ground, headline_of, whole_of
from rag.answer.kind import asked_kind
from rag.answer.naming import Named, names_of
from rag.answer.nearmiss import compares
from rag.answer.standing import name_stands
from rag.index.encoder import Encoder
from rag.index.index import Index
from rag.romanise import simplified
from rag.types import Article, Hit, Question

# Log-odds by which a sentence answers the question about one thing, below which none of it does.
_NO_ANSWER = -2.0
_WORD = re.compile(r"\w")
# What is said of two things one by one: of one of them alone there is no "each".
_EACH = re.compile(r"\s?\b(?:each|both|respectively)\b|分别|各自|两边", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sides:
    """The sentences that answer for two things compared, one for each of which any does; `untold`
    are the names of what none does, as the question has them."""

    found: Sequence[Evidence]
    untold: tuple[str, ...]


def both_sides(
    question: Question,
    answering: Sequence[Evidence],
    hits: Sequence[Hit],
    index: Index,
    encoder: Encoder,
    *,
    article: Callable[[str], Article],
) -> Sides | None:
    """What answers for each of the two things a question compares; None where it compares nothing,
    where the best answer names both, or where no two of the articles name one each.

    Whether it is answered at all has to be known: of what is left of a question it cannot well be
    told.

    Args:
        answering: sentences that answer the whole question, best first.
        hits: those of the question, best first.
        article: gives an article by its id.
    """
    names = names_of(question.text, question.language) if compares(question.text) else []
    if len(names) < 2 or any(_standing(names, _said(item)) == set(names) for item in answering[:1]):
        return None
    ids = dict.fromkeys(hit.passage.masthead.article_id for hit in hits)
    articles = {each: article(each) for each in ids}
    held = {each: _standing(names, whole_of(found)) for each, found in articles.items()}
    pair = _pair(held)
    if pair is None:
        return None
    one, other = (held[each] for each in pair)
    owned = one - other, other - one
    found: list[Evidence] = []
    untold: set[Named] = set()
    for this, own, text in zip(pair, owned, _parts(question, *owned), strict=True):
        alike = {each for each in articles if held[each] == held[this]}
        said = frozenset().union(*(_standing(names, headline_of(articles[each])) for each in alike))
        mine = [hit for hit in hits if hit.passage.masthead.article_id in alike]
        asked = _put(question, _EACH.sub("", _without(text, said)))
        evidence = find_evidence(asked, mine, index, encoder)
        likely = [item for item in evidence if item.margin > _NO_ANSWER]
        found += _telling(likely, question)
        if not likely:
            untold |= own
    return Sides(found, tuple(name.text for name in names if name in untold))


def _parts(question: Question, mine: frozenset[Named], theirs: frozenset[Named]) -> tuple[str, str]:
    """The question about each of two things; where they cannot be told apart, without the names
    of the other.

    Args:
        mine: the names that the article of the one alone holds.
        theirs: those that the article of the other alone does.
    """
    text = simplified(question.text)
    for (owner, here), (_, there) in itertools.pairwise(_runs(text, mine, theirs)):
        places = (here, there) if owner is mine else (there, here)
        if parts := apart(text, *places, question.language):
            return parts
    return _without(text, theirs), _without(text, mine)


def _telling(evidence: Sequence[Evidence], question: Question) -> Sequence[Evidence]:
    """The best sentence; where numbers are compared, the best that tells one."""
    if asked_kind(question.text) == "number":
        telling = [item for item in evidence if tells_figure(item.text, question.text)]
        return (telling or evidence)[:1]
    return evidence[:1]


def _written(name: Named) -> re.Pattern[str]:
    """A name as the question writes it: Tianjin's Hongqiao District's."""
    return re.compile(r"(?:['’]s)?\s".join(map(re.escape, name.text.split())) + r"(?:['’]s)?")


def _said(item: Evidence) -> Ground:
    passage = item.hit.passage
    return ground(((passage.language, item.text),), passage.masthead.published)


def _standing(names: Iterable[Named], where: Ground) -> frozenset[Named]:
    return frozenset(name for name in names if name_stands(name, where))


def _pair(held: Mapping[str, frozenset[Named]]) -> tuple[str, str] | None:
    """The two articles that hold the most names, each one that the other lacks."""
    pairs = [
        (one, other)
        for one, other in itertools.combinations(held, 2)
        if held[one] - held[other] and held[other] - held[one]
    ]
    return max(pairs, key=lambda pair: len(held[pair[0]] | held[pair[1]]), default=None)


def _runs(text: str, *sides: frozenset[Named]) -> list[tuple[frozenset[Named], Place]]:
    """From where to where a question names one side with none of the other between, in order."""
    places = sorted(
        (*place.span(), number)
        for number, names in enumerate(sides)
        for name in names
        if (place := _written(name).search(text))
    )
    runs = []
    for number, run in itertools.groupby(places, key=lambda place: place[2]):
        spans = [(start, end) for start, end, _ in run]
        runs.append((sides[number], (spans[0][0], max(end for _, end in spans))))
    return runs


def _without(text: str, names: Iterable[Named]) -> str:
    for name in sorted(names, key=lambda name: -len(name.text)):
        text = _written(name).sub("", text)
    return " ".join(text.split())


def _put(question: Question, text: str) -> Question:
    """The question in other words, with those of its names that are in them; as it is where none
    are left."""
    kept = tuple(name for name in question.names if name in text)
    return replace(question, text=text, names=kept, across="") if _WORD.search(text) else question
