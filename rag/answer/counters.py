"""What a number counts, told by the counter or the noun behind it: 一百辆 are no people. Pure.

That a sentence holds a number does not make it an answer to "How many workers?": 全市共15家 counts
firms. Only what is plainly something else is told apart; a number behind which nothing known stands
may count anything.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.language import HAN, han_words

Counted = Literal["people", "machines", "firms", "things", "papers", "folds"]

# 个 counts everything, 部 and 条 many things: films and machines, proposals and ships.
_COUNTERS: dict[Counted, str] = {
    "people": "人(?![民均造工])|名(?!产)|位(?!数)|[死伤亡]",
    "machines": "[辆台架艘]",
    "firms": "家(?![庭长属])|[所座栋幢户]",
    "things": "[项件种类起宗场次届]",
    "papers": "[张册篇页]",
    "folds": "倍",
}
_NOUNS_ZH: dict[Counted, re.Pattern[str]] = {
    "people": re.compile(
        "(?:人|员|者|兵|农民|居民|村民|渔民|难民|市民|灾民|牧民|移民|网民|股民|选民|公民|民警"
        "|学生|考生|新生|毕业生|研究生|医生|女生|男生|师生|教师|老师|律师|医师|厨师|工程师|职工|员工|民工"
        "|矿工|女工|技工|临时工|歌手|选手|水手|棋手|高手|干部|群众|代表|家属|儿童|妇女|战士|烈士|院士|博士"
        "|护士|教授|专家|作家|画家|科学家|企业家|艺术家|家长|观众|听众|游客|旅客|乘客|顾客|嘉宾|校长)$"
    ),
    "firms": re.compile(
        "(?:工厂|厂家|矿山|企业|公司|商店|学校|中学|小学|大学|医院|单位|机构|银行|村庄|家庭)$"
    ),
}
_NOUNS_EN: dict[Counted, str] = {
    "people": "people|persons|men|women|children|boys|girls|adults|pupils|students|teachers"
    "|headmasters|principals|professors|scientists|researchers|engineers|technicians|experts"
    "|specialists|workers|employees|staff|cadres|members|leaders|directors|managers|officers"
    "|officials|soldiers|troops|sailors|policemen|judges|lawyers|prosecutors|witnesses|suspects"
    "|prisoners|hostages|victims|survivors|refugees|migrants|immigrants|residents|inhabitants"
    "|citizens|villagers|farmers|peasants|fishermen|voters|candidates|delegates|representatives"
    "|deputies|participants|volunteers|rescuers|firefighters|doctors|physicians|nurses|patients"
    "|passengers|tourists|travell?ers|visitors|guests|spectators|athletes|players|referees|artists"
    "|actors|actresses|singers|writers|journalists|reporters|investors|shareholders|entrepreneurs",
    "machines": "vehicles|cars|trucks|lorries|tanks|aircraft|planes|locomotives|ships",
    "firms": "factories|firms|companies|enterprises|plants|mills|mines|schools|universities"
    "|hospitals|shops|stores|banks|villages|households|families",
}
_BEHIND: tuple[tuple[Counted, re.Pattern[str]], ...] = (
    *((name, re.compile(rf"\s?的?[余多来]?(?:{signs})")) for name, signs in _COUNTERS.items()),
    *(
        (name, re.compile(rf"\s?(?:[\w'’-]+\s){{0,3}}?(?:{nouns})\b", re.IGNORECASE))
        for name, nouns in _NOUNS_EN.items()
    ),
)
# What is counted there by a counter of its own: 六亿支, 三中队; but cases (例) may be people.
_SOMETHING = re.compile(f"[余多来]?(?![余多来个对例口的]|左右|以[上下]|不等|之[多众])[{HAN}]")
_WORDS = 3  # in Chinese, between the number and what it counts
_HAN_RUN = re.compile(f"[{HAN}]{{1,12}}")


def counts_behind(text: str, end: int) -> Counted | None:
    """What a number that ends there counts, None where its counter and its noun do not tell."""
    for name, counter in _BEHIND:
        if counter.match(text, end):
            return name
    run = _HAN_RUN.match(text, end)
    words = han_words(run.group())[:_WORDS] if run else ()
    return next(
        (name for word in words for name, noun in _NOUNS_ZH.items() if noun.search(word)), None
    )


def may_count(wanted: Counted | None, text: str, end: int) -> bool:
    """Whether a number that ends there may count what is wanted: what is not known may count
    anything. People have a counter or a noun in Chinese, or nothing at all, behind their number."""
    if wanted is None:
        return True
    held = counts_behind(text, end)
    if held is None:
        return wanted != "people" or is_bare(text, end)
    return held == wanted


def is_bare(text: str, end: int) -> bool:
    """Whether no Chinese word stands behind a number that ends there, that it may count."""
    return not _SOMETHING.match(text, end)
