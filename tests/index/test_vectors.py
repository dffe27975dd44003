"""The vector store: as exact as numpy, one collection a language, and never written again."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rag.errors import LedgerError
from rag.index.vectors import VectorStore
from rag.types import Language

CHANCE = np.random.default_rng(5)


def unit(count: int, dimension: int = 32) -> np.ndarray:
    rows = CHANCE.normal(size=(count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


VECTORS: dict[Language, np.ndarray] = {"zh": unit(300), "en": unit(120)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("vectors") / "chroma"
    VectorStore.build(place, VECTORS)
    return place


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_neighbours_and_cosines_are_those_of_numpy(folder: Path, language: Language) -> None:
    store = VectorStore(folder)
    for query in unit(20):
        exact = VECTORS[language] @ query
        expected = np.argsort(-exact)[:10]
        rows, cosines = store.query(language, query, 10)
        assert rows.tolist() == expected.tolist()
        assert cosines == pytest.approx(exact[expected], abs=1e-5)
    store.close()


def test_asking_for_more_than_there_is_gives_all(folder: Path) -> None:
    store = VectorStore(folder)
    rows, cosines = store.query("en", unit(1)[0], 1000)
    assert sorted(rows.tolist()) == list(range(120))
    assert (np.diff(cosines) <= 0).all()
    store.close()


def test_a_language_that_is_not_there_and_no_neighbours(folder: Path, tmp_path: Path) -> None:
    VectorStore.build(tmp_path / "chroma", {"zh": unit(1)})
    store = VectorStore(tmp_path / "chroma")
    assert [len(part) for part in store.query("en", unit(1)[0], 5)] == [0, 0]
    assert [len(part) for part in store.query("zh", unit(1)[0], 0)] == [0, 0]
    assert store.query("zh", unit(1)[0], 5)[0].tolist() == [0]
    store.close()


def test_opening_and_asking_leave_every_file_as_it_was(folder: Path) -> None:
    before = hashes(folder)
    assert "chroma.sqlite3" in before
    assert any(name.endswith("data_level0.bin") for name in before)
    for _ in range(2):
        store = VectorStore(folder)
        for language in VECTORS:
            store.query(language, unit(1)[0], 10)
        store.close()
    assert hashes(folder) == before


def test_batches_are_told_as_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.index.vectors._BATCH", 100)
    ticks: list[int] = []
    VectorStore.build(tmp_path / "chroma", VECTORS, ticks.append)
    assert ticks == [100, 100, 100, 100, 20]
    store = VectorStore(tmp_path / "chroma")
    query = unit(1)[0]
    assert (
        store.query("zh", query, 5)[0].tolist() == np.argsort(-(VECTORS["zh"] @ query))[:5].tolist()
    )
    store.close()


def test_a_store_that_does_not_open_says_what_to_run(tmp_path: Path) -> None:
    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"this is no database" * 100)
    with pytest.raises(LedgerError, match="jiubao rebuild"):
        VectorStore(tmp_path / "chroma")


THREADS = """
import sys
from pathlib import Path
from rag.index.vectors import VectorStore

store = VectorStore(Path(sys.argv[1]))
names = [task.read_text().strip() for task in Path("/proc/self/task").glob("*/comm")]
print(sum(name.startswith("tokio") for name in names))
store.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="threads have names in /proc on Linux alone")
def test_chroma_has_one_worker_whatever_the_environment_says(folder: Path) -> None:
    """Two may count the connections of its pool round for ever (sqlx issue 3645)."""
    many = os.environ | {"TOKIO_WORKER_THREADS": "6"}
    counted = [sys.executable, "-c", THREADS, str(folder)]
    found = subprocess.run(counted, env=many, capture_output=True, text=True, check=True)
    assert 1 <= int(found.stdout) < 6
