"""The index and the ledger it belongs to: noticed when they part, and never mixed up."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.errors import ArchiveBusy, LedgerError
from rag.index import keeper as keeping
from rag.index.keeper import Keeper
from rag.index.ledger import FILE, Ledger
from rag.index.lock import writing
from rag.index.segments import CATALOG, read_catalog

FINGERPRINT = "model:16|chunks|cutter"

Fill = Callable[..., list[Any]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def keeper(ledger: Ledger, home: Path) -> Iterator[Keeper]:
    kept = Keeper(home, ledger)
    yield kept
    kept.close()


def keys(keeper: Keeper) -> set[int]:
    index = keeper.current(FINGERPRINT)
    return {int(key) for s in index.segments for c in s.columns.values() for key in c.keys}


def test_a_ledger_put_back_gets_an_index_of_its_own(
    ledger: Ledger, home: Path, fill: Fill, keeper: Keeper
) -> None:
    """Its keys are given again, to other passages: the index of the later day must not answer."""
    fill(ledger, range(3))
    keeper.publish(FINGERPRINT)
    ledger._all("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(home / FILE, home / "backup")
    fill(ledger, range(3, 6))
    keeper.publish(FINGERPRINT)
    ledger.close()
    shutil.copy(home / "backup", home / FILE)
    restored = Ledger(home)
    fill(restored, range(10, 15))
    fresh = Keeper(home, restored)
    assert fresh.is_behind()
    assert "jiubao rebuild" in fresh.problems()[0]
    fresh.publish(FINGERPRINT)
    assert not fresh.is_behind()
    assert fresh.problems() == []
    index = fresh.current(FINGERPRINT)
    stored = restored.vectors(sorted(keys(fresh)))
    assert set(stored) == set(range(1, 9))
    for key, vector in stored.items():
        (segment,) = [s for s in index.segments if s.entry.after < key <= s.entry.upto]
        rows, _ = segment.store.query("zh", vector, 1)
        assert segment.columns["zh"].keys[rows[0]] == key
    fresh.close()
    restored.close()


def test_an_index_shorter_or_longer_than_the_ledger_is_told(
    ledger: Ledger, home: Path, fill: Fill, keeper: Keeper
) -> None:
    fill(ledger, range(3))
    keeper.publish(FINGERPRINT)
    assert keeper.problems() == []
    catalog = read_catalog(home / "index")
    path = home / "index" / catalog.segments[0].name / "zh" / "keys.npy"
    np.save(path, np.array([1, 2, 9], np.int64))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keeping, "check_files", lambda *_: None)
        assert "2 passages (zh)" in keeper.problems()[0]
    assert "damaged" in keeper.problems()[0]


def test_a_flipped_catalog_is_made_anew(
    ledger: Ledger, home: Path, fill: Fill, keeper: Keeper
) -> None:
    fill(ledger, range(3))
    keeper.publish(FINGERPRINT)
    path = home / "index" / CATALOG
    path.write_text(path.read_text().replace("model:16", "model:17"))
    assert "checksum" in keeper.problems()[0]
    assert keys(keeper) == {1, 2, 3}


def test_readers_go_on_with_what_is_there_when_nobody_can_write(
    ledger: Ledger,
    fill: Fill,
    keeper: Keeper,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fill(ledger, range(3))
    keeper.publish(FINGERPRINT)
    fill(ledger, [3])

    def full(*_: Any, **__: Any) -> None:
        raise LedgerError("no space left on device", "free space")

    monkeypatch.setattr(keeping, "publish", full)
    with caplog.at_level(logging.WARNING, "jiubao"):
        assert keys(keeper) == {1, 2, 3}
    assert "no space left" in caplog.text


def test_a_damaged_index_waits_for_the_writer(
    ledger: Ledger, home: Path, fill: Fill, keeper: Keeper
) -> None:
    fill(ledger, range(3))
    keeper.publish(FINGERPRINT)
    (home / "index" / CATALOG).write_text("{")
    with writing(home, "ingest"), pytest.raises(ArchiveBusy, match="jiubao ingest"):
        keeper.current(FINGERPRINT)
    assert keys(keeper) == {1, 2, 3}


def test_a_reader_that_opened_what_was_written_when_it_came_mends_nothing(
    ledger: Ledger, home: Path, fill: Fill, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(ledger, range(3))
    keeper.publish(FINGERPRINT)
    opened, other = keeper._opened, Ledger(home)  # of another process

    def written_meanwhile(fingerprint: str) -> Any:
        index = opened(fingerprint)
        fill(other, [3])  # which goes on while the index is opened
        return index

    monkeypatch.setattr(keeper, "_opened", written_meanwhile)
    monkeypatch.setattr(keeping, "publish", lambda *_, **__: pytest.fail("the lock was taken"))
    assert keys(keeper) == {1, 2, 3}
    monkeypatch.undo()
    assert keys(keeper) == {1, 2, 3, 4}  # and sees it the next time
    other.close()


@pytest.mark.parametrize("gone", [True, False])
def test_a_ledger_that_is_gone_is_not_begun_anew(
    ledger: Ledger, home: Path, fill: Fill, keeper: Keeper, gone: bool
) -> None:
    fill(ledger, range(3))
    keeper.publish(FINGERPRINT)
    ledger.close()
    (home / FILE).unlink()
    if not gone:
        (home / FILE).touch()
    with pytest.raises(LedgerError, match="restore it from a backup"):
        Ledger(home)
    assert (home / FILE).exists() is not gone


def test_a_lone_passage_stays_as_it_was_sealed(ledger: Ledger, fill: Fill, keeper: Keeper) -> None:
    fill(ledger, [1])
    keeper.publish(FINGERPRINT)
    (vector,) = ledger.vectors([1]).values()
    (segment,) = keeper.current(FINGERPRINT).segments
    for k in (1, 2, 5):
        rows, cosines = segment.store.query("zh", vector, k)
        assert rows.tolist() == [0]
        assert cosines == pytest.approx([1.0], abs=1e-2)
    assert keeper.problems() == []
