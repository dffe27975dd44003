"""The types every room speaks: frozen values, no behaviour beyond reading themselves.

Offsets are counted in Unicode code points of the stored body, half open: `body[start:end]`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

Language = Literal["zh", "en"]
Role = Literal["original", "translation"]
State = Literal["complete", "refused", "degraded", "truncated", "failed"]
Support = Literal["supported", "partial", "unsupported"]

# Index terms that may stand for one word of a question, with their weights, up to 1.
Group = Mapping[str, float]

LANGUAGES: tuple[Language, ...] = ("zh", "en")


class Span(NamedTuple):
    """A half-open range of code points in a body."""

    start: int
    end: int

    def overlap(self, other: Span) -> int:
        """How many code points both hold."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


@dataclass(frozen=True, slots=True)
class Masthead:
    """What a citation says of an article. Shared by reference, never copied field by field.

    `title` holds the whole headline by language; `authors` the names in every script the file
    gives, the original's first; `page` and `section` may be unknown (None, ""); `source` is the
    file's path relative to what was ingested, with `/` between its parts.
    """

    article_id: str
    title: Mapping[Language, str]
    authors: tuple[str, ...]
    published: date
    page: int | None
    section: str
    source: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside an article; `offset` is the start of the paragraph it stands above."""

    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """An article in one language.

    `body` is prose alone: paragraphs joined by one line feed. What the page prints around the
    prose (title, subtitle, dateline, headings, credits) is kept beside it.
    """

    language: Language
    role: Role
    title: str
    body: str
    subtitle: str = ""
    dateline: str = ""
    headings: tuple[Heading, ...] = ()
    credits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Sentences that say the same in both languages; one side is None where nothing answers.

    A span may cover two neighbouring sentences of one paragraph (1-2 and 2-1 pairs).
    `similarity` is the cosine of the two sides, 0.0 for a lone one.
    """

    zh: Span | None
    en: Span | None
    similarity: float


@dataclass(frozen=True, slots=True)
class Article:
    """A masthead, one or two texts (the original first) and the pairs between them."""

    masthead: Masthead
    texts: tuple[Text, ...]
    pairs: tuple[Pair, ...] = ()

    @property
    def original(self) -> Text:
        """The text the newspaper printed."""
        return self.texts[0]

    def text(self, language: Language) -> Text | None:
        """The text in `language`, or None where the article has none."""
        return next((text for text in self.texts if text.language == language), None)


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one text: `body[start:end] == text`."""

    passage_id: str
    masthead: Masthead
    language: Language
    start: int
    end: int
    text: str

    @property
    def span(self) -> Span:
        """Where it stands in its body."""
        return Span(self.start, self.end)

    @property
    def headline(self) -> str:
        """The article's title in the passage's language, "" where it has none."""
        return self.masthead.title.get(self.language, "")


@dataclass(frozen=True, slots=True)
class Period:
    """Publication dates, both ends included; None leaves an end open."""

    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """What a hit must satisfy; an empty filter admits everything."""

    period: Period | None = None
    page: int | None = None
    language: Language | None = None
    author: str | None = None

    def __bool__(self) -> bool:
        return self != Filter()


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood: its language, period, and the names and numbers in it; `across` is
    the same in the other language, where that is known."""

    text: str
    language: Language
    period: Period | None = None
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    across: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found: `rank` from 1, a higher `score` is better, `via` names the legs."""

    passage: Passage
    score: float
    rank: int
    via: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Characters of a stored body: `body[start:end] == text`, always."""

    language: Language
    role: Role
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation:
    """What the mark `[mark]` stands for: a quote, and the same in the other language."""

    mark: int
    masthead: Masthead
    quote: Quote
    counterpart: Quote | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far the cited quotes carry one sentence of an answer."""

    sentence: str
    support: Support
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply with everything needed to check it. Only `complete` looks complete.

    `timings_ms` gives milliseconds by stage. `standalone` is the question that was searched for,
    where a follow-up was made to stand alone; `note` says why the state is what it is, or what
    was left out. Statements struck from the text stand among the verdicts, as `unsupported`.
    """

    question: Question
    language: Language
    state: State
    text: str
    citations: tuple[Citation, ...]
    verdicts: tuple[Verdict, ...]
    hits: tuple[Hit, ...]
    model: str
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    standalone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The question as understood and what was found, best first; `down` names the legs that
    could not be asked."""

    question: Question
    hits: tuple[Hit, ...]
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    down: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of a conversation and the answer to it."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class HitsFound:
    """First event of an answer: what the search found."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class TextAdded:
    """More text of an answer, never taken back; a mark is never cut in two."""

    text: str


@dataclass(frozen=True, slots=True)
class CitationsReady:
    """What the marks stand for."""

    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class VerdictsReady:
    """How far the quotes carry each sentence."""

    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """Last event: the whole answer."""

    answer: Answer


Event = HitsFound | TextAdded | CitationsReady | VerdictsReady | Done


@dataclass(frozen=True, slots=True)
class Progress:
    """How far long work has come: `done` of `total` files, `passages` in `seconds`.

    `unchanged` of the files done cost next to nothing, being as they were.
    """

    stage: Literal["encoder", "reading", "indexing"]
    done: int
    total: int
    passages: int
    seconds: float
    unchanged: int = 0

    @property
    def rate(self) -> float:
        """Passages a second so far."""
        return self.passages / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds still to go at the pace so far, None before the first file is done.

        A run that was stopped and is started again finds what it had done first, and unchanged.
        """
        worked = self.done - self.unchanged
        return self.seconds * (self.total - self.done) / worked if worked > 0 else None


@dataclass(frozen=True, slots=True)
class Status:
    """What an archive holds. `languages` counts texts, `years` articles; `index` says in a
    word how the index stands (`ready`, `behind`, `empty`)."""

    home: str
    articles: int
    passages: int
    sources: int
    failed: int
    languages: Mapping[str, int]
    period: tuple[date, date] | None
    years: Mapping[int, int]
    model: str
    index: str


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """A file that could not be taken in, and why; the reason says what to do."""

    source: str
    error: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did, in files (added to failed) and in what the archive now holds."""

    added: int
    updated: int
    unchanged: int
    removed: int
    failed: tuple[ReadFailure, ...]
    articles: int
    passages: int
    seconds: float
