"""Cases: questions with what a right answer rests on, one a line of JSON (docs/cases.md).

A case is answerable, and then names the sentences that answer it, or it is not, and then says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, StringConstraints, TypeAdapter, ValidationError

from rag.archive import Archive
from rag.errors import JiubaoError
from rag.types import Language

Kind = Literal["how_many", "who", "when", "where", "why", "which", "yes_no", "comparison"]
Slot = Literal["year", "place", "person", "organisation", "number"]
WhyNot = Literal["near_miss", "absent", "out_of_scope"]

SEEDS = Path(__file__).with_name("seeds.jsonl")
"""The cases on the five sample articles."""

_REMEDY = "see docs/cases.md"
_STRICT = ConfigDict(strict=True, extra="forbid")
_Filled = Annotated[str, StringConstraints(pattern=r"\S")]


class BadCases(JiubaoError):
    """A file of cases cannot be used as it stands."""


@dataclass(frozen=True, slots=True)
class GoldQuote:
    """A sentence of an article (or two neighbouring ones), character for character.

    `article` is the file's name or the article's id, as in `Case.articles`.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    article: _Filled
    language: Language
    text: _Filled


@dataclass(frozen=True, slots=True)
class Change:
    """The one slot in which a near miss differs from the case it was derived from."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    slot: Slot
    was: _Filled
    now: _Filled


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what is known of its answer; docs/cases.md says each field in full.

    `pair` is the id that a question shares with its translation. `gold` holds the sentences that
    carry the answer, in each language the article has: all those of one language together are
    needed, none more. `acceptable` holds those that may be cited beside them without being wrong.
    `answers` are ways to put the same short answer, the first as the article does. `slots` are
    the words of the question that pin it down. The articles of `held_out` are left out of the
    archive while the case is asked.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    id: _Filled
    question: _Filled
    language: Language
    answerable: bool
    kind: Kind | None = None
    pair: _Filled | None = None
    articles: tuple[_Filled, ...] = ()
    gold: tuple[GoldQuote, ...] = ()
    acceptable: tuple[GoldQuote, ...] = ()
    answers: tuple[_Filled, ...] = ()
    slots: Mapping[Slot, tuple[_Filled, ...]] = field(default_factory=dict)
    why_not: WhyNot | None = None
    change: Change | None = None
    derived_from: _Filled | None = None
    held_out: tuple[_Filled, ...] = ()


_READER = TypeAdapter(Case)


def load_cases(path: Path) -> list[Case]:
    """Reads a file of cases, one a line; empty lines are passed over.

    Raises:
        BadCases: the file cannot be read or holds no case, a line is not a case, an id comes
            twice, or a case does not agree with the one it is paired with or derived from. The
            message names the file and the line.
    """
    lines: dict[str, int] = {}
    cases: list[Case] = []
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        case = _read(line, f"{path}:{number}")
        if case.id in lines:
            message = f"{path}:{number}: the id {case.id!r} is that of line {lines[case.id]}"
            raise BadCases(message, "give each case an id of its own")
        lines[case.id] = number
        cases.append(case)
    if not cases:
        raise BadCases(f"{path} holds no case", _REMEDY)
    for case, problem in _disagreements(cases):
        raise BadCases(f"{path}:{lines[case.id]}: {case.id!r}: {problem}", _REMEDY)
    return cases


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise BadCases(f"{path} cannot be read: {error.strerror}", "check the path") from error
    except UnicodeDecodeError as error:
        raise BadCases(f"{path} is not UTF-8 at byte {error.start}", "save it as UTF-8") from error


def _read(line: str, where: str) -> Case:
    try:
        case = _READER.validate_json(line)
    except ValidationError as error:
        raise BadCases(f"{where}: {first_problem(error)}", _REMEDY) from error
    for problem in _faults(case):
        raise BadCases(f"{where}: {case.id!r}: {problem}", _REMEDY)
    return case


def first_problem(error: ValidationError) -> str:
    """What pydantic found first, on one line: where in the value, and what is wrong there."""
    found = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in found["loc"])
    said = f"{where}: {found['msg']}" if where else found["msg"]
    return "".join(char if char.isprintable() else "?" for char in said)[:300]


def _faults(case: Case) -> Iterator[str]:
    """What is wrong with a case taken alone."""
    for slot, values in case.slots.items():
        for value in values:
            if value not in case.question:
                yield f"slots.{slot}: {value!r} does not stand in the question"
    yield from _answerable_faults(case) if case.answerable else _unanswerable_faults(case)


def _answerable_faults(case: Case) -> Iterator[str]:
    if case.why_not or case.change or case.derived_from:
        yield "an answerable case has no `why_not`, `change` or `derived_from`"
    if not (case.articles and case.gold and case.answers):
        yield "an answerable case needs `articles`, `gold` and `answers`"
    if case.held_out:
        yield "an answerable case holds no article out"
    if {quote.article for quote in case.gold} != set(case.articles):
        yield "`gold` must quote each of the `articles` and no other"
    if any(quote in case.gold for quote in case.acceptable):
        yield "an acceptable quote is among `gold` already"
    if any(quote.article not in case.articles for quote in case.acceptable):
        yield "`acceptable` quotes an article that is not among `articles`"


def _unanswerable_faults(case: Case) -> Iterator[str]:
    if case.why_not is None:
        yield "an unanswerable case says `why_not`"
    if case.articles or case.gold or case.acceptable or case.answers:
        yield "an unanswerable case has no `articles`, `gold`, `acceptable` or `answers`"
    if case.why_not == "near_miss":
        if case.change is None or case.derived_from is None:
            yield "a near miss needs `change` and `derived_from`"
        elif case.change.now not in case.slots.get(case.change.slot, ()):
            yield f"change.now: {case.change.now!r} is not in slots.{case.change.slot}"
    elif case.change or case.derived_from:
        yield "only a near miss has `change` or `derived_from`"


def _disagreements(cases: Sequence[Case]) -> Iterator[tuple[Case, str]]:
    """Cases that do not agree with their translation or with what they were derived from."""
    by_id = {case.id: case for case in cases}
    pairs: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.pair:
            pairs[case.pair].append(case)
        if case.change and case.derived_from:
            for problem in _origin_faults(case, case.change, by_id.get(case.derived_from)):
                yield case, problem
    for pair, members in pairs.items():
        if len(members) != 2 or members[0].language == members[1].language:
            yield members[-1], f"the pair {pair!r} is not one question in each of two languages"
        elif _substance(members[0]) != _substance(members[1]):
            yield members[-1], f"the two of the pair {pair!r} differ in more than their words"


def _origin_faults(case: Case, change: Change, origin: Case | None) -> Iterator[str]:
    if origin is None or not origin.answerable or origin.language != case.language:
        yield f"derived_from: {case.derived_from!r} is no answerable case in its language"
        return
    if change.was not in origin.question:
        yield f"change.was: {change.was!r} does not stand in the question of {origin.id!r}"
    if change.now in origin.question:
        yield f"change.now: {change.now!r} stands in the question of {origin.id!r} too"


def _substance(case: Case) -> tuple[object, ...]:
    """What a question and its translation have in common."""
    return (
        case.answerable, case.kind, case.why_not, set(case.articles), set(case.gold),
        set(case.acceptable), case.change and case.change.slot, case.held_out,
    )  # fmt: skip


def article_names(archive: Archive) -> dict[str, frozenset[str]]:
    """Each name that a case may give an article by, with the ids of those that bear it.

    Names are the article's id, its file's path as ingested, that without its suffix, and the last
    part of both.
    """
    names: dict[str, set[str]] = defaultdict(set)
    for masthead in {p.masthead.article_id: p.masthead for p in archive.passages()}.values():
        path = PurePosixPath(masthead.source)
        bare = path.with_suffix("")
        for name in (masthead.article_id, masthead.source, path.name, str(bare), bare.name):
            names[name].add(masthead.article_id)
    return {name: frozenset(ids) for name, ids in names.items()}
