"""Numbered sentences and a model -> the statements of its reply that hold, as they come.

Each statement is checked before it is shown, so that nothing shown has to be taken back. One
the checks do not support is struck: it stands among the verdicts and not in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field

from rag.answer.cite import MARK
from rag.answer.draft import Draft, Statement
from rag.answer.model import ChatModel, Message, close
from rag.answer.passages import show
from rag.answer.prompts import harmless, load_prompt
from rag.answer.wording import REFUSED
from rag.errors import ModelFailed
from rag.language import HAN, detect_language, fold, words
from rag.types import Citation, Language, Question, TextAdded, Verdict

_QUOTES = ("“", "「", "『", '"')
_LETTER = re.compile(r"[^\W\d_]")
# Words of Latin letters whole, hyphens and digits in them too; runs of Han characters.
_TOKEN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+(?:[-_.'’][^\W_{HAN}]+)*")
_HOLLOW = frozenset(
    ("answer", "reply", "response", "word", "link", "答案", "回答", "答复", "链接", "单词")
)

# A statement and the citations its marks may stand for -> its verdicts.
Check = Callable[[str, Sequence[Citation]], Sequence[Verdict]]


@dataclass(slots=True)
class Composed:
    """What a reply came to. `shown` are the statements that held, `verdicts` those of all."""

    language: Language
    numbered: tuple[Citation, ...]
    shown: list[str] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    struck: int = 0
    declined: bool = False
    failure: ModelFailed | None = None

    @property
    def text(self) -> str:
        """The answer."""
        return "".join(self.shown)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """What the marks in the answer stand for, in order."""
        return tuple(each for each in self.numbered if each.mark in self.used)

    def take(self, statement: Statement, check: Check) -> str:
        """What to show of a statement: itself, after what divides it from the last, or nothing."""
        if _declines(statement.text):
            self.declined = True
            return ""
        if statement.text in [verdict.sentence for verdict in self.verdicts]:
            return ""  # small models say the same again and again
        verdicts = [self._stricter(v) for v in check(statement.text, self.numbered)]
        self.verdicts += verdicts
        if not verdicts or any(verdict.support == "unsupported" for verdict in verdicts):
            self.struck += bool(verdicts)
            return ""
        if not statement.says_something:
            return ""
        self.used.update(statement.marks)
        lead = statement.lead or ("" if self.language == "zh" else " ")
        self.shown.append((lead if self.shown else "") + statement.text)
        return self.shown[-1]

    def _stricter(self, verdict: Verdict) -> Verdict:
        """What is asked of a model beyond the checks: sentences, and in the question's language.

        A lone word stands in a quote by chance, or by an order to print it; and only a quotation
        may be in another language.
        """
        said = MARK.sub("", verdict.sentence).strip()
        quoted = said[:1] in _QUOTES and verdict.support == "supported"
        reason = ""
        if verdict.support == "unsupported" or quoted:
            return verdict
        if is_bare(said):
            reason = "a lone word states nothing"
        elif _LETTER.search(said) and detect_language(said) != self.language:
            reason = "not in the language of the question"
        return Verdict(verdict.sentence, "unsupported", reason) if reason else verdict


def compose(
    model: ChatModel,
    question: Question,
    numbered: tuple[Citation, ...],
    fewer: tuple[Citation, ...],
    check: Check,
) -> Generator[TextAdded, None, Composed]:
    """The statements of a reply that hold, each as soon as it is whole; returns the outcome.

    A failure ends the reply; it is in the outcome, never raised.

    Args:
        question: standing alone.
        numbered: what the model may cite.
        fewer: the same where the prompt does not fit the model, which is then asked once more.
    """
    composed = yield from _attempt(model, question, numbered, check)
    too_long = composed.failure is not None and composed.failure.kind == "context"
    if too_long and not composed.verdicts and fewer:
        composed = yield from _attempt(model, question, fewer, check)
    return composed


def is_bare(text: str) -> bool:
    """Whether a text is one word, said once or often, and no number."""
    tokens = {fold(token) for token in _TOKEN.findall(text)}
    if any(token[0].isdigit() for token in tokens):
        return False
    return len({word for token in tokens for word in _parts(token)} - _HOLLOW) < 2


def _parts(token: str) -> list[str]:
    return words(token) if detect_language(token) == "zh" else words(token)[:1]


def answer_prompt(question: Question, numbered: Sequence[Citation]) -> list[Message]:
    """What a model is asked: the numbered sentences as data, and the question."""
    return load_prompt("answer", question.language).render(
        passages=show(numbered),
        question=harmless(question.text),
        refusal=REFUSED[question.language],
    )


def _attempt(
    model: ChatModel, question: Question, numbered: tuple[Citation, ...], check: Check
) -> Generator[TextAdded, None, Composed]:
    composed = Composed(question.language, numbered)
    draft = Draft()
    pieces = model.stream(answer_prompt(question, numbered))
    try:
        for piece in pieces:
            for statement in draft.add(piece):
                if text := composed.take(statement, check):
                    yield TextAdded(text)
        for statement in draft.finish():
            if text := composed.take(statement, check):
                yield TextAdded(text)
    except ModelFailed as error:
        # What is held back is no whole sentence: it goes.
        composed.failure = error
    finally:
        close(pieces)
    return composed


def _declines(text: str) -> bool:
    """Whether a statement says that there is no answer, in the words asked for."""
    said = "".join(character for character in fold(text) if character.isalnum())
    return said in _REFUSALS


_REFUSALS = frozenset(
    "".join(character for character in fold(text) if character.isalnum())
    for text in REFUSED.values()
)
