"""Mistakes in what a reader writes, told in both languages: questions, filters, names, comments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from rag.errors import BadQuestion, JiubaoError
from rag.types import Language

Kind = Literal[
    "empty", "nothing_left", "too_long", "no_text", "no_date", "backwards", "no_number",
    "no_page", "no_author", "no_name", "long_comment",
]  # fmt: skip

# What is wrong, `{}` standing for what was found, and what to do about it.
_WORDS: Mapping[Kind, Mapping[Language, tuple[str, str]]] = {
    "empty": {
        "en": ("the question is empty", "ask something, in Chinese or in English"),
        "zh": ("问题是空的", "请用中文或英文提问"),
    },
    "nothing_left": {
        "en": ("the question is empty", "write it, or ask as it was"),
        "zh": ("问题是空的", "请写出问题，或照原样再问"),
    },
    "too_long": {
        "en": ("the question has {:,} characters, {:,} are allowed", "ask a shorter question"),
        "zh": ("问题有 {:,} 个字符，最多 {:,} 个", "请问得短一些"),
    },
    "no_text": {
        "en": ("the question is not valid UTF-8", "set the terminal to UTF-8"),
        "zh": ("问题不是有效的 UTF-8 文本", "请把终端设为 UTF-8"),
    },
    "no_date": {
        "en": ("{!r} is not a date", "write 1959, 1959-11 or 1959-11-24"),
        "zh": ("“{}”不是日期", "请写 1959、1959-11 或 1959-11-24"),
    },
    "backwards": {
        "en": ("the period ends ({1}) before it starts ({0})", "give the earlier date first"),
        "zh": ("时间的终点（{1}）早于起点（{0}）", "请先写较早的日期"),
    },
    "no_number": {
        "en": ("{!r} is not a page", "write a number"),
        "zh": ("“{}”不是版次", "请写数字"),
    },
    "no_page": {
        "en": ("page {} does not exist", "pages count from 1"),
        "zh": ("没有第 {} 版", "版次从 1 起"),
    },
    "no_author": {
        "en": ("the author is blank", "give a name or leave the filter out"),
        "zh": ("作者是空的", "请写出姓名，或不按作者筛选"),
    },
    "no_name": {
        "en": ("the name is blank", "write a word or two"),
        "zh": ("名称是空的", "请写一两个词"),
    },
    "long_comment": {
        "en": ("the comment has {:,} characters, {:,} are allowed", "write a shorter one"),
        "zh": ("意见有 {:,} 个字符，最多 {:,} 个", "请写得短一些"),
    },
}


class Mistake(BadQuestion):
    """Something that was written and cannot be used; in English, as any error of jiubao's.

    Args:
        kind: what is wrong with it.
        found: what was found, in the order of the words' `{}`.
    """

    def __init__(self, kind: Kind, *found: object) -> None:
        self.kind = kind
        self.found = found
        super().__init__(*self.told("en"))

    def told(self, language: Language) -> tuple[str, str]:
        """What is wrong and what to do about it, in a language."""
        wrong, remedy = _WORDS[self.kind][language]
        return wrong.format(*self.found), remedy


def in_words(error: JiubaoError, language: Language) -> str:
    """An error as the page says it: a reader's mistake in the page's language."""
    if isinstance(error, Mistake) and language == "zh":
        return "{}（{}）".format(*error.told(language))
    return str(error)
