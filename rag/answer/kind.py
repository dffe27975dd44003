"""What kind of thing a question asks for, and whether a sentence holds one. Pure."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from rag.language import HAN
from rag.numerals import find_numerals
from rag.terms import standing
from rag.types import Language

Kind = Literal["number", "time"]

_MEASURES = "个名件项人家位次倍座条种台套天斤吨元亩所辆"
_ASKS: dict[Kind, re.Pattern[str]] = {
    "time": re.compile(
        r"何时|什么时候|什么时间|哪[一]?[年月天日]|几[年月日]|哪个(?:年|月|世纪)"
        r"|\bwhen\b|\b(?:what|which) (?:year|month|day|date|century|decade)\b",
        re.IGNORECASE,
    ),
    "number": re.compile(
        r"多少|几[个名件项人家位次倍座条种台套天]|多[大高长远重久快]|比例|百分之几|百分比"
        r"|\bhow (?:many|much|long|far|old|large|big|tall|high|often)\b"
        r"|\bwhat (?:percent|percentage|number|proportion|share|fraction)\b"
        r"|\bwhat (?:is|was) the (?:total |exact )?(?:number|percentage|proportion|share) of\b"
        r"|(?:哪一?[个家边方]|谁).{0,16}[多少大高][？?]?$"
        r"|\b(?:which|who|whose)\b.{0,40}\b(?:more|fewer|larger|smaller|higher|lower|bigger)\b",
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


# What is counted: in English up to the verb, in Chinese what follows the measure word. Kinds of
# situation are three situations as well as three kinds. "工人数是多少" counts what stands before.
_COUNTED = re.compile(
    r"\b(?:how (?:many|much)|what (?:is|was) the (?:total |exact )?number of)\s+"
    r"(?:(?P<kinds>kinds?|sorts?|types?|forms|categories|classes|varieties)\s+of\s+)?"
    r"(?P<en>(?:[\w'-]+\s+){0,4}?[\w'-]+)"
    r"(?=\s+(?:is|are|was|were|did|do|does|have|has|had|can|could|will|would|there|that|who|which"
    r"|in|of|on|at|from|to|per|by)\b|\s*\?)"
    rf"|(?P<told>(?:(?!的)[{HAN}]){{2,6}})的?总?(?:人数|[个件户]数|数[量目]?)(?:[是有为达到共]*)(?:多少|几)"
    rf"|(?:多少|几)[{_MEASURES}]?(?P<zh>[{HAN}]{{2,8}})",
    re.IGNORECASE,
)
# Characters behind a number within which the thing counted stands.
_REACH: dict[Language, int] = {"zh": 16, "en": 48}


def asked_kind(question: str) -> Kind | None:
    """`time` or `number` where a question plainly asks for one, else None."""
    return next((kind for kind, asks in _ASKS.items() if asks.search(question)), None)


def holds(text: str, kind: Kind, question: str) -> bool:
    """Whether a text holds something of that kind that is not in the question: the No. 6 factory is
    no number of workers."""
    return _HOLDS[kind].search(_news(text, question)) is not None


def _news(text: str, question: str) -> str:
    """A text without the question's numbers."""
    known = _values(question)
    repeated = [n for n in find_numerals(text) if n.value in known] if known else []
    for numeral in reversed(repeated):
        text = text[: numeral.start] + text[numeral.end :]
    return text


@lru_cache(maxsize=8)  # a question is asked of every sentence of its hits
def _values(question: str) -> frozenset[Fraction]:
    return frozenset(numeral.value for numeral in find_numerals(question))


def counted(question: str) -> str:
    """The thing of which a question asks how many: the last word in English, where the head of a
    noun phrase stands (behind the kinds of it that are asked for), and a few characters in Chinese.
    Empty where nothing is counted."""
    match = _COUNTED.search(question)
    if not match:
        return ""
    return (
        match["zh"]
        or match["told"]
        or " ".join(filter(None, (match["kinds"], match["en"].split()[-1])))
    )


def counts(text: str, language: Language, things: AbstractSet[str]) -> bool:
    """Whether a number stands before one of the things, within a few words, or holds it (two years
    and a half).

    Args:
        things: index terms, in the text's language.
    """
    reach = _REACH[language]
    return any(
        standing(text[begin : numeral.end + reach], things)
        for numeral in find_numerals(text)
        for begin in (numeral.start if numeral.text.lower().endswith("half") else numeral.end,)
    )
