"""Dates and stretches of time in a text of either language, whatever they are there for. Pure.

1958年6月上旬, "June 5, 1959", "the first quarter of 1958", 五十年代, "between 1953 and 1956".
"After August 1957" and 1957年8月以后 start the day after it, "since" and 以来 with it;
"before 1953" and 1953年以前 end the day before. `ends.py` reads what shares a year
(1958年6月1日至15日).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

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
from rag.retrieve.ends import SHARED, read_shared

# A part is a quarter or a half of a year; what is only about a time lies beside it as well.
Grain = Literal["day", "month", "part", "year", "span", "about"]


@dataclass(frozen=True, slots=True)
class Time:
    """A time in the text `[start:end]` and its dates; a span is what its own words delimit."""

    start: int
    end: int
    first: date | None
    last: date | None
    grain: Grain
    bare: bool = True


def plain(text: str) -> str:
    """`text` of the same length with one form for digits, dashes and years (一九五九年, 1959年)."""
    folded = text.translate(_PLAIN)
    return _SPELLED.sub(lambda match: match.group().translate(_DIGITS), folded)


_PLAIN = str.maketrans("０１２３４５６７８９，－—–～~至○零　’\u00a0", "0123456789,-----到〇〇 ' ")
_DIGITS = str.maketrans("〇一二三四五六七八九", "0123456789")
# Years digit by digit; two digits only where they are no guess (五六年 may be five or six years).
_SPELLED = re.compile(
    r"[一二][〇一二三四五六七八九]{3}(?=年|到|-)"
    r"|(?<![〇一二三四五六七八九十百])(?!四五|五六|六七|七八|八九)[四五六七八九][〇一二三四五六七八九]年"
)
_DECADES = dict(zip("二三四五六七八九", range(20, 100, 10), strict=True)) | {
    word: 40 + 10 * place
    for place, word in enumerate(("forties", "fifties", "sixties", "seventies", "eighties"))
}
_ATOM = re.compile(
    rf"""(?<![0-9])(?P<iso>{YEAR}-[01]?[0-9]-[0-3]?[0-9])(?![0-9])
    | {SHARED}
    | \b(?P<day>{MONTH}\s{DAY}(?:,\s?|\s(?:of\s)?){YEAR}|{DAY}\s(?:of\s)?{MONTH},?\s{YEAR})(?![0-9])
    | \b(?:(?:early|mid|late)[\s-])?(?P<month>{MONTH},?\s(?:of\s)?{YEAR})(?![0-9])
    | \b(?P<half>(?:first|second|latter)\shalf\sof\s(?:the\syear\s)?{YEAR})(?![0-9])
    | \b(?P<quarter>(?:first|second|third|fourth|last)\squarter\sof\s(?:the\syear\s)?{YEAR})
      (?![0-9])
    | (?<![0-9.,年-])(?P<years>{YEAR}\s?年?\s?[-到]{{1,2}}\s?(?:{YEAR}|[0-9]{{2}})(?![0-9-])\s?年?)
    | (?P<han>{YEAR_ZH}(?!代)(?:\s?(?:
        (?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s?月(?:份|
          (?:[123]?[0-9]|[{HAN_DIGITS}]{{1,3}})\s?[日号]|[上中下]旬)?
        |[上下]半年|第?[一二三四1-4]季度))?)
    | (?<![0-9])(?P<decade>(?:(?P<century>[0-9]{{2}}|[{HAN_DIGITS}]{{1,3}})世纪)?(?:上世纪)?
        (?:{YEAR}|[2-9]0|[二三四五六七八九]十)\s?年代[初中末]?期?)
    | \b(?:(?:early|mid|late)[\s-])?(?:(?P<tens>(?:{YEAR}|'?[4-9]0)'?s)\b
        |(?:nineteen[\s-])?(?P<spelled>forties|fifties|sixties|seventies|eighties)\b)
    | (?<![\w.,-])(?<!\$)(?P<year>{YEAR})(?![\w-]|[.,][0-9]|年)
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)


def find_times(plain: str) -> Iterator[Time]:
    """The times of a text: dates, joined to ranges where the words between them say so."""
    atoms = [time for match in _ATOM.finditer(plain) for time in _dated(match)]
    while atoms:
        time = atoms.pop(0)
        if atoms and (start := _joined(plain, time, atoms[0])) is not None:
            other = atoms.pop(0)
            tail = re.compile(r"之?间|期间").match(plain, other.end)
            end = tail.end() if tail else other.end
            if time.first and other.last and time.first <= other.last:
                yield Time(start, end, time.first, other.last, "span", start == time.start)
            continue
        yield _open(plain, time)


def _joined(plain: str, one: Time, two: Time) -> int | None:
    """Where the range of two times starts, None where they are no range."""
    before, between = plain[max(0, one.start - 14) : one.start], plain[one.end : two.start].lower()
    for opening, middle in (
        (r"\bbetween\s(?:the\s)?$", r"\s(?:and|to)\s(?:the\s)?"),
        (r"\b(?:from|between)\s(?:the\s)?$", r",?\s(?:to|until|till|through|up to)\s(?:the\s)?"),
        (r"(?:从|自|由)?\s?$", r"\s?(?:年?(?:起|开始)?,?(?:直?到)|-{1,2})\s?"),
        (r"从?\s?$", r"\s?(?:和|与)(?=.{4,12}之?间)"),
    ):
        opened = re.search(opening, before, re.IGNORECASE)
        if (
            opened
            and re.match(middle, plain[one.end :], re.IGNORECASE)
            and re.fullmatch(middle.partition("(?=")[0], between)
        ):
            return one.start - len(opened.group())
    return None


_AHEAD = re.compile(
    r"\b(?:(?P<on>(?:on|in|during)\s(?:and|or)\s)?"
    r"(?:(?P<before>before|prior to|until|up to)|(?P<after>after|later than))"
    r"(?P<too>\s(?:and|or)\s(?:on|including))?"
    r"|(?P<since>since)|(?P<from>from))\s(?:the\s)?(?:end of\s)?$",
    re.IGNORECASE,
)
_ONWARD = re.compile(
    r"\s(?:on|onwards?|(?:un)?til+ (?:now|today)|(?:up )?to (?:the present|date|this day|now))\b"
)
_BEHIND = re.compile(
    r"\s?(?:底|末)?(?:(?P<on>以?及其?|和|或)?(?:(?P<before>之?以?前(?!后))|(?P<after>以后|之后|后(?!期)))"
    r"|(?P<since>以来|起|到(?:今(?!年)|现在|目前)))"
)
# Beside what is not read as a time: "around June 5", from the war to June 1958, 6月至年底.
_ABOUT_AHEAD = re.compile(
    r"\b(?:(?:before\s(?:and|or)\safter|after\s(?:and|or)\sbefore|around|circa|weeks?\s(?:of|from))"
    r"|(?:between|from)\s[^.?!]{1,40}?\s(?:and|to|until|till|through)"
    r"|(?:quarter|half)\s(?:and|to))\s(?:the\s)?$",
    re.IGNORECASE,
)
_ABOUT_BEHIND = re.compile(
    r"\s?(?:前后|左右|[这那当]一?个?(?:周|星期|礼拜))"
    rf"|\s?(?:-{{1,2}}|直?到|、|和|与|及|或)\s?(?:第?[一二三四1-4]季|[上下]半年|[上中下]旬|[年月][底末中]"
    rf"|(?:[0-9]{{1,2}}|[{HAN_DIGITS}]{{1,3}})\s?[月日]|[明次翌]年|[春夏秋冬][天季])"
)


def _open(plain: str, time: Time) -> Time:
    """`time` with what makes it open at one end (before, after, since, 以前, 以后, 以来), or about
    then only (around, 前后)."""
    before, after = plain[max(0, time.start - 64) : time.start], plain[time.end : time.end + 24]
    around, behind = _ABOUT_AHEAD.search(before), _ABOUT_BEHIND.match(after)
    if around or behind:
        start = time.start - len(around.group() if around else "")
        end = time.end + (behind.end() if behind else 0)
        return Time(start, end, time.first, time.last, "about", False)
    ahead, behind = _AHEAD.search(before), _BEHIND.match(after)
    onward = _ONWARD.match(after)
    if ahead and (not ahead["from"] or onward):
        found = ahead
        start, end = time.start - len(ahead.group()), time.end + (onward.end() if onward else 0)
    elif behind:
        found = behind
        start, end = time.start, time.end + behind.end()
        start -= plain[max(0, start - 1) : start] in ("自", "从")
    else:
        return time
    day, too = timedelta(days=1), bool(found["on"] or found.groupdict().get("too"))
    if found["before"]:
        last = time.last if too else time.first and time.first - day
        return Time(start, end, None, last, "span", False)
    if found["after"]:
        first = time.first if too else time.last and time.last + day
        return Time(start, end, first, None, "span", False)
    return Time(start, end, time.first, None, "span", False)


def _dated(match: re.Match[str]) -> list[Time]:
    """The dates of one match, none where the calendar has no such day; several where the match
    lists days or months that lie apart."""
    kind = match.lastgroup or ""
    if kind in ("century", "tens", "spelled"):
        kind = "decade"
    try:
        if kind == "shared":
            return list(_shared(match))
        first, last, grain = _READERS[kind](match)
    except (ValueError, KeyError):
        return []
    return [Time(match.start(), match.end(), first, last, grain)]


def _shared(match: re.Match[str]) -> Iterator[Time]:
    words, start = match.group(), match.start()
    stretches = read_shared(words)
    bare = len(stretches) == 1 and not re.match("from|between", words, re.IGNORECASE)
    for found in stretches:
        grain: Grain = "day" if found.days else "month"
        yield Time(start + found.start, start + found.end, found.first, found.last, grain, bare)


_Dates = tuple[date, date, Grain]


def _days(match: re.Match[str]) -> _Dates:
    year, month, day = (int(part) for part in match.group().split("-"))
    return date(year, month, day), date(year, month, day), "day"


def _named(match: re.Match[str]) -> _Dates:
    """A month or a day in English: "June 1958", "June 5, 1959"."""
    words = re.findall(r"[a-z]{3,}|\d+", match.group().lower())
    month = next(month_named(word) for word in words if word.isalpha())
    *days, year = [int(word) for word in words if word.isdigit()]
    if days:
        day = date(year, month, days[0])
        return day, day, "day"
    return *_months(year, month, month), "month"


def _part(match: re.Match[str]) -> _Dates:
    """Halves and quarters in English: "the first quarter of 1958"."""
    words = match.group().lower().split()
    size = 6 if match["half"] else 3
    place = {"first": 1, "second": 2, "third": 3, "fourth": 4}.get(words[0], 12 // size)
    return *_months(int(words[-1]), size * (place - 1) + 1, size * place), "part"


def _years(match: re.Match[str]) -> _Dates:
    one, other = re.findall("[0-9]+", match.group())
    end = one[:2] + other if len(other) == 2 else other
    if end <= one:
        raise ValueError
    return date(int(one), 1, 1), date(int(end), 12, 31), "span"


def _han(match: re.Match[str]) -> _Dates:
    """1958年, 1958年6月, 1958年6月5日, 1958年6月上旬, 1958年上半年, 1958年第一季度."""
    head, _, rest = match.group().partition("年")
    year = int(head) if len(head.strip()) == 4 else 1900 + int(head)
    rest = rest.strip()
    if not rest:
        # 58年来 and 58年间 count years.
        if year != int(head) and re.match("[来间内前后以之多]", match.string[match.end() :]):
            raise ValueError
        return date(year, 1, 1), date(year, 12, 31), "year"
    if "季" in rest:
        place = count(rest.strip("第季度"))
        return *_months(year, 3 * place - 2, 3 * place), "part"
    if "半" in rest:
        first = 1 if rest[0] == "上" else 7
        return *_months(year, first, first + 5), "part"
    month, *days = [count(part) for part in re.findall(rf"[0-9]+|[{HAN_DIGITS}]+", rest)]
    if rest.endswith("旬"):
        return *third(year, month, rest[-2]), "month"
    if days:
        return date(year, month, days[0]), date(year, month, days[0]), "day"
    return *_months(year, month, month), "month"


def _decade(match: re.Match[str]) -> _Dates:
    """The 1950s, the fifties, 五十年代, 20世纪50年代; of two digits, those of the last century."""
    century = 100 * (count(match["century"]) - 1) if match["century"] else 1900
    if word := match["spelled"]:
        tens = _DECADES[word.lower()]
    else:
        digits = re.search(
            "[0-9]+|[二三四五六七八九]十", (match["decade"] or match["tens"]).split("世纪")[-1]
        )
        number = digits.group() if digits else ""
        tens = int(number) if number.isdigit() else _DECADES[number[0]]
    year = tens if tens > 999 else century + tens
    if year % 10 or (tens < 40 and not match["century"]):
        raise ValueError
    vague = match["tens"] and tens < 100  # "in the 80s" may be degrees
    return date(year, 1, 1), date(year + 9, 12, 31), "year" if vague else "span"


def _year(match: re.Match[str]) -> _Dates:
    year = int(match.group())
    return date(year, 1, 1), date(year, 12, 31), "year"


_READERS: dict[str, Callable[[re.Match[str]], _Dates]] = {
    **{"iso": _days, "day": _named, "month": _named, "half": _part},
    **{"quarter": _part, "years": _years, "han": _han, "decade": _decade, "year": _year},
}


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), month_end(year, last)
