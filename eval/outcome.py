"""What was wrong with an answer, in words, and where on its way it went wrong. Pure."""

from __future__ import annotations

from typing import Literal

from eval.grounding import beside, citation_recall, evidence_hit, missing
from eval.records import Record
from rag.answer.evidence import READ

Stage = Literal["", "search", "evidence", "refusal", "choice", "answered", "text", "fault"]

STAGES: dict[Stage, str] = {
    "search": "no passage with the gold is among the hits that are read",
    "evidence": "the gold sentence is read, and not among the three likeliest",
    "refusal": "the gold sentence is among the likeliest, and it was refused",
    "choice": "the gold sentence is among the likeliest, and others were cited",
    "answered": "there is no answer, and one was given",
    "text": "a sentence is shown that nothing carries",
    "fault": "a zero-tolerance check failed",
}


def problems(record: Record) -> list[str]:
    """What is wrong with an answer, a line each; empty where it is right.

    Right is: an answer that cites all gold sentences and nothing that is neither gold nor
    acceptable, or a refusal where there is no answer; nothing unsupported, and no fault.
    """
    said = [f"fault: {fault}" for fault in record.faults]
    said += [f"shown unsupported ({v.reason}): {v.sentence}" for v in record.unsupported]
    if not record.case.answerable:
        if record.answered:
            said.append(f"answered, though there is no answer ({record.case.why_not})")
        return said
    if not record.answered:
        return [*said, "refused, though there is an answer", *_lost(record)]
    said += [f"gold not cited: {text}" for text in missing(record)]
    if citation_recall(record) == 0:
        said += _lost(record)
    said += [f"cited beside the gold: [{c.mark}] {c.quote.text}" for c in beside(record)]
    return said


def stage(record: Record) -> Stage:
    """Where an answer first went wrong; empty where it is right."""
    lost = citation_recall(record) < 1
    tests: tuple[tuple[bool, Stage], ...] = (
        (not problems(record), ""),
        (bool(record.faults), "fault"),
        (bool(record.unsupported), "text"),
        (not record.case.answerable, "answered"),
        (lost and not _found(record), "search"),
        (lost and not evidence_hit(record.evidence, record.gold, 3), "evidence"),
        (record.answered, "choice"),
    )
    return next((name for holds, name in tests if holds), "refusal")


def _found(record: Record) -> bool:
    relevant = {each for ids in record.gold.passages.values() for each in ids}
    return any(hit in relevant for hit in record.reply.hits[:READ])


def _lost(record: Record) -> list[str]:
    """Where the gold was lost sight of."""
    if not _found(record):
        return [STAGES["search"]]
    for rank, sentence in enumerate(record.evidence, start=1):
        if evidence_hit([sentence], record.gold, 1):
            return [f"the gold is sentence {rank} by likelihood, margin {sentence.margin:+.2f}"]
    return [STAGES["evidence"]]
