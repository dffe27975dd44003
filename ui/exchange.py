"""What the page knows of a question and its answer: values, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rag.types import Answer, Filter, Hit, Language, Masthead


@dataclass(frozen=True, slots=True)
class Context:
    """What stands before and after a quote in its article, a sentence each or nothing."""

    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Articles that speak of a question's subject, by year of publication and then by date."""

    years: Mapping[int, tuple[Masthead, ...]] = field(default_factory=dict)

    @property
    def first(self) -> Masthead | None:
        """The earliest of them."""
        return next((articles[0] for articles in self.years.values()), None)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer.

    While the answer is coming, `text` is what has come of it, `hits` what the search found and
    `note` what is going on; where none comes, `note` says why, and beside one what went wrong with
    it. `wanted` is the filter asked for beside the question, None where it is not known any more.
    `kept` is the turn under which the notebook keeps the answer, 0 where it does not.
    """

    question: str
    language: Language
    answer: Answer | None = None
    text: str = ""
    note: str = ""
    hits: tuple[Hit, ...] = ()
    contexts: tuple[Context, ...] = ()
    wanted: Filter | None = None
    timeline: Timeline | None = None
    waiting: bool = False
    kept: int = 0
    thumb: Literal["up", "down"] | None = None
    comment: str = ""
