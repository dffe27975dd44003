"""One batch is encoded while the one before it is written: nothing lost, nothing twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from fakes import WatchedEncoder

from rag.archive import Archive
from rag.errors import LedgerError
from rag.index import ingest
from rag.index.ledger import Ledger
from rag.types import Progress

Make = Callable[..., Archive]


def article(number: int) -> str:
    body = f"第{number}号工厂提前完成了全年的钢铁生产计划。" * 3
    return f"### 第{number}号工厂\n\n1958-03-{number + 1:02}\n第2版()\n专栏：\n\n    {body}\n"


@pytest.fixture
def papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twelve articles, each a batch of its own; the last file holds the first article again."""
    monkeypatch.setattr(ingest, "BATCH", 1)
    folder = tmp_path / "papers"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.txt").write_text(article(number), "utf-8")
    (folder / "12.txt").write_text(article(0), "utf-8")
    (folder / "99.txt").write_text(article(11), "utf-8")
    return folder


def test_every_article_once_and_progress_to_the_end(make_archive: Make, papers: Path) -> None:
    archive = make_archive()
    seen: list[Progress] = []
    report = archive.ingest([papers], progress=seen.append)
    assert (report.added, report.articles, report.failed) == (14, 12, ())
    done = [step.done for step in seen if step.stage == "reading"]
    assert done == sorted(done)
    assert done[-1] == 14
    assert archive.status().sources == 14
    assert archive.verify() == []
    again = archive.ingest([papers])
    assert (again.added, again.unchanged, again.articles) == (0, 14, 12)


def test_files_whose_articles_are_held_are_written_in_batches(
    make_archive: Make, papers: Path, tmp_path: Path
) -> None:
    archive = make_archive()
    archive.ingest([papers])
    moved = papers.rename(tmp_path / "moved")
    seen: list[Progress] = []
    assert archive.ingest([moved], progress=seen.append).added == 14
    assert len([step for step in seen if step.stage == "reading"]) > 10


def test_a_batch_is_encoded_while_another_is_written(
    make_archive: Make, papers: Path, encoder: WatchedEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither waits for the other: each here waits until the other has begun."""
    writing, encoding = threading.Event(), threading.Event()
    calls = 0
    encode, put = encoder.encode_passages, Ledger.put_article

    def slow_encode(texts: Sequence[str], *rest: Any) -> Any:
        nonlocal calls
        calls += bool(texts)
        if texts and calls == 2:
            encoding.set()
            assert writing.wait(60)
        return encode(texts, *rest)

    def slow_put(self: Ledger, *rest: Any) -> None:
        writing.set()
        assert encoding.wait(60)
        put(self, *rest)

    monkeypatch.setattr(encoder, "encode_passages", slow_encode)
    monkeypatch.setattr(Ledger, "put_article", slow_put)
    assert make_archive().ingest([papers]).articles == 12


def test_an_error_while_writing_loses_what_was_not_written_and_no_more(
    make_archive: Make, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, written = Ledger.put_article, []

    def failing(self: Ledger, *rest: Any) -> None:
        put(self, *rest)
        written.append(1)
        if len(written) == 5:
            raise LedgerError("the disk is full", "free some")

    archive = make_archive()
    monkeypatch.setattr(Ledger, "put_article", failing)
    with pytest.raises(LedgerError, match="full"):
        archive.ingest([papers])
    monkeypatch.setattr(Ledger, "put_article", put)
    assert archive.status().articles == 4
    assert archive.verify() == []
    assert archive.ingest([papers]).articles == 12
    assert archive.verify() == []


def test_time_left_counts_the_files_that_took_time() -> None:
    # 40 files in 10 s, 20 of which were as they had been: 20 took the time, 60 are to come.
    assert Progress("reading", 40, 100, 80, 10.0, 20).seconds_left == 30.0
    assert Progress("reading", 40, 100, 80, 10.0).seconds_left == 15.0
    assert Progress("reading", 40, 100, 0, 10.0, 40).seconds_left is None
