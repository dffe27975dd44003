"""What a run comes to: numbers, gates, faults, and what changed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from eval.compare import Comparison, compare
from eval.gates import Checked, Gate, check
from eval.judge import Judgement
from eval.measures import TIMED, Number, numbers
from eval.outcome import problems, stage
from eval.records import Run


@dataclass(frozen=True, slots=True)
class Summary:
    """A run, reckoned up. What judges said stands apart: no gate asks them."""

    run: Run
    numbers: tuple[Number, ...]
    gates: tuple[Checked, ...]
    faults: tuple[str, ...]
    against: Comparison | None = None
    judgements: tuple[Judgement, ...] = field(default=())

    @property
    def crossed(self) -> list[Checked]:
        """The gates that were crossed."""
        return [checked for checked in self.gates if not checked.passed]

    @property
    def passed(self) -> bool:
        """Whether no gate was crossed and no zero-tolerance check failed."""
        return not (self.crossed or self.faults)


def summarise(
    run: Run,
    gates: Sequence[Gate],
    against: Run | None = None,
    judgements: Sequence[Judgement] = (),
) -> Summary:
    """Reckons up a run.

    Raises:
        BadRun: `against` has no case in common with it.
    """
    found = numbers(run.records)
    faults = tuple(f"{r.case.id}: {fault}" for r in run.records for fault in r.faults)
    compared = compare(against, run) if against else None
    return Summary(
        run, tuple(found), tuple(check(found, gates)), faults, compared, tuple(judgements)
    )


def document(summary: Summary) -> dict[str, Any]:
    """The summary as JSON. All but `timings`, and the time it was made at, is the same for two
    runs with the same settings."""
    timed = [number for number in summary.numbers if number.measure in TIMED]
    return {
        "run": asdict(summary.run.header),
        "passed": summary.passed,
        "numbers": [_number(number) for number in summary.numbers if number not in timed],
        "timings": [_number(number) for number in timed],
        "gates": [_gate(checked) for checked in summary.gates],
        "faults": list(summary.faults),
        "cases": [
            {
                "id": record.case.id,
                "state": record.reply.state,
                "right": not problems(record),
                "stage": stage(record),
                "problems": problems(record),
            }
            for record in summary.run.records
        ],
        "against": asdict(summary.against) if summary.against else None,
        "judgements": [asdict(judgement) for judgement in summary.judgements],
    }


def _number(number: Number) -> dict[str, Any]:
    return {"measure": number.measure, "cell": number.cell, **asdict(number.estimate)}


def _gate(checked: Checked) -> dict[str, Any]:
    value = checked.estimate.value if checked.estimate else None
    return {
        **asdict(checked.gate), "value": value, "passed": checked.passed, "met": checked.met,
    }  # fmt: skip
