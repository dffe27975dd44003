"""A replay record: an answer with all it was made from, to be made again and compared.

One JSON file: the index's fingerprint and how much it held, the model and every prompt as it was
sent with the reply, the passages found, the settings that matter (never a key), what was asked and
the answer. A file that comes from elsewhere is hostile until it is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from rag.answer.model import ChatModel, Message
from rag.answer.redact import hide
from rag.config import Settings
from rag.errors import JiubaoError
from rag.types import Answer, Citation, Filter, Hit, Language, Period, State, Turn

SCHEMA: Literal[1] = 1
LONGEST = 20_000_000  # bytes of a record
# Settings that an answer depends on.
_SETTINGS = (
    "encoder", "precision", "passage_tokens", "reranker", "rerank_depth", "model_url",
    "model_streams", "translate", "answer_tokens", "context_tokens",
)  # fmt: skip
_REMEDY = "give a file that `jiubao ask --record FILE` wrote"

_Short = Annotated[str, StringConstraints(max_length=2_000)]


class BadRecord(JiubaoError):
    """A replay record cannot be read or written."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sent(_Strict):
    """One message as it was sent to the model."""

    role: Literal["system", "user", "assistant"]
    text: str


class Call(_Strict):
    """One question put to the model, and all that came back before it ended or failed."""

    messages: tuple[Sent, ...]
    reply: str


class _Stretch(_Strict):
    """A stretch of an article's text."""

    article_id: _Short
    language: Language
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    text: str


class Given(_Stretch):
    """A passage found, in the order of the hits."""

    passage_id: _Short


class Cited(_Stretch):
    """What a mark stood for."""

    mark: int


class Asked(_Strict):
    """What was asked: the question, the turns before it and the filter."""

    question: _Short
    turns: tuple[tuple[str, str], ...] = ()
    since: date | None = None
    until: date | None = None
    page: Annotated[int, Field(ge=1)] | None = None
    language: Language | None = None
    author: _Short | None = None

    @property
    def filter(self) -> Filter | None:
        """The filter, None where there was none."""
        period = Period(self.since, self.until) if self.since or self.until else None
        return Filter(period, self.page, self.language, self.author) or None

    @property
    def earlier(self) -> tuple[Turn, ...]:
        """The turns before it, oldest first."""
        return tuple(Turn(question, answer) for question, answer in self.turns)


class Answered(_Strict):
    """The answer, as far as it is compared."""

    state: State
    text: str
    citations: tuple[Cited, ...]
    standalone: str
    note: str


class Record(_Strict):
    """One answer with all it was made from. `index` is the fingerprint; `articles` and `passages`
    say how much the archive held."""

    schema_version: Literal[1]
    index: _Short
    articles: int
    passages: int
    model: _Short
    settings: Mapping[str, str | int | float | bool]
    asked: Asked
    calls: tuple[Call, ...]
    given: tuple[Given, ...]
    answer: Answered


@dataclass(slots=True)
class Recorder:
    """A language model that keeps what it was asked and what it replied."""

    model: ChatModel
    calls: list[Call] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The model's."""
        return self.model.name

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """See `ChatModel.stream`. What came is kept, however it ended."""
        pieces: list[str] = []
        replying = self.model.stream(messages)
        try:
            for piece in replying:
                pieces.append(piece)
                yield piece
        finally:
            sent = tuple(Sent(role=message.role, text=message.text) for message in messages)
            self.calls.append(Call(messages=sent, reply="".join(pieces)))
            if close := getattr(replying, "close", None):
                close()

    def health(self) -> str:
        """The model's."""
        return self.model.health()


@dataclass(frozen=True, slots=True)
class Setup:
    """What an answer was made with: the index's fingerprint, how much it held, the settings, and
    the name by which the model is loaded (for a file, its path)."""

    fingerprint: str
    articles: int
    passages: int
    settings: Settings
    model: str


def asked(question: str, turns: Sequence[Turn], wanted: Filter | None) -> Asked:
    """What was asked, to be recorded."""
    chosen = wanted or Filter()
    period = chosen.period or Period()
    return Asked(
        question=question,
        turns=tuple((turn.question, turn.answer) for turn in turns),
        since=period.start,
        until=period.end,
        page=chosen.page,
        language=chosen.language,
        author=chosen.author,
    )


def record(put: Asked, answer: Answer, setup: Setup, calls: Sequence[Call] = ()) -> Record:
    """The record of an answer.

    Args:
        calls: of a `Recorder`.
    """
    kept = {name: getattr(setup.settings, name) for name in _SETTINGS}
    return Record(
        schema_version=SCHEMA,
        index=setup.fingerprint,
        articles=setup.articles,
        passages=setup.passages,
        model=setup.model,
        settings={k: hide(v) if isinstance(v, str) else v for k, v in kept.items()},
        asked=put,
        calls=tuple(calls),
        given=tuple(map(_given, answer.hits)),
        answer=Answered(
            state=answer.state,
            text=answer.text,
            citations=tuple(map(_cited, answer.citations)),
            standalone=answer.standalone,
            note=answer.note,
        ),
    )


def write_record(path: Path, made: Record) -> None:
    """Writes a record as JSON.

    Raises:
        BadRecord: the file cannot be written.
    """
    try:
        path.write_text(made.model_dump_json(indent=1) + "\n", "utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadRecord(f"{path} cannot be written: {reason}", "check the path") from error


def read_record(path: Path) -> Record:
    """Reads a record.

    Raises:
        BadRecord: the file cannot be read, is too large or is no record of this version.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(LONGEST + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadRecord(f"{path} cannot be read: {reason}", "check the path") from error
    if len(data) > LONGEST:
        raise BadRecord(f"{path} is larger than {LONGEST:,} bytes", _REMEDY)
    try:
        return Record.model_validate_json(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(map(str, found["loc"])) or "the file"
        said = "".join(c if c.isprintable() else "?" for c in f"{where}: {found['msg']}")[:200]
        raise BadRecord(f"{path} is no replay record: {said}", _REMEDY) from error


def _given(hit: Hit) -> Given:
    passage = hit.passage
    return Given(
        passage_id=passage.passage_id,
        article_id=passage.masthead.article_id,
        language=passage.language,
        start=passage.start,
        end=passage.end,
        text=passage.text,
    )


def _cited(citation: Citation) -> Cited:
    quote = citation.quote
    return Cited(
        mark=citation.mark,
        article_id=citation.masthead.article_id,
        language=quote.language,
        start=quote.start,
        end=quote.end,
        text=quote.text,
    )
