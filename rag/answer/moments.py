"""The time of a question, and another put in its place: 7月6日, "in May", the next day. Pure.

What a follow-up leaves out of a time, a year or a month, is that of the question before: 6日 after
2023年7月5日 is 2023年7月6日. Where that is not plain, of a range of years say, nothing is put.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.retrieve.dateparts import DAY, HAN_DIGITS, MONTH
from rag.retrieve.dates import Time, find_times, plain
from rag.retrieve.periods import times_in
from rag.types import Language

_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_AT = r"(?:(?:in|for|on|during)\s)?"
_NEXT, _BACK = "next|following|subsequent", "previous|preceding|prior"
_STEPS = {
    (unit, step): re.compile(
        rf"\b{_AT}(?:the (?:{near}) {unit}|(?:the |a )?{unit} (?:{far})(?: that)?)\b|{han}",
        re.IGNORECASE,
    )
    for unit, step, near, far, han in (
        ("day", 1, _NEXT, "after|later", "第二天|次日|翌日|隔天|[后下]一[天日]"),
        ("day", -1, _BACK, "before|earlier", "[前上]一[天日]|头一?天"),
        ("month", 1, _NEXT, "after|later", "第二个月|次月|[下后]一?个月|下月"),
        ("month", -1, _BACK, "before|earlier", "[上前]一?个月|上月"),
        ("year", 1, f"{_NEXT}|second", "after|later", "(?:到了?)?(?:第二|次|翌|下一|后一|转)年"),
        ("year", -1, _BACK, "before|earlier", "[上前头]一年|上年"),
    )
}
_LEAD: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"(?:(?:in|at|from|of|for|to|by|during|on)\s)?(?:the\s)?(?=\S)", re.IGNORECASE
    ),
    "zh": re.compile("在|到|从|对于|关于|至于|于"),
}
# What goes where the time behind it goes.
_WHEN = re.compile(r"(?:^|(?<=\s))(?:in|on|during|within|throughout)\s(?:the\s)?$", re.IGNORECASE)
_SAYS = re.compile(rf"[0-9{HAN_DIGITS}上中下]|\b(?:{MONTH}|half|quarter)", re.IGNORECASE)
# What is told from the day of whoever asks.
_TODAYS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        rf"(?:last|this|next) (?:week|month|year|{MONTH})|yesterday|today|tomorrow|recently", re.I
    ),
    "zh": re.compile("[去今明前]年|[昨今前后明]天|[上本下]个?(?:周|星期|礼拜)|本月|最近|近来"),
}
# What lies on one side of the time of the question before.
_SIDE: dict[Language, re.Pattern[str]] = {
    "en": re.compile("(after|before|since)(?: that| then)?", re.IGNORECASE),
    "zh": re.compile("在?([以之][前后])"),
}
_MONTH_DAY = rf"{MONTH}(?:\s{DAY})?|{DAY}\s(?:of\s)?{MONTH}"
_N = rf"(?:[0-9]{{1,2}}|[{HAN_DIGITS}]{{1,3}})"
# A month or a day without a year, where it is no part of a name (Theresa May).
_YEARLESS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(rf"\b(?:in|of|on|during|since|by)\s(?:the\s)?({_MONTH_DAY})(?!\w)", re.I),
    "zh": re.compile(rf"(?<![0-9年{HAN_DIGITS}])({_N}\s?月份?(?:\s?{_N}\s?[日号])?)"),
}


@dataclass(frozen=True, slots=True)
class _Said:
    """A time as a follow-up says it: what leads to it (`in `), its words with what they leave out,
    "" where that is not plain, and its dates, none where it has no year."""

    lead: str
    words: str
    time: Time


def retimed(part: str, earlier: str, years: str, language: Language) -> str | None:
    """The question before with the time that a part says in place of its own.

    Args:
        part: what a follow-up says: `in May`, `7月6日`, `the next day`.
        earlier: the question before, in the same language, standing alone.
        years: older text in which the time may stand that the next one follows.

    Returns:
        None where the part says no time, "" where it is not plain which, or in place of which.
    """
    slots = _slots(earlier, language)
    for (unit, step), pattern in _STEPS.items():
        if pattern.fullmatch(part):
            words = _beside(unit, step, earlier, years, language)
            time = _covering(words)
            return _put(_Said("", words, time), earlier, slots, language) if time else ""
    said = _said(part, earlier, slots, language)
    # June alone may be a name.
    if said is None or (language == "en" and not (slots or said.lead or _dated(said.time))):
        return None
    return _put(said, earlier, slots, language)


def stepped(text: str, earlier: str, years: str, language: Language) -> str:
    """A follow-up with the day, month or year beside that of the question before put as its date:
    "What happened the next day?", 第二天发生了什么？; as it is where there is none."""
    for (unit, step), pattern in _STEPS.items():
        found = pattern.match(text) if language == "zh" else pattern.search(text)
        behind = text[found.end() :] if found else ""
        if not found or re.match(r"[纪龄级本]" if language == "zh" else r"\s*\w", behind):
            continue
        words = _beside(unit, step, earlier, years, language)
        if time := _covering(words):
            lead = "" if language == "zh" else _default_lead(time, words)
            return text[: found.start()] + lead + words + behind
    return text


def is_time(text: str) -> bool:
    """Whether a text is a time, with its year, and nothing else."""
    return _covering(text) is not None


def _slots(earlier: str, language: Language) -> list[Time]:
    """The times that a question is about; what has no year has no dates."""
    read = plain(earlier)
    found = list(find_times(read))
    if found:
        return times_in(earlier) or found
    matches = _YEARLESS[language].finditer(read)
    return [
        Time(*match.span(1), None, None, "day" if re.search(r"\d|日|号", match[1]) else "month")
        for match in matches
    ]


def _said(part: str, earlier: str, slots: list[Time], language: Language) -> _Said | None:
    lead = _LEAD[language].match(part)
    bare = part[lead.end() :] if lead else part
    ways = (("", part), (lead.group() if lead else "", bare))
    for led, words in ways:
        if time := _covering(words):
            figures = language == "zh" and words.isdigit()
            return _Said(led, f"{words}年" if figures else words, time)
    year, month = _borrowed(slots)
    for led, words in ways:
        for whole in _completed(words, year, month, language) if year else ():
            if time := _covering(whole):
                return _Said(led, whole, time)
    if _TODAYS[language].fullmatch(bare):
        return _Said("", bare, Time(0, len(bare), None, None, "about", False))
    side = _SIDE[language].fullmatch(part)
    if side and len(slots) == 1 and slots[0].bare:
        asked = earlier[slots[0].start : slots[0].end]
        whole = f"{side[1]} {asked}" if language == "en" else asked + side[1]
        return _Said("", whole, time) if (time := _covering(whole)) else None
    for led, words in ways:
        for whole in _completed(words, 2000, 1, language):  # of some year, whichever
            if time := _covering(whole):
                time = replace(time, first=None, last=None)
                return _Said(led, _with_month(words, earlier, slots, language), time)
    return None


def _with_month(words: str, earlier: str, slots: list[Time], language: Language) -> str:
    """A month or day without a year; a day alone with the month of one that has no year either,
    "" where there is none."""
    if any(_covering(whole) for whole in _completed(words, 2000, None, language)):
        return words
    month = re.match(rf"{_N}\s?月", earlier[slots[0].start :]) if slots else None
    return month.group() + words if month and not _dated(slots[0]) else ""


def _put(said: _Said, earlier: str, slots: list[Time], language: Language) -> str:
    """The question before with a time in place of its one, or added where it has none."""
    words, time = said.words, said.time
    led = re.match("in|on|during", said.lead, re.IGNORECASE)
    lead = said.lead.lower() if led else _default_lead(time, words)
    if not time.bare:  # it begins with a preposition
        words = words[:1].lower() + words[1:]
    todays = time.grain == "about" and not _dated(time)
    if not words or len(slots) > 1 or (slots and _dated(slots[0]) and not (todays or _dated(time))):
        return ""
    if not slots:
        return words + earlier if language == "zh" else f"{earlier.rstrip(' ?.')} {lead}{words}?"
    slot = slots[0]
    before, after = earlier[: slot.start], earlier[slot.end :]
    if language == "zh":
        return before + words + after
    when = _WHEN.search(before)
    like = (slot.grain, slot.bare, earlier[: slot.end].endswith("s"))
    if (time.grain, time.bare, words.endswith("s")) != like and (when or not slot.bare):
        before = before[: when.start()] if when else before
        words = lead + words
    text = before + words + after
    return text[:1].upper() + text[1:]


def _beside(unit: str, step: int, earlier: str, years: str, language: Language) -> str:
    """The day, month or year that follows the time of the question before, or goes before it; ""
    where it has none, or none of days or months."""
    slots = _slots(earlier, language) or list(find_times(plain(years)))[:1]
    if len(slots) != 1:
        return ""
    last = slots[0].last if step > 0 else slots[0].first
    fine = {"day": ("day",), "month": ("day", "month")}.get(unit, (slots[0].grain,))
    if not last or slots[0].grain not in fine:
        return ""
    if unit == "day":
        day = last + timedelta(days=step)
    else:
        months = 12 * last.year + last.month - 1 + step * (1 if unit == "month" else 12)
        day = date(months // 12, months % 12 + 1, 1)
    if language == "zh":
        parts = (f"{day.year}年", f"{day.month}月", f"{day.day}日")
        return "".join(parts[: ("year", "month", "day").index(unit) + 1])
    name = _NAMES[day.month - 1]
    if unit == "day" and re.match(r"\d\d?\D", earlier[slots[0].start :]):
        return f"{day.day} {name} {day.year}"
    return {"day": f"{name} {day.day}, {day.year}", "month": f"{name} {day.year}"}.get(
        unit, str(day.year)
    )


def _borrowed(slots: list[Time]) -> tuple[int | None, int | None]:
    """The year and the month that all of the one time lies in."""
    first, last = (slots[0].first, slots[0].last) if len(slots) == 1 else (None, None)
    if not first or not last or first.year != last.year:
        return None, None
    return first.year, first.month if first.month == last.month else None


def _completed(words: str, year: int, month: int | None, language: Language) -> Iterator[str]:
    """Words that leave out a year, or a year and a month, with them; 以后 alone says no time."""
    if not _SAYS.search(words):
        return
    if language == "zh":
        yield f"{year}年{words}"
        if month:
            yield f"{year}年{month}月{words}"
        return
    yield f"{words}, {year}" if re.search(r"\d(?:st|nd|rd|th)?$", words) else f"{words} {year}"
    yield f"{words} of {year}"
    if month and re.search(r"\d(?:st|nd|rd|th)\b", words):
        yield f"{_NAMES[month - 1]} {words}, {year}"


def _covering(text: str) -> Time | None:
    """The one time that a text is, from end to end."""
    times = list(find_times(plain(text)))
    whole = len(times) == 1 and (times[0].start, times[0].end) == (0, len(text))
    return times[0] if whole else None


def _dated(time: Time) -> bool:
    return bool(time.first or time.last)


def _default_lead(time: Time, words: str) -> str:
    if not time.bare:
        return ""
    the = "the " if words.endswith("s") or " of " in words else ""
    return ("on " if time.grain == "day" else "in ") + the
