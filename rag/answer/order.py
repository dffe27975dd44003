"""Whether figures, dates or names of a statement have changed places with one another. Pure.

All may stand in what is cited, and the statement be false: imports of 500 and exports of 300 where
it was the other way round. Two of a kind that each stand once in a quote stand there in the
statement's order, unless “from” tells them apart (from 300 to 500: to 500 from 300) or each has
come with its clause. A passive, too, turns names round: another order is only `partial`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.answer.dating import Dated, stands
from rag.answer.entities import names_in_order
from rag.answer.figures import Figure, kind_of
from rag.answer.wordmatch import content_words, covered, lexis, root
from rag.types import Language, Support

_FROM = re.compile(
    r"(?:\b(?:from|than|against|compared (?:with|to))\s(?:\w+[\s-])?|[从自由比较]约?)$"
)
_AND = re.compile(r"\s?(?:,|、|[和与及跟同]|,?\s?(?:and|or))\s?(?:the\s)?", re.IGNORECASE)
_EDGE = re.compile(r"[，。;；:：!！?？\n]|[,.](?!\d)|\b(?:and|but|while|whereas)\b|而")
_NAMES = frozenset({"places", "institutions", "people", "countries"})


@dataclass(frozen=True, slots=True)
class Told:
    """A figure, a date or a name in `text[start:end]`; `key` is the same for equal ones of a
    `kind`, `source` tells that it stands behind “from”, `dated` what a date is compared by."""

    start: int
    end: int
    kind: str
    key: Hashable
    source: bool
    dated: Dated | None = None
    counted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A text and what it tells, in order."""

    language: Language
    text: str
    told: tuple[Told, ...]


def row(language: Language, text: str, figures: Sequence[Figure], dates: Sequence[Dated]) -> Row:
    """What a text tells, in order, given its figures and dates."""

    def source(start: int) -> bool:
        return bool(_FROM.search(text[max(0, start - 24) : start]))

    found = [
        Told(
            d.start,
            d.end,
            "date" if d.weekday is None else "weekday",
            replace(d, start=0, end=0, text=""),
            source(d.start),
            dated=d,
        )
        for d in dates
    ]
    found += [
        Told(f.start, f.end, kind_of(f), f.value, source(f.start), None, f.counted)
        for f in figures
        if not any(dated.start <= f.start < dated.end for dated in dates)
    ]
    found += [
        Told(start, end, kind, name, source(start))
        for start, end, kind, name in names_in_order(text, language)
    ]
    return Row(language, text, tuple(sorted(found, key=lambda told: told.start)))


def check_order(said: Row, held: Sequence[Row]) -> Iterator[tuple[Support, str]]:
    """What of one kind stands in another order in every quote that has it. Names are compared
    within a language alone."""
    times = Counter((told.kind, told.key) for told in said.told)
    once = [told for told in said.told if times[told.kind, told.key] == 1]
    for kind in dict.fromkeys(told.kind for told in once):
        mine = [told for told in once if told.kind == kind]
        rows = [r for r in held if kind not in _NAMES or r.language == said.language]
        met = [(r, list(pairwise(_meet(mine, kind, r)))) for r in rows]
        wrong = [
            next((pair for pair in pairs if not _fits(said, r, *pair)), None)
            for r, pairs in met
            if pairs
        ]
        if all(wrong) and wrong and wrong[0]:
            (one, _), (two, _) = wrong[0]
            here, there = said.text[one.start : one.end], said.text[two.start : two.end]
            yield "partial", f"{here} and {there} stand in another order in what is cited"


_Met = tuple[Told, Told]


def _meet(mine: Sequence[Told], kind: str, held: Row) -> Iterator[_Met]:
    """What of a statement stands once in a quote, each with its equal there."""
    theirs = [told for told in held.told if told.kind == kind]
    for told in mine:
        same = [other for other in theirs if _equal(told, other)]
        if len(same) == 1:
            yield told, same[0]


def _equal(said: Told, held: Told) -> bool:
    if said.dated and held.dated:
        return stands(said.dated, (held.dated,))
    return said.key == held.key


def _fits(said: Row, held: Row, one: _Met, two: _Met) -> bool:
    """Whether two of a statement relate as their equals in a quote do."""
    (mine, theirs), (my_other, their_other) = one, two
    if mine.kind in _NAMES and _joined(said, mine, my_other) and _joined(held, theirs, their_other):
        return True
    if mine.source != my_other.source and theirs.source != their_other.source:
        return mine.source == theirs.source
    for about in (_counted, _clause):
        here, there = about(said, mine), about(said, my_other)
        mirror = about(held, theirs), about(held, their_other)
        if here.text != there.text and (kept := _kept(here, there, *mirror)):
            return kept > 0
    return theirs.start <= their_other.start


def _kept(mine: Row, my_other: Row, theirs: Row, their_other: Row) -> int:
    """1 where what stands around two is what stands around their equals, -1 where it is what
    stands around the other's, 0 where that is not plain."""
    own = _common(mine, theirs) - _common(mine, their_other)
    other = _common(my_other, their_other) - _common(my_other, theirs)
    return (own > 0 and other > 0) - (own < 0 and other < 0)


def _counted(row: Row, told: Told) -> Row:
    """What a figure counts."""
    return Row(row.language, " ".join(told.counted), ())


def _clause(row: Row, told: Told) -> Row:
    """The clause something stands in, without what is of its kind."""
    start = max((m.end() for m in _EDGE.finditer(row.text, 0, told.start)), default=0)
    edge = _EDGE.search(row.text, told.end)
    end = edge.start() if edge else len(row.text)
    inside = [other for other in row.told if start <= other.start < end]
    text = row.text[start:end]
    for other in reversed(inside):
        if other.kind == told.kind:
            text = text[: other.start - start] + " " + text[other.end - start :]
    return Row(row.language, text, tuple(o for o in inside if o.kind != told.kind))


def _common(said: Row, held: Row) -> int:
    """How many words and other figures, dates and names two clauses have in common."""
    wanted = content_words(said.text)
    if said.language == held.language:
        shared = len({*map(root, wanted)} & {*map(root, content_words(held.text))})
    else:
        shared = sum(covered(wanted, lexis([(held.language, held.text)])))
    return shared + sum(
        any(told.kind == other.kind and _equal(told, other) for other in held.told)
        for told in said.told
    )


def _joined(row: Row, one: Told, two: Told) -> bool:
    """Whether two names stand side by side, so that either might come first."""
    between = row.text[min(one.end, two.end) : max(one.start, two.start)]
    return bool(_AND.fullmatch(between))
