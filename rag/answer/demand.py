"""What an answer has to hold: an age, a sum of money, a number, somebody's or a place's name. Pure.

A sentence about the right thing that holds no such thing does not answer: "How old was he?" is not
answered by what he made. Only what a question asks for in so many words is demanded, and what
counts as held is taken widely (docs/retrieval.md says what it costs). The coarser kinds of
`kind.py` say which of several sentences answers best; a demand says that none does.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.answer.counting import ANY_DAY, ASKS_COUNT, DIGIT, HOUR, tells_number, undated
from rag.answer.dating import find_dates
from rag.answer.entities import han_names
from rag.answer.fates import tells_fate
from rag.answer.ground import unnumbered
from rag.answer.naming import REGIONS, listed_places
from rag.answer.offices import asks_who_is, speaks_of_office
from rag.answer.proper import only_names, proper_names
from rag.language import HAN, cutter_knows, fold, han_words, stem
from rag.retrieve.dictionary import translations
from rag.retrieve.gazetteer import key
from rag.romanise import pinyin, simplified
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
    "duration",
    "speed",
    "area",
    "length",
    "extent",
    "person",
    "place",
    "street",
    "school",
]


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


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
# What is long in space, not in time.
_STRETCH_ZH = "(?:[路道桥江河渠墙线堤]|堤坝|高速|长城|海岸|边境)"
_STRETCH_EN = (
    "(?:railway|railroad|road|highway|motorway|bridge|river|canal|wall|tunnel|line|coast|coastline"
    "|border|dam|dike|street|route|pipeline)"
)
# What is high or deep in space: a price is not.
_STANDING_ZH = "[山峰楼塔桥墙坝厦筑树水井海坑湖洞沟雪江河浪像碑箭]"
_STANDING_EN = (
    "(?:mountain|peak|mount|everest|hill|building|tower|bridge|wall|dam|tree|water|well|sea|pit|lake"
    "|cave|snow|river|waves?|statue|monument|rocket)"
)
# The first that fits is what a question demands.
_ASKS: dict[Demand, re.Pattern[str]] = {
    "money": _any(
        rf"多少(?:[美英日]?(?:钱|元|块钱|镑)|{_FUNDS_ZH})"
        rf"|(?:价格?|罚金|金额|{_FUNDS_ZH})[是为有达到]*多少(?=[？?。，,的]|$)|罚款?多少",
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
    "speed": _any(
        r"时速|速度(?:[是为有达到]+|会?有?)多[少快大高]|[车船机箭]能?(?:[跑开飞走]得?)?有?多快",
        r"\bhow fast (?:is|are|was|were)\b(?!.*\b(?:grow|ris|increas|expand|develop|fall|declin))"
        r"|\bhow fast (?:did|do(?:es)?|can|could)\b.*\b(?:go|run|travel|fly|drive|move|sail)\b"
        r"|\bwhat (?:is|was|are|were) the (?:\w+ )?speed\b",
    ),
    "area": _any(
        r"面积(?:[是为有达到]+|会?有?)多[少大]",
        r"\bwhat (?:is|was|are|were) the (?:\w+ )?area\b",
    ),
    "length": _any(
        rf"{_STRETCH_ZH}(?:全长|总长)?[是为有达到]*(?:多长|多少米|多少公里)"
        r"|(?:长|宽|高|深|厚)度(?:[是为有达到]+|会?有?)多[少长宽高深厚大]|多[宽厚](?:[？?，。,.]|$)"
        rf"|{_STANDING_ZH}有?多[高深]",
        rf"\bhow long (?:is|was|are|were) (?:[\w-]+ ){{0,5}}?{_STRETCH_EN}\b"
        r"|\bhow (?:tall|wide|thick) (?:is|are|was|were)\b"
        rf"|\bhow (?:deep|high) (?:is|are|was|were) (?:[\w-]+ ){{0,3}}?{_STANDING_EN}\b"
        r"|\bwhat (?:is|was|are|were) the (?:\w+ )?(?:length|height|width|depth|thickness)\b",
    ),
    "duration": _any(
        r"多[长少]时间|多久(?![以之]?[前后]|.{0,12}一[次回])",
        r"\bhow long (?:did|do(?:es)?|has|have|had|will|would|can|could)\b",
    ),
    "count": ASKS_COUNT,
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
    "school": _any(
        r"哪一?所(?:大学|学校|学院|高中|中学|小学|院校)|哪[个间](?:大学|学校|中学|小学)",
        r"\b(?:what|which) (?:\w+ )?(?:university|college|(?:(?:high|primary|middle) )?school)\b"
        r"(?! of)",
    ),
}
_WRITTEN: dict[Demand, re.Pattern[str]] = {
    "money": _any(
        rf"[$£€¥￥]|[美欧日港澳]元|(?:{DIGIT}|[万亿余多几])\s?[元镑]|元钱|{DIGIT}分(?![之钟\d])|美金|法郎|马克|卢布",
        r"\b(?:dollars?|pounds?|yuan|francs?|marks?|rubles?|euros?|cents?|million|billion)\b",
    ),
    "age": _any(
        r"岁|出生|生于|年龄|年前|年历史|建于|始建",
        r"\b(?:age[ds]?|born|built|founded)\b|\byears?[ -]old"
        r"|(?:\d|hundred|thousand|million) years\b",
    ),
    "weight": _any(
        rf"[吨斤磅]|立方|(?:{DIGIT}|[万余多])克|(?:{DIGIT}|[万余多毫])升",
        r"\bton|\bkilo|\bkg|\bpounds?\b|\blbs?\b|\bjin\b|\bcatt",
    ),
    "share": _any(
        rf"%|[百千]分|分之|{DIGIT}成|[一过大多近小]半|半数|倍|多数|少数|大部|比[例重]|占比|全部"
        rf"|{DIGIT}\s?比\s?{DIGIT}",
        r"\bper ?cent|\b(?:half|thirds?|quarters?|fifths?|tenths?|majority|minority|most|all)\b",
        r"\b(?:out of|one in|to one|\d+\.\d)\b",
    ),
    "year": _any(
        r"(?<!\d)(?:1\d|20)\d\d(?!\d)|\d\d年|[今去前明]年|世纪|年代",
        r"centur|\d0s|\b(?:this|last|next) year\b",
    ),
    "clock": _any(
        rf"{HOUR}(?:[时点](?!候|期|代)|[:：]\d\d)|[零正]点|[正中]午|午夜|凌晨|清晨|傍晚",
        r"\b\d{1,2}(?::\d\d)?\s?[ap]\.?m\b|\d:\d\d|o['’]clock|\b(?:noon|midnight|dawn|dusk)\b",
    ),
    "speed": _any(
        r"时速|[公千]米|[英海华]里|马赫|每[秒分]|[米节]/|\d节",
        r"\b(?:mph|km|kph|knots?|mach|kilomet|miles?|met(?:er|re)s?|feet|per (?:hour|second))",
    ),
    "area": _any(
        r"平方|平米|[亩顷]",
        r"\bsquare\b|\bsq\b|\bacres?\b|\bhectares?\b|\bmu\b|\bkm2|km²|m²",
    ),
    "length": _any(
        r"[米里尺寸丈层]",
        r"\b(?:feet|foot|ft|inch|miles?|yards?|stor(?:ey|ie)s?|stories|floors|li|k?m|[cm]m)\b"
        r"|met(?:er|re)s?\b|\d(?:k?m|ft)\b",
    ),
    "duration": _any(
        r"[年月周天日夜]|小时|钟头|分钟|星期|世纪|秒|一[生辈]|终[身生]|时间",
        r"\b(?:years?|months?|weeks?|days?|nights?|hours?|minutes?|seconds?|decades?|centur(?:y|ies)"
        r"|generations?|long|brief|short|overnight|since|until|lifetime|life)\b|\d{4}",
    ),
    "street": _any(
        r"[街巷弄]|胡同|大道|(?<![铁公线道思电一])路(?![线透人过上程径])",
        r"\b(?:street|road|avenue|lane|boulevard|drive|square|st\.)",
    ),
    "school": _any(
        r"大学|学院|学校|[高初]中|[中小]学|院校|[附师]中|北大|清华|复旦|党校|书院",
        r"\b(?:universit|college|school|academy|institute|Harvard|Yale|Princeton|Oxford|Cambridge)",
    ),
}
# What a number has to stand with.
_IN_FIGURES = frozenset[Demand]({"speed", "area", "length"})
# Times that no date tells.
_SOME_TIME = _any(
    r"时[候期代刻]|世纪|年代|期间|[春夏秋冬]|[之以][前后来]|[时后前][，,]|目前|现在|最近|[今明昨]",
    r"[\d一二三四五六七八九十]日",  # a day without its month, as papers write of the last weeks
    r"\b(?:when|while|after|before|during|since|until|later|earlier|now|recently|era|age|period"
    r"|centur(?:y|ies)|decades?|spring|summer|autumn|winter|ago)\b",
)
# Behind an office stands who holds it: 总理内塔尼亚胡.
_IN_OFFICE = re.compile(rf"(?:{_OFFICE_ZH}|首相|外长|大臣|发言人|先生|女士)([{HAN}]{{2,6}})")
_CAPITALISED = re.compile(r"(?<!^)\b[A-Z][a-z]+")
_DOTTED = re.compile(rf"[{HAN}][·•・][{HAN}]")
_OF_A_PLACE = re.compile(rf"[{HAN}]{{1,3}}[国省市州县]")
_FOUR_FIGURES = re.compile(r"(?<!\d)\d{4}(?!\d)年?")


def demanded(question: str) -> Demand | None:
    """What a question asks for in so many words, None where it does not say."""
    text = simplified(question)
    return next((demand for demand, asks in _ASKS.items() if asks.search(text)), None)


def holds_demanded(demand: Demand, text: str, question: str) -> bool:
    """Whether a sentence holds what is demanded; the question's own is not it."""
    text, question = simplified(text), simplified(question)
    if demand in ("when", "year"):
        text = _FOUR_FIGURES.sub(lambda found: "" if found[0] in question else found[0], text)
    if demand in ("person", "place"):
        names = _names(text, question, place=demand == "place")
        return names and (demand == "place" or speaks_of_office(text, question))
    if demand in ("count", "extent"):
        told = tells_number(text, question)
        return told and (demand == "extent" or tells_fate(text, question))
    written = bool(_WRITTEN["year" if demand == "when" else demand].search(text))
    if demand == "when":
        return written or bool(_SOME_TIME.search(text) or find_dates(text, ANY_DAY))
    return written and (demand not in _IN_FIGURES or bool(undated(unnumbered(text))))


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
    spelled = re.sub(r"[\s'’-]", "", known)  # 宋布寒 is Song Buhan
    native = [name for name in native if pinyin(name) not in spelled]
    return any(fold(name) not in known for name in (*native, *foreign, *latin))


def _office_holders(text: str) -> list[str]:
    """What stands behind an office and is a name, or a word that no dictionary has."""
    cut = [word for name in _IN_OFFICE.findall(text) for word in han_words(name) if len(word) > 1]
    return [word for word in cut if word in proper_names() or not cutter_knows(word)]


def _is_ordinary(word: str) -> bool:
    known = translations([stem(fold(word))], "zh")
    return bool(known) and not only_names(known)
