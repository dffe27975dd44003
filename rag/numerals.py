"""Chinese numerals, Arabic numerals and number words, made comparable. Pure.

Found in either language in one text: 二十多万, 20多万, more than 200,000, 百分之三十, 30 percent,
三分之一, one-third, 一九五九, twenty-six. What is no definite quantity is left out: 几十, several
dozen, 三四十, 千方百计, 一些, 第一, "one" as a pronoun. Ordinals (第二, 2nd, second) are kept apart
from quantities. Every step looks at a bounded stretch, so the time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from rag.numerals_en import (
    ADD,
    AND_HALF,
    BIGS,
    HALVED,
    ONES,
    ORDINALS,
    PHRASE,
    PLACE,
    SEP,
    TEN_WORDS,
    TIMES,
    half_of,
    phrase_value,
)
from rag.numerals_zh import (
    DIGITS,
    HALF_ZH,
    HALVED_ZH,
    HAN,
    LONGEST,
    SCALE,
    SCALES,
    decimal,
    without_excess,
)

Bound = Literal["exact", "over", "about", "under"]
Unit = Literal["", "%"]


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text: `text` is the source's `[start:end]`, in code points.

    `value` is exact; with the unit `%` it counts hundredths. `bound` says on which side of it
    the true quantity lies; `ordinal` marks a place in a row (第二, 2nd), not a quantity.
    """

    value: Fraction
    text: str
    start: int
    end: int
    bound: Bound = "exact"
    unit: Unit = ""
    ordinal: bool = False


def find_numerals(text: str) -> list[Numeral]:
    """The numbers of a text in either language, in order, none overlapping another."""
    plain = _ALONE.sub("々", text).translate(_PLAIN)
    found: list[Numeral] = []
    for match in _NUMERAL.finditer(plain):
        if read := _READERS.get(match.lastgroup or ""):
            found.extend(_finish(plain, text, number) for number in read(plain, match))
    return _joined(plain, text, found)


def canonical(numeral: Numeral) -> str:
    """One string for equal numbers: `200000`, `3.5`, `1/3`, `30%`; ordinals as `#2`.

    The bound is left out: 二十多万 and 200,000 should find each other.
    """
    value = numeral.value
    shown = str(value)
    # The longest decimal read has LONGEST places, and 10 ** LONGEST * value is then whole.
    scaled = value * 10**LONGEST
    if value.denominator > 1 and scaled.denominator == 1:
        whole, rest = divmod(scaled.numerator, 10**LONGEST)
        shown = f"{whole}.{rest:0{LONGEST}}".rstrip("0")
    return f"{'#' if numeral.ordinal else ''}{shown}{numeral.unit}"


_PLAIN = str.maketrans(
    "０１２３４５６７８９．％／○零壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬億兩點餘幾來　\u00a0",
    "0123456789.%/〇〇一二二三三四五六六七八九十百千万亿两点余几来  ",
)
# The numerals of cheques are words where they stand alone: 陆续, 拾到, 伍子胥.
_CHEQUE = "壹贰貳叁參肆伍陆陸柒捌玖拾佰仟"
_ALONE = re.compile(f"(?<![{_CHEQUE}零萬万億亿])[{_CHEQUE}](?![{_CHEQUE}零萬万億亿])")

# Words and idioms whose characters count nothing.
_IDIOMS = (
    "四面八方|七上八下|三心二意|五花八门|四通八达|五颜六色|三番五次|三三两两|七嘴八舌|乱七八糟"
    "|四分五裂|五湖四海|三头六臂|九牛一毛|一五一十|七零八落|横七竖八|十全十美|一成不变|三言两语"
    "|四季|四周|四处|四川|四肢|三轮|三角|三峡|三明治|八路军|二氧化|三氧化|一氧化|五金|五官|五星"
    "|九江|九龙|六安|二胡|三七|两极|两栖|十足|十字|十分(?![之钟])|百分比|百分点|千万不|一二·?九"
    "|half[- ]a[- ]dozen|dozens of|one another|one day"
)

