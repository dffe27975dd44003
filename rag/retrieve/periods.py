"""Publication periods in a question: read where one is named unmistakably, else left alone.

A date in a question is one of four things, and only the first is a filter:

- **strict**: the newspaper's own time: publication wording ("articles from June 1958",
  人民日报1959年11月24日的报道); or a day, month, range, open range or decade that opens or closes
  the question ("in June 1958", 1957年8月以后, "between 1953 and 1956", 五十年代).
- **not strict**: the time of an event: a bare year ("in 1973": an article of 1975 may tell of it),
  a quarter or half of one (what it came to is printed after its end), or any time inside a clause
  about a thing ("the storm that hit in May 2012"). Kept, not applied.
- part of a name or topic ("the 1956 profit plan", 1959年计划), a quantity ("1958 workers"), a time
  before the archive's (1348), or the article's own ("this year", 今年): no period.
- **unclear**: relative to today's reader ("last October", 上个月): no period, and the words named.

Two periods in one question are compared, not filtered by. What is only about a time (前后,
"around June 5, 1959") or reaches to one that is not read (6月至年底) is no period.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from rag.retrieve.dateparts import MONTH
from rag.retrieve.dates import Time, find_times
from rag.retrieve.dates import plain as fold_dates
from rag.types import Period

# The archive begins in 1946; what was earlier is history, not a publication date.
FIRST, LAST = 1946, 2099


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question says of publication dates.

    `period` is None where it says nothing; `text` are the words read, `rest` the question without
    them; `strict` tells that the period may filter, `worded` that the question speaks of publishing
    itself; `unclear` are words that mean a time and fit no date.
    """

    period: Period | None = None
    text: str = ""
    rest: str = ""
    unclear: str = ""
    strict: bool = False
    worded: bool = False


def times_in(question: str) -> list[Time]:
    """The times of a question that say when, not which thing, and are within the archive's; what
    is listed beside one that does ("in June 1958 and July 1959") does too."""
    plain, told = fold_dates(question), list[Time]()
    for time in find_times(plain):
        listed = told and _LISTED.fullmatch(plain, told[-1].end, time.start)
        if _published(time) and (listed or not _topic(plain, time)):
            told.append(time)
    return told


_LISTED = re.compile(r"\s?(?:、|以?及|和|与|或)\s?|,?\s(?:and|or)\s", re.IGNORECASE)


def read_period(question: str) -> Reading:
    """The publication period a question names, if any; see the module for what filters."""
    plain = fold_dates(question)
    times = times_in(question)
    if not times:
        unclear = _UNCLEAR.search(plain)
        words = question[unclear.start() : unclear.end()].strip() if unclear else ""
        return Reading(unclear=words)
    if len(times) > 1 or times[0].grain == "about":
        return Reading()
    time = times[0]
    worded = _worded(plain, time)
    strict = worded or (time.grain not in ("year", "part") and _adverbial(plain, time))
    words = question[time.start : time.end].strip()
    rest = _rest(question[: time.start], question[time.end :])
    return Reading(Period(time.first, time.last), words, rest, strict=strict, worded=worded)


