"""What became of those who are counted: the number of the dead is none of the injured. Pure."""

from __future__ import annotations

import re

# Each in both languages; casualties are dead or injured.
_FATES = tuple(
    re.compile(f"{chinese}|{english}", re.IGNORECASE)
    for chinese, english in (
        (
            "[死亡]|遇难|丧生|罹难|遇害|殉职|牺牲|丧命|生命|失去.{0,12}(?:居民|人口)|人口.{0,8}消失",
            r"\b(?:die[sd]?|dead|deaths?|deadl\w+|kill\w*|perish\w*|lives|fatal\w*|tolls?)\b"
            r"|\b(?:casualt\w+|wiped out)\b"
            r"|\blost\b.{0,40}\b(?:lives|inhabitants|people|men|soldiers)\b",
        ),
        ("伤", r"\b(?:injur\w+|wound\w*|hurt|casualt\w+)\b"),
        ("失踪|失联|下落不明", r"\b(?:missing|disappear\w*|unaccounted)\b"),
        ("被捕|逮捕|拘|抓|落网|归案", r"\b(?:arrest\w*|detain\w*|detention|captur\w+|caught)\b"),
        ("转移|撤离|疏散|避险|撤出", r"\b(?:evacuat\w+|relocat\w+|displac\w+)\b"),
        ("受灾", r"\baffected\b"),
        ("获救|救出|救起|(?<!去)营救|生还|幸存", r"\b(?:rescu\w+|saved|surviv\w+)\b"),
    )
)


def tells_fate(text: str, question: str) -> bool:
    """Whether a text tells of those whom a question counts by what became of them; of any where it
    counts by nothing of the kind.

    Args:
        text: in simplified characters, as the question.
    """
    asked = [fate for fate in _FATES if fate.search(question)]
    return not asked or any(fate.search(text) for fate in asked)
