"""Two things set side by side in a question -> the question about each alone. Pure.

What stands beside a name in a comparison belongs to it ("the suggestions implemented at Tianjin",
天津市车辆厂全厂), and goes with it. How far it reaches is told by the word between the two and by
marks: "or" joins clauses where a mark stands before them, "and" names; in Chinese what is said of
both opens with 都, 分别 and the like, or with the word that asks.
"""

from __future__ import annotations

import re

from rag.types import Language

_JOINS = {
    "zh": re.compile("还是|或者?|和|与|跟|同|及|比"),
    "en": re.compile(r"\b(?:or|than|versus|and|with)\b", re.IGNORECASE),
}
# Clauses, not names, are joined: by "or" where a mark stands before them, by "and" with a word that
# asks, in Chinese by a mark between two such words.
_OR = re.compile(r"or\b|versus", re.IGNORECASE)
_AND_ASKS = re.compile(r"and\s+(?:wh\w+|how|did|does|do|was|were)\b", re.IGNORECASE)
ASKS_ZH = "什么|多少|谁|哪|怎|几(?![何乎])|[如为]何|何[时地人处]"
_ASKS_ZH = re.compile(ASKS_ZH)
_MARK = re.compile(r"[,;:?!，；：？！。、]")
_OF_BOTH = re.compile(r"[,;:?!，；：？！。]|相比|比较|都|均|各|分别|两|谁|哪|什么|怎么|多少|几")
_LOOSE = re.compile(r"[,;:，；：、]\s*(?=[?!？！])|(?:^|(?<=\s))\s+|\s+(?=[,;:?!]|$)")

Place = tuple[int, int]


def apart(text: str, one: Place, other: Place, language: Language) -> tuple[str, str] | None:
    """The question about the one thing alone, and about the other; None where the two stand mixed,
    or no word joins them.

    Args:
        text: the question.
        one: from where to where the names of the one thing stand in it.
        other: likewise.
    """
    first, second = sorted((one, other))
    start = max((mark.end() for mark in _MARK.finditer(text, 0, first[0])), default=0)
    mark = next(_MARK.finditer(text, first[1], second[0]), None)
    if language == "zh" and mark and _asks(text[: mark.start()]) and _asks(text[second[1] :]):
        alone, beside = text[: mark.start()], text[:start] + text[mark.end() :]
        return _ordered(alone, beside, one == first)
    joins = list(_JOINS[language].finditer(text, first[1], second[0]))
    if not joins:
        return None
    join = joins[-1]
    opens, end, said = first[0], second[1], ""
    if language == "zh":
        end = end if join.group() == "比" else _next(_OF_BOTH, text, end)
    elif _AND_ASKS.match(text, join.start()):
        opens, end = start, _next(_MARK, text, end)
        if not text[second[1] : end].strip():  # and where did Chongqing [begin]?
            said = " " + text[first[1] : join.start()].strip(" ,;")
    elif start and _OR.match(text, join.start()):
        opens, end = start, _next(_MARK, text, end)
    between = text[first[1] : join.start()] if join.group().lower() == "than" else ""
    gap = "" if language == "zh" else " "
    alone = text[: join.start()] + text[end:]
    beside = text[:opens] + between + gap + text[join.end() : end] + said + text[end:]
    return _ordered(alone, beside, one == first)


def _ordered(alone: str, beside: str, in_order: bool) -> tuple[str, str]:
    """Two questions without what was loosened in them, turned round if they are not in order."""
    alone, beside = (_LOOSE.sub("", each) for each in (alone, beside))
    return (alone, beside) if in_order else (beside, alone)


def _asks(text: str) -> bool:
    return bool(_ASKS_ZH.search(text))


def _next(mark: re.Pattern[str], text: str, start: int) -> int:
    found = mark.search(text, start)
    return found.start() if found else len(text)
