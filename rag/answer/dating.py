"""Dates in statements and quotes, as far as they are given, and whether one stands in others. Pure.

11月24日, 24 November 1959, 1959-11-24, 23日, mid-June, the first quarter, 今年2月, last month. What
is relative (今年, 上月, "last year") or leaves a part out is read from the day of the newspaper: a
month later in the year than that day may also be last year's.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date, timedelta

from rag.retrieve.dateparts import YEAR, count, month_named
from rag.retrieve.dates import plain

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_HAN_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_HAN_DAY = (
    r"(?:3[01]|[12][0-9]|0?[1-9]|三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?"
    r"|[一二三四五六七八九])"
)
# 前三季度 and 一至三季度 are a number of quarters, 三季度 is one of them.
_NOT_THE = "(?<![0-9.十百第几余前头近后共过每-])(?<![到至])(?<!连续)(?<!过去)"
# 两周三次 and 每周一次 count, 周日报 and 周一鸣 are names.
_WEEKDAY = (
    r"(?<![一二两三四五六七八九十几多半整0-9])(?:星期|礼拜|周)(?P<w>[一二三四五六日天])"
    r"(?![次届期种批个项件篇部本集位天年岁至到人名报鸣]|小时)"
    r"|(?<!Black\s)(?<!Good\s)(?<!Bloody\s)(?<!Super\s)"
    r"\b(?P<ew>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b"
)
_DATE = re.compile(
    rf"""(?<![0-9])(?P<iso>{YEAR}-[01]?[0-9]-[0-3]?[0-9])(?![0-9])
    | (?<![0-9])(?P<decade>(?:1[0-9]|20)?[2-9]0)(?:'?s\b|\s?年代)|(?P<tens>[二三四五六七八九]十)年代
    | (?:(?:(?P<ry>今年|本年|去年|前年|明年)|(?<![0-9])(?P<y>{YEAR})\s?年)\s?)?
      (?:(?<![0-9.十])(?P<m>{_HAN_MONTH})\s?月份?(?:\s?(?P<d>{_HAN_DAY})\s?[日号])?
        |(?P<rm>上个?月|本月|这个月|下个?月)(?:(?P<rd>{_HAN_DAY})[日号])?)
      (?P<part>[上中下]旬|[初底末])?
    | (?:(?P<ry2>今年|本年|去年|前年|明年)|(?<![0-9])(?P<y2>{YEAR})\s?年)
      (?:\s?第?\s?(?P<q2>[一二三四1-4])\s?季度?|\s?(?P<h2>[上下]半年))?
    | (?:第\s?(?P<q3>[一二三四1-4])\s?季度?|{_NOT_THE}(?P<q4>[一二三四1-4])季度
        |(?<!以)(?P<h3>[上下]半年))
    | (?<![0-9.十一二三])(?P<d3>{_HAN_DAY})\s?日(?!报(?!道)|[夜产])
    | \b(?P<d4>[0-3]?[0-9])(?:st|nd|rd|th)\b(?!\s(?!to\b|and\b)[A-Za-z])
    | {_WEEKDAY}
    | (?P<rd3>[昨今前]天|昨日|今日|\byesterday\b|\btoday\b)
    | \b(?:(?P<epart>[Ee]arly|[Mm]id|[Ll]ate|[Ee]nd\sof)[\s-])?(?:the\s)?
      (?:(?P<ed1>[0-3]?[0-9])(?:st|nd|rd|th)?\s(?:of\s)?)?(?P<em>{_MONTH})
      (?:\s(?P<ed2>[0-3]?[0-9])(?:st|nd|rd|th)?(?![0-9,]*[0-9]))?
      (?:,?\s(?:of\s)?(?P<ey>{YEAR})(?![0-9])|\s(?:of\s)?(?P<ery>(?:this|last|next)\syear))?
    | \b(?P<eq>first|second|third|fourth)\s(?P<eqh>quarter|half)(?=\s(?:of|last|this)\b)
      (?:\s(?:of\s)?(?:the\syear\s)?(?:(?P<eqy>{YEAR})|(?P<eqr>(?:this|last)\syear)))?
    | \b(?P<eq2>first|second|third|fourth)[\s-]quarter\b(?!\s(?:century|mile|hour|final|note))
    | \b(?P<ery2>(?:this|last|next|previous|past)\syear)\b
    | \b(?P<erm>(?:this|last|next)\smonth)\b
    | (?<![\w.,-])(?<![$£€])(?P<ey2>{YEAR})(?![\w-]|[.,][0-9])
    """,
    re.VERBOSE,
)  # fmt: skip
# Four figures are a year where the words around them say so; 1959 workers are none.
_BEFORE_YEAR = re.compile(
    r"(?:[(（,，;:“\"–—-]\s?|\b(?:in|of|since|from|by|until|till|before|after|during|through|to|and|or"
    r"|between|the|a|this|that|its|his|her|their|for|year|spring|summer|autumn|fall|winter|early|mid"
    r"|late)\s)$",
    re.IGNORECASE,
)
_BEHIND_YEAR = re.compile(
    r"\s?(?:$|[,.;:?!)）”\"，。；：–—-]|(?:and|to|or|until|through|was|saw)\b)"
)
_TO = re.compile(r"\s?(?:to|through|until|and|[-到和、])\s?")
_NEXT = {"今": 0, "本": 0, "去": -1, "前": -2, "明": 1, "this": 0, "last": -1, "next": 1}
_NEXT |= {"past": -1, "previous": -1, "上": -1, "下": 1, "这": 0}
_PARTS = {"上旬": "early", "中旬": "mid", "下旬": "late", "初": "early", "底": "late", "末": "late"}
_ORDER = {"一": "1", "二": "2", "三": "3", "四": "4"}
_ORDER |= {"first": "1", "second": "2", "third": "3", "fourth": "4"}
_WEEKDAYS = {day: place for place, day in enumerate("一二三四五六日")} | {"天": 6}
_WEEKDAYS |= {
    day: place
    for place, day in enumerate(("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun"))
}
# The groups of `_DATE` that matched something.
_Found = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in `text[start:end]`; what it does not tell is None.

    `years` are those it may lie in, none where nothing tells; `told` that its words tell it
    (not only the newspaper's day). `part` is `early`, `mid`, `late` (of a month), `q1`, `h2` (of a
    year) or `decade`. `weekday` is 0 for Monday, told alone. `bare` is a quarter of what no word
    tells, perhaps of a game.
    """

    start: int
    end: int
    text: str
    years: frozenset[int]
    told: bool
    month: int | None = None
    day: int | None = None
    part: str = ""
    weekday: int | None = None
    bare: bool = False


def find_dates(text: str, published: date) -> list[Dated]:
    """The dates of a text, in order, read from the newspaper's day. Linear in the text."""
    folded = plain(text)
    found = [dated for match in _DATE.finditer(folded) for dated in _read(match, text, published)]
    for place in range(len(found) - 1):
        one, two = found[place : place + 2]
        if one.month and two.month and _TO.fullmatch(folded, one.end, two.start):
            # January to October 1956; 1956年一月至十月
            if two.told and not one.told:
                found[place] = replace(one, years=two.years, told=True)
            elif one.told and not two.told:
                found[place + 1] = replace(two, years=one.years, told=True)
    return found


def stands(wanted: Dated, held: Sequence[Dated]) -> bool:
    """Whether one of the dates held says all that `wanted` says."""
    return any(_agrees(wanted, other) for other in held)


def of_newspaper(wanted: Dated, published: date) -> bool:
    """Whether a date is, as far as it goes, the newspaper's own."""
    return (
        wanted.weekday in (None, published.weekday())
        and wanted.part in ("", "decade")
        and wanted.month in (None, published.month)
        and wanted.day in (None, published.day)
        and (not wanted.years or published.year in wanted.years)
    )


def weekdays(held: Dated) -> frozenset[int]:
    """The days of the week a date is, as far as it tells: of a day without a year, in each it may
    lie in."""
    if held.weekday is not None:
        return frozenset({held.weekday})
    if not held.month or not held.day:
        return frozenset()
    return frozenset(
        date(year, held.month, held.day).weekday()
        for year in held.years
        if 0 < year <= MAXYEAR and 0 < held.day <= monthrange(year, held.month)[1]
    )


def _agrees(wanted: Dated, held: Dated) -> bool:
    if wanted.weekday is not None:
        return wanted.weekday in weekdays(held)
    # A month alone that may be last year's does not tell a year.
    clear = wanted.month or len(held.years) == 1 or held.part == "decade"
    years = held.years if clear else frozenset[int]()
    return (
        wanted.month in (None, held.month)
        and wanted.day in (None, held.day)
        and wanted.part in ("", "decade", held.part)  # 1964 lies in the sixties
        and (held.part != "decade" or wanted.part == "decade")
        and (not wanted.told or bool(wanted.years & years))
    )


def _read(match: re.Match[str], text: str, published: date) -> Iterator[Dated]:
    found = {name: value for name, value in match.groupdict().items() if value}
    if not found or ("ey2" in found and not _tells_year(match, text)):
        return
    if weekday := found.get("w") or found.get("ew"):
        on = _WEEKDAYS[weekday]
        yield Dated(*match.span(), match.group(), frozenset(), told=False, weekday=on)
        return
    part = _part(found)
    year, month, day = _calendar(found, published)
    told = year is not None
    if not told and month is None and day is not None:
        month = published.month if day <= published.day else (published.month - 2) % 12 + 1
    first_year = published.year if year is None else year
    years = set(range(first_year, first_year + (10 if part == "decade" else 1)))
    if not told and month is not None and month > published.month:
        years.add(published.year - 1)
    yield Dated(
        match.start(), match.end(), text[match.start() : match.end()].strip(),
        frozenset(years), told, month, day, part, bare="eq2" in found,
    )  # fmt: skip


def _tells_year(match: re.Match[str], text: str) -> bool:
    before = text[max(0, match.start() - 12) : match.start()]
    return bool(_BEFORE_YEAR.search(before) or _BEHIND_YEAR.match(text, match.end()))


def _calendar(found: _Found, published: date) -> tuple[int | None, int | None, int | None]:
    """Year, month and day as far as the groups that matched tell them; of a decade its first."""

    def first(*names: str) -> str:
        return next((found[name] for name in names if name in found), "")

    if iso := first("iso"):
        year, month, day = map(int, iso.split("-"))
        return year, month, day
    if tens := first("decade", "tens"):
        decade = count(tens)
        return decade if decade > 99 else 1900 + decade, None, None
    if relative := first("rm", "erm"):
        moved = published.month + _moved(relative, "月")
        return published.year + (moved - 1) // 12, (moved - 1) % 12 + 1, _number(first("rd"))
    if relative := first("rd3"):
        back = 0 if relative in ("今天", "今日", "today") else 2 if relative == "前天" else 1
        at = published - timedelta(days=back)
        return at.year, at.month, at.day
    if relative := first("ry", "ry2", "ery", "eqr", "ery2"):
        told: int | None = published.year + _moved(relative, "年")
    else:
        told = _number(first("y", "y2", "ey", "eqy", "ey2"))
    if english := first("em"):
        return told, month_named(english), _number(first("ed1", "ed2"))
    return told, _number(first("m")), _number(first("d", "d3", "d4"))


def _moved(relative: str, unit: str) -> int:
    """How many years or months from the newspaper's: 去年 -1, next month 1."""
    return _NEXT[relative[0] if unit in relative else relative.partition(" ")[0]]


def _part(found: _Found) -> str:
    if "decade" in found or "tens" in found:
        return "decade"
    if "part" in found:
        return _PARTS[found["part"]]
    if "epart" in found:
        return found["epart"].lower().replace("end of", "late")
    for name in ("q2", "q3", "q4", "eq", "eq2"):
        if name in found:
            kind = "h" if found.get("eqh") == "half" else "q"
            return kind + _ORDER.get(found[name], found[name])
    half = found.get("h2") or found.get("h3") or ""
    return {"上": "h1", "下": "h2"}.get(half[:1], "")


def _number(text: str) -> int | None:
    return count(text) if text else None
