"""Gates: what the numbers of a run may not fall below, or rise above. Pure, but for the file."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from eval.cases import first_problem
from eval.intervals import Estimate
from eval.measures import Number
from rag.errors import ConfigError

FILE = Path(__file__).with_name("gates.toml")

_REMEDY = "see docs/evaluation.md"


@dataclass(frozen=True, slots=True)
class Gate:
    """What a number must keep to: at least `least`, at most `most`. `target` is where it is to go,
    from the same side; it is printed and stops nothing."""

    measure: str
    cell: str
    least: float | None = None
    most: float | None = None
    target: float | None = None

    @property
    def limit(self) -> str:
        """The limit in words."""
        return f"≥ {self.least:.3g}" if self.least is not None else f"≤ {self.most:.3g}"

    @property
    def aim(self) -> str:
        """The target in words, empty where there is none."""
        if self.target is None:
            return ""
        return f"{'≥' if self.least is not None else '≤'} {self.target:.3g}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A gate, the number it was put to (None where no case gave one), and how that ended."""

    gate: Gate
    estimate: Estimate | None

    @property
    def passed(self) -> bool:
        """Whether the number keeps to the limit; a number that is missing does not."""
        return self._keeps(self.gate.least, self.gate.most)

    @property
    def met(self) -> bool | None:
        """Whether the number is where it is to go, None where there is no target."""
        if self.gate.target is None:
            return None
        if self.gate.least is not None:
            return self._keeps(self.gate.target, None)
        return self._keeps(None, self.gate.target)

    def _keeps(self, least: float | None, most: float | None) -> bool:
        if self.estimate is None:
            return False
        value = round(self.estimate.value, 9)  # a mean of ones may come out as 0.9999999999999999
        return (least is None or value >= least) and (most is None or value <= most)


_READER = TypeAdapter(dict[str, list[Gate]])


def sections(path: Path) -> list[str]:
    """The sections of a file of gates. Raises as `load_gates`."""
    return list(_read(path))


def load_gates(wanted: Sequence[str], path: Path = FILE) -> list[Gate]:
    """The gates of some sections of a file.

    Raises:
        ConfigError: the file cannot be read, a gate is not whole, or a section is not there.
    """
    data = _read(path)
    if lacking := [section for section in wanted if section not in data]:
        raise ConfigError(f"{path} has no section {lacking[0]!r}", _REMEDY)
    return [gate for section in wanted for gate in data[section]]


def _read(path: Path) -> dict[str, list[Gate]]:
    try:
        data = _READER.validate_python(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as error:
        raise ConfigError(f"{path}: {first_problem(error)}", _REMEDY) from error
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read: {error}", _REMEDY) from error
    for gate in (gate for gates in data.values() for gate in gates):
        if (gate.least is None) == (gate.most is None):
            raise ConfigError(
                f"{path}: {gate.measure} {gate.cell}: give `least` or `most`", _REMEDY
            )
    return data


def check(numbers: Sequence[Number], gates: Sequence[Gate]) -> list[Checked]:
    """Each gate with its number, in order."""
    known = {(number.measure, number.cell): number.estimate for number in numbers}
    return [Checked(gate, known.get((gate.measure, gate.cell))) for gate in gates]
