"""The numbers of a run, by language cell, each with its 95 % interval. Pure.

docs/evaluation.md says each in words. A cell is `zh-en` (a question in Chinese, passages in
English), `same` and `cross` for both of a kind, or the question's language and `all`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import get_args

import numpy as np

from eval.cases import WhyNot
from eval.grounding import citation_precision, citation_recall, evidence_hit
from eval.intervals import Estimate, Floats, Statistic, draw, estimate, mean, median
from eval.metrics import OF_A_RANKING, by_question
from eval.observe import LEGS
from eval.records import Record
from eval.texts import chrf, contains, exact_match, f1, plain
from rag.types import LANGUAGES, Language

COVERAGE = 0.95
TIMED = ("ms to evidence", "ms to first text", "ms to done")


@dataclass(frozen=True, slots=True)
class Number:
    """A figure of a cell."""

    measure: str
    cell: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Column:
    """What each record counts for in a figure: NaN where it has no part in it."""

    measure: str
    cell: str
    values: Floats
    statistic: Statistic = mean


def numbers(records: Sequence[Record]) -> list[Number]:
    """Every figure that the records allow, in the order of `columns`."""
    weights = weights_of(records)
    return [
        Number(column.measure, column.cell, found)
        for column in columns(records)
        if (found := estimate(column.values, weights, column.statistic))
    ]


def weights_of(records: Sequence[Record]) -> Floats:
    """How often each record is drawn (draws, records)."""
    pairs = [record.case.pair or record.case.id for record in records]
    # A pair has one family, whatever its two cases say.
    family = dict(zip(pairs, (record.family for record in records), strict=True))
    return draw([family[pair] for pair in pairs], pairs)


def columns(records: Sequence[Record]) -> list[Column]:
    """All columns, retrieval first; those of time last."""
    return [*_retrieval(records), *_answers(records), *_refusal(records), *_cost(records)]


def confidence(record: Record) -> float:
    """How sure the archive was that it has an answer, for ordering cases: any answer before any
    refusal, and then by the margin."""
    margin = -_FAR if record.margin is None else max(min(record.margin, _FAR), -_FAR)
    return margin + (3 * _FAR if record.answered else 0.0)


_FAR = 1e6


def refusal_at_coverage(values: Floats, weights: Floats) -> Floats:
    """Share of what has no answer that is refused when the least confidence for an answer is set
    so that 95 % of what has one is answered; NaN where one of the two is missing.

    The working point of a risk-coverage curve (El-Yaniv and Wiener, "On the Foundations of
    Noise-free Selective Classification", JMLR 11, 2010), for questions without an answer as
    Rajpurkar et al., "Know What You Don't Know" (ACL 2018) have them.

    Args:
        values: (cases, 2): confidence, and 1 for what has an answer, 0 for what has none.
    """
    order = np.argsort(-values[:, 0], kind="stable")
    scores, answerable = values[order, 0], values[order, 1]
    drawn = weights[:, order]
    has, lacks = drawn * answerable, drawn * (1 - answerable)
    covered, total = np.cumsum(has, axis=1), has.sum(axis=1)
    at = np.argmax(covered >= COVERAGE * total[:, None] - 1e-9, axis=1)
    refused = (lacks * (scores[None, :] < scores[at][:, None])).sum(axis=1)
    without = lacks.sum(axis=1)
    shares = np.full(len(drawn), np.nan)
    np.divide(refused, without, out=shares, where=(without > 0) & (total > 0))
    return shares


def _retrieval(records: Sequence[Record]) -> Iterable[Column]:
    """Of searches in one language: each measure by cell, and fused against dense."""
    tables = {(to, leg): _ranked(records, to, leg) for to in LANGUAGES for leg in LEGS}
    for name in OF_A_RANKING:
        yield from _cells(name, records, {to: tables[to, "fused"][name] for to in LANGUAGES})
    gains = {to: tables[to, "fused"][_GAIN] - tables[to, "dense"][_GAIN] for to in LANGUAGES}
    yield from _cells("fused - dense", records, gains)


_GAIN = "nDCG@10"


def _ranked(records: Sequence[Record], to: Language, leg: str) -> dict[str, Floats]:
    """Each measure of the searches in one language by one leg, for each record."""
    rankings, gold = {}, {}
    for row, record in enumerate(records):
        if (relevant := record.gold.passages.get(to)) and f"{to}/{leg}" in record.rankings:
            rankings[str(row)] = record.rankings[f"{to}/{leg}"]
            gold[str(row)] = set(relevant)
    result = {name: np.full(len(records), np.nan) for name in OF_A_RANKING}
    for name, row_values in by_question(rankings, gold).items():
        for measure, value in row_values.items():
            result[measure][int(name)] = value
    return result


def _cells(
    measure: str, records: Sequence[Record], values: Mapping[Language, Floats]
) -> Iterable[Column]:
    """One measure in the four cells, and over those of one language and of two."""
    asked_in = np.array([record.case.language for record in records])
    rows = {
        (asked, to): np.where(asked_in == asked, values[to], np.nan)
        for asked in LANGUAGES
        for to in LANGUAGES
    }
    for (asked, to), row in rows.items():
        yield Column(measure, f"{asked}-{to}", row)
    for name, same in (("same", True), ("cross", False)):
        one, other = (row for (asked, to), row in rows.items() if (asked == to) == same)
        yield Column(measure, name, np.where(np.isnan(one), other, one))


def _answers(records: Sequence[Record]) -> Iterable[Column]:
    """Of the answers to what has one; what is shown unsupported counts in every case."""
    for k in (1, 3):
        hit = partial(_evidence_hit, k=k)
        yield from _by_question_language(f"evidence hit@{k}", records, hit)
    yield from _by_question_language("citation recall", records, citation_recall)
    yield from _by_question_language(
        "citation precision", records, lambda r: _or_nan(citation_precision(r))
    )
    yield from _by_question_language(
        "unsupported shown", records, lambda r: len(r.unsupported), answerable=None
    )
    for name, measure in _SAID.items():
        yield from _by_question_language(name, records, measure)


_SAID: Mapping[str, Callable[[Record], float]] = {
    "EM": lambda r: exact_match(_said(r), r.case.answers, r.case.language),
    "F1": lambda r: f1(_said(r), r.case.answers, r.case.language),
    "chrF": lambda r: chrf(_said(r), r.case.answers),
    "answer in text": lambda r: contains(_said(r), r.case.answers, r.case.language),
}


def _said(record: Record) -> str:
    return plain(record.reply.text) if record.answered else ""


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


def _refusal(records: Sequence[Record]) -> Iterable[Column]:
    """Of answering and refusing."""
    yield from _by_question_language("coverage", records, lambda r: float(r.answered))
    for why in get_args(WhyNot):
        name = f"false answers, {why.replace('_', ' ')}"
        value = partial(_false_answer, why=why)
        yield from _by_question_language(name, records, value, answerable=False)
    for cell in (*LANGUAGES, "all"):
        values = np.array(
            [
                (confidence(r), float(r.case.answerable)) if _in(r, cell) else (np.nan, np.nan)
                for r in records
            ],
            np.float64,
        ).reshape(len(records), 2)
        yield Column("refusal at 95 % coverage", cell, values, refusal_at_coverage)


def _cost(records: Sequence[Record]) -> Iterable[Column]:
    """Medians of what an answer costs, over all cases."""
    for name, key in zip(TIMED, ("evidence", "first_text", "done"), strict=True):
        value = partial(_milliseconds, key=key)
        yield from _by_question_language(name, records, value, None, median)
    yield from _by_question_language(
        "tokens", records, lambda r: float(r.tokens), answerable=None, statistic=median
    )


def _evidence_hit(record: Record, k: int) -> float:
    return evidence_hit(record.evidence, record.gold, k)


def _false_answer(record: Record, why: str) -> float:
    return float(record.answered) if record.case.why_not == why else float("nan")


def _milliseconds(record: Record, key: str) -> float:
    return record.timings_ms.get(key, float("nan"))


def _by_question_language(
    measure: str,
    records: Sequence[Record],
    value: Callable[[Record], float],
    answerable: bool | None = True,
    statistic: Statistic = mean,
) -> Iterable[Column]:
    """A column for each language of the question and for both together."""
    takes_part = [answerable in (None, record.case.answerable) for record in records]
    values = [
        value(record) if part else float("nan")
        for record, part in zip(records, takes_part, strict=True)
    ]
    for cell in (*LANGUAGES, "all"):
        kept = [v if _in(r, cell) else float("nan") for v, r in zip(values, records, strict=True)]
        yield Column(measure, cell, np.array(kept, np.float64), statistic)


def _in(record: Record, cell: str) -> bool:
    return cell in ("all", record.case.language)
