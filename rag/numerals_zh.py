"""Chinese numerals read: 二十二, 一万二, 三点五万, 一九五九, 六万万. Pure.

In simplified characters, as `rag.numerals` finds them in a text.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

# Longer runs are no quantity anyone wrote (rules of dashes, serial numbers, hostile input).
LONGEST = 30

DIGITS, SCALES = "〇一二三四五六七八九", "十百千万亿"
HAN = DIGITS + SCALES + "两廿卅卌"
SCALE = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_DIGIT = {character: value for value, character in enumerate(DIGITS)}
_TEN = {"廿": 20, "卅": 30, "卌": 40}

# Half of one more, said behind what is counted: 两年半, 一个半小时. 半 begins many a word as well
# (半数, 半成品, 半导体); 三点半 is a time of day.
HALF_ZH = "半(?![数年天个月日夜里载成封殖岛制机工农导截途球径圆价斤亩吨尺块公碗山坡空身])"
HALVED_ZH = (
    rf"\s?(?:(?:[年天周岁倍里斤亩吨尺丈米元块]|公[里斤尺顷]|英[里尺]|分(?=半钟)"
    rf"|个(?:月|星期|礼拜|钟头)|个?小时){HALF_ZH}"
    "|个半(?=多?(?:小时|钟头|月(?!形)|星期|礼拜|世纪|学期|学年|季度)|[，。、；！？,.;!?]|$))"
)

_SECTION = (
    rf"(?:[{DIGITS}两]千)?〇?(?:[{DIGITS}两]百)?〇?(?:[{DIGITS[1:]}]?十|[廿卅卌])?〇?[{DIGITS}两]?"
)
_WHOLE = re.compile(rf"(?:({_SECTION}(?:万{_SECTION})?)亿)?(?:({_SECTION})万)?({_SECTION})")


def decimal(number: str) -> Fraction | None:
    """The value of a number in Chinese or Arabic numerals, with or without a point; None where
    it is not definite."""
    if "点" in number:
        whole, _, rest = number.partition("点")
        value = _whole_value(whole)
        digits = "".join(str(_DIGIT[character]) for character in rest if character in _DIGIT)
        scale = SCALE.get(rest[-1:], 1)
        return None if value is None else Fraction(f"{value}.{digits}") * scale
    if number[:1].isdigit():
        return Fraction(number.replace(",", ""))
    value = _whole_value(number)
    return None if value is None else Fraction(value)


def without_excess(head: str, tail: str) -> str:
    """A number without the sign of excess between `head` and `tail`: 七亿五千多万 is 七亿五千万.

    Where a lower place stands behind the sign, it says how far the excess may go, and does not
    count: 三百几十 is 三百, 一千几百万 is 一千万.
    """
    last = SCALE.get(head[-1:], 1)
    if not tail or math.prod(SCALE[character] for character in tail) < last:
        return head
    return head + (tail[1:] if SCALE[tail[0]] < last else tail)


def _whole_value(run: str) -> int | None:
    """The value of Chinese numerals, None where they are no definite number.

    Digits alone are read one by one (一九五九); 三四 and 五六千 are guesses, not numbers; a digit
    left over stands for the next lower place (三百五, 一万二).
    """
    if not run or len(run) > LONGEST or run[0] in "百千万亿":
        return None
    if len(run) > 1 and all(character in _DIGIT for character in run):
        guess = run == "一一" or (len(run) == 2 and 0 < _DIGIT[run[0]] == _DIGIT[run[1]] - 1)
        return None if guess else int("".join(str(_DIGIT[c]) for c in run))
    match = _WHOLE.fullmatch(run.replace("万万", "亿"))  # as it was said before 1960
    if not match or "" in match.groups()[:2]:
        return None
    top, middle, low = (part or "" for part in match.groups())
    rest = 0
    if run[-1] in DIGITS[1:] and run[-2:-1] in tuple("百千万亿"):
        low, rest = low[:-1], _DIGIT[run[-1]] * SCALE[run[-2]] // 10
    most, _, more = top.rpartition("万")
    high = _section(most) * 10_000 + _section(more)
    return high * 100_000_000 + _section(middle) * 10_000 + _section(low) + rest


def _section(run: str) -> int:
    total = digit = 0
    for character in run:
        if character in SCALE:
            total, digit = total + (digit or 1) * SCALE[character], 0
        elif character in _TEN:
            total += _TEN[character]
        else:
            digit = _DIGIT.get(character, 2)
    return total + digit
