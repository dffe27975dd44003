"""The figures of a statement against those of the quotes it cites. Pure.

A figure is a number with what it is measured in and what it counts. It stands where an equal one
stands (二十多万 and "more than 200,000", 百分之四十 and "two fifths") in the same measure. A hedge
that is dropped or weakened is no longer what the quote says (`partial`); one that is turned round
or invented says something else (`unsupported`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rag.answer.dating import Dated
from rag.answer.wordmatch import Lexis, content_words, shares_word
from rag.numerals import Bound, find_numerals
from rag.types import Support

# (canonical name, Chinese, English); longer names before those they end in.
_MEASURES = (
    ("ton", "吨", "(?:metric )?(?:tons?|tonnes?)"),
    ("km", "公里|千米", "km|kilomet(?:er|re)s?"),
    ("mile", "英里", "miles?"),
    ("li", "华里|里(?![面程边])", "li"),
    ("foot", "英尺", "feet|foot|ft"),
    ("cm", "厘米|公分", "cm|centimet(?:er|re)s?"),
    ("metre", "公尺|米", "m|met(?:er|re)s?"),
    ("kg", "公斤|千克", "kgs?|kilos?|kilograms?"),
    ("jin", "市?斤", "jin|catt(?:y|ies)"),
    ("pound", "英?磅", "(?:pounds?|lbs?)"),
    ("hectare", "公顷", "hectares?|ha"),
    ("acre", "英亩", "acres?"),
    ("mu", "市?亩", "mu|mou"),
    ("dollar", "美元|美金", "(?:us )?dollars?"),
    ("yuan", "元|块钱", "yuan|rmb|renminbi"),
    ("year", "周?年|岁", "years?(?: old)?"),
    ("month", "个?多?月", "months?"),
    ("week", "个?(?:星期|周|礼拜)", "weeks?"),
    ("day", "天|日|昼夜", "days?"),
    ("hour", "个?多?(?:小时|钟头)", "hours?"),
    ("minute", "分钟?(?!之)", "minutes?"),
    ("times", "倍", "times|fold"),
    ("degree", "度", "degrees?"),
    ("volt", "伏特?", "volts?"),
    ("kw", "千瓦", "kw|kilowatts?"),
    ("person", "人(?![民类造])|名(?!产)|位", "people|persons?"),
)
_AFTER = re.compile(
    r"\s?(?:余|多)?(?:平方|立方)?(?:"
    + "|".join(f"(?P<zh_{name}>{zh})" for name, zh, _ in _MEASURES)
    + r")|[\s-]?(?:more |full |square |cubic )?(?:"
    + "|".join(f"(?P<en_{name}>(?:{en}))" for name, _, en in _MEASURES)
    + r")(?![A-Za-z])",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?:(?P<dollar>US\$|\$)|(?P<pound>£)|(?P<yuan>[¥￥]))\s?$")
_HALVED = re.compile("(?:半|half)$", re.IGNORECASE)
_EDGE = re.compile(r"[,，。;；:：.!?！？\n]")
_PAGE = re.compile(r"第\s?$|\bpages?\s$", re.IGNORECASE)
_SIGNS = str.maketrans(dict.fromkeys("$£¥￥", " "))
# "A third" is a share, a place in a row has another article; 最近四天 is no "nearly".
_SHARE = re.compile(r"\ba (?:third|quarter|fourth|fifth|sixth|eighth|tenth)$", re.IGNORECASE)
_LATELY = re.compile("近$")
_TO = re.compile(r"\s?(?:to|and|or|[-–—~～到至])\s?", re.IGNORECASE)
# “First” as a place in a row; and whatever else may be so called in the other language.
_FIRST = re.compile(
    r"(?<!\bat )\bfirst\b(?! (?:half|of all)\b|,)|第一(?![手线])|首[次届位个]", re.I
)
_FORMS_OF_FIRST = re.compile(
    r"\b(?:first|1st|earliest|initial|original|champion|winn|won|gold|top|lead)"
    r"|第\s?[一1](?!\d)|[首先初头冠]|最早|开创|夺[魁金]|金牌|一等",
    re.IGNORECASE,
)
_SPANS = frozenset({"day", "week", "month", "year", "hour"})
# Counters that stand for people or nothing in particular: no other measure contradicts them.
_SOFT = ("", "person")
_NAMES = {"ton": "tons", "person": "people"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number: where it stands, `value` exact (40 % is 2/5), its measure ("" for none known), and
    the words that say what it counts."""

    text: str
    start: int
    value: Fraction
    bound: Bound
    ordinal: bool
    measure: str
    counted: tuple[str, ...]

    @property
    def end(self) -> int:
        """Where it ends, without its measure."""
        return self.start + len(self.text)


