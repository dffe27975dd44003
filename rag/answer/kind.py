"""What kind of thing a question asks for, and whether a sentence holds one. Pure."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["number", "time"]

_ASKS: dict[Kind, re.Pattern[str]] = {
    "time": re.compile(
        r"何时|什么时候|什么时间|哪[一]?[年月天日]|几[年月日]|哪个(?:年|月|世纪)"
        r"|\bwhen\b|\b(?:what|which) (?:year|month|day|date|century|decade)\b",
        re.IGNORECASE,
    ),
    "number": re.compile(
        r"多少|几[个名件项人家位次倍座条种台套天]|多[大高长远重久快]|比例|百分之几|百分比"
        r"|\bhow (?:many|much|long|far|old|large|big|tall|high|often)\b"
        r"|\bwhat (?:percent|percentage|number|proportion|share|fraction)\b",
        re.IGNORECASE,
    ),
}
_NUMERAL = (
    r"\d|[一二三四五六七八九十百千万亿两零〇]{2,}|[一二三四五六七八九十两][多余几]?[个名件项人家位次倍座条种台套]"
    r"|分之|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundreds?|thousands?|millions?|billions?"
    r"|dozens?|half|third|thirds|quarters?|twice|double|percent)\b"
)
_HOLDS: dict[Kind, re.Pattern[str]] = {
    "number": re.compile(_NUMERAL, re.IGNORECASE),
    "time": re.compile(
        r"\d{3,4}|[一二三四五六七八九〇零十]+[年月日世]|\d+[年月日世]|世纪|年代|去年|今年|上月|昨[日天]"
        r"|\b(?:january|february|march|april|may|june|july|august|september|october|november"
        r"|december|centur(?:y|ies)|yesterday|last (?:year|month|week))\b",
        re.IGNORECASE,
    ),
}


def asked_kind(question: str) -> Kind | None:
    """`time` or `number` where a question plainly asks for one, else None."""
    return next((kind for kind, asks in _ASKS.items() if asks.search(question)), None)


def holds(text: str, kind: Kind) -> bool:
    """Whether a text holds something of that kind."""
    return _HOLDS[kind].search(text) is not None
