"""Days and months that share a year or a month between them. Pure.

1958年6月1日至15日, 1958年6、7月, 1958年12月到次年2月; "from June 1 to 15, 1958",
"5 and 6 June 1959", "June 5, 1959 to July 8". What one of them leaves out it borrows from the one
before it, else from the one after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from rag.retrieve.dateparts import (
    DAY,
    HAN_DIGITS,
    MONTH,
    YEAR,
    YEAR_ZH,
    count,
    month_end,
    month_named,
    third,
)

_TO = r"(?:,?\s(?:up\sto|to|until|till|through)\s(?:the\s)?|\s?-{1,2}\s?)"
_AND = r"(?:,?\s(?:and|or)\s(?:the\s)?|,\s)"
_JOIN = rf"(?:{_TO}|{_AND})"
_OF = r"(?:,\s?|,?\s(?:of\s)?)"
_NAMED = rf"(?:(?:early|mid|late)[\s-])?{MONTH}"
_MONTH_DAYS = rf"{_NAMED}(?:\s{DAY}(?:{_JOIN}{DAY})*)?"
_DAY_MONTH = rf"{DAY}(?:\s(?:of\s)?{MONTH})?"
_SHORT = rf"(?:{MONTH}\s{DAY}|{DAY}\s(?:of\s)?{MONTH}|{MONTH}(?=\s*(?:[?.!,]|$)))"
_ENGLISH = rf"""\b(?:(?:from|between)\s(?:the\s)?)?(?:
      (?:{_NAMED}\s{DAY}(?:{_JOIN}{DAY})+(?:{_JOIN}{_MONTH_DAYS}){{0,6}}
        |{_MONTH_DAYS}(?:{_JOIN}{_MONTH_DAYS}){{1,6}}){_OF}{YEAR}(?![0-9])
    | (?:{_DAY_MONTH}{_JOIN}){{1,6}}{DAY}\s(?:of\s)?{MONTH}{_OF}{YEAR}(?![0-9])
    | (?:{MONTH}(?:\s{DAY})?|{DAY}\s(?:of\s)?{MONTH}){_OF}{YEAR}
      (?:{_TO}|,?\s(?:and|or)\s(?:the\s)?){_SHORT}(?!{_OF}[0-9])
    )"""
_TO_ZH, _AND_ZH = r"(?:-{1,2}|直?到)", "(?:、|以?及|和|与|或)"
_JOIN_ZH = rf"(?:[早晚晨夜]|[上下中]午)?\s?(?:{_TO_ZH}|{_AND_ZH})\s?"
_N = rf"(?:[0-9]{{1,2}}|[{HAN_DIGITS}]{{1,3}})(?![0-9])"
_NEXT = "(?:次年|翌年|第二年)"
_DAYS_ZH = rf"(?:{_N}\s?[日号]|[上中下]旬)"
_MONTH_ZH = (
    rf"{_N}\s?月(?:份|[初中底末](?={_JOIN_ZH})"
    rf"|\s?(?:{_N}(?:\s?[日号])?{_JOIN_ZH}){{0,6}}{_DAYS_ZH})?"
)
_CHINESE = rf"""{YEAR_ZH}\s?(?:
      (?:{_N}{_JOIN_ZH}){{1,6}}{_MONTH_ZH}
    | {_N}\s?月\s?(?:(?:{_N}(?:\s?[日号])?|[上中下]旬?){_JOIN_ZH}){{1,6}}{_DAYS_ZH}
    | {_MONTH_ZH}(?={_JOIN_ZH}{_NEXT}?{_N}\s?月)
    )(?:{_JOIN_ZH}{_NEXT}?\s?{_MONTH_ZH}){{0,6}}(?:之?间|期间)?"""
# To be put into a verbose pattern that ignores case.
SHARED = rf"(?P<shared>{_ENGLISH}|{_CHINESE})"
_TOKEN = re.compile(
    rf"""(?P<to>{_TO}|\s?{_TO_ZH}\s?)
    | (?P<and>,?\s(?:and|or)\s(?:the\s)?|,\s(?![0-9]{{4}})|\s?{_AND_ZH}\s?)
    | (?P<name>{MONTH}) | (?P<next>{_NEXT}) | (?P<third>[上中下])(?!午)旬?
    | (?P<number>[0-9]+|[{HAN_DIGITS}]+)(?:\s?(?P<unit>[年月日号]))?""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(slots=True)
class _End:
    """One of the days or months, as far as its own words tell it."""

    start: int
    end: int
    to: bool = False  # joined to the one before as the end of a range
    year: int | None = None
    month: int | None = None
    day: int | None = None
    third: str = ""
    later: bool = False  # of the year after
    number: int | None = None  # whose unit stands further on: 6、7月


@dataclass(slots=True)
class Stretch:
    """What `[start:end]` of the words says: the dates from `first` to `last`."""

    start: int
    end: int
    first: date
    last: date
    days: bool


def read_shared(words: str) -> list[Stretch]:
    """The stretches that words found by `SHARED` say: a range is one, and so are neighbours
    (5日和6日), what lies apart (5日和8日) is several.

    Raises:
        ValueError: the calendar has no such day, or a range ends before it begins.
    """
    ends = list(_ends(words))
    if len(ends) == 2 and re.match("between|.*(?<!期)间$", words, re.IGNORECASE):
        ends[1].to = True
    _borrow(ends)
    found: list[Stretch] = []
    for end in ends:
        first, last = _dates(end)
        before = found[-1] if found else None
        if before and end.to and last < before.last:
            raise ValueError(words)
        if before and (end.to or first == before.last + timedelta(days=1)):
            before.last, before.end = last, end.end
            before.days = before.days and bool(end.day)
        else:
            found.append(Stretch(end.start, end.end, first, last, bool(end.day)))
    found[-1].end = len(words)
    return found


def _ends(words: str) -> Iterator[_End]:
    end = _End(0, 0)
    for token in _TOKEN.finditer(words):
        if token["to"] or token["and"]:
            yield end
            end = _End(token.end(), token.end(), bool(token["to"]))
            continue
        end.end = token.end()
        if token["name"]:
            end.month = month_named(token["name"])
        elif token["number"]:
            _put(end, count(token["number"]), token["unit"] or "")
        end.third = token["third"] or end.third
        end.later = end.later or bool(token["next"])
    yield end


def _put(end: _End, number: int, unit: str) -> None:
    if unit == "年" or number > 99:
        end.year = number if number > 99 else 1900 + number
    elif unit == "月":
        end.month = number
    elif unit:
        end.day = number
    else:
        end.number = number


def _borrow(ends: list[_End]) -> None:
    """Give each what it leaves out: a unit, a year, a month."""
    month = False
    for end in reversed(ends):
        if end.number and month and end.month is None:
            end.month = end.number
        elif end.number:
            end.day = end.number
        month = end.month is not None and not end.day
    year = next(end.year for end in ends if end.year)
    for end in ends:
        year = end.year = end.year or year + end.later
    for one, two in (*pairwise(ends), *pairwise(reversed(ends))):
        two.month = two.month or one.month


def _dates(end: _End) -> tuple[date, date]:
    if not (end.year and end.month):
        raise ValueError(end)
    if end.third:
        return third(end.year, end.month, end.third)
    if end.day:
        day = date(end.year, end.month, end.day)
        return day, day
    return date(end.year, end.month, 1), month_end(end.year, end.month)
