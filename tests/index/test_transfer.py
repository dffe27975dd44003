"""What is exported comes in again as it was; a bad line is named and stops nothing."""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from fakes import WatchedEncoder

from rag.archive import Archive
from rag.errors import IndexMismatch, NotFound, PartlyExported
from rag.index import transfer
from rag.index.ledger import FILE, Ledger
from rag.index.transfer import export_articles
from rag.types import Progress
from ui import cli

MakeArchive = Callable[..., Archive]
GOLD = Path(__file__).resolve().parents[1] / "gold"
QUESTION = "天津红桥区四天里提出了多少件技术革新建议？"


@pytest.fixture
def exported(archive: Archive, tmp_path: Path) -> Path:
    """An export of the seeds."""
    archive.export(tmp_path / "seeds.jsonl")
    return tmp_path / "seeds.jsonl"


def everything(archive: Archive) -> list[Any]:
    passages = archive.passages()
    articles = sorted({passage.masthead.article_id for passage in passages})
    return [sorted(p.passage_id for p in passages), [archive.article(name) for name in articles]]


def test_a_round_trip_gives_the_same_archive(
    make_archive: MakeArchive, archive: Archive, exported: Path, seeds: Path
) -> None:
    other = make_archive("other")
    report = other.import_articles(exported)
    assert (report.added, report.unchanged, report.failed) == (5, 0, ())
    assert everything(other) == everything(archive)
    assert [hit.passage.passage_id for hit in other.search(QUESTION)] == [
        hit.passage.passage_id for hit in archive.search(QUESTION)
    ]
    assert other.verify() == []
    assert other.ingest([seeds]).unchanged == 5  # the files are known, by path and hash


def test_a_second_import_changes_nothing(
    make_archive: MakeArchive, exported: Path, encoder: WatchedEncoder
) -> None:
    other = make_archive("other")
    other.import_articles(exported)
    asked, before = encoder.asked, everything(other)
    report = other.import_articles(exported)
    assert (report.added, report.updated, report.unchanged) == (0, 0, 5)
    assert encoder.asked == asked
    assert everything(other) == before


