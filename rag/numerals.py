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

Bound = Literal["exact", "over", "about", "under"]
Unit = Literal["", "%"]

# Longer runs are no quantity anyone wrote (rules of dashes, serial numbers, hostile input).
LONGEST = 30


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
_DIGIT = {character: value for value, character in enumerate("〇一二三四五六七八九")}
_TEN = {"廿": 20, "卅": 30, "卌": 40}
_SCALE = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_D, _S, _HAN = "〇一二三四五六七八九", "十百千万亿", "〇一二三四五六七八九十百千万亿两廿卅卌"

_UNITS, _TENS, _ORDINALS = (
    line.split()
    for line in (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen",
        "twenty thirty forty fifty sixty seventy eighty ninety",
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    )
)
_BIG = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_TIMES = {**_BIG, "hundred": 100, "dozen": 12}
_ADD = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
_PLACE = {word: value for value, word in enumerate(_ORDINALS, 1)} | {"quarter": 4}

# Words and idioms whose characters count nothing.
_IDIOMS = (
    "四面八方|七上八下|三心二意|五花八门|四通八达|五颜六色|三番五次|三三两两|七嘴八舌|乱七八糟"
    "|四分五裂|五湖四海|三头六臂|九牛一毛|一五一十|七零八落|横七竖八|十全十美|一成不变|三言两语"
    "|四季|四周|四处|四川|四肢|三轮|三角|三峡|三明治|八路军|二氧化|三氧化|一氧化|五金|五官|五星"
    "|九江|九龙|六安|二胡|三七|两极|两栖|十足|十字|十分(?![之钟])|百分比|百分点|千万不|一二·?九"
    "|half[- ]a[- ]dozen|dozens of|one another|one day"
)

