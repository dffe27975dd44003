"""Periods and filters in the fewest words. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date

from rag.types import Filter, Language, Period
from ui.page_words import PAGE
from ui.texts import page_of


def written(period: Period | None) -> str:
    """`1959`, `1959-06`, `1959-06-04`, `1953 – 1959`, `1957-08 –`; empty where it is open."""
    if period is None or not (period.start or period.end):
        return ""
    since, until = since_of(period), until_of(period)
    return since if since == until else f"{since} – {until}".strip()


def since_of(period: Period) -> str:
    """The first day of a period as a person would type it: the year, if it begins one."""
    return "" if period.start is None else _short(period.start, period.end, first=True)


def until_of(period: Period) -> str:
    """The last day of a period as a person would type it."""
    return "" if period.end is None else _short(period.end, period.start, first=False)


def described(wanted: Filter, language: Language) -> str:
    """Everything a filter asks for, in words."""
    words = PAGE[language]
    parts = (
        written(wanted.period) or words.any_time,
        page_of(wanted.page, language),
        words.languages[wanted.language or ""],
        wanted.author or "",
    )
    return " · ".join(part for part in parts if part)


def wider(period: Period, years: Mapping[int, int]) -> Period | None:
    """The period, widened to its whole years or, where they have none, to the nearest year
    that has an article; None where it cannot be.

    Args:
        years: articles by year, of the whole archive.
    """
    if not years:
        return None
    first = period.start.year if period.start else min(years)
    last = period.end.year if period.end else max(years)
    whole = Period(date(first, 1, 1), date(last, 12, 31))
    if whole != period and any(first <= year <= last for year in years):
        return whole
    outside = [year for year in years if not first <= year <= last]
    if not outside:
        return None
    near = min(outside, key=lambda year: max(first - year, year - last))
    return Period(date(min(first, near), 1, 1), date(max(last, near), 12, 31))


def _short(day: date, other: date | None, first: bool) -> str:
    """`day` without its day and month where the period covers them whole."""
    last = calendar.monthrange(day.year, day.month)[1]
    month_edge = day.day == (1 if first else last)
    year_edge = month_edge and day.month == (1 if first else 12)
    opposite = other is None or _edge(other, first=not first)
    if year_edge and (opposite == "year" or other is None):
        return f"{day.year}"
    if month_edge and opposite:
        return f"{day:%Y-%m}"
    return day.isoformat()


def _edge(day: date, first: bool) -> str:
    """What begins (or ends) on a day: a `year`, a `month`, or nothing."""
    last = calendar.monthrange(day.year, day.month)[1]
    if day.day != (1 if first else last):
        return ""
    return "year" if day.month == (1 if first else 12) else "month"
