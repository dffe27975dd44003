"""The archive: the same whatever way the files came in, and whole after whatever went wrong."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import py7zr
import pytest
from fakes import Interruption, Recorded, WatchedEncoder, cut_short, delete, flip_bit

from rag.archive import Archive
from rag.corpus.sentences import split_sentences
from rag.errors import ArchiveBusy, IndexMismatch, JiubaoError, NotFound
from rag.index import ingest, prepare, rebuild
from rag.index.lock import writing
from rag.types import Filter, Progress

MakeArchive = Callable[..., Archive]

QUESTION = "天津红桥区四天里提出了多少件技术革新建议？"
ARTICLE = "1959-11-24.p2.23b253ff62"  # seed 000, the answer to it
FIVE = (5, 57)  # articles and passages of the seeds


class Contents(NamedTuple):
    """What an archive holds, whatever way it came in."""

    articles: list[str]
    passages: list[str]
    pairs: int


def contents(archive: Archive) -> Contents:
    passages = archive.passages()
    articles = sorted({passage.masthead.article_id for passage in passages})
    return Contents(
        articles,
        sorted(passage.passage_id for passage in passages),
        sum(len(archive.article(article_id).pairs) for article_id in articles),
    )


def found(archive: Archive, question: str = QUESTION) -> list[str]:
    return [hit.passage.passage_id for hit in archive.search(question)]


@pytest.fixture(scope="session")
def expected(seeds_home: Path, encoder: WatchedEncoder) -> Contents:
    with Archive.open(seeds_home) as archive:
        archive.encoder = encoder
        return contents(archive)


@pytest.fixture
def files(seeds: Path, tmp_path: Path) -> Path:
    """A folder of the seeds to change."""
    return shutil.copytree(seeds, tmp_path / "files")


def chinese_alone(seed: Path) -> str:
    """The Chinese part of a file in two languages."""
    return seed.read_text("utf-8").split("Original:")[1].lstrip()


def first(folder: Path) -> Path:
    return min(folder.glob("*.txt"))


# -- the same from everywhere


def test_the_seeds_are_whole(archive: Archive, expected: Contents) -> None:
    status = archive.status()
    assert (status.articles, status.passages, status.sources, status.failed) == (*FIVE, 5, 0)
    assert status.languages == {"zh": 5, "en": 5}
    assert status.years == {1953: 1, 1957: 1, 1958: 1, 1959: 2}
    assert status.index == "ready"
    assert archive.verify() == []
    assert ARTICLE in expected.articles
    assert expected.pairs > 50


def test_twice_changes_nothing(
    make_archive: MakeArchive, files: Path, expected: Contents, encoder: WatchedEncoder
) -> None:
    archive = make_archive()
    assert archive.ingest([files]).added == 5
    catalog = (archive.settings.home / "index" / "catalog.json").read_bytes()
    asked = encoder.asked
    again = archive.ingest([files])
    assert (again.added, again.updated, again.unchanged, again.removed) == (0, 0, 5, 0)
    assert (again.articles, again.passages) == FIVE
    assert encoder.asked == asked
    assert contents(archive) == expected
    assert (archive.settings.home / "index" / "catalog.json").read_bytes() == catalog


def test_one_by_one_in_another_order(
    make_archive: MakeArchive, files: Path, expected: Contents
) -> None:
    archive = make_archive()
    for path in sorted(files.iterdir(), reverse=True):
        archive.ingest([path])
    assert contents(archive) == expected
    assert archive.verify() == []


def pack_zip(files: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(files.iterdir()):
            archive.write(path, f"1959年/{path.name}")
    return target


def pack_tar(files: Path, target: Path) -> Path:
    with tarfile.open(target, "w:gz") as archive:
        archive.add(files, "1959年")
    return target


def pack_7z(files: Path, target: Path) -> Path:
    with py7zr.SevenZipFile(target, "w") as archive:
        archive.writeall(files, "1959年")
    return target


@pytest.mark.parametrize(
    ("pack", "name"), [(pack_zip, "s.zip"), (pack_tar, "s.tar.gz"), (pack_7z, "s.7z")]
)
def test_out_of_an_archive(
    make_archive: MakeArchive,
    seeds: Path,
    tmp_path: Path,
    expected: Contents,
    pack: Callable[[Path, Path], Path],
    name: str,
) -> None:
    archive = make_archive()
    report = archive.ingest([pack(seeds, tmp_path / name)])
    assert (report.added, report.failed) == (5, ())
    assert contents(archive) == expected


@pytest.mark.parametrize("stop", [1, 2, 3])
def test_interrupted_and_resumed(
    make_archive: MakeArchive,
    seeds: Path,
    expected: Contents,
    monkeypatch: pytest.MonkeyPatch,
    stop: int,
) -> None:
    monkeypatch.setattr(ingest, "BATCH", 8)
    archive = make_archive()
    with pytest.raises(KeyboardInterrupt):
        archive.ingest([seeds], progress=Interruption(stop))
    half = archive.status()
    assert 0 < half.articles < 5
    assert half.index == "ready"
    assert found(archive)
    report = archive.ingest([seeds])
    assert report.unchanged == half.articles
    assert report.added == 5 - half.articles
    assert contents(archive) == expected
    assert archive.verify() == []


def test_interrupted_while_indexing(
    make_archive: MakeArchive, seeds: Path, expected: Contents
) -> None:
    archive = make_archive()

    def stop(progress: Progress) -> None:
        if progress.stage == "indexing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive.ingest([seeds], progress=stop)
    assert archive.status().index == "behind"
    assert "jiubao rebuild" in archive.verify()[0]
    assert found(archive)[0].startswith(ARTICLE)  # searching makes it good
    assert contents(archive) == expected
    assert archive.verify() == []


CHILD = """
import os, signal, sys
from pathlib import Path
from fakes import Recorded
from rag.archive import Archive
from rag.index import ingest
from rag.index.lock import writing
from rag.index.ledger import Ledger

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