def find_figures(text: str, dates: Sequence[Dated] = ()) -> list[Figure]:
    """The figures of a text, without those inside `dates`. Linear in the text."""
    # “Nearly $12”: a sign of currency must not hide the hedge.
    found = find_numerals(text.translate(_SIGNS))
    starts = [numeral.start for numeral in found]
    figures = []
    for place, numeral in enumerate(found):
        if any(dated.start <= numeral.start < dated.end for dated in dates):
            continue
        following = starts[place + 1] if place + 1 < len(starts) else len(text)
        preceding = found[place - 1].end if place else 0
        unit = _AFTER.match(text, numeral.end)
        sign = _BEFORE.search(text, max(0, numeral.start - 4), numeral.start)
        name = (sign and sign.lastgroup) or _measure(unit or _within(numeral.text))
        after = _until_edge(text[unit.end() if unit else numeral.end : following][:60])
        counted = content_words(after)[:4]
        if not counted:
            before = _EDGE.split(text[max(preceding, numeral.start - 40) : numeral.start])[-1]
            counted = content_words(before)[-4:]
        if not name and place + 1 < len(found) and _TO.fullmatch(text, numeral.end, following):
            name = _measure(_AFTER.match(text, found[place + 1].end))  # 10,000 to 50,000 tons
        value = numeral.value / 100 if numeral.unit == "%" else numeral.value
        ordinal, bound = numeral.ordinal, numeral.bound
        if ordinal and _SHARE.search(text, max(0, numeral.start - 3), numeral.end):
            value, ordinal = 1 / value, False
        if bound == "under" and name in _SPANS and _LATELY.search(text[: numeral.start][-2:]):
            bound = "exact"
        figures.append(
            Figure(numeral.text, numeral.start, value, bound, ordinal, name, tuple(counted))
        )
    return figures


def may_measure(wanted: str | None, held: str) -> bool:
    """Whether what is asked for in one measure may be told in another: None where it is not known
    in which. A bare number may tell anything; people and times are counted as things are."""
    soft = (*_SOFT, "times")
    if wanted is None or held in ("", wanted):
        return True
    return held in (soft if wanted in soft else _SPANS if wanted in _SPANS else ())


def kind_of(figure: Figure) -> str:
    """What a figure may be mistaken for another of: its measure, a place in a row, a share; people
    are counted as things are."""
    if figure.ordinal:
        return "place"
    if figure.value < 1:
        return "share"
    return "" if figure.measure in _SOFT else figure.measure


def check_figures(
    wanted: Iterable[Figure], held: Sequence[Figure], lexis: Lexis
) -> Iterator[tuple[Support, str]]:
    """What is wrong with the figures of a statement, given those of its quotes."""
    by_value: dict[tuple[Fraction, bool], list[Figure]] = {}
    for figure in held:
        by_value.setdefault((figure.value, figure.ordinal), []).append(figure)
    for figure in wanted:
        same = by_value.get((figure.value, figure.ordinal), [])
        if not same and figure.ordinal:
            same = by_value.get((figure.value, False), [])  # the 23rd: 23日
        yield from _check(figure, same, lexis)


def check_first(
    text: str, dates: Sequence[Dated], others: Sequence[object], quotes: Iterable[str]
) -> Iterator[tuple[Support, str]]:
    """Whether a statement's “first” may be another place: no numeral is read there, for it mostly
    says when.

    Args:
        dates: of the statement, which say “first” of a quarter.
        others: the places in a row that the quotes tell.
    """
    found = [
        match.group()
        for match in _FIRST.finditer(text)
        if not any(dated.start <= match.start() < dated.end for dated in dates)
    ]
    if found and others and not any(_FORMS_OF_FIRST.search(quote) for quote in quotes):
        yield "partial", f"whether “{found[0]}” stands in what is cited is not certain"


def is_page(text: str, numeral_start: int) -> bool:
    """Whether a number tells a newspaper's page: 第2版, page 2."""
    return bool(_PAGE.search(text[max(0, numeral_start - 8) : numeral_start]))


def _within(number: str) -> re.Match[str] | None:
    """The measure inside a number that ends in a half: 两年半, a year and a half."""
    return _AFTER.search(number) if _HALVED.search(number) else None


def _measure(unit: re.Match[str] | None) -> str:
    return (unit.lastgroup or "")[3:] if unit else ""


def _check(figure: Figure, same: list[Figure], lexis: Lexis) -> Iterator[tuple[Support, str]]:
    if not same and figure.value == 1:
        yield "partial", f"whether {figure.text} stands in what is cited is not certain"
        return
    if not same:
        yield "unsupported", f"{figure.text} does not stand in what is cited"
        return
    fitting = [o for o in same if figure.ordinal or _measures_fit(figure.measure, o.measure)]
    if not fitting:
        theirs = next((other.measure for other in same if other.measure), "no such measure")
        said = _NAMES.get(figure.measure, figure.measure) or "something else"
        yield "unsupported", f"{figure.text} counts {said}, in what is cited {theirs}"
        return
    bounds = {other.bound for other in fitting}
    if figure.bound not in bounds and (problem := _hedge(figure, bounds)):
        yield problem
    if figure.ordinal or figure.value < 1:
        return
    if figure.measure not in _SOFT and any(o.measure == figure.measure for o in fitting):
        return
    if figure.counted and all(
        other.counted and not shares_word(figure.counted, other.counted, lexis) for other in fitting
    ):
        yield "partial", f"whether {figure.text} counts the same as in the quote is not certain"


def _measures_fit(said: str, held: str) -> bool:
    return said == held or (said in _SOFT and held in _SOFT)


def _hedge(figure: Figure, bounds: set[Bound]) -> tuple[Support, str] | None:
    if figure.bound == "exact":
        return "partial", f"{figure.text} is only “{min(bounds)}” so in what is cited"
    if figure.bound == "about":
        held = "exactly" if bounds == {"exact"} else "not “about”"
        return None if bounds == {"exact"} else ("partial", f"{figure.text} is {held} so")
    if "about" in bounds:
        return "partial", f"{figure.text} is only “about” so in what is cited"
    return "unsupported", f"“{figure.bound} {figure.text}” is not what is cited"


def _until_edge(text: str) -> str:
    edge = _EDGE.search(text)
    return text[: edge.start()] if edge else text
