"""Answer -> verdicts, by checks that need no model. Pure.

The same for every author of an answer: each sentence is held against the quotes it cites. What
is checked here is what can be decided: marks resolve, quoted words stand in the quote, numbers
stand in the quote. A later version adds names, dates and units.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.cite import MARK
from rag.language import fold
from rag.types import Citation, Verdict

_QUOTED = re.compile(r"“([^”]*(?:“[^”]*”[^”]*)*)”")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def verify(text: str, citations: Sequence[Citation]) -> tuple[Verdict, ...]:
    """A verdict for each line of an answer.

    Args:
        text: the answer, one statement a line, each with its marks.
        citations: what the marks stand for.
    """
    by_mark = {citation.mark: citation for citation in citations}
    return tuple(_judge(line, by_mark) for line in text.splitlines() if line.strip())


def _judge(line: str, by_mark: dict[int, Citation]) -> Verdict:
    marks = [int(mark) for mark in MARK.findall(line)]
    if not marks:
        return Verdict(line, "unsupported", "cites nothing")
    unknown = [mark for mark in marks if mark not in by_mark]
    if unknown:
        return Verdict(line, "unsupported", f"the mark [{unknown[0]}] stands for nothing")
    held = "\n".join(_evidence(by_mark[mark]) for mark in marks)
    claim = MARK.sub("", line).strip()
    if claim[:1] == "“" and claim[-1:] == "”" and claim[1:-1] in held:
        return Verdict(line, "supported", "quoted word for word")
    for words in _QUOTED.findall(claim):
        if words not in held:
            return Verdict(line, "unsupported", f"“{words}” does not stand in what is cited")
    for number in _NUMBER.findall(fold(claim)):
        if number not in fold(held):
            return Verdict(line, "unsupported", f"{number} does not stand in what is cited")
    return Verdict(line, "partial", "not a quotation: only marks and numbers were checked")


def _evidence(citation: Citation) -> str:
    other = citation.counterpart.text if citation.counterpart else ""
    return f"{citation.quote.text}\n{other}"