def test_what_is_there_already_is_taken_in_batches(
    make_archive: MakeArchive, exported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_archive("other")
    other.import_articles(exported)
    monkeypatch.setattr(transfer, "BATCH", 2)
    seen: list[Progress] = []
    other.import_articles(exported, progress=seen.append)
    assert len([step for step in seen if step.stage == "reading"]) == 3


def test_the_pairs_are_those_of_the_export(make_archive: MakeArchive, exported: Path) -> None:
    lines = [json.loads(line) for line in exported.read_text("utf-8").splitlines()]
    for line in lines:
        line["pairs"] = line["pairs"][:2]
    exported.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    other = make_archive("other")
    other.import_articles(exported)
    for line in lines:
        article = other.article(line["masthead"]["article_id"])
        assert json.loads(json.dumps(asdict(article)["pairs"])) == line["pairs"]


def changed(**texts: Any) -> Callable[[dict[str, Any]], None]:
    return lambda line: line["texts"][0].update(texts)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda line: line.pop("masthead"), "masthead"),
        (lambda line: line.update(format=2), "upgrade"),
        (lambda line: line.update(texts=[]), "needs one text"),
        (lambda line: line["masthead"].update(page=-1), "was changed"),
        (changed(body="另一句。"), "was changed"),
        (changed(body="一\0句。"), "NUL"),
        (changed(role="translation"), "original comes first"),
        (changed(language="fr"), "language"),
        (changed(subtitle="\ud800"), "JSON"),
        (
            lambda line: line["pairs"][0].update(zh=[0, 10**9], en=None),
            "outside its text",
        ),
        (lambda line: line["pairs"][0].update(similarity=float("nan")), "not a number"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_taken(
    make_archive: MakeArchive, exported: Path, harm: Callable[[dict[str, Any]], None], said: str
) -> None:
    lines = exported.read_text("utf-8").splitlines()
    bad = json.loads(lines[2])
    harm(bad)
    lines[2] = json.dumps(bad)
    exported.write_text("\n".join([*lines, "", "not JSON"]) + "\n", "utf-8")
    other = make_archive("other")
    report = other.import_articles(exported)
    assert [failure.source for failure in report.failed] == ["line 3", "line 6", "line 7"]
    assert said in report.failed[0].error
    assert (report.added, report.articles) == (4, 4)
    assert other.verify() == []


def test_a_place_that_holds_another_article_keeps_it(
    make_archive: MakeArchive, exported: Path, seeds: Path, tmp_path: Path
) -> None:
    lines = [json.loads(line) for line in exported.read_text("utf-8").splitlines()]
    for line in lines:  # all of them from one and the same file
        line["sources"] = [{**line["sources"][0], "root": "/a", "source": "one.txt"}]
    exported.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    other = make_archive("other")
    report = other.import_articles(exported)
    assert (report.added, report.articles) == (5, 5)


def test_the_command_tells_bad_lines_and_counts(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported.write_text(exported.read_text("utf-8") + "no line\n", "utf-8")
    assert cli.run(["--home", str(tmp_path / "new"), "import", str(exported), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["added"], document["articles"]) == (5, 5)
    assert [each["source"] for each in document["failed"]] == ["line 6"]
    assert cli.run(["--home", str(tmp_path / "new"), "verify"]) == 0


def test_an_import_is_refused_where_it_would_mix_encoders(
    make_archive: MakeArchive, exported: Path, tmp_path: Path
) -> None:
    other = make_archive("other")
    other.import_articles(exported)
    with pytest.raises(IndexMismatch, match="jiubao rebuild"):
        make_archive("other", passage_tokens=64).import_articles(exported)
    with pytest.raises(NotFound, match="check the path"):
        other.import_articles(tmp_path / "none")


def test_what_can_be_read_of_a_broken_ledger_is_exported(
    ledger: Ledger, fill: Callable[..., Any], tmp_path: Path
) -> None:
    fill(ledger, range(4))
    broken = ledger.article_ids()[1]
    ledger._all("UPDATE articles SET authors = 'no list' WHERE article_id = ?", (broken,))
    with pytest.raises(PartlyExported, match=f"{broken}; the other 3 were written") as told:
        export_articles(ledger, tmp_path / "out.jsonl")
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == told.value.written == 3


# -- a ledger as jiubao 0.1.0 wrote it


@pytest.fixture
def old(make_archive: MakeArchive, tmp_path: Path) -> Archive:
    """The archive of one article, without its index."""
    (tmp_path / "old").mkdir()
    packed = (GOLD / "ledger-0.1.0.sqlite.xz").read_bytes()
    (tmp_path / "old" / FILE).write_bytes(lzma.decompress(packed))
    return make_archive("old")


def test_an_archive_of_version_0_1_0_opens(
    make_archive: MakeArchive, old: Archive, tmp_path: Path
) -> None:
    (passage, *_) = old.passages()
    article = old.article(passage.masthead.article_id)
    if old._ledger.stale_articles(old._fingerprint()):  # cut or encoded otherwise by now
        with pytest.raises(IndexMismatch, match="jiubao rebuild"):
            old.search(article.original.title)
    else:
        assert old.search(article.original.title)
    old.rebuild()
    assert old.search(article.original.title)[0].passage.masthead == article.masthead
    assert old.verify() == []
    old.export(tmp_path / "old.jsonl")
    new = make_archive("new")
    assert new.import_articles(tmp_path / "old.jsonl").added == 1
    assert everything(new) == everything(old)


def test_its_articles_are_sealed_by_a_rebuild(old: Archive, tmp_path: Path) -> None:
    assert old._ledger._all("SELECT count(*) FROM seals") == [(0,)]
    old.rebuild()
    assert old._ledger._all("SELECT count(*) FROM seals") == [(1,)]
    old._ledger._all("UPDATE texts SET body = body || '。'")
    assert "not what was written" in old.verify()[0]


def test_a_bit_of_a_vector_is_seen_by_its_seal(ledger: Ledger, fill: Callable[..., Any]) -> None:
    fill(ledger, range(3))
    assert ledger.broken_seals() == []
    (name, *_) = ledger.article_ids()
    vector = bytearray(ledger._all("SELECT vector FROM passages WHERE key = 1")[0][0])
    vector[5] ^= 1
    ledger._all("UPDATE passages SET vector = ? WHERE key = 1", (bytes(vector),))
    assert ledger.broken_seals() == [name]
