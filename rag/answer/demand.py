"""What an answer has to hold: an age, a sum of money, a number, somebody's or a place's name. Pure.

A sentence about the right thing that holds no such thing does not answer: "How old was he?" is not
answered by what he made. Only what a question asks for in so many words is demanded, and what
counts as held is taken widely (docs/retrieval.md says what it costs). The coarser kinds of
`kind.py` say which of several sentences answers best; a demand says that none does.
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from rag.answer.dating import find_dates
from rag.answer.entities import han_names
from rag.answer.fates import tells_fate
from rag.answer.figures import Figure, find_figures, may_measure
from rag.answer.ground import unnumbered
from rag.answer.naming import REGIONS, listed_places
from rag.answer.offices import asks_who_is, speaks_of_office
from rag.answer.proper import only_names, proper_names
from rag.language import HAN, cutter_knows, fold, han_words, stem
from rag.retrieve.dictionary import translations
from rag.retrieve.gazetteer import key
from rag.romanise import simplified
from rag.surnames import SURNAMES
from rag.transliteration import han_names as foreign_names

Demand = Literal[
    "money",
    "age",
    "weight",
    "share",
    "year",
    "clock",
    "when",
    "count",
    "extent",
    "person",
    "place",
    "street",
]


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_HOUR = r"(?:[零〇一二三四五六七八九十]{1,3}|\d{1,2})"
_OFFICE_ZH = "长|书记|主席|主任|总统|国王|皇帝|总理|经理|教练|导演|作者|司令"
# What is counted in money.
_FUNDS_ZH = (
    "(?:善|捐|贷|存|罚|赔|拨|借|余|欠)款|资金|经费|基金|投资|费用|奖金|税收|税[款金]?|工资|薪水|收入|利润|价值"
    "|外汇|补贴|补助|债务?|损失"
)
_FUNDS_EN = "money|funds?|funding|tax(?:es)?|revenue|income|profit|debt|aid|investment"
_OFFICE_EN = (
    "head|leader|director|secretary|chairman|chair|manager|president|king|queen|emperor|minister"
    "|governor|mayor|coach|author|commander|founder"
)
# The first that fits is what a question demands.
_ASKS: dict[Demand, re.Pattern[str]] = {
    "money": _any(
        rf"多少(?:[美英日]?(?:钱|元|块钱|镑)|{_FUNDS_ZH})",
        rf"\bhow (?:much|many) (?:\w+ ){{0,2}}?(?:{_FUNDS_EN}|yuan|dollars|pounds)\b",
        r"\b(?:what|how much) (?:did|does|was|were|is|are)\b.{0,60}\b(?:cost|worth)\b",
        r"\bhow much (?:did|does|was|were|is|are)\b.{0,60}"
        r"\b(?:sell for|sold for|pay|paid|spend|spent|earn(?:ed)?)\b",
    ),
    "age": _any(
        r"多大(?:年纪|岁数|年龄)|几岁|多少岁",
        r"\bhow old (?:is|was|were|are)\b|\bwhat age\b",
    ),
    "weight": _any(
        r"(?:多少|几)[万亿千]?(?:吨|斤|公斤)|有多重",
        r"\bhow heavy\b|\b(?:what|how much)\b.{0,80}\bweigh\b",
        r"\bhow many (?:\w+ )?(?:tons?|tonnes|catties|jin|kilograms)\b",
    ),
    "share": _any(
        r"百分之(?:几|多少)|百分比|多大比例|多少比例",
        r"\bwhat (?:percent|percentage|proportion|share)\b",
    ),
    "year": _any(r"哪一?年|何年", r"\b(?:what|which) year\b"),
    "clock": _any(
        r"几点(?!建议|意见)|几时几分",
        r"\bwhat time(?= (?:did|do(?:es)?|was|were|is|are|will|ha[sd])\b|\s*\?|$)",
        r"\bat which hour\b",
    ),
    "when": _any(
        r"何时|什么时[候间]|哪[一几]?天",
        r"^when (?:was|were|did|do(?:es)?|is|are|will|would|ha[sd]|have|can|could)\b",
    ),
    "count": _any(
        r"多少|(?<!哪)几(?=[个名件项人家位次倍座条种台套天期批届轮支层])",
        r"\bhow many\b|\bwhat (?:is|was) the (?:total |exact )?number of\b",
    ),
    "extent": _any(
        r"多[高宽深长远快](?:[？?，。,.]|$)",
        r"\bhow (?:big|large|tall|wide|deep|high|long|far|fast) (?:is|are|was|were)\b",
    ),
    "person": _any(
        r"姓甚名谁|姓什么",
        asks_who_is(rf"(?:{_OFFICE_EN})\b", _OFFICE_ZH),
        r"谁(?:来)?(?:主持|领导|率领|指挥|担任)",
        r"\bwhat (?:is|was) the name of the (?:man|woman|person|secretary|director)\b",
        r"\bwho (?:ran|headed|led|chaired|directed)\b",
    ),
    "place": _any(
        r"哪(?:一?[个座])?(?:国家?|城市|省份?|州|县)(?!委)",
        r"\b(?:what|which) (?:country|nation|city|town|province|county)\b",
    ),
    "street": _any(r"哪一?条?(?:大?街|巷|胡同)", r"\b(?:what|which) (?:street|avenue)\b"),
}
_WRITTEN: dict[Demand, re.Pattern[str]] = {
    "money": _any(
        r"[$£€¥￥]|[元镑]|[\d一二三四五六七八九十]分(?![之\d])|美金|法郎|马克|卢布",
        r"\b(?:dollars?|pounds?|yuan|francs?|marks?|rubles?|euros?|cents?|million|billion)\b",
    ),
    "age": _any(
        r"岁|出生|生于|年龄",
        r"\bage[ds]?\b|\bborn\b|\byears?[ -]old|(?:\d|hundred|thousand|million) years\b",
    ),
    "weight": _any(r"[吨斤克磅]", r"\bton|\bkilo|\bkg|\bpounds?\b|\blbs?\b|\bjin\b|\bcatt"),
    "share": _any(
        r"%|[百千]分|分之|成|半|倍|多数|少数|大部|比|全部",
        r"\bper ?cent|\b(?:half|thirds?|quarters?|fifths?|tenths?|majority|minority|most|all)\b",
        r"\b(?:out of|one in|to one|\d+\.\d)\b",
    ),
    "year": _any(
        r"(?<!\d)(?:1\d|20)\d\d(?!\d)|\d\d年|[今去前明]年|世纪|年代",
        r"centur|\d0s|\b(?:this|last|next) year\b",
    ),
    "clock": _any(
        rf"{_HOUR}(?:[时点](?!候|期|代)|[:：]\d\d)|[零正]点|[正中]午|午夜|凌晨|清晨|傍晚",
        r"\b\d{1,2}(?::\d\d)?\s?[ap]\.?m\b|\d:\d\d|o['’]clock|\b(?:noon|midnight|dawn|dusk)\b",
    ),
    "street": _any(
        r"[街巷弄]|胡同|大道|(?<![铁公线道思电])路",
        r"\b(?:street|road|avenue|lane|boulevard|drive|square|st\.)",
    ),
}
# Times that no date tells.
_SOME_TIME = _any(
    r"时[候期代刻]|世纪|年代|期间|[春夏秋冬]|[之以][前后来]|[时后前][，,]|目前|现在|最近|[今明昨]",
    r"[\d一二三四五六七八九十]日",  # a day without its month, as papers write of the last weeks
    r"\b(?:when|while|after|before|during|since|until|later|earlier|now|recently|era|age|period"
    r"|centur(?:y|ies)|decades?|spring|summer|autumn|winter|ago)\b",
)
# Numbers that no numeral tells.
_FEW = _any(
    r"[数几双半]",
    r"\b\d{4} [a-z]+s\b",  # that might be a year
    r"\bboth\b(?!(?: [\w-]+){1,4} and\b)",  # both large and small are no two things
    r"\b(?:pair|couple|several|single|no(?!\.)|none|dozens?|half|twice|double|another|each)\b",
    r"(?<!\bnot )\bonly\b",
)
# The time of day: a number that counts nothing.
_CLOCK = re.compile(
    rf"{_HOUR}(?:时(?![候期代])|点(?:[钟半整]|(?={_HOUR}分)))(?:{_HOUR}分(?!之))?"
    r"|\b\d{1,2}(?::\d\d)?\s?(?:[ap]\.?m\b\.?|o['’]clock\b)|\b\d{1,2}:\d\d\b",
    re.IGNORECASE,
)
# A grade, which counts nothing either where none is asked for: 四级应急响应, "category 4".
_GRADE = re.compile(rf"{_HOUR}级(?!别)|\b(?:level|grade|category) \w+", re.IGNORECASE)
_OF_GRADES = re.compile(r"级|\b(?:level|grade|categor)", re.IGNORECASE)
# Behind an office stands who holds it: 总理内塔尼亚胡.
_IN_OFFICE = re.compile(rf"(?:{_OFFICE_ZH}|首相|外长|大臣|发言人|先生|女士)([{HAN}]{{2,6}})")
_CAPITALISED = re.compile(r"(?<!^)\b[A-Z][a-z]+")
_DOTTED = re.compile(rf"[{HAN}][·•・][{HAN}]")
_OF_A_PLACE = re.compile(rf"[{HAN}]{{1,3}}[国省市州县]")
_FOUR_FIGURES = re.compile(r"(?<!\d)\d{4}(?!\d)年?")
_ANY_NUMBER = "7391"
# 价格是多少？ is answered in yuan, 面积是多少？ in mu.
_IN_NOTHING = re.compile(r"多少\s*(?:[？?。！!，,；;]|$)")
_DAY = date(2000, 1, 1)  # any: only where dates stand is asked


def demanded(question: str) -> Demand | None:
    """What a question asks for in so many words, None where it does not say."""
    text = simplified(question)
    return next((demand for demand, asks in _ASKS.items() if asks.search(text)), None)


def holds_demanded(demand: Demand, text: str, question: str) -> bool:
    """Whether a sentence holds what is demanded; the question's own is not it."""
    text, question = simplified(text), simplified(question)
    if demand in ("when", "year"):
        text = _FOUR_FIGURES.sub(lambda found: "" if found[0] in question else found[0], text)
    if demand == "when":
        told = _SOME_TIME.search(text) or _WRITTEN["year"].search(text)
        return bool(told or find_dates(text, _DAY))
    if demand == "count" and not tells_fate(text, question):
        return False
    if demand in ("count", "extent"):
        return bool(_FEW.search(text)) or tells_figure(text, question)
    if demand == "person":
        return speaks_of_office(text, question) and _names(text, question, place=False)
    if demand == "place":
        return _names(text, question, place=True)
    return bool(_WRITTEN[demand].search(text))


