"""Articles added from the page: what is taken in, what is refused, and what is said meanwhile."""

import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from served_page import browser, page_of
from ui_values import ATTACK

from rag.errors import BadQuestion
from rag.types import IngestReport, Progress, ReadFailure
from ui import upload
from ui.desk import Desk
from ui.notebook import Notebook
from ui.talk import Talk
from ui.upload import FOLDER, add_articles, bar, report, safe_name, store
from ui.upload_words import UPLOAD

EN, ZH = UPLOAD["en"], UPLOAD["zh"]


def uploaded(folder: Path, **files: bytes) -> list[Path]:
    """Files as Gradio hands them over: each in a folder of its own."""
    paths = []
    for number, (name, data) in enumerate(files.items()):
        path = folder / "gradio" / str(number) / name.replace("_", ".")
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        paths.append(path)
    return paths


def test_articles_and_archives_are_taken_in_and_failures_named(make_archive, seeds, tmp_path):
    first, second = sorted(seeds.glob("*.txt"))[:2]
    packed = tmp_path / "gradio" / "9" / "more.zip"
    packed.parent.mkdir(parents=True)
    with zipfile.ZipFile(packed, "w") as out:
        out.write(second, "1957/two.txt")
    files = [*uploaded(tmp_path, one_txt=first.read_bytes(), bad_txt=b"no article"), packed]
    archive = make_archive()
    *steps, last = add_articles(archive, files, "zh")
    assert "<progress" in steps[0]
    assert "新增 2 篇" in last
    assert "失败 1" in last
    assert "<code>bad.txt</code>" in last
    assert archive.status().articles == 2
    assert not any(path.exists() for path in files)
    (kept,) = (archive.settings.home / FOLDER).iterdir()
    assert {path.name for path in kept.iterdir()} == {"one.txt", "bad.txt", "more.zip"}


def test_the_first_questions_are_those_that_the_archive_as_it_stands_answers(
    make_archive, seeds, tmp_path
):
    archive = make_archive()
    with closing(Notebook(archive.settings.home)) as notebook:
        desk = Desk(archive, notebook)
        assert not any(desk.samples(archive.status()).values())
        first, *_ = sorted(seeds.glob("*.txt"))
        list(add_articles(archive, uploaded(tmp_path, one_txt=first.read_bytes()), "en"))
        found = desk.samples(archive.status())
        assert found["zh"]
        head, log, plot = desk.grown(Talk(), "en")
        assert all(question in log for question in found["zh"])
        assert "1 article," in head
        assert "1 article," in log
        assert ": 1 article" in plot
        archive.remove([each.source for each in archive._ledger.sources()])
        assert not any(desk.samples(archive.status()).values())


def test_the_page_shows_the_archive_as_it_stands_after_an_upload(
    seeds_home, seeds, encoder, tmp_path
):
    text = max(seeds.glob("*.txt")).read_text("utf-8")
    added = tmp_path / "later.txt"
    another = text.replace("1953", "1963").replace("production", "making")
    added.write_text(another, "utf-8")
    with page_of(seeds_home, tmp_path, encoder, upload=True) as address, browser() as chromium:
        page = chromium.new_page(locale="en-US")
        page.set_default_timeout(30_000)
        page.goto(address)
        page.wait_for_selector(".jb-first-sight >> text=5 articles, 1953 to 1959")
        page.click("#jb-upload >> text=Add articles")
        page.set_input_files("#jb-upload-files input[type=file]", added)
        page.wait_for_selector("#jb-upload-files >> text=KB")
        page.click("#jb-upload-start")
        page.wait_for_selector("text=6 articles now")
        for place in (".jb-top", ".jb-first-sight"):
            page.wait_for_selector(f"{place} >> text=6 articles, 1953 to 1963", state="attached")
        page.wait_for_selector(".jb-first-sight [aria-label='1963: 1 article']")
        page.wait_for_selector("#jb-panel [aria-label='1963: 1 article']", state="attached")


