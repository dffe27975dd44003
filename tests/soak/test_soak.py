"""A short share of every trial; `make soak` runs them in full."""

from __future__ import annotations

import pytest

from soak import contest, damage, disk, exchange, files, kills, memory, secrets
from soak.__main__ import KINDS

SHARES = [
    (kills, 4), (disk, 7), (damage, 16), (files, 200), (contest, 2), (memory, 300), (secrets, 15),
    (exchange, 4),
]  # fmt: skip


def test_every_kind_has_its_share() -> None:
    assert {module.run for module, _ in SHARES} == {run for run, _, _ in KINDS.values()}
    issue = {"kills": 200, "disk": 50, "damage": 40, "files": 10_000, "contest": 20,
             "memory": 10_000, "secrets": 30}  # fmt: skip
    assert {kind: KINDS[kind][1] for kind in issue} == issue


@pytest.mark.parametrize(("module", "trials"), SHARES, ids=lambda v: getattr(v, "__name__", None))
def test_a_share(module, trials: int) -> None:
    outcome = module.run(trials, seed=7)
    assert outcome.faults == []
    assert outcome.trials == trials
