"""What dates are written with, in patterns and in numbers: months, days, years, thirds. Pure."""

from __future__ import annotations

from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
DAY = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?\b"
YEAR = r"(?:1[0-9]|20)[0-9]{2}"
HAN_DIGITS = "一二三四五六七八九十"
YEAR_ZH = rf"(?<![0-9.,])(?:{YEAR}|[4-9][0-9])\s?年"


def month_named(word: str) -> int:
    """The number of an English month, whole or cut short. Raises ValueError for other words."""
    return 1 + _MONTHS.index(word[:3].lower())


def count(text: str) -> int:
    """1 to 39 in either script."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    digits = " 一二三四五六七八九"
    return (10 * (digits.index(tens) if tens else 1) if ten else 0) + (
        digits.index(ones) if ones else 0
    )


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def third(year: int, month: int, which: str) -> tuple[date, date]:
    """The dates of a third of a month: 上, 中 or 下 (旬)."""
    start = {"上": 1, "中": 11, "下": 21}[which]
    end = month_end(year, month) if start == 21 else date(year, month, start + 9)
    return date(year, month, start), end
