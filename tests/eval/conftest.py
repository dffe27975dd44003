"""One run over the cases on the seeds, for all tests that look at one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import WatchedEncoder

from eval.cases import SEEDS, load_cases
from eval.measured import MeasuredArchive
from eval.records import Run
from eval.run import Plan, evaluate
from rag.archive import Archive
from rag.config import Settings


@pytest.fixture(scope="session")
def measured(seeds_home: Path, encoder: WatchedEncoder) -> Iterator[MeasuredArchive]:
    """The archive of the seeds, to be measured."""
    with Archive(Settings(home=seeds_home)) as archive:
        archive.encoder = encoder
        with MeasuredArchive(archive) as measured:
            yield measured


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where that run is kept."""
    return tmp_path_factory.mktemp("evaluation") / "run"


@pytest.fixture(scope="session")
def seeds_run(measured: MeasuredArchive, run_folder: Path) -> Run:
    """Every case on the seeds, asked of the seeds without a model."""
    return evaluate(measured, Plan(load_cases(SEEDS), "seeds"), run_folder)
