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
# What stands before or behind an office and makes another of it.
_LESS = r"(?:vice|deputy|assistant)[ -]"
_AFTER_EN = (
    r"(?:ial|['’]s)? (?:office|spokes|aide|advis|secretary|palace|wife|chief|envoy|candidate"
    r"|election|staff|guard)"
)
_AFTER_ZH = "的?(?:办公|府|夫人|特使|特别代表|助理|顾问|秘书|发言人|候选人|选举|大选|卫队|令|制)"


def speaks_of_office(text: str, question: str) -> bool:
    """Whether a text, in simplified characters, has the office that a question names, in either
    language; whatever it has where the question names none."""
    office = _asked(question)
    return office is None or bool(office.search(text))


@lru_cache(maxsize=8)  # a question is asked of every sentence of its hits
def _asked(question: str) -> re.Pattern[str] | None:
    """What finds the office that a question names."""
    found = [
        (english, chinese)
        for english, chinese in _OFFICES
        if re.search(rf"\b(?:{english})\b|{chinese}", question, re.IGNORECASE)
    ]
    if not found or re.search(rf"\b{_LESS}|副", question, re.IGNORECASE):
        return None
    english, chinese = ("|".join(names) for names in zip(*found, strict=True))
    return re.compile(
        rf"\b(?<!vice[ -])(?<!deputy[ -])(?<!assistant[ -])(?:{english})s?\b(?!{_AFTER_EN})"
        rf"|(?<!副)(?:{chinese})(?!{_AFTER_ZH})",
        re.IGNORECASE,
    )
