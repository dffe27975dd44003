"""Filters as people write them: a year, a month or a day; a page; a language; an author."""

from __future__ import annotations

import calendar
import re
from datetime import date

from rag.errors import BadQuestion
from rag.types import Filter, Language, Period

LONGEST_QUESTION = 2_000  # characters; longer is a paste by mistake, not a question

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")


def days_of(written: str) -> Period:
    """The first and last day of a year (`1959`), a month (`1959-02`) or a day (`1959-02-07`).

    Raises:
        BadQuestion: it is none of these, or no such day exists.
    """
    match = _DATE.fullmatch(written.strip())
    if not match:
        raise _bad_date(written)
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        start = date(year or 0, month or 1, day or 1)
        last_month = month or 12
        last_day = day or calendar.monthrange(start.year, last_month)[1]
        return Period(start, date(start.year, last_month, last_day))
    except ValueError as error:
        raise _bad_date(written) from error


def make_filter(
    since: str | None = None,
    until: str | None = None,
    page: int | None = None,
    language: Language | None = None,
    author: str | None = None,
) -> Filter:
    """The filter that a person asked for; None leaves a side open.

    Args:
        since: first year, month or day, its first day counts.
        until: last year, month or day, its last day counts.
        page: page of the newspaper, from 1.
        language: language of the passages.
        author: name in any script the archive gives.

    Raises:
        BadQuestion: a date is none, the period ends before it starts, the page is below 1 or
            the author is blank.
    """
    start = days_of(since).start if since is not None else None
    end = days_of(until).end if until is not None else None
    if start and end and start > end:
        raise BadQuestion(
            f"the period ends ({until}) before it starts ({since})", "give the earlier date first"
        )
    if page is not None and page < 1:
        raise BadQuestion(f"page {page} does not exist", "pages count from 1")
    if author is not None and not author.strip():
        raise BadQuestion("the author is blank", "give a name or leave the filter out")
    period = Period(start, end) if start or end else None
    return Filter(period, page, language, author.strip() if author else None)


def check_question(question: str) -> str:
    """`question` without white space around it.

    Raises:
        BadQuestion: nothing is left, it is too long, or it is not text.
    """
    question = question.strip()
    if not question:
        raise BadQuestion("the question is empty", "ask something, in Chinese or in English")
    if len(question) > LONGEST_QUESTION:
        raise BadQuestion(
            f"the question has {len(question):,} characters, {LONGEST_QUESTION:,} are allowed",
            "ask a shorter question",
        )
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise BadQuestion("the question is not valid UTF-8", "set the terminal to UTF-8")
    return question


def _bad_date(written: str) -> BadQuestion:
    return BadQuestion(f"{written!r} is not a date", "write 1959, 1959-11 or 1959-11-24")
