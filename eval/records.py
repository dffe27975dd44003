"""A run: what was asked of an archive, everything that came back, and the files it is kept in.

A run is a folder: `run.json` says under which circumstances it was made, `answers.jsonl` holds one
record a line, written as they come, so that a run that breaks off loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TextIO, TypeVar

from pydantic import TypeAdapter, ValidationError

from eval.cases import Case, first_problem
from rag.errors import JiubaoError
from rag.types import Language, Role, State, Verdict

HEADER = "run.json"
ANSWERS = "answers.jsonl"

Value = TypeVar("Value")


class BadRun(JiubaoError):
    """A folder does not hold a run that can be read."""


class Place(NamedTuple):
    """Characters of a stored body: article, language, and a half-open range of code points."""

    article_id: str
    language: Language
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A quote as it was shown."""

    place: Place
    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as it was shown: what `[mark]` stands for."""

    mark: int
    headline: str
    quote: Shown
    counterpart: Shown | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence weighed as evidence; `margin` is in log-odds above the least that answers."""

    place: Place
    text: str
    margin: float


@dataclass(frozen=True, slots=True)
class Gold:
    """Where what answers a case stands in the archive.

    `needed` holds the places of each gold quote, in the order of the case's `gold`; `acceptable`
    those of all acceptable quotes; `passages` the ids of the passages that hold gold, by language.
    """

    needed: tuple[tuple[Place, ...], ...] = ()
    acceptable: tuple[Place, ...] = ()
    passages: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it was shown. `hits` are passage ids, the best first."""

    state: State
    text: str
    model: str
    note: str
    citations: tuple[Cited, ...]
    verdicts: tuple[Verdict, ...]
    hits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A case, what the archive made of it, and what was seen while it did.

    Args:
        family: articles that the case hangs on, or its pair: cases of one family are not
            independent of each other.
        rankings: passage ids, best first, of a search in one language by one leg: `en/dense`.
        evidence: the three likeliest sentences.
        margin: how surely it is answered, None where nothing was found.
        unsupported: sentences of the text shown that no citation carries, as found by checking the
            text anew.
        faults: of the zero-tolerance checks.
        timings_ms: to the first hits (`evidence`), the first text, and the end; empty where the
            case was not timed.
        tokens: of the text shown, as the archive's encoder counts them.
    """

    case: Case
    family: str
    gold: Gold
    reply: Reply
    rankings: Mapping[str, tuple[str, ...]]
    evidence: tuple[Sentence, ...]
    margin: float | None
    unsupported: tuple[Verdict, ...]
    faults: tuple[str, ...]
    timings_ms: Mapping[str, float]
    tokens: int

    @property
    def answered(self) -> bool:
        """Whether the reader was given an answer, whole or not."""
        return self.reply.state not in ("refused", "failed")


@dataclass(frozen=True, slots=True)
class Header:
    """Under which circumstances a run was made.

    Args:
        cases: where the cases came from, and `cases_digest` the SHA-256 of all of them.
        settings: the archive's, by name; keys are no settings.
        fingerprints: of the encoder and of what was indexed.
        versions: of Python and of the packages that the numbers depend on.
    """

    started: str
    cases: str
    cases_digest: str
    model: str
    settings: Mapping[str, str]
    fingerprints: Mapping[str, str]
    versions: Mapping[str, str]
    archive: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Run:
    """A run, whole or as far as it came."""

    header: Header
    records: tuple[Record, ...]


_HEADER = TypeAdapter(Header)
_RECORD = TypeAdapter(Record)


def write_header(header: Header, folder: Path) -> None:
    """Begins a run's folder, made where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / HEADER).write_bytes(_HEADER.dump_json(header, indent=1) + b"\n")


def write_record(record: Record, file: TextIO) -> None:
    """Adds a record to a run's answers, at once on the disk."""
    file.write(_RECORD.dump_json(record).decode() + "\n")
    file.flush()


def load_run(folder: Path) -> Run:
    """The run kept in a folder.

    Raises:
        BadRun: there is none, or a file of it cannot be read; the message names file and line.
    """
    lines = _bytes(folder / ANSWERS).split(b"\n")
    header = _parsed(_HEADER, _bytes(folder / HEADER), str(folder / HEADER))
    return Run(header, tuple(_records(lines, str(folder / ANSWERS))))


def _records(lines: list[bytes], name: str) -> Iterator[Record]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _parsed(_RECORD, line, f"{name}:{number}")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadRun(
            f"{path} cannot be read: {error.strerror}", "name a folder that `jiubao eval` wrote"
        ) from error


def _parsed(adapter: TypeAdapter[Value], data: bytes, where: str) -> Value:
    try:
        return adapter.validate_json(data)
    except ValidationError as error:
        raise BadRun(
            f"{where}: {first_problem(error)}", "it was written by another version, or damaged"
        ) from error
