"""One run against another: differences case by case, and the cases that flipped. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from eval.intervals import Estimate, figures, interval, known
from eval.measures import columns, weights_of
from eval.outcome import problems
from eval.records import BadRun, Record, Run


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure before and after, and by how much it changed, over the cases of both runs.

    `change.n` counts those that have a part in the figure, in either run.
    """

    measure: str
    cell: str
    before: float
    after: float
    change: Estimate

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out no change at all."""
        return self.change.low > 0 or self.change.high < 0


@dataclass(frozen=True, slots=True)
class Flip:
    """A case that was right and is wrong, or the other way round, and what was or is wrong."""

    case_id: str
    question: str
    now_right: bool
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed. `only_before` and `only_after` count the cases of one run alone."""

    started: str
    model: str
    common: int
    only_before: int
    only_after: int
    differences: tuple[Difference, ...]
    flips: tuple[Flip, ...]


def compare(before: Run, after: Run) -> Comparison:
    """What changed from one run to the next, over the cases that both asked alike.

    Intervals are of paired differences: each draw of the bootstrap takes the same cases of both.

    Raises:
        BadRun: the two have no case in common.
    """
    old = {record.case.id: record for record in before.records}
    pairs = [
        (old[record.case.id], record)
        for record in after.records
        if record.case.id in old and old[record.case.id].case == record.case
    ]
    if not pairs:
        raise BadRun(
            "the two runs have no case in common", "compare with a run over the same cases"
        )
    return Comparison(
        before.header.started,
        before.header.model,
        len(pairs),
        len(before.records) - len(pairs),
        len(after.records) - len(pairs),
        tuple(_differences([one for one, _ in pairs], [other for _, other in pairs])),
        tuple(flip for one, other in pairs if (flip := _flip(one, other))),
    )


def _differences(before: list[Record], after: list[Record]) -> list[Difference]:
    weights = weights_of(after)
    result = []
    for old, new in zip(columns(before), columns(after), strict=True):
        one, ones = figures(old.values, weights, old.statistic)
        other, others = figures(new.values, weights, new.statistic)
        n = int((known(old.values) | known(new.values)).sum())
        change = interval(other - one, others - ones, n)
        if change:
            result.append(Difference(new.measure, new.cell, one, other, change))
    return result


def _flip(before: Record, after: Record) -> Flip | None:
    was, now = problems(before), problems(after)
    if bool(was) == bool(now):
        return None
    case = after.case
    return Flip(case.id, case.question, not now, tuple(now or was))
