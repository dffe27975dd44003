"""A question -> the same in the archive's other language, as a model puts it.

Most of an archive is in one language alone, and a question in the other finds its passage less
surely (docs/retrieval.md). What a model writes is only searched with: an answer rests on what the
archive says, and names and numbers of the question as it was asked have to stand there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from rag.answer.draft import clean
from rag.answer.model import ChatModel, one_line
from rag.answer.prompts import harmless, load_prompt
from rag.errors import ModelFailed
from rag.language import detect_language
from rag.numerals import find_numerals

_LONGEST_QUESTION = 400
_LONGEST_REPLY = 600
# Numbers up to so many are words or months in one language and figures in the other: a pair, 两,
# November.
_FEW = 12
# Decades and centuries are counted in other numbers: the 1950s, 20世纪50年代.
_AGES = re.compile(
    r"\b\d\d(?:\d\d)?['’]?s\b|\b[\w-]+ centur(?:y|ies)\b"
    r"|[\d〇零一二三四五六七八九十]+(?:世纪|年代)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Across:
    """A question in the other language, "" where it is not known; `failure` is the model's, if it
    cannot be asked again."""

    text: str = ""
    failure: ModelFailed | None = None


def put_across(text: str, model: ChatModel) -> Across:
    """The question in the other language, if the model's line can be that.

    Args:
        text: the question, standing alone; one without a word, or very long, is left as it is.
    """
    if len(text) > _LONGEST_QUESTION or not re.search(r"\w", text):
        return Across()
    prompt = load_prompt("translate", detect_language(text))
    try:
        written = one_line(model, prompt.render(question=harmless(text)), _LONGEST_REPLY)
    except ModelFailed as error:
        return Across(failure=error if error.lasts else None)
    return Across(written if says_the_same(written, text) else "")


def says_the_same(written: str, text: str) -> bool:
    """Whether a line may be a question in the other language: plain text in it, of a like length,
    with the same numbers."""
    asked, found = detect_language(text), detect_language(written)
    if asked == found or not written or written != clean(written):
        return False
    chinese, english = (text, written) if asked == "zh" else (written, text)
    likely = len(chinese) <= len(english) + 10 and len(english) <= 8 * len(chinese) + 20
    return likely and _numbers(written) == _numbers(text)


def _numbers(text: str) -> set[Fraction]:
    return {n.value for n in find_numerals(_AGES.sub(" ", text)) if n.value > _FEW}