def tells_figure(text: str, question: str) -> bool:
    """Whether a text holds a number that is not in the question, is no factory's, and may count
    what the question asks the number of: workers are not counted in tons."""
    known, wanted = _told_and_asked(question)
    text = _CLOCK.sub(" ", unnumbered(text))
    if not _OF_GRADES.search(question):
        text = _GRADE.sub(" ", text)
    return any(
        figure.value not in known and may_measure(wanted, figure.measure)
        for figure in _figures(text)
    )


@lru_cache(maxsize=8)  # a question is asked of every sentence of its hits
def _told_and_asked(question: str) -> tuple[frozenset[Fraction], str | None]:
    """The numbers a question tells, and in what the one it asks for is measured."""
    question = simplified(question)
    # Any number in the place of the one asked for tells what it would be measured in.
    put = _figures(_ASKS["count"].sub(f" {_ANY_NUMBER}", question))
    wanted = next((figure.measure for figure in put if figure.text == _ANY_NUMBER), None)
    if _IN_NOTHING.search(question):
        wanted = None
    return frozenset(figure.value for figure in _figures(question)), wanted


def _figures(text: str) -> list[Figure]:
    return find_figures(text, find_dates(text, _DAY))


def _names(text: str, question: str, *, place: bool) -> bool:
    """Whether somebody, or a place, is named that the question does not name; a word that the
    dictionary gives as an ordinary one is no name."""
    if _DOTTED.search(text):
        return True
    native = [
        name
        for name, _ in han_names(text, has_zh=True)
        if place
        or (name[0] in SURNAMES and name not in listed_places() and name not in REGIONS.values())
    ]
    native += _OF_A_PLACE.findall(text) if place else _office_holders(text)
    foreign = [name for name in foreign_names(text) if len(name) > 2]
    latin = [
        word
        for word in _CAPITALISED.findall(text)
        if not _is_ordinary(word) or (place and key(word) in listed_places())
    ]
    known = fold(question)
    return any(fold(name) not in known for name in (*native, *foreign, *latin))


def _office_holders(text: str) -> list[str]:
    """What stands behind an office and is a name, or a word that no dictionary has."""
    cut = [word for name in _IN_OFFICE.findall(text) for word in han_words(name) if len(word) > 1]
    return [word for word in cut if word in proper_names() or not cutter_knows(word)]


def _is_ordinary(word: str) -> bool:
    known = translations([stem(fold(word))], "zh")
    return bool(known) and not only_names(known)