_BEFORE = re.compile(
    r"(?:^|(?<=\s))(?:in|on|of|from|for|during|throughout|within|dated)\s(?:the\s)?$|[在于从自]$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"^(?:初|底|末|期间|之?间)?的?\s*")


def _rest(before: str, after: str) -> str:
    """A question without a time, given what stands before it and after."""
    before, after = _BEFORE.sub("", before), _AFTER.sub("", after)
    gap = " " if before.endswith(" ") and after[:1].isalnum() else ""
    return f"{before.rstrip()}{gap}{after}".lstrip(" ,，、")


_UNCLEAR = re.compile(
    rf"\b(?:last|this past|next)\s(?:{MONTH}|month|week|spring|summer|autumn|fall|winter)\b"
    r"|\b(?:recently|lately|yesterday|these days|a few (?:years|months|weeks|days) ago)\b"
    r"|上个?(?:月|周|星期|礼拜)(?!球)|最近(?!的)|近来|近日|昨天|前天|前几[天年]",
    re.IGNORECASE,
)


def publication_period(question: str, since: date | None = None) -> Period | None:
    """The period that a question filters by, None where it does not.

    Args:
        since: the first day the archive has an article of. What a newspaper prints can tell of
            an earlier time, never of a later one: a time wholly before that day filters only
            where the question speaks of publishing.
    """
    reading = read_period(question)
    if not (reading.strict and reading.period):
        return None
    end = reading.period.end
    retold = since and end and end < since and not reading.worded
    return None if retold else reading.period


def _published(time: Time) -> bool:
    """Whether a newspaper of this archive can have come out in it."""
    first, last = time.first, time.last
    return (first is None or first.year <= LAST) and (last or date.max).year >= FIRST


_PREPOSITION = re.compile(r"(?:^|\s)(?:in|on|during|throughout|within)\s(?:the\s)?$", re.I)
_PRESS = (
    r"\b(?:articles?|report(?:s|ed|ing)?|news(?:papers?)?|the papers?|the press|issues?|editions?"
    r"|stories|coverage|editorials?|headlines?|people's daily|publish(?:es|ed)?|printed|dated)\b"
)
_PRESS_ZH = "报道|报导|登载|刊登|刊载|文章|报纸|人民日报|日报|晚报|报》|社论|新闻|消息"
_ABOUT = r"\b(?:about|regarding|concerning|on the|of the)\b|关于|有关"
_NOUN_ZH = (
    "计划|预算|革命|危机|世界杯|奥运|规划|方案|起义|事件|战争|版|型|级|号|届|公约|宪法|法令|法案|赛季"
    "|大会|会议"
)
_OF_A_YEAR_ZH = "利润|产量|产值|指标|水平|标准|旱灾|干旱|水灾|洪水|地震|台风|飓风|饥荒"


def _topic(plain: str, time: Time) -> bool:
    """Whether the time names a thing (the 1956 plan), counts (1958 workers) or is a deadline."""
    before, after = plain[max(0, time.start - 24) : time.start], plain[time.end : time.end + 12]
    if _beside_press(before, after):
        return False
    if _is_han(plain):
        nouns = f"{_NOUN_ZH}|{_OF_A_YEAR_ZH}" if time.grain == "year" else _NOUN_ZH
        noun = re.match(rf"的?[^，,。？?]{{0,4}}?(?:{nouns})", after)
        count = not re.search(
            "[年日号月季代旬份]|以?[前后来]|起|世纪", plain[time.start : time.end]
        )
        return bool(
            (time.bare and time.grain == "year" and (noun or after[:1] == "的"))
            or (noun and time.grain != "year" and after[:1] != "的" and not after.startswith("号"))
            or re.search(r"(?:到|截至|截止|关于|有关|《)\s?$", before)
            or (count and time.grain == "year")
        )
    if not time.bare:
        return False
    if time.grain == "year" and re.search(r"\bthe\s$", before) and not re.match(r"\d0s|'", after):
        return not re.search("s$", plain[time.start : time.end])
    free = time.grain == "day" and not re.search(
        r"\b(?:of|for|by|as of)\s(?:the\s)?$", before, re.I
    )
    return not (free or _PREPOSITION.search(before))


def _is_han(plain: str) -> bool:
    return bool(re.search("[一-鿿]", plain))


def _beside_press(before: str, after: str) -> bool:
    """Whether the words beside a time speak of a newspaper: "articles from", 的报道."""
    link = r"(?:\s(?:from|in|of|on|for|during|throughout))?\s(?:the\s)?"
    ahead = rf"(?:{_PRESS}{link}|(?:{_PRESS_ZH})[在于]?\s?)$"
    behind = rf"\s?的?(?:{_PRESS_ZH})|\s(?:articles?|issues?|newspapers?|editions?|coverage)\b"
    return bool(re.search(ahead, before, re.I) or re.match(behind, after, re.I))


def _worded(plain: str, time: Time) -> bool:
    """Whether the question speaks of publishing, and of this time as when."""
    before, after = plain[: time.start], plain[time.end :]
    if _beside_press(before[-24:], after[:24]):
        return True
    if not _adverbial(plain, time):
        return False
    press = re.compile(rf"{_PRESS}|{_PRESS_ZH}", re.IGNORECASE)
    ahead = list(press.finditer(before))
    if ahead and not re.search(_ABOUT, before[ahead[-1].end() :], re.IGNORECASE):
        return True
    return bool(press.search(after))


def _adverbial(plain: str, time: Time) -> bool:
    """Whether the time says when the whole question is about, not which thing in it."""
    before, after = plain[: time.start].strip(), plain[time.end :].strip()
    ends = not after.strip("?？.。!！\"'”)） ")
    if _is_han(plain):
        thing = re.match(r"(?:[^，,。？?]{0,30}的(?:那|这)?[^，,。？?]{1,12}(?:叫|是)|的)", after)
        opens = not before.strip("请问在于从自,") or before[-1:] in "在于,，、"
        return not thing and (opens or ends or time.grain in ("day", "month"))
    opening = _PREPOSITION.sub("", before + " ") if time.bare else before
    if re.search(r"\b(?!say|says|said\b)\w+\s(?:that|who|whom|whose)\b", opening, re.IGNORECASE):
        return False
    opens = opening.strip(" ,").lower() in ("", "and", "so", "but")
    return opens or ends or time.grain in ("day", "month")
