"""An office that is asked after, and whether a text speaks of it, not of what is called after it.
Pure.

"Who is the president of Ukraine?" is not answered by who runs the president's office
(乌克兰总统办公室主任), nor by a vice president.
"""

from __future__ import annotations

import re
from functools import lru_cache

# What an office is called in either language: a text that has one of these speaks of it. Those that
# anybody may hold (a leader, a director, 书记) are told in too many ways.
_OFFICES = (
    ("president", "总统|主席|会长|校长|总裁|行长|院长|董事长"),
    ("prime minister|premier", "总理|首相"),
    ("chair|chairman|chairwoman|chairperson", "主席|董事长|委员长"),
    ("foreign minister", "外长|外交部长|外交大臣|外相"),
    ("king", "国王"),
    ("queen", "女王|王后"),
    ("emperor", "皇帝|天皇"),
    ("mayor", "市长"),
    ("governor", "省长|州长|总督|行长"),
)
# What stands behind an office and makes another of it.
_AFTER_EN = (
    r"(?:['’]s)? (?:office|spokes|aide|advis|secretary|palace|wife|chief|envoy|candidate"
    r"|election|staff|guard)"
)
_AFTER_ZH = "的?(?:办公|府|夫人|特使|特别代表|助理|顾问|秘书|发言人|候选人|选举|大选|卫队|令|制)"


def asks_who_is(english: str, chinese: str) -> str:
    """A pattern of the questions that ask who holds an office.

    Args:
        english: a pattern of what it is called in English, as is `chinese`.
    """
    return (
        rf"\bwho (?:is|was|are|were) (?:the )?(?:\w+ ){{0,3}}(?:{english})"
        rf"|(?:{chinese})(?:是谁|叫什么|姓什么)|谁(?:是|担任|出任|当选).{{0,12}}(?:{chinese})"
    )


def speaks_of_office(text: str, question: str) -> bool:
    """Whether a text has the office whose holder a question asks for, in either language; whatever
    it has where the question asks for none of which it is known what it is called.

    Args:
        text: in simplified characters, as the question.
    """
    office = _asked(question)
    return office is None or bool(office.search(text))


@lru_cache(maxsize=8)  # a question is asked of every sentence of its hits
def _asked(question: str) -> re.Pattern[str] | None:
    """What finds the office that is asked after."""
    found = [itself for asks, itself in _ASKED if asks.search(question)]
    return re.compile("|".join(found), re.IGNORECASE) if found else None


def _itself_en(names: str) -> str:
    return rf"(?<!vice[ -])(?<!deputy[ -])(?<!assistant[ -])\b(?:{names})s?\b(?!{_AFTER_EN})"


def _itself_zh(names: str) -> str:
    return f"(?<!副)(?:{names})(?!{_AFTER_ZH})"


# What asks who holds each office, and a pattern of the office itself.
_ASKED = [
    (re.compile(asks_who_is(english, chinese), re.IGNORECASE), f"{english}|{chinese}")
    for english, chinese in ((_itself_en(en), _itself_zh(zh)) for en, zh in _OFFICES)
]
