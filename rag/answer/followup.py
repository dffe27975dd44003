"""Follow-ups -> questions that stand alone: by a model where there is one, else by rules.

Only a question that the rules take for a follow-up is touched, whoever rewrites it. What a model
writes is taken only if it is one question of the same language that brings nothing in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.draft import clean
from rag.answer.ellipsis import is_follow_up, language_of, resolve
from rag.answer.model import ChatModel, one_line
from rag.answer.prompts import harmless, load_prompt
from rag.errors import ModelFailed
from rag.language import detect_language, fold, words
from rag.numerals import find_numerals
from rag.retrieve.matter import asks_nothing, to_the_point
from rag.retrieve.question import LONGEST, names_in
from rag.types import Language, Turn

REMEMBERED = 6  # turns read
_LONGEST_FOLLOW_UP = 200
_LONGEST_REPLY = 300
_ANSWER_SHOWN = 300  # characters of an earlier answer that a model sees


@dataclass(frozen=True, slots=True)
class StandAlone:
    """A question that stands alone; `failure` is the model's, if it cannot be asked again."""

    text: str
    changed: bool = False
    failure: ModelFailed | None = None


def stand_alone(text: str, turns: Sequence[Turn], model: ChatModel | None = None) -> StandAlone:
    """The question as it is to be searched for. One that stands alone is never changed.

    Args:
        turns: of the conversation so far, oldest first; the last few are read.
        model: rewrites a follow-up; where it fails or writes anything else, the rules do.
    """
    asked = _pared(text)
    turns = [turn for turn in turns if turn.question.strip() and not asks_nothing(turn.question)]
    turns = turns[-REMEMBERED:]
    if not turns or asks_nothing(text) or not _may_follow_up(asked):
        return StandAlone(text)
    earlier = [_pared(turns[0].question)]
    for turn in turns[1:]:
        earlier.append(_by_rule(_pared(turn.question), earlier, turns))
    failure = None
    if model is not None:
        try:
            written = _by_model(model, asked, turns, earlier[-1])
            if written and fits(written, asked, turns):
                return StandAlone(written, True)
        except ModelFailed as error:
            failure = error if error.lasts else None
    by_rule = _by_rule(asked, earlier, turns)
    changed = by_rule != asked
    return StandAlone(by_rule if changed else text, changed, failure)


def fits(written: str, asked: str, turns: Sequence[Turn]) -> bool:
    """Whether a model's line is the follow-up, rewritten: one line of its language, of bounded
    length, with no name and no number that the conversation does not have."""
    language = language_of(asked, turns[-1].question)
    if not 2 <= len(written) <= _LONGEST_REPLY or "\n" in written or written != clean(written):
        return False
    if detect_language(written) != language:
        return False
    said = "\n".join([asked, *(f"{turn.question}\n{turn.answer}" for turn in turns)])
    known = {numeral.value for numeral in find_numerals(said)}
    near = known | {value + step for value in known if 1800 < value < 2100 for step in (-1, 1)}
    if any(numeral.value not in near for numeral in find_numerals(written)):
        return False
    if any(fold(word) not in fold(said) for name in names_in(written) for word in name.split()):
        return False
    # A question about the same: words that are in none of the questions are few.
    new = [word for word in words(written) if word not in words(said)]
    return len(new) * 2 <= len(words(written))


def _pared(question: str) -> str:
    matter = to_the_point(" ".join(question.split()))[:LONGEST]
    return matter[:1].upper() + matter[1:]


def _may_follow_up(text: str) -> bool:
    return len(text) <= _LONGEST_FOLLOW_UP and is_follow_up(text)


def _by_rule(text: str, earlier: Sequence[str], turns: Sequence[Turn]) -> str:
    if not _may_follow_up(text):
        return text
    years = "\n".join([*reversed(earlier), turns[-1].answer])
    written = resolve(text, earlier[-1], years)
    return written if len(written) <= LONGEST else text


def _by_model(model: ChatModel, asked: str, turns: Sequence[Turn], earlier: str) -> str:
    """The line that the model writes, "" where it writes none. Raises ModelFailed."""
    language: Language = language_of(asked, earlier)
    prompt = load_prompt("condense", language)
    shown = "\n".join(
        f"<turn>\nQ: {harmless(turn.question)}\nA: {harmless(turn.answer, _ANSWER_SHOWN)}\n</turn>"
        for turn in turns
    )
    messages = prompt.render(turns=shown, question=harmless(asked))
    return one_line(model, messages, 2 * _LONGEST_REPLY)
