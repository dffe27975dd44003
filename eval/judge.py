"""A language model as a judge of answers, through the same plug as the models that answer.

What a judge says is a second opinion: it is kept and shown apart, and no gate asks it. Judges of
this kind agree with people often and not always, and favour answers like their own (Zheng et al.,
"Judging LLM-as-a-Judge", NeurIPS 2023).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.records import Record
from rag.answer.model import ChatModel
from rag.answer.prompts import harmless, load_prompt
from rag.answer.redact import redact
from rag.errors import ModelFailed

_LINE = re.compile(r"\b(SUPPORTED|ANSWERS)\s*[:：]\s*(yes|no)\b", re.IGNORECASE)
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge said of one answer; None where its reply cannot be read, and `reason` why.

    `supported`: the quotes cited state all that the answer states. `answers`: it answers what was
    asked.
    """

    case_id: str
    judge: str
    supported: bool | None
    answers: bool | None
    reason: str = ""


def judge(records: Sequence[Record], model: ChatModel) -> Iterator[Judgement]:
    """A judgement of each answer given; refusals are not judged. A failure is in the judgement."""
    for record in records:
        if record.answered:
            yield _judged(record, model)


def _judged(record: Record, model: ChatModel) -> Judgement:
    prompt = load_prompt("judge", record.case.language)
    quotes = (f"[{c.mark}] {harmless(c.quote.text)}" for c in record.reply.citations)
    messages = prompt.render(
        question=harmless(record.case.question),
        answer=harmless(record.reply.text),
        quotes="\n".join(quotes),
    )
    try:
        reply = "".join(model.stream(messages))[:_LONGEST]
    except ModelFailed as error:
        return Judgement(record.case.id, model.name, None, None, redact(str(error)))
    said = {name.upper(): word.lower() == "yes" for name, word in _LINE.findall(reply)}
    supported, answers = said.get("SUPPORTED"), said.get("ANSWERS")
    reason = "" if None not in (supported, answers) else f"cannot be read: {redact(reply)}"
    return Judgement(record.case.id, model.name, supported, answers, reason)
