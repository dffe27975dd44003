"""Relatives, and where somebody graduated: told of in so many words or not at all. Pure.

"What is Mao Weimin's wife called?" is not answered by what a paper says of Mao Weimin. A word for a
relative, or for schooling, that a question has is held against all such words of either language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# What a question says, and all that tells of the same, in both languages.
_RELATIONS = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(told, re.IGNORECASE))
    for asked, told in (
        (
            r"妻子|丈夫|夫人|太太|老婆|老公|配偶|\b(?:wife|husband|spouse)\b",
            r"[妻夫婚嫁娶]|太太|老婆|老公|配偶|爱人|伉俪|遗孀|媳妇|王后"
            r"|\b(?:wi(?:fe|ves)|husband|spouse|marri|widow|couple|consort|wed|queen|bride)",
        ),
        (
            r"父亲|母亲|爸爸|妈妈|父母|双亲|\b(?:father|mother|parents)\b",
            r"[父母爸妈爹娘]|双亲|[之养长次幼独]子|之女|儿子|女儿|子女"
            r"|\b(?:father|mother|parent|dad|mum|mom|son|daughter|child|born)",
        ),
        (
            r"(?<!男)(?<!老)儿子|女儿|子女|儿女|\b(?:sons?|daughters?)\b(?! of)",
            r"[孙父母]|[之养长次幼独]子|儿|之女|[长次幼养]女|子女|后[代裔]"
            r"|\b(?:son|daughter|child|kid|boy|girl|father|mother|parent|heir)",
        ),
        (
            r"哥哥|弟弟|姐姐|妹妹|(?:他|她)的(?:兄弟|姐妹)|\b(?:brother|sister)s?\b",
            r"[兄弟哥姐妹胞]|\b(?:brother|sister|sibling|twin)",
        ),
        (
            r"毕业|母校|\bgraduat|\balma mater\b",
            r"毕业|[就攻求]读|学[历位业士习]|母校|求学|肄业|上学|入学|考[上入]|[硕博]士|读[书过完]"
            r"|\b(?:graduat|alma\b|stud(?:y|ie)|educat|attend|degree|doctora|enrol|alumn)",
        ),
    )
)


def untold_relations(question: str, text: str) -> Iterator[str]:
    """What relations a question speaks of, in its words, that a text tells nothing of.

    Args:
        text: in simplified characters, as the question.
    """
    for asked, told in _RELATIONS:
        found = asked.search(question)
        if found and not told.search(text):
            yield found.group()