home, seeds, said, where = sys.argv[1:]
ingest.BATCH = 8
put_article, written = Ledger.put_article, []

def dying_put_article(self, *rest):
    put_article(self, *rest)
    written.append(1)
    if len(written) == 3:  # inside its transaction
        die()

if where == "writing":
    Ledger.put_article = dying_put_article
with Archive.open(home) as archive:
    archive.encoder = Recorded(Path(said))
    hook = lambda progress: progress.stage == "indexing" and die()
    archive.ingest([Path(seeds)], progress=hook if where == "indexing" else None)
"""


def test_killed_twice_and_resumed(
    make_archive: MakeArchive,
    seeds: Path,
    tmp_path: Path,
    expected: Contents,
    encoder: WatchedEncoder,
) -> None:
    """Once while the ledger is being written, once while Chroma is."""
    said = tmp_path / "said"
    Recorded.write(said, encoder)
    places = [str(path) for path in (tmp_path / "home", seeds, said)]
    path = os.pathsep.join([str(Path(__file__).parent), str(seeds.parent)])
    for where in ("writing", "indexing"):
        done = subprocess.run(
            [sys.executable, "-c", CHILD, *places, where],
            capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip
        assert done.returncode == -signal.SIGKILL, done.stderr
    archive = make_archive("home")
    assert archive.status().articles == 5
    assert found(archive)[0].startswith(ARTICLE)
    report = archive.ingest([seeds])
    assert (report.added, report.unchanged) == (0, 5)
    assert contents(archive) == expected
    assert archive.verify() == []


# -- what comes, changes and goes


def test_a_translation_then_the_original_alone_is_one_article(
    make_archive: MakeArchive, files: Path
) -> None:
    archive = make_archive()
    seed = first(files)
    (files / "zh.md").write_text(chinese_alone(seed), "utf-8")
    archive.ingest([seed])
    before = contents(archive)
    report = archive.ingest([files / "zh.md"])
    assert (report.added, report.articles) == (1, 1)
    assert archive.status().sources == 2
    assert contents(archive) == before
    assert archive.article(ARTICLE).masthead.source == seed.name


def test_the_original_alone_then_its_translation_is_one_article(
    make_archive: MakeArchive, files: Path
) -> None:
    archive = make_archive()
    seed = first(files)
    (files / "zh.md").write_text(chinese_alone(seed), "utf-8")
    archive.ingest([files / "zh.md"])
    assert archive.status().languages == {"zh": 1}
    archive.ingest([seed])
    assert archive.status().languages == {"zh": 1, "en": 1}
    whole = archive.article(ARTICLE)
    assert whole.pairs
    assert whole.masthead.source == seed.name
    archive.remove([str(seed)])
    left = archive.article(ARTICLE)
    assert [text.language for text in left.texts] == ["zh"]
    assert list(left.masthead.title) == ["zh"]
    assert left.masthead.source == "zh.md"
    assert {hit.passage.language for hit in archive.search(QUESTION)} == {"zh"}
    assert archive.verify() == []


def test_an_edited_file_replaces_its_article(
    make_archive: MakeArchive, files: Path, expected: Contents
) -> None:
    archive = make_archive()
    archive.ingest([files])
    seed = first(files)
    seed.write_text(seed.read_text("utf-8").replace("二十多万件", "三十多万件"), "utf-8")
    report = archive.ingest([files])
    assert (report.added, report.updated, report.unchanged, report.articles) == (0, 1, 4, 5)
    with pytest.raises(NotFound):
        archive.article(ARTICLE)
    texts = [hit.passage.text for hit in archive.search(QUESTION)]
    assert any("三十多万件" in text for text in texts)
    assert not any("二十多万件" in text for text in texts)
    seed.write_text(seed.read_text("utf-8").replace("三十多万件", "二十多万件"), "utf-8")
    archive.ingest([files])
    assert contents(archive) == expected


def test_an_edited_translation_replaces_what_every_file_of_it_said(
    make_archive: MakeArchive, files: Path, tmp_path: Path
) -> None:
    archive = make_archive()
    archive.ingest([files])
    moved = files.rename(tmp_path / "moved")
    copies = [moved, tmp_path / "copies"]
    shutil.copytree(moved, copies[1])
    archive.ingest(copies)  # the files of the folder that is gone are remembered
    for folder in copies:
        seed = first(folder)
        seed.write_text(seed.read_text("utf-8").replace("Shu Ti", "Shu Di"), "utf-8")
    report = archive.ingest(copies)
    assert (report.updated, report.unchanged, report.articles) == (2, 8, 5)
    article = archive.article(ARTICLE)
    assert "Shu Di" in article.masthead.authors
    assert "Shu Ti" not in article.masthead.authors
    english = article.text("en")
    assert english
    assert "Shu Di" in english.body
    assert "Shu Ti" not in english.body
    assert archive.verify() == []


def test_files_that_change_places_lose_nothing(
    make_archive: MakeArchive, files: Path, expected: Contents
) -> None:
    archive = make_archive()
    archive.ingest([files])
    one, other, *_ = sorted(files.iterdir())
    one.rename(files / "aside")
    other.rename(one)
    (files / "aside").rename(other)
    assert archive.ingest([files]).updated == 2
    assert contents(archive) == expected
    assert archive.article(ARTICLE).masthead.source == other.name
    assert archive.verify() == []


def test_a_file_moved_where_another_was_loses_nothing(
    make_archive: MakeArchive, files: Path
) -> None:
    archive = make_archive()
    archive.ingest([files])
    one, *_, last = sorted(files.iterdir())
    last.rename(files / "zzz.txt")
    one.rename(last)
    report = archive.ingest([files], prune=True)
    assert (report.articles, report.removed) == (5, 1)
    assert archive.verify() == []


def test_prune_forgets_what_is_gone_and_nothing_else(
    make_archive: MakeArchive, files: Path, seeds: Path
) -> None:
    archive = make_archive()
    archive.ingest([files])
    first(files).unlink()
    assert archive.ingest([files]).articles == 5
    report = archive.ingest([files], prune=True)
    assert (report.removed, report.articles, report.unchanged) == (1, 4, 4)
    assert not any(name.startswith(ARTICLE) for name in found(archive))
    archive.ingest([seeds], prune=True)  # another folder: the first one's files stay
    assert archive.status().sources == 9
    assert archive.verify() == []


def test_prune_forgets_nothing_of_a_folder_that_cannot_be_listed(
    make_archive: MakeArchive, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = make_archive()
    archive.ingest([files])

    def denied(path: Path) -> Any:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr("rag.corpus.walker.os.scandir", denied)
    report = archive.ingest([files], prune=True)
    assert (report.removed, report.articles, len(report.failed)) == (0, 5, 1)
    monkeypatch.undo()
    assert archive.ingest([files], prune=True).unchanged == 5


def test_prune_is_not_held_up_by_what_failed_elsewhere(
    make_archive: MakeArchive, files: Path, tmp_path: Path
) -> None:
    archive = make_archive()
    (files / "month").mkdir()
    for number, path in enumerate(sorted(files.glob("*.txt"))):
        path.rename(files / "month" / f"{number}.txt")
    other = tmp_path / "other"
    other.mkdir()
    (other / "month").write_text("no article", "utf-8")
    archive.ingest([files, other])
    (files / "month" / "0.txt").unlink()
    assert archive.ingest([files, other], prune=True).removed == 1


@pytest.mark.parametrize("name", ["", "/", " "])
def test_no_name_removes_nothing(make_archive: MakeArchive, files: Path, name: str) -> None:
    archive = make_archive()
    archive.ingest([files])
    with pytest.raises(NotFound):
        archive.remove([name])
    assert archive.status().articles == 5


def test_a_year_of_three_figures_is_searched(make_archive: MakeArchive, files: Path) -> None:
    seed = first(files)
    seed.write_text(seed.read_text("utf-8").replace("1959-11-24", "0959-11-24"), "utf-8")
    archive = make_archive()
    archive.ingest([files])
    assert archive.search(QUESTION)


def test_remove_by_name_folder_and_path(make_archive: MakeArchive, files: Path) -> None:
    archive = make_archive()
    archive.ingest([files])
    names = sorted(path.name for path in files.iterdir())
    assert archive.remove([names[0]]) == 1
    assert archive.remove([f"{files / names[1]}"]) == 1
    assert archive.status().articles == 3
    with pytest.raises(NotFound, match="no such"):
        archive.remove([names[2], "no such"])
    assert archive.status().articles == 3
    assert not any(name.startswith(ARTICLE) for name in found(archive))
    assert archive.remove([f"{files}/"]) == 3
    with pytest.raises(NotFound, match="is empty"):
        archive.search(QUESTION)


def test_a_bad_file_is_listed_and_stops_nothing(
    make_archive: MakeArchive, files: Path, expected: Contents
) -> None:
    (files / "0 empty.txt").write_text("")
    (files / "1 binary.txt").write_bytes(bytes(range(256)) * 9)
    (files / "2 undated.md").write_text("### 无日期\n\n    正文一句。", "utf-8")
    (files / "3 picture.jpg").write_bytes(b"\xff\xd8\xff")
    (files / "4 broken.zip").write_bytes(b"PK\x03\x04 and no more")
    archive = make_archive()
    report = archive.ingest([files])
    names = [failure.source for failure in report.failed]
    assert [name[0] for name in names] == list("01234")
    assert all(failure.error and "\n" not in failure.error for failure in report.failed)
    assert archive.failures() == list(report.failed)
    assert archive.status().failed == 5
    assert contents(archive) == expected
    assert archive.verify() == []


def test_a_file_that_becomes_unreadable_keeps_its_article(
    make_archive: MakeArchive, files: Path, expected: Contents
) -> None:
    archive = make_archive()
    archive.ingest([files])
    good = first(files).read_bytes()
    first(files).write_bytes(b"")
    report = archive.ingest([files], prune=True)
    assert [failure.source for failure in report.failed] == [first(files).name]
    assert contents(archive) == expected
    first(files).write_bytes(good)
    report = archive.ingest([files])
    assert (report.failed, archive.failures()) == ((), [])
    assert contents(archive) == expected


def test_an_archive_file_fetched_again_is_no_longer_listed_as_bad(
    make_archive: MakeArchive, seeds: Path, tmp_path: Path, expected: Contents
) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    whole = pack_zip(seeds, papers / "month.zip")
    good = whole.read_bytes()
    cut_short(whole)
    archive = make_archive()
    report = archive.ingest([papers])
    assert [failure.source for failure in report.failed] == ["month.zip"]
    whole.write_bytes(good)
    report = archive.ingest([papers])
    assert (report.added, report.failed) == (5, ())
    assert archive.failures() == []
    assert archive.status().failed == 0
    assert contents(archive) == expected


# -- damage


def harmed(home: Path, name: str, harm: Callable[[Path], None]) -> None:
    harm(next(path for path in (home / "index").rglob(name) if path.stat().st_size))


@pytest.mark.parametrize("harm", [cut_short, flip_bit, delete])
@pytest.mark.parametrize("name", ["data_level0.bin", "chroma.sqlite3", "keys.npy", "data.csc*"])
def test_a_damaged_index_is_rebuilt_without_encoding(
    make_archive: MakeArchive,
    archive: Archive,
    seeds_copy: Path,
    encoder: WatchedEncoder,
    harm: Callable[[Path], None],
    name: str,
) -> None:
    expected = found(archive)
    harmed(seeds_copy, name, harm)
    damaged = make_archive(seeds_copy)
    (problem,) = damaged.verify()
    assert "damaged or missing" in problem
    assert "jiubao rebuild" in problem
    asked = encoder.asked
    assert found(damaged) == expected
    assert encoder.asked == asked
    assert damaged.verify() == []


@pytest.mark.parametrize("harm", [cut_short, delete])
def test_a_lost_catalog_is_made_anew(
    make_archive: MakeArchive, archive: Archive, seeds_copy: Path, harm: Callable[[Path], None]
) -> None:
    harm(seeds_copy / "index" / "catalog.json")
    damaged = make_archive(seeds_copy)
    assert "jiubao rebuild" in damaged.verify()[0]
    assert found(damaged) == found(archive)
    assert damaged.verify() == []


def test_an_index_that_is_gone_is_made_anew(
    make_archive: MakeArchive, archive: Archive, seeds_copy: Path
) -> None:
    shutil.rmtree(seeds_copy / "index")
    assert found(make_archive(seeds_copy)) == found(archive)


def test_rebuild_makes_the_index_anew_without_encoding(
    make_archive: MakeArchive, seeds_copy: Path, encoder: WatchedEncoder, expected: Contents
) -> None:
    harmed(seeds_copy, "data_level0.bin", flip_bit)
    archive, asked = make_archive(seeds_copy), encoder.asked
    assert archive.rebuild().index == "ready"
    assert encoder.asked == asked
    assert archive.verify() == []
    assert contents(archive) == expected


# -- settings


@pytest.fixture
def small(make_archive: MakeArchive, files: Path) -> Archive:
    """An archive of the two shortest seeds, to be rebuilt with other settings."""
    for path in sorted(files.iterdir(), key=lambda path: path.stat().st_size)[2:]:
        path.unlink()
    archive = make_archive("small")
    archive.ingest([files])
    return archive


def test_another_passage_length_is_refused_until_rebuilt(
    make_archive: MakeArchive, files: Path, small: Archive
) -> None:
    before = contents(small)
    shorter = make_archive("small", passage_tokens=128)
    with pytest.raises(IndexMismatch, match="jiubao rebuild"):
        shorter.search(QUESTION)
    with pytest.raises(IndexMismatch, match="jiubao rebuild"):
        shorter.ingest([files])
    status = shorter.rebuild()
    assert status.articles == 2
    assert status.passages > len(before.passages)
    assert found(shorter)[0].startswith(ARTICLE)
    assert shorter.verify() == []
    longer = make_archive("small")
    with pytest.raises(IndexMismatch):
        longer.search(QUESTION)
    longer.rebuild()
    assert contents(longer) == before


def test_other_index_terms_are_refused_until_rebuilt_and_nothing_is_encoded_for_them(
    make_archive: MakeArchive,
    small: Archive,
    encoder: WatchedEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = contents(small)
    monkeypatch.setattr(prepare, "TERMS", "others")
    monkeypatch.setattr(prepare, "index_terms", lambda text: ["copper"])
    other = make_archive("small")
    with pytest.raises(IndexMismatch, match="jiubao rebuild"):
        other.search(QUESTION)
    asked = encoder.asked
    other.rebuild()
    assert encoder.asked == asked
    assert other.verify() == []
    assert contents(other) == before
    assert other._ledger._all("SELECT DISTINCT terms FROM passages") == [("copper",)]
    monkeypatch.undo()
    again = make_archive("small")
    again.rebuild()
    assert found(again)[0].startswith(ARTICLE)
    assert contents(again) == before


def test_an_interrupted_rebuild_mixes_nothing(
    make_archive: MakeArchive, small: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(small)
    monkeypatch.setattr(rebuild, "BATCH", 8)
    with pytest.raises(KeyboardInterrupt):
        make_archive("small", passage_tokens=128).rebuild(Interruption(1))
    assert contents(small) != before
    with pytest.raises(IndexMismatch, match="jiubao rebuild"):
        make_archive("small").search(QUESTION)
    archive = make_archive("small")
    archive.rebuild()
    assert contents(archive) == before
    assert found(archive)[0].startswith(ARTICLE)


# -- several at once

HOLDER = """
import sys
from pathlib import Path
from rag.index.lock import writing
with writing(Path(sys.argv[1]), "ingest"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(seeds_copy: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that is writing to `seeds_copy`."""
    command = [sys.executable, "-c", HOLDER, str(seeds_copy)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_writer_is_told_who_holds_the_lock(
    make_archive: MakeArchive, seeds_copy: Path, seeds: Path, holder: subprocess.Popen[str]
) -> None:
    archive = make_archive(seeds_copy)
    told = rf"`jiubao ingest` \(process {holder.pid}, since 2.*wait until"
    for write in (
        lambda: archive.ingest([seeds]),
        archive.rebuild,
        lambda: archive.remove([first(seeds).name]),
    ):
        with pytest.raises(ArchiveBusy, match=told):
            write()
    assert found(archive)  # reading goes on
    holder.kill()
    holder.wait()
    assert archive.ingest([seeds]).articles == 5  # a dead writer holds nothing


def test_a_writer_waits_for_a_search_that_mends_the_index(
    make_archive: MakeArchive, seeds: Path, tmp_path: Path
) -> None:
    archive = make_archive()
    held = threading.Event()

    def mend() -> None:
        with writing(tmp_path / "home", "rebuild"):
            held.set()
            time.sleep(0.3)

    mending = threading.Thread(target=mend)
    mending.start()
    assert held.wait(10)
    assert archive.ingest([seeds]).articles == 5
    mending.join()


def test_a_reader_sees_what_another_process_wrote(
    make_archive: MakeArchive, files: Path, tmp_path: Path
) -> None:
    reader, writer = make_archive(), make_archive()
    with pytest.raises(NotFound):
        reader.search(QUESTION)
    writer.ingest([first(files)])
    assert found(reader)[0].startswith(ARTICLE)
    writer.ingest([files])
    assert any(not name.startswith(ARTICLE) for name in found(reader))
    writer.remove([first(files).name])
    assert not any(name.startswith(ARTICLE) for name in found(reader))


def test_threads_ask_while_another_process_writes(
    make_archive: MakeArchive, files: Path, encoder: WatchedEncoder
) -> None:
    reader, writer = make_archive(), make_archive()
    one, *rest = sorted(files.iterdir())
    writer.ingest([one])
    errors: list[Exception] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                assert found(reader)[0].startswith(ARTICLE)
            except Exception as error:
                errors.append(error)
                return

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for path in rest:
        writer.ingest([path])
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []


# -- what it says


def test_an_empty_archive_says_what_to_run(make_archive: MakeArchive, tmp_path: Path) -> None:
    archive = make_archive()
    with pytest.raises(NotFound, match="jiubao ingest"):
        archive.search(QUESTION)
    assert archive.verify() == []
    assert archive.status().index == "empty"
    assert archive.status().period is None
    assert archive.export(tmp_path / "out.jsonl") == 0
    assert (tmp_path / "out.jsonl").read_text() == ""
    with pytest.raises(NotFound, match="no article x"):
        archive.article("x")


def test_a_path_that_is_not_there_changes_nothing(
    make_archive: MakeArchive, files: Path, tmp_path: Path
) -> None:
    archive = make_archive()
    with pytest.raises(NotFound, match="check the path"):
        archive.ingest([files, tmp_path / "none"])
    assert archive.status().articles == 0


def test_export_writes_one_line_an_article(archive: Archive, tmp_path: Path) -> None:
    assert archive.export(tmp_path / "out.jsonl") == 5
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    dates = [line["masthead"]["published"] for line in lines]
    assert len(dates) == 5
    assert dates == sorted(dates)
    seed = next(line for line in lines if line["masthead"]["article_id"] == ARTICLE)
    assert "二十多万件" in seed["texts"][0]["body"]
    assert [text["language"] for text in seed["texts"]] == ["zh", "en"]
    assert len(seed["pairs"]) == len(archive.article(ARTICLE).pairs)


def test_an_export_that_fails_leaves_the_one_before(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.jsonl"
    archive.export(path)
    before = path.read_bytes()

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("rag.index.whole.os.fsync", full)
    with pytest.raises(JiubaoError, match="No space left"):
        archive.export(path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".draft")] == []


def test_an_export_goes_into_a_pipe(archive: Archive, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with ThreadPoolExecutor(1) as reading:
        read = reading.submit((tmp_path / "pipe").read_text, "utf-8")
        assert archive.export(tmp_path / "pipe") == 5
        assert len(read.result().splitlines()) == 5


def test_progress_counts_files_and_passages(make_archive: MakeArchive, seeds: Path) -> None:
    told: list[Progress] = []
    make_archive().ingest([seeds], progress=told.append)
    reading = [p for p in told if p.stage == "reading"]
    indexing = [p for p in told if p.stage == "indexing"]
    assert (reading[-1].done, reading[-1].total, reading[-1].passages) == (5, 5, FIVE[1])
    assert (indexing[-1].done, indexing[-1].total) == (FIVE[1], FIVE[1])


# -- offsets


def test_every_offset_of_the_seeds_is_valid(
    archive: Archive, seeds: Path, expected: Contents
) -> None:
    passages = archive.passages()
    assert len(passages) == FIVE[1]
    for passage in passages:
        text = archive.article(passage.masthead.article_id).text(passage.language)
        assert text
        assert text.body[passage.start : passage.end] == passage.text == passage.text.strip()
        assert passage.text
    for article_id in expected.articles:
        article = archive.article(article_id)
        file = "".join((seeds / article.masthead.source).read_text("utf-8").split())
        for text in article.texts:
            spans = split_sentences(text.body, text.language)
            for start, end in spans:
                assert "".join(text.body[start:end].split()) in file
            sides = [getattr(pair, text.language) for pair in article.pairs]
            covered = [span for span in sides if span]
            assert covered == sorted(covered)
            assert {span.start for span in covered} <= {start for start, _ in spans}
            assert {span.end for span in covered} <= {end for _, end in spans}
            assert (covered[0].start, covered[-1].end) == (spans[0].start, spans[-1].end)


def test_filters_reach_the_index(archive: Archive) -> None:
    english = archive.search(QUESTION, filter=Filter(language="en"))
    assert {hit.passage.language for hit in english} == {"en"}
    assert archive.search(QUESTION, filter=Filter(page=99)) == []
    assert {h.passage.masthead.page for h in archive.search(QUESTION, filter=Filter(page=2))} == {2}


def test_settings_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, seeds_home: Path
) -> None:
    monkeypatch.setenv("JIUBAO_HOME", str(seeds_home))
    with Archive.open() as archive:
        assert archive.status().articles == 5
        assert archive.status().home == os.fspath(seeds_home)