_SEP = r"[\s-]{1,3}"
_ARABIC = r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9]|,[0-9]{3})(?:\.[0-9]++)?|[0-9]++(?:\.[0-9]++)?"
_PERCENT = r"(?:\s?(?:%|per\s?cent(?:age\spoints?)?\b))"
_ONES, _TEN_WORDS, _BIGS = "|".join(_UNITS[1:10]), "|".join(_TENS), "|".join(_BIG)
_SMALL = rf"(?:(?:{_TEN_WORDS})(?:{_SEP}(?:{_ONES}))?|{'|'.join(reversed(_UNITS))})\b"
_HUNDREDS = (
    rf"(?:(?:{_SMALL}|a){_SEP}(?:hundred(?:{_SEP}(?:and{_SEP})?{_SMALL})?|dozen)\b|{_SMALL})"
)
_YEAR = rf"(?:{'|'.join(_UNITS[10:])}|twenty){_SEP}(?:{_TEN_WORDS})(?:{_SEP}(?:{_ONES}))?"
_LARGE = rf"(?:{_HUNDREDS}|half{_SEP}a|a){_SEP}(?:{_BIGS})\b"
_PHRASE = (
    rf"(?:{_LARGE}(?:{_SEP}(?:and{_SEP})?{_LARGE}){{0,3}}(?:{_SEP}(?:and{_SEP})?{_HUNDREDS})?"
    rf"|{_HUNDREDS})"
)
_PART = rf"(?:{'|'.join(_ORDINALS[2:])}|quarter)"
_NUMERAL = re.compile(
    # What none of them begins with is passed over at once.
    rf"""(?=[0-9{_HAN}半乱横]|(?<![a-z])[a-z])(?:(?P<idiom>{_IDIOMS})
    | (?P<parts>(?:[{_HAN}]{{1,12}}|[0-9]{{1,9}})分之
        (?:[{_HAN}]{{1,12}}(?:点[{_D}]{{1,9}})?|[0-9]{{1,9}}(?:\.[0-9]{{1,9}})?)[多余]?)
    | (?P<slash>(?<![\w/.])[0-9]{{1,3}}/[0-9]{{1,3}}(?![\w/.]))
    | (?P<arabic>(?<![A-Za-z0-9_])(?<![0-9][.,])(?:{_ARABIC})
        (?:\s?[多余几]?[{_S}]++(?<!千(?=[米克瓦卡]))[多余]?|[多余]
          |[\s-]?(?:hundred|{_BIGS}|dozen)\b)?{_PERCENT}?)
    | (?P<half>一半|(?<![上下前后大多一])半(?:(?=[年天数个])|(?=小时))
        |(?<!first\s)(?<!second\s)(?<!latter\s)(?<!other\s)\bhalf\b(?!{_SEP}a{_SEP}(?:{_BIGS})))
    | (?P<han>[{_HAN}]++(?:[多余几][{_S}]++|点[{_D}]{{1,9}}(?![{_D}十分刻钟])[万亿]?)?
        (?:[多余几](?![{_HAN}]))?{_PERCENT}?)
    | (?P<share>\b(?:(?:{_ONES}){_SEP}|a{_SEP}(?=\w{{1,9}}{_SEP}of\b)){_PART}s?\b)
    | (?P<order>\b(?:(?:{_TEN_WORDS}){_SEP})?(?:{"|".join(_ORDINALS)})\b)
    | (?P<word>\b(?:{_YEAR}|{_PHRASE})\b(?:\sand\sa\shalf\b)?{_PERCENT}?))
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)

_Read = tuple[Fraction, int, int, bool]
_SECTION = rf"(?:[{_D}两]千)?〇?(?:[{_D}两]百)?〇?(?:[{_D[1:]}]?十|[廿卅卌])?〇?[{_D}两]?"
_WHOLE = re.compile(rf"(?:({_SECTION}(?:万{_SECTION})?)亿)?(?:({_SECTION})万)?({_SECTION})")


def _han_value(run: str) -> int | None:
    """The value of Chinese numerals, None where they are no definite number.

    Digits alone are read one by one (一九五九); 三四 and 五六千 are guesses, not numbers; a digit
    left over stands for the next lower place (三百五, 一万二).
    """
    if not run or len(run) > LONGEST or run[0] in "百千万亿":
        return None
    if len(run) > 1 and all(character in _DIGIT for character in run):
        guess = run == "一一" or (len(run) == 2 and 0 < _DIGIT[run[0]] == _DIGIT[run[1]] - 1)
        return None if guess else int("".join(str(_DIGIT[c]) for c in run))
    match = _WHOLE.fullmatch(run)
    if not match or "" in match.groups()[:2]:
        return None
    top, middle, low = (part or "" for part in match.groups())
    rest = 0
    if run[-1] in _D[1:] and run[-2:-1] in tuple("百千万亿"):
        low, rest = low[:-1], _DIGIT[run[-1]] * _SCALE[run[-2]] // 10
    most, _, more = top.rpartition("万")
    high = _section(most) * 10_000 + _section(more)
    return high * 100_000_000 + _section(middle) * 10_000 + _section(low) + rest


def _section(run: str) -> int:
    total = digit = 0
    for character in run:
        if character in _SCALE:
            total, digit = total + (digit or 1) * _SCALE[character], 0
        elif character in _TEN:
            total += _TEN[character]
        else:
            digit = _DIGIT.get(character, 2)
    return total + digit


def _decimal(number: str) -> Fraction | None:
    if "点" in number:
        whole, _, rest = number.partition("点")
        value = _han_value(whole)
        digits = "".join(str(_DIGIT[character]) for character in rest if character in _DIGIT)
        scale = _SCALE.get(rest[-1:], 1)
        return None if value is None else Fraction(f"{value}.{digits}") * scale
    if number[:1].isdigit():
        return Fraction(number.replace(",", ""))
    value = _han_value(number)
    return None if value is None else Fraction(value)


def _han(plain: str, match: re.Match[str]) -> Iterator[_Read]:
    run = re.split(r"\s|%|per", match["han"], maxsplit=1)[0].rstrip("多余几")
    start, end = match.span()
    before, after = plain[max(0, start - 2) : start], plain[end : end + 3]
    if len(run) > LONGEST or before.endswith(("几", "数", "星期", "周", "礼拜")):
        return
    # 二两 is a weight, not two twos.
    if len(run) == 2 and run[0] in _D and run[1] == "两":
        run, end = run[0], start + 1
    ordinal = before.rstrip().endswith("第") or (after[:1] == "世" and after[:2] != "世纪")
    head, over, tail = (*re.split("([多余几])", run, maxsplit=1), "", "")[:3]
    value = _decimal(head)
    factor = _han_value("一" + tail) if over and value is not None else 1
    if value is None or factor is None or (ordinal and value == 1):
        return
    if run in ("一", "〇") and not ordinal:
        counted = re.match(r"[倍成吨斤亩元天年岁月日米尺%]|公[斤里尺顷]|个月|小时|[到至]", after)
        if before[-1:] in set("统同唯惟专单划逐万之") or not (counted or match["han"] != run):
            return
    yield value * factor, start, end, ordinal


def _parts(plain: str, match: re.Match[str]) -> Iterator[_Read]:
    whole, _, part = match["parts"].rstrip("多余").partition("分之")
    below = _SCALE[whole] if whole in _SCALE else _decimal(whole)
    above = Fraction(100) if part == "百" else _decimal(part)
    if below and above is not None:
        yield above / (1 if whole == "百" else below), *match.span(), False


def _ratio(plain: str, match: re.Match[str]) -> Iterator[_Read]:
    above, _, below = (match["slash"] or "1/2").partition("/")
    if 0 < int(above) < int(below):
        yield Fraction(int(above), int(below)), *match.span(), False


def _arabic(plain: str, match: re.Match[str]) -> Iterator[_Read]:
    start, end = match.span()
    number = re.match(_ARABIC, match["arabic"])
    if not number or len(number.group()) > LONGEST:
        return
    after = plain[end : end + 4]
    suffix = re.match(r"(?:st|nd|rd|th)\b", after, re.IGNORECASE)
    # The 1950s are no number, and 1959.11.24 is a date.
    if re.match(r"['’]?s\b|\.[0-9]", after):
        return
    value = Fraction(number.group().replace(",", ""))
    rest = match["arabic"][number.end() :]
    for character in rest:
        value *= _SCALE.get(character, 1)
    for word in re.findall("[a-z]+", rest.lower()):
        value *= _TIMES.get(word, 1)
    ordinal = bool(suffix) or plain[max(0, start - 2) : start].rstrip().endswith("第")
    yield value, start, end + (suffix.end() if suffix else 0), ordinal


def _share(plain: str, match: re.Match[str]) -> Iterator[_Read]:
    above, below = re.split(r"[\s-]+", match["share"].lower())
    yield Fraction(_ADD.get(above, 1), _PLACE[below.removesuffix("s")]), *match.span(), False


def _order(plain: str, match: re.Match[str]) -> Iterator[_Read]:
    *tens, last = re.split(r"[\s-]+", match["order"].lower())
    before = plain[max(0, match.start() - 6) : match.start()].lower()
    clock = last == "second" and re.search(r"(?:\d|\b(?:a|per|one|each))[\s-]$", before)
    if tens or not (last == "first" or clock):
        yield Fraction(sum(_ADD[ten] for ten in tens) + _PLACE[last]), *match.span(), True


def _word(plain: str, match: re.Match[str]) -> Iterator[_Read]:
    phrase, after = match["word"].lower(), plain[match.end() : match.end() + 12].lower()
    # "one" is mostly a pronoun, and the nineteen fifties are no number.
    if re.match(r"\s\w{3,5}ties\b", after) or (
        phrase == "one"
        and not re.match(
            r"\s(?:to\s\w|day|year|month|week|hour|ton|yuan|mu\b|jin\b|kilo|met|mile|time)", after
        )
    ):
        return
    total = section = Fraction(0)
    if re.fullmatch(rf"(?:{_YEAR})", phrase):
        century, *rest = re.split(r"[\s-]+", phrase)
        total = Fraction(100 * _ADD[century] + sum(_ADD[word] for word in rest))
        phrase = ""
    for word in re.findall("[a-z]+", phrase):
        section += _ADD.get(word, 0) + (Fraction(1, 2) if word == "half" else 0)
        if word in _BIG:
            total += (section or 1) * _BIG[word]
            section = Fraction(0)
        elif word in _TIMES:
            section = Fraction((section or 1) * _TIMES[word])
    yield total + section, *match.span(), False


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
_TO = re.compile(r"\s?(?:to|[到至~～–—-])\s?", re.IGNORECASE)


def _finish(plain: str, text: str, read: _Read) -> Numeral:
    value, start, end, ordinal = read
    shown = plain[start:end]
    percent = re.search(r"%|per\s?cent|^百分之", shown, re.IGNORECASE)
    before, after = plain[max(0, start - 16) : start], plain[end : end + 12]
    tithe = re.match(r"\s?成(?![立为功员分果本绩长熟年了天])", after)
    if tithe and 0 < value < 10 and not ordinal:
        value, end, percent, after = value * 10, end + tithe.end(), tithe, after[tithe.end() :]
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
    """Puts together 1亿5千万, and gives both ends of a range the unit of one (30 to 40 percent)."""
    result = found[:1]
    for numeral in found[1:]:
        last, added = result[-1], numeral
        between = plain[last.end : numeral.start]
        lower = numeral.value < _SCALE.get(plain[last.end - 1], 0) and not numeral.ordinal
        pair = (
            between == " and " and plain[max(0, last.start - 8) : last.start].lower() == "between "
        )
        if not between and lower and plain[last.end - 1] in "万亿":
            value, whole = last.value + numeral.value, text[last.start : numeral.end]
            added = replace(result.pop(), value=value, text=whole, end=numeral.end)
        elif last.unit != numeral.unit and (pair or _TO.fullmatch(between)):
            if numeral.unit:
                result[-1] = replace(last, unit="%")
            elif last.text.startswith("百分之"):
                added = replace(numeral, unit="%")
        result.append(added)
    return result
