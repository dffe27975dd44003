"""Citations against gold sentences: ALCE's definitions, with gold in place of its NLI judge.

Gao et al., "Enabling Large Language Models to Generate Text with Citations" (EMNLP 2023) ask of
each statement whether its citations together carry it (recall), and of each citation whether it is
one that helps (precision). Here the answer as a whole is the statement, what carries it are the
gold sentences, and what helps are those and the acceptable ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from eval.gold import overlap
from eval.records import Cited, Gold, Place, Record, Sentence
from rag.answer.cite import MARK
from rag.types import LANGUAGES


def used(record: Record) -> list[Cited]:
    """The citations that an answer rests on: those whose marks stand in the text. A refusal
    rests on none, whatever it shows as near."""
    if not record.answered:
        return []
    marks = {int(mark) for mark in MARK.findall(record.reply.text)}
    return [cited for cited in record.reply.citations if cited.mark in marks]


def citation_recall(record: Record) -> float:
    """Share of the gold sentences that are cited, in the language where most are.

    A gold sentence is cited where a quote, or its counterpart in the other language, shares
    characters with it. An answerable case that was refused cites nothing: 0.0.
    """
    rows = _by_language(record)
    return max((sum(hit for _, hit in row) / len(row) for row in rows if row), default=0.0)


def citation_precision(record: Record) -> float | None:
    """Share of the quotes cited that share characters with a gold or an acceptable sentence.

    None where nothing is cited.
    """
    places = [cited.quote.place for cited in used(record)]
    if not places:
        return None
    right = [place for group in record.gold.needed for place in group]
    right += record.gold.acceptable
    return sum(_hits(place, right) for place in places) / len(places)


def evidence_hit(evidence: Sequence[Sentence], gold: Gold, k: int) -> float:
    """1.0 where one of the `k` likeliest sentences shares characters with gold, else 0.0."""
    right = [place for group in gold.needed for place in group]
    return float(any(_hits(sentence.place, right) for sentence in evidence[:k]))


def missing(record: Record) -> list[str]:
    """The gold quotes that are not cited, in the language where fewest are missing."""
    rows = [row for row in _by_language(record) if row]
    best = max(rows, key=lambda row: sum(hit for _, hit in row) / len(row), default=[])
    return [text for text, hit in best if not hit]


def beside(record: Record) -> list[Cited]:
    """The citations that are neither gold nor acceptable."""
    right = [place for group in record.gold.needed for place in group]
    right += record.gold.acceptable
    return [cited for cited in used(record) if not _hits(cited.quote.place, right)]


def _by_language(record: Record) -> list[list[tuple[str, bool]]]:
    """The gold quotes in each language, the question's first, and whether each is cited."""
    sides = (side for cited in used(record) for side in (cited.quote, cited.counterpart))
    places = [side.place for side in sides if side]
    first = record.case.language
    return [
        [
            (quote.text, any(_hits(place, group) for place in places))
            for quote, group in zip(record.case.gold, record.gold.needed, strict=True)
            if quote.language == language
        ]
        for language in sorted(LANGUAGES, key=lambda language: language != first)
    ]


def _hits(place: Place, wanted: Sequence[Place]) -> bool:
    return any(overlap(place, each) for each in wanted)
