"""Second opinions on answers. A language model gives one, through the same plug as the models that
answer; a model of entailment another, in `nli.py`.

What a judge says is kept and shown apart, and no gate asks it. Language models as judges agree with
people often and not always, and favour answers like their own (Zheng et al., "Judging
LLM-as-a-Judge", NeurIPS 2023).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from eval.records import Record
from rag.answer.model import ChatModel
from rag.answer.prompts import harmless, load_prompt
from rag.answer.redact import redact
from rag.errors import ModelFailed

_LINE = re.compile(r"\b(SUPPORTED|ANSWERS)\s*[:：]\s*(yes|no)\b", re.IGNORECASE)
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge said of one answer; None where it said nothing that can be read.

    `supported`: the quotes cited state all that the answer states. `answers`: it answers what was
    asked. `reason`: why it could not be read, or what is not supported.
    """

    case_id: str
    judge: str
    supported: bool | None
    answers: bool | None
    reason: str = ""


class Judge(Protocol):
    """Has an opinion of an answer. A failure is in the judgement, not raised."""

    def judge(self, record: Record) -> Judgement:
        """What it thinks of a record whose question was answered."""


class ModelJudge:
    """A language model that is asked for its opinion."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    def judge(self, record: Record) -> Judgement:
        """What the model replied, read."""
        prompt = load_prompt("judge", record.case.language)
        quotes = (f"[{c.mark}] {harmless(c.quote.text)}" for c in record.reply.citations)
        messages = prompt.render(
            question=harmless(record.case.question),
            answer=harmless(record.reply.text),
            quotes="\n".join(quotes),
        )
        case, name = record.case.id, self._model.name
        try:
            reply = "".join(self._model.stream(messages))[:_LONGEST]
        except ModelFailed as error:
            return Judgement(case, name, None, None, redact(str(error)))
        said = {key.upper(): word.lower() == "yes" for key, word in _LINE.findall(reply)}
        supported, answers = said.get("SUPPORTED"), said.get("ANSWERS")
        reason = "" if None not in (supported, answers) else f"cannot be read: {redact(reply)}"
        return Judgement(case, name, supported, answers, reason)


def judge_all(records: Sequence[Record], judge: Judge) -> Iterator[Judgement]:
    """A judgement of each answer given; refusals are not judged."""
    return (judge.judge(record) for record in records if record.answered)
