"""Filters as people write them: a year, a month or a day; a page; a language; an author."""

from __future__ import annotations

import calendar
import re
from datetime import date

from rag.types import Filter, Language, Period
from ui.mistakes import Mistake

LONGEST_QUESTION = 2_000  # characters; longer is a paste by mistake, not a question

_DATES = (
    re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?"),
    re.compile(r"([0-9]{4})年(?:([0-9]{1,2})月(?:([0-9]{1,2})[日号])?)?"),
)


def days_of(written: str) -> Period:
    """The first and last day of a year (`1959`), a month (`1959-02`) or a day (`1959-02-07`), or of
    one as it is written in Chinese (`1959年2月7日`).

    Raises:
        BadQuestion: it is none of these, or no such day exists.
    """
    match = next((found for each in _DATES if (found := each.fullmatch(written.strip()))), None)
    if not match:
        raise Mistake("no_date", written)
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        start = date(year or 0, month or 1, day or 1)
        last_month = month or 12
        last_day = day or calendar.monthrange(start.year, last_month)[1]
        return Period(start, date(start.year, last_month, last_day))
    except ValueError as error:
        raise Mistake("no_date", written) from error


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
        raise Mistake("backwards", since, until)
    if page is not None and page < 1:
        raise Mistake("no_page", page)
    if author is not None and not author.strip():
        raise Mistake("no_author")
    period = Period(start, end) if start or end else None
    return Filter(period, page, language, author.strip() if author else None)


def check_question(question: str) -> str:
    """`question` without white space around it.

    Raises:
        BadQuestion: nothing is left, it is too long, or it is not text.
    """
    question = question.strip()
    if not question:
        raise Mistake("empty")
    if len(question) > LONGEST_QUESTION:
        raise Mistake("too_long", len(question), LONGEST_QUESTION)
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise Mistake("no_text")
    return question