_ARABIC = r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9]|,[0-9]{3})(?:\.[0-9]++)?|[0-9]++(?:\.[0-9]++)?"
_PERCENT = r"(?:\s?(?:%|per\s?cent(?:age\spoints?)?\b))"
_PART = rf"(?:{'|'.join(ORDINALS[2:])}|quarter)"
_NUMERAL = re.compile(
    # What none of them begins with is passed over at once.
    rf"""(?=[0-9{HAN}半乱横]|(?<![a-z])[a-z])(?:(?P<idiom>{_IDIOMS})
    | (?P<parts>(?:[{HAN}]{{1,12}}|[0-9]{{1,9}})分之
        (?:[{HAN}]{{1,12}}(?:点[{DIGITS}]{{1,9}})?|[0-9]{{1,9}}(?:\.[0-9]{{1,9}})?)[多余几]?)
    | (?P<slash>(?<![\w/.])[0-9]{{1,3}}/[0-9]{{1,3}}(?![\w/.]))
    | (?P<arabic>(?<![A-Za-z0-9_])(?<![0-9][.,])(?:{_ARABIC})
        (?:\s?[多余几]?[{SCALES}]++(?<!千(?=[米克瓦卡]))(?:[多余几][{SCALES}]++|[多余])?|[多余]
          |(?:{AND_HALF})?[\s-]?(?:hundred|{BIGS}|dozen)\b)?
        (?P<arabic_half>{HALVED_ZH}|{HALVED})?{_PERCENT}?)
    | (?P<half>一半|(?<![上下前后大多一])半(?:(?=[年天数个])|(?=小时))
        |(?<!first\s)(?<!second\s)(?<!latter\s)(?<!other\s)\bhalf\b(?!{SEP}(?:a{SEP})?(?:{BIGS})))
    | (?P<han>[{HAN}]++
        (?:[多余几][{SCALES}]++|点[{DIGITS}]{{1,9}}(?![{DIGITS}十分刻钟])(?:[多余]?[万亿])?)?
        (?:[多余几](?![{HAN}]))?(?P<han_half>{HALVED_ZH})?{_PERCENT}?)
    | (?P<share>\b(?:(?:{ONES}){SEP}|a{SEP}(?=\w{{1,9}}{SEP}of\b)){_PART}s?\b)
    | (?P<order>\b(?:(?:{TEN_WORDS}){SEP})?(?:{"|".join(ORDINALS)})\b)
    | (?P<word>\b{PHRASE}\b(?P<word_half>{HALVED})?{_PERCENT}?))
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)

_Read = tuple[Fraction, int, int, bool]


def _han(plain: str, match: re.Match[str]) -> Iterator[_Read]:
    halved = match["han_half"] or ""
    run = re.split(r"\s|%|per", _before(match["han"], halved), maxsplit=1)[0].rstrip("多余几")
    start, end = match.span()
    before, after = plain[max(0, start - 2) : start], plain[end : end + 3]
    if len(run) > LONGEST or before.endswith(("几", "数", "星期", "周", "礼拜")):
        return
    # 二两 is a weight, not two twos.
    if len(run) == 2 and run[0] in DIGITS and run[1] == "两":
        run, end = run[0], start + 1
    ordinal = before.rstrip().endswith("第") or (after[:1] == "世" and after[:2] != "世纪")
    head, over, tail = (*re.split("([多余几])", run, maxsplit=1), "", "")[:3]
    value = decimal(without_excess(head, tail) if over else head)
    if value is None or (ordinal and value == 1):
        return
    if run in ("一", "〇") and not ordinal:
        counted = re.match(r"[倍成吨斤亩元天年岁月日米尺%]|公[斤里尺顷]|个月|小时|[到至]", after)
        if before[-1:] in set("统同唯惟专单划逐万之") or not (counted or match["han"] != run):
            return
    yield *_with_half(value, start, end, halved, ordinal), ordinal


def _before(shown: str, halved: str) -> str:
    """A number as it is written, up to the half that is said behind it."""
    return shown.rpartition(halved)[0] if halved else shown


def _with_half(
    value: Fraction, start: int, end: int, halved: str, ordinal: bool
) -> tuple[Fraction, int, int]:
    """A number's value and span, with the half behind it where that belongs to it: not in
    1958年半, nor in 9.5元半."""
    if ordinal or value.denominator > 1 or ("年" in halved and value >= 100):
        return value, start, end - len(halved)
    return value + (Fraction(1, 2) if halved else 0), start, end


def _parts(plain: str, match: re.Match[str]) -> Iterator[_Read]:
    whole, _, part = match["parts"].rstrip("多余几").partition("分之")
    below = SCALE[whole] if whole in SCALE else decimal(whole)
    above = Fraction(100) if part == "百" else decimal(part)
    if below and above is not None:
        yield above / (1 if whole == "百" else below), *match.span(), False


def _ratio(plain: str, match: re.Match[str]) -> Iterator[_Read]:
    above, _, below = (match["slash"] or "1/2").partition("/")
    if 0 < int(above) < int(below):
        yield Fraction(int(above), int(below)), *match.span(), False


def _arabic(plain: str, match: re.Match[str]) -> Iterator[_Read]:
    start, end = match.span()
    number = re.match(_ARABIC, match["arabic"])
    halved = match["arabic_half"] or ""
    rest = _before(match["arabic"][number.end() :], halved) if number else ""
    if not number or max(len(number.group()), len(rest)) > LONGEST:
        return
    after = plain[end : end + 4]
    suffix = re.match(r"(?:st|nd|rd|th)\b", after, re.IGNORECASE)
    # The 1950s are no number, and 1959.11.24 is a date.
    if re.match(r"['’]?s\b|\.[0-9]", after):
        return
    value = Fraction(number.group().replace(",", ""))
    head, tail = (*re.split("[多余几]", rest.strip(), maxsplit=1), "")[:2]
    for character in without_excess(head, tail):
        value *= SCALE.get(character, 1)
    scale = 1
    for word in re.findall("[a-z]+", rest.lower()):
        value += Fraction(1, 2) if word == "half" else 0
        scale *= TIMES.get(word, 1)
    ordinal = bool(suffix) or plain[max(0, start - 2) : start].rstrip().endswith("第")
    value, start, end = _with_half(value, start, end, halved, ordinal)
    yield value * scale, start, end + (suffix.end() if suffix else 0), ordinal


def _share(plain: str, match: re.Match[str]) -> Iterator[_Read]:
    above, below = re.split(r"[\s-]+", match["share"].lower())
    yield Fraction(ADD.get(above, 1), PLACE[below.removesuffix("s")]), *match.span(), False


def _order(plain: str, match: re.Match[str]) -> Iterator[_Read]:
    *tens, last = re.split(r"[\s-]+", match["order"].lower())
    before = plain[max(0, match.start() - 6) : match.start()].lower()
    clock = last == "second" and re.search(r"(?:\d|\b(?:a|per|one|each))[\s-]$", before)
    if tens or not (last == "first" or clock):
        yield Fraction(sum(ADD[ten] for ten in tens) + PLACE[last]), *match.span(), True


def _word(plain: str, match: re.Match[str]) -> Iterator[_Read]:
    halved, after = match["word_half"] or "", plain[match.end() : match.end() + 12].lower()
    phrase = _before(match["word"], halved).lower()
    # "one" is mostly a pronoun, and the nineteen fifties are no number.
    if re.match(r"\s\w{3,5}ties\b", after) or (
        phrase == "one"
        and not halved
        and not re.match(
            r"\s(?:to\s\w|day|year|month|week|hour|ton|yuan|mu\b|jin\b|kilo|met|mile|time)", after
        )
    ):
        return
    value = phrase_value(phrase) + (half_of(phrase) if halved else 0)
    yield value, *match.span(), False


_READERS = {"parts": _parts, "slash": _ratio, "half": _ratio, "arabic": _arabic, "han": _han}
_READERS |= {"share": _share, "order": _order, "word": _word}


def _near(before: str, after: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(rf"(?:{before})\s?(?:a\s)?$", re.I), re.compile(after, re.I)


_AROUND: dict[Bound, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "under": _near(
        r"不到|不足|少于|低于|将近|接近|近|至多|最多|\b(?:(?:less|fewer|lower|no more) than"
        r"|nearly|almost|under|below|up to|at most|close to)\s",
        r"弱|\w?\w?以下|\s(?:or|and) (?:less|fewer|under)\b",
    ),
    "over": _near(
        r"超过|超出|逾|多于|高于|大于|不止|至少|不下|\b(?:(?:more|greater|higher|no less|no fewer)"
        r" than|over|above|at least|exceed(?:s|ed|ing)?|upwards? of|in excess of)\s",
        r"强(?!\w{0,2}[大调烈])|\w?\w?以上|\s(?:or|and) (?:more|over|above)\b",
    ),
    "about": _near(
        r"约|大概|~|\b(?:about|around|approximately|roughly|some|circa)\s",
        r"\w?\w?(?:左右|上下)|\sor so\b|来[个岁天年人名件万项斤亩吨元户]",
    ),
}
_COUNTS_BY = {**TIMES, **SCALE}
_LEAST_SHARED = 12  # both ends of “two to three dozen”; 一至二十 begins with one
_TO = re.compile(r"\s?(?:to|[到至~～–—-])\s?", re.IGNORECASE)


def _finish(plain: str, text: str, read: _Read) -> Numeral:
    value, start, end, ordinal = read
    shown = plain[start:end]
    percent = re.search(r"%|per\s?cent|^百分之", shown, re.IGNORECASE)
    before, after = plain[max(0, start - 16) : start], plain[end : end + 12]
    tithe = re.match(rf"\s?成(?![立为功员分果本绩长熟年了天])({HALF_ZH})?", after)
    if tithe and 0 < value < 10 and not ordinal:
        value, percent = value * 10 + (5 if tithe[1] else 0), tithe
        end, after = end + tithe.end(), after[tithe.end() :]
    bound: Bound = "exact"
    if re.search("[多余几]", shown.removeprefix("百分之")):
        bound = "over"
    elif not ordinal:
        for side, (ahead, behind) in _AROUND.items():
            if ahead.search(before) or behind.match(after):
                bound = side
                break
    return Numeral(value, text[start:end], start, end, bound, "%" if percent else "", ordinal)


def _joined(plain: str, text: str, found: list[Numeral]) -> list[Numeral]:
    """Puts together 1亿5千万 and 1千5百, and has both ends of a range count by what one of them
    tells (30 to 40 percent, 十五至二十万)."""
    result = found[:1]
    for numeral in found[1:]:
        last, added = result[-1], numeral
        between = plain[last.end : numeral.start]
        pair = (
            between == " and " and plain[max(0, last.start - 8) : last.start].lower() == "between "
        )
        if between in ("", "〇") and _continues(plain, last, numeral):
            added = _sum(plain, text, result.pop(), numeral)
        elif pair or _TO.fullmatch(between):
            result[-1], added = _ends(plain, last, numeral)
        result.append(added)
    return result


def _continues(plain: str, last: Numeral, numeral: Numeral) -> bool:
    """Whether a number names lower places of the one right before it. 5千两 is a weight, 6万陆军
    are soldiers, and in 罚款十万7月26日 a headline's date begins."""
    lower = 0 < numeral.value < SCALE.get(plain[last.end - 1], 0)
    if not lower or numeral.ordinal or last.unit or numeral.unit or set(".．点點") & set(last.text):
        return False
    another = "[0-9]+(?:[月日号时]|(?<=^[0-9])[年个])"
    if re.match(another, plain[numeral.start : numeral.end + 1]):
        return False
    return numeral.text not in {*_CHEQUE, "两", "兩"}


def _sum(plain: str, text: str, last: Numeral, numeral: Numeral) -> Numeral:
    value, scale = numeral.value, SCALE[plain[last.end - 1]]
    if numeral.end == last.end + 1:  # a digit left over: 1万5
        value = value * scale / 10
    bound = last.bound if numeral.bound == "exact" else numeral.bound
    whole = text[last.start : numeral.end]
    return replace(last, value=last.value + value, text=whole, end=numeral.end, bound=bound)


def _ends(plain: str, first: Numeral, second: Numeral) -> tuple[Numeral, Numeral]:
    """Both ends of a range. The first counts by the longest scale that the whole of the second
    counts by and that leaves it the lesser: 三至五千万 is tens of millions; 三百至四百 stays, and
    so does 二至三千二百."""
    if second.unit and not first.unit:
        tenths = 10 if "成" in plain[second.start : second.end] else 1
        return replace(first, value=first.value * tenths, unit="%"), second
    if first.text.startswith("百分之") and not second.unit:
        return first, replace(second, unit="%")
    if first.unit or first.ordinal or second.ordinal:
        return first, second
    value, scale = first.value, 1
    shown = plain[second.start : second.end].lower().rstrip("多余几")
    signs = [_COUNTS_BY.get(sign, 0) for sign in re.findall(r"[a-z]+|[^\s-]", shown)]
    while signs and (sign := signs.pop()) >= max([_LEAST_SHARED, *signs]):
        scale *= sign
        if first.value * scale >= second.value:
            break
        value = first.value * scale
    return replace(first, value=value), second
