"""Question text -> Question: its language, its period, and the names and numbers in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from rag.errors import BadQuestion
from rag.language import detect_language
from rag.numerals import canonical, find_numerals
from rag.retrieve.matter import to_the_point, topic_of
from rag.retrieve.periods import publication_period, read_period
from rag.types import Filter, Period, Question

LONGEST = 2_000
_HALF = re.compile("[\ud800-\udfff]")

# Words that a question may start with, capitalised or not.
_OPENING_WORDS = """
    A An And Are As At By Can Could Describe Did Do Does Explain For From Give Had Has Have How
    If In Into Is It List Name Of On Or Tell The These This Those To Under Was Were What When
    Where Which Who Whom Whose Why Will With Would
"""
_OPENING = frozenset(_OPENING_WORDS.split())


def understand(
    text: str, wanted: Filter | None = None, since: date | None = None, across: str = ""
) -> Question:
    """A question as understood: `text` as typed, the rest from what it is about.

    Args:
        wanted: the filter asked for beside it; its period goes before one in the question.
        since: the first day the archive has an article of, where known.
        across: the same in the other language, where known.

    Raises:
        BadQuestion: it is empty, too long or no text.
    """
    text = " ".join(text.split())
    if not text:
        raise BadQuestion("the question is empty", "type a question")
    if _HALF.search(text):
        raise BadQuestion("the question holds half a character (a lone surrogate)", "type it again")
    if len(text) > LONGEST:
        raise BadQuestion(
            f"the question has {len(text)} characters", f"keep it under {LONGEST:,} characters"
        )
    matter = to_the_point(text)
    return Question(
        text,
        detect_language(matter),
        (wanted and wanted.period) or publication_period(matter, since),
        names_in(matter),
        tuple(dict.fromkeys(map(canonical, find_numerals(matter)))),
        across,
    )


def without_period(question: Question, printed: Iterable[date] = ()) -> Question:
    """The question to the point, without the period that it filters by or that one of some articles
    is from: few of them say when they were printed, and its words would only draw answers to other
    dates.

    Args:
        printed: days on which what may answer was printed.
    """
    printed = list(printed)
    across = _less(question.across, question.period, printed)
    return replace(_put(question, _less(question.text, question.period, printed)), across=across)


def _less(text: str, filtering: Period | None, printed: Sequence[date]) -> str:
    """A question's text to the point, without the period that it filters by or that one of some
    days lies in."""
    text = to_the_point(text)
    reading = read_period(text)
    period = reading.period
    if not period or not re.search(r"\w", reading.rest):
        return text
    if period != filtering and not any(within(day, period) for day in printed):
        return text
    return to_the_point(reading.rest)


def asked_for_all(text: str) -> str | None:
    """What a question asks for all articles on, of whatever time; see `topic_of`."""
    matter = to_the_point(text)
    return topic_of(read_period(matter).rest or matter)


def told(question: Question) -> Period | None:
    """The period that a question, to the point, names and does not filter by: the year of an event,
    say."""
    period = read_period(question.text).period
    return None if period == question.period else period


def _put(question: Question, text: str) -> Question:
    return replace(question, text=text, names=names_in(text))


def within(day: date, period: Period) -> bool:
    """Whether a day lies in a period."""
    return (period.start or date.min) <= day <= (period.end or date.max)


def names_in(text: str) -> tuple[str, ...]:
    """The names in English text: runs of capitalised words, without the question word a sentence
    starts with."""
    names: list[str] = []
    run: list[str] = []
    for word in [*re.findall(r"[^\s?!.,;:()\"“”]+|[?!.,;:()\"“”]", text), ""]:
        if word[:1].isupper() and word[:1].isascii() and not (not run and word in _OPENING):
            run.append(word.removesuffix("'s").removesuffix("’s"))
        elif run:
            names.append(" ".join(run))
            run = []
    return tuple(dict.fromkeys(names))
