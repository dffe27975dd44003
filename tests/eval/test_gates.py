"""Gates: kept, crossed, and what a file of them may hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.gates import FILE, Gate, check, load_gates, sections
from eval.intervals import Estimate
from eval.measures import Number
from rag.errors import ConfigError

#  value   least  most   target   passed  met
ROWS = [
    (0.90, 0.90, None, 0.95, True, False),
    (0.89, 0.90, None, 0.95, False, False),
    (0.95, 0.90, None, 0.95, True, True),
    (0.10, None, 0.10, 0.05, True, False),
    (0.11, None, 0.10, 0.20, False, True),
    (0.00, None, 0.00, None, True, None),
    (1 - 1e-16, 1.0, None, None, True, None),
    (None, 0.10, None, 0.20, False, False),
]


@pytest.mark.parametrize(("value", "least", "most", "target", "passed", "met"), ROWS)
def test_a_gate_holds_a_number(value, least, most, target, passed, met) -> None:
    gate = Gate("R@1", "same", least, most, target)
    numbers = [] if value is None else [Number("R@1", "same", Estimate(value, 0, 1, 10))]
    numbers.append(Number("R@1", "cross", Estimate(0.5, 0, 1, 10)))
    (checked,) = check(numbers, [gate])
    assert (checked.passed, checked.met) == (passed, met)


def test_the_gates_of_the_project() -> None:
    assert sections(FILE) == ["always", "seeds"]
    gates = {(g.measure, g.cell): g for g in load_gates(["always", "seeds"])}
    targets = {key: (g.limit[0], g.target) for key, g in gates.items() if g.target is not None}
    assert targets == {
        ("unsupported shown", "all"): ("≤", 0),
        ("R@1", "same"): ("≥", 0.97),
        ("R@1", "cross"): ("≥", 0.92),
        ("citation recall", "all"): ("≥", 0.90),
        ("citation precision", "all"): ("≥", 0.95),
        ("false answers, near miss", "all"): ("≤", 0.10),
    }
    assert gates["unsupported shown", "all"].most == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[seeds]]\nmeasure = 'R@1'\ncell = 'same'\n", "give `least` or `most`"),
        ("[[seeds]]\nmeasure = 'R@1'\ncell = 'same'\nleast = 1\nmost = 1\n", "give `least`"),
        ("[[seeds]]\ncell = 'same'\nleast = 1\n", "measure"),
        ("[[other]]\nmeasure = 'R@1'\ncell = 'same'\nleast = 1\n", "no section 'seeds'"),
        ("[[seeds]\n", "cannot be read"),
        ("[[seeds]]\nmeasure = 'R@1'\ncell = 'same'\nleast = 'much'\n", "least"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "gates.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_gates(["seeds"], path)
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_gates(["seeds"], tmp_path / "none.toml")
