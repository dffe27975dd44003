"""Whether a sentence tells the number that a question asks for. Pure.

Newspapers tell many numbers in a sentence. One of them answers that is not the question's own, no
hour, no grade and no factory's, that is told in a measure in which the one asked for may be told,
and that may count what the question counts (`counters.py`).
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from functools import lru_cache

from rag.answer.counters import Counted, counts_behind, is_bare, may_count
from rag.answer.dating import find_dates
from rag.answer.figures import Figure, find_figures, may_measure
from rag.answer.ground import unnumbered
from rag.romanise import simplified

DIGIT = r"[\d一二两三四五六七八九十百千]"
HOUR = r"(?:[零〇一二三四五六七八九十]{1,3}|\d{1,2})"
ASKS_COUNT = re.compile(
    r"多少|(?<!哪)几(?=[个名件项人家位次倍座条种台套天期批届轮支层])"
    r"|\bhow many\b|\bwhat (?:is|was) the (?:total |exact )?number of\b",
    re.IGNORECASE,
)
# Numbers that no numeral tells.
_FEW = re.compile(
    r"[数几](?=[十百千万亿个名次位家项条年月天日倍])|双(?!方|边)|一半|[过大多]半"
    r"|(?<![上下])半(?=[个年天月日夜数小])|[百千]年"
    r"|(?:[百千万亿][余多]|[上近逾超成][百千万亿])(?=[人名位个家户栋条项件次])"
    rf"|(?:拘留|历时|为期|持续|长达|停[工产业课留]|放假)了?{DIGIT}+日"  # that might be a date
    r"|\b\d{4} [a-z]+s\b"  # that might be a year
    r"|\bboth\b(?!(?: [\w-]+){1,4} and\b)"  # both large and small are no two things
    r"|\b(?:pair|couple|several|single|no(?!\.| longer)|none|dozens?|half|twice|double|another"
    r"|each)\b|(?<!\bnot )\bonly\b",
    re.IGNORECASE,
)
# The time of day: a number that counts nothing.
_CLOCK = re.compile(
    rf"{HOUR}(?:时(?![候期代])|点(?:[钟半整]|(?={HOUR}分)))(?:{HOUR}分(?!之))?"
    r"|\b\d{1,2}(?::\d\d)?\s?(?:[ap]\.?m\b\.?|o['’]clock\b)|\b\d{1,2}:\d\d\b",
    re.IGNORECASE,
)
# A grade, which counts nothing either where none is asked for: 四级应急响应, "category 4".
_GRADE = re.compile(rf"{HOUR}级(?!别)|\b(?:level|grade|category) \w+", re.IGNORECASE)
_OF_GRADES = re.compile(r"级|\b(?:level|grade|categor)", re.IGNORECASE)
# The place of a paragraph among others, and what is a code: 股票（002656）.
_ITEM = re.compile(r"^\s*[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)、．]|(?<![\d,.])0\d{2,}")
# Asked for in a measure that is none of these, a number is told in it or in nothing at all.
_UNMEASURED = (None, "", "person", "times")
_ANY_NUMBER = "7391"
# 价格是多少？ is answered in yuan, 面积是多少？ in mu.
_IN_NOTHING = re.compile(r"多少\s*(?:[？?。！!，,；;]|$)")
ANY_DAY = date(2000, 1, 1)  # any: only where dates stand is asked


def tells_number(text: str, question: str) -> bool:
    """Whether a text tells a number that the question may ask for, in a numeral or otherwise
    (several, half of them).

    Args:
        text: in simplified characters, as the question.
    """
    return bool(_FEW.search(text)) or tells_figure(text, question)


def tells_figure(text: str, question: str) -> bool:
    """Whether a text holds a numeral that the question may ask for: workers are not counted in
    tons, nor in vehicles, nor by one's place among others."""
    known, measure, thing = _told_and_asked(question)
    text = _ITEM.sub(" ", _CLOCK.sub(" ", unnumbered(text)))
    if not _OF_GRADES.search(question):
        text = _GRADE.sub(" ", text)
    return any(
        figure.value not in known
        and may_measure(measure, figure.measure)
        and (figure.measure or measure in _UNMEASURED or is_bare(text, figure.end))
        and may_count(thing, text, figure.end)
        and not (figure.ordinal and thing == "people")
        for figure in undated(text)
    )


def undated(text: str) -> list[Figure]:
    """The figures of a text that belong to no date."""
    return find_figures(text, find_dates(text, ANY_DAY))


@lru_cache(maxsize=8)  # a question is asked of every sentence of its hits
def _told_and_asked(question: str) -> tuple[frozenset[Fraction], str | None, Counted | None]:
    """The numbers a question tells, in what the one it asks for is measured, and what it counts."""
    question = simplified(question)
    # Any number in the place of the one asked for tells what it would be measured in.
    put = ASKS_COUNT.sub(f" {_ANY_NUMBER}", question)
    asked = next((figure for figure in undated(put) if figure.text == _ANY_NUMBER), None)
    known = frozenset(figure.value for figure in undated(question))
    if asked is None or _IN_NOTHING.search(question):
        return known, None, None
    # Of what is asked by its place (第几名) the counter counts nothing.
    return known, asked.measure, None if "第几" in question else counts_behind(put, asked.end)