def test_a_second_upload_of_the_same_name_takes_nothing_s_place(make_archive, seeds, tmp_path):
    first, second = sorted(seeds.glob("*.txt"))[:2]
    archive = make_archive()
    for number, file in enumerate((first, second)):
        paths = uploaded(tmp_path / str(number), a_txt=file.read_bytes())
        assert "1 added" in list(add_articles(archive, paths, "en"))[-1]
    assert archive.status().articles == 2


@pytest.mark.parametrize(
    "name",
    [
        "../a.txt", "a/../../b.txt", "..\\a.txt", ".hidden.txt", ".txt", "a\x00.txt", "a\n.txt",
        "a\u202etxt.txt", "a\u2066.txt", "C:a.txt", "a.html", "a.exe", "a.txt.svg", "a", "",
        "x" * 300 + ".txt", " a.txt",
    ],
)  # fmt: skip
def test_a_name_that_could_do_harm_is_refused(name):
    with pytest.raises(BadQuestion):
        safe_name(name, EN)


@pytest.mark.parametrize("name", ["000.txt", "人民日报 1959-11.7z", "A.TXT", "x.tar.gz", "n.md"])
def test_an_ordinary_name_stays_as_it_is(name):
    assert safe_name(name, EN) == name


def test_nothing_too_much_too_many_and_twice_the_same_are_refused(tmp_path, monkeypatch):
    two = uploaded(tmp_path, a_txt=b"12345", b_txt=b"12345")
    for files, limit, match in (
        ([], {}, "no file"),
        (two, {"MOST_BYTES": 9}, "MiB"),
        (two, {"MOST_FILES": 1}, "more than 1"),
        ([two[0], two[0]], {}, "two files"),
    ):
        with monkeypatch.context() as patch:
            for name, value in limit.items():
                patch.setattr(upload, name, value)
            with pytest.raises(BadQuestion, match=match):
                store(files, tmp_path / "kept", EN)
    assert not (tmp_path / "kept").exists()
    assert all(path.exists() for path in two)


def test_what_goes_wrong_is_said_and_the_page_goes_on(make_archive, tmp_path, monkeypatch):
    archive = make_archive()
    (told,) = add_articles(archive, [], "en")
    assert "no file was chosen" in told
    monkeypatch.setattr(type(archive), "ingest", lambda *_, **__: 1 / 0)
    *_, told = add_articles(archive, uploaded(tmp_path, a_txt=b"x"), "en")
    assert "could not be added" in told
    assert "ZeroDivision" not in told


def test_a_bar_tells_rate_and_time_left_in_the_page_s_language():
    progress = Progress("reading", 5, 20, 50, 10.0)
    for words, parts in (
        (ZH, ("正在读取", "5 / 20", "5.0 段/秒", "还需 30 秒")),
        (EN, ("Reading", "5 / 20", "5.0 passages/s", "30 s left")),
    ):
        told = bar(progress, words)
        assert 'value="5" max="20"' in told
        assert all(part in told for part in parts)
        assert "value" not in bar(Progress("encoder", 0, 0, 0, 0.0), words)


def test_failures_are_escaped_and_only_so_many_are_listed():
    failed = tuple(ReadFailure(f"{n}{ATTACK}", ATTACK) for n in range(upload.SHOWN + 3))
    told = report(IngestReport(0, 0, 0, 0, failed, 0, 0, 1.0), EN)
    assert "<script" not in told
    assert told.count("<li>") == upload.SHOWN
    assert "and 3 more" in told


def test_a_refusal_is_said_in_the_page_s_language(tmp_path):
    with pytest.raises(BadQuestion, match=r"没有选择文件.*请先选择"):
        store([], tmp_path, ZH)
    with pytest.raises(BadQuestion, match=r"a\.exe.*压缩包.*\.7z"):
        safe_name("a.exe", ZH)
    with pytest.raises(BadQuestion, match=r"a\{0\}\.exe"):
        safe_name("a{0}.exe", EN)
