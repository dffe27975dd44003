"""Article files that nobody wrote: generated, mutated, packed, linked and named to do harm.

Each is walked, read, split and cut into passages within five seconds, or refused with one clear
line; a share goes through a whole ingest. An audit hook hears every file that Python opens to
write, every folder, link and renaming: none may lie outside the folder of the run.
"""

from __future__ import annotations

import functools
import gzip
import io
import os
import random
import stat
import struct
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import py7zr
from hypothesis import strategies as st

from rag.archive import Archive
from rag.corpus import walker
from rag.corpus.chunker import chunk
from rag.corpus.reader import MAX_BYTES, read_article
from rag.errors import JiubaoError, UnreadableFile
from soak.world import Outcome, article, limited, settings, tiny_encoder, workplace

SECONDS = 5
BILINGUAL = (
    "Title: Steel\nAuthor: Li Hua\nDate: 1958-03-04\nPage: 2\n\nThe works made steel. It rained."
    "\n<hr />\nOriginal:\n### 钢铁\n\n李华\n1958-03-04\n第2版\n\n    工厂炼钢。下雨了。\n"
)
NASTY = (
    "\x00", "\u202e", "\u2066", "\ufeff", "\u200b", "\u0301" * 40, "\U000e0041", "\uffff",
    "\x1b[2J", "### ", "Title:", "<hr />", "Original:", "1958-02-30", "9999-99-99", "第9999999版",
    "专栏：", "\r", "\x85", "\u2028", "　　", "A" * 5000, "。" * 3000, "“" * 2000, "(" * 2000,
    "1." * 1500, "<script>", "![](http://x/y)", "../../etc/passwd", "𠮷", "\x7f", "e.g. " * 400,
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030", "big5", "utf-32", "latin-1", "utf-7")


class Guard:
    """Hears what Python writes, while it listens. An audit hook is never taken off again."""

    def __init__(self) -> None:
        self.inside, self.listening, self.outside = "", False, list[str]()
        sys.addaudithook(self._hear)

    def __enter__(self) -> None:
        self.listening = True

    def __exit__(self, *_: object) -> None:
        self.listening = False

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.listening:
            return
        folder = -1
        if event == "open":
            path, _, flags = arguments
            if not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) or isinstance(path, int):
                return
        elif event in ("os.symlink", "os.link", "os.rename"):
            path, folder = arguments[1], arguments[-1]
        elif event in ("os.mkdir", "os.remove", "os.rmdir"):
            path, folder = arguments[0], arguments[-1]
        else:
            return
        base = os.readlink(f"/proc/self/fd/{folder}") if folder >= 0 else os.getcwd()
        where = os.path.realpath(os.path.join(base, os.fsdecode(path)))
        if not where.startswith((self.inside, "/dev/", "/proc/")):
            self.outside.append(f"{event} {where}")


@functools.cache
def guard() -> Guard:
    return Guard()


def run(trials: int, seed: int = 1) -> Outcome:
    outcome, draw = Outcome("generated files"), random.Random(seed)
    with workplace() as place:
        guard().inside, guard().outside = str(place.resolve()), []
        before, tempfile.tempdir = tempfile.tempdir, str(place)
        try:
            _warm(place)
            _packed(outcome, place, draw, max(1, trials // 10))
            _single(outcome, place, draw, trials - outcome.trials)
            _ingested(outcome, place, draw, max(10, trials // 50))
        finally:
            tempfile.tempdir = before
        outcome.faults += [f"written outside: {where}" for where in guard().outside]
    return outcome


def _warm(place: Path) -> None:
    """Lets the libraries write what they keep."""
    (place / "warm").mkdir()
    (place / "warm" / "one.txt").write_text(article(1), "utf-8")
    with Archive(settings(place / "home", tiny_encoder(place / "encoder"))) as archive:
        archive.ingest([place / "warm"])
        archive.search("工地")


# -- one file


def mutated(draw: random.Random) -> bytes:
    """The bytes of an article with a few of them changed, or something put in."""
    text = BILINGUAL if draw.random() < 0.4 else article(draw.randrange(9999))
    for _ in range(draw.choice((0, 1, 1, 3))):
        at = draw.randrange(len(text) + 1)
        text = text[:at] + draw.choice(NASTY) + text[draw.choice((at, at, len(text))) :]
    data = bytearray(text.encode(draw.choice(ENCODINGS), "replace"))
    for _ in range(draw.choice((0, 0, 1, 4, 30))):
        at = draw.randrange(len(data) or 1)
        change = draw.randrange(4)
        if change == 0:
            data[at : at + 1] = bytes([draw.randrange(256)])
        elif change == 1:
            del data[at : at + draw.randrange(1, 40)]
        elif change == 2:
            data[at:at] = draw.choice((b"\xed\xa0\x80", b"\xff\xfe", b"\x00", b"\xf4\x90\x80\x80"))
        else:
            data[at:at] = bytes(data[:at][-200:])
    return bytes(data)


def generated(trials: int, seed: int) -> list[bytes]:
    """Files that Hypothesis makes up, half of them under a header that can be read."""
    made: list[bytes] = []
    text = st.text(max_size=400).map(lambda t: t.encode("utf-8", "surrogatepass"))
    lines = st.lists(st.sampled_from([*NASTY, "1958-03-04", "第2版", "    正文。", "Page: 2"]))
    headed = text.map(lambda t: "### 题\n1958-03-04\n\n    ".encode() + t)
    joined = lines.map(lambda ls: "\n".join(ls).encode("utf-8", "surrogatepass"))

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=trials, database=None, deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )  # fmt: skip
    @hypothesis.given(st.one_of(st.binary(max_size=600), text, headed, headed, joined))
    def collect(data: bytes) -> None:
        made.append(data)

    if trials:
        collect()
    return made[:trials]


def _huge(number: int) -> bytes:
    """Files near and far beyond what is read, most of it in one line."""
    head = "### 题\n1958-03-04\n\n    ".encode()
    room = MAX_BYTES - len(head)
    return (
        lambda: b"A" * 100 * 1024**2,
        lambda: head + "字".encode() * (room // 3),
        lambda: head + "短。".encode() * (room // 6),
        lambda: b"\n" * MAX_BYTES,
        lambda: head + b" \t" * (room // 2),
        lambda: b"### " * (MAX_BYTES // 4),
        lambda: head + "“".encode() * (room // 3),
        lambda: head + "他说：".encode() * (room // 9),
    )[number % 8]()


def _single(outcome: Outcome, place: Path, draw: random.Random, trials: int) -> None:
    folder = place / "single"
    folder.mkdir()
    huge = min(12, max(1, trials // 100))
    made = generated(trials // 3, draw.randrange(2**32))
    made += [mutated(draw) for _ in range(trials - len(made) - huge)]
    for data in made:
        _try(outcome, folder, data)
    for number in range(huge):
        _try(outcome, folder, _huge(number))


def _try(outcome: Outcome, folder: Path, data: bytes) -> None:
    (folder / "file.txt").write_bytes(data)
    _walk(outcome, folder / "file.txt", repr(data[:60]))
    outcome.trials += 1


def _walk(outcome: Outcome, path: Path, what: str) -> None:
    """Everything that `ingest` does before it encodes."""
    taken = 0
    try:
        with limited(SECONDS), guard():
            for file in walker.walk(path):
                taken += _read(file, outcome)
    except TimeoutError:
        outcome.fault(f"{what}: longer than {SECONDS} s")
    except JiubaoError as error:
        if "\n" in error.message:
            outcome.fault(f"{what}: {error.message!r}")
    except BaseException as error:
        outcome.fault(f"{what}: {type(error).__name__}: {error}")
    outcome.note("articles read" if taken else "refused with a reason", taken or 1)


def _read(file: walker.SourceFile, outcome: Outcome) -> int:
    if file.error:
        if "\n" in file.error or not file.error.strip():
            outcome.fault(f"{file.source}: {file.error!r}")
        return 0
    try:
        found = read_article(file.data, file.source)
    except UnreadableFile as error:
        if "\n" in error.message or not error.remedy:
            outcome.fault(f"{file.source}: {error.message!r}")
        return 0
    for text in found.texts:
        for passage in chunk(found, text, lambda texts: [len(t) for t in texts], 440):
            if text.body[passage.start : passage.end] != passage.text:
                outcome.fault(f"{file.source}: a passage does not stand in its text")
    str(found).encode("utf-8")  # half a character could not be stored
    return 1


# -- archives and folders


def _packed(outcome: Outcome, place: Path, draw: random.Random, trials: int) -> None:
    makers: list[Callable[[Path, random.Random], Path]] = [
        _names_in_zip, _names_in_tar, _bomb, _deep, _torn, _links, _many_folders, _seven, _crowded,
    ]  # fmt: skip
    for number in range(trials):
        folder = place / "packed" / str(number)
        folder.mkdir(parents=True)
        made = makers[number % len(makers)](folder, draw)
        _walk(outcome, made, f"{makers[number % len(makers)].__name__} {number}")
        outcome.trials += 1


def _name(draw: random.Random) -> str:
    return draw.choice(
        (
            "../../out.txt", "/abs.txt", "a/../../b.txt", "C:\\x.txt", "..\\..\\x.txt",
            "nul\x01.txt",
            "\u202etxt.exe", "a" * 300 + ".txt", "good.txt", "deep/" * 60 + "x.txt", ".hidden.txt",
            "../" * 40 + "tmp/x.txt", "a//b/./c.txt", "~/x.txt", "$HOME.txt", "-rf.txt",
        )
    )  # fmt: skip


def _names_in_zip(folder: Path, draw: random.Random) -> Path:
    with zipfile.ZipFile(folder / "n.zip", "w") as packed:
        for name in {_name(draw) for _ in range(8)}:
            info = zipfile.ZipInfo(name)
            if draw.random() < 0.2:
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            packed.writestr(info, mutated(draw))
    return folder / "n.zip"


def _names_in_tar(folder: Path, draw: random.Random) -> Path:
    path = folder / draw.choice(("n.tar", "n.tar.gz", "n.tar.xz"))
    with tarfile.open(path, "w:" + {"tar": "", "gz": "gz", "xz": "xz"}[path.suffix[1:]]) as packed:
        for _ in range(8):
            info, data = tarfile.TarInfo(_name(draw)), mutated(draw)
            info.type = draw.choice(
                (
                    tarfile.REGTYPE,
                    tarfile.REGTYPE,
                    tarfile.SYMTYPE,
                    tarfile.LNKTYPE,
                    tarfile.CHRTYPE,
                )
            )
            info.linkname = draw.choice(("/etc/passwd", "../../x"))
            info.size = len(data) if info.type == tarfile.REGTYPE else 0
            packed.addfile(info, io.BytesIO(data))
    return path


def _bomb(folder: Path, draw: random.Random) -> Path:
    if draw.random() < 0.5:
        with zipfile.ZipFile(folder / "b.zip", "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("bomb.txt", bytes(draw.choice((9, 30)) * 1024**2))
            packed.writestr("good.txt", article(1))
        data = bytearray((folder / "b.zip").read_bytes())
        at = data.rfind(b"PK\x01\x02")
        struct.pack_into("<I", data, at + 24, 100)  # the size that the directory claims
        (folder / "b.zip").write_bytes(data)
        return folder / "b.zip"
    with gzip.open(folder / "b.tar.gz", "wb") as packed:
        info = tarfile.TarInfo("bomb.txt")
        info.size = 2**33
        packed.write(info.tobuf())
        packed.write(bytes(40 * 1024**2))
    return folder / "b.tar.gz"


def _deep(folder: Path, draw: random.Random) -> Path:
    data = article(2).encode()
    name = "x.txt"
    for _ in range(draw.choice((2, 30))):
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as packed:
            packed.writestr(name, data)
        data, name = inner.getvalue(), "inner.zip"
    (folder / "deep.zip").write_bytes(data)
    return folder


def _torn(folder: Path, draw: random.Random) -> Path:
    path = draw.choice((_names_in_zip, _names_in_tar, _seven))(folder, draw)
    data = bytearray(path.read_bytes())
    for _ in range(draw.choice((0, 1, 20))):
        data[draw.randrange(len(data))] = draw.randrange(256)
    path.write_bytes(data[: draw.randrange(1, len(data) + 1)] if draw.random() < 0.5 else data)
    return path


def _links(folder: Path, draw: random.Random) -> Path:
    (folder / "loop").symlink_to(folder)
    (folder / "out.txt").symlink_to("/etc/passwd")
    (folder / "a.txt").symlink_to("b.txt")
    (folder / "b.txt").symlink_to("a.txt")
    (folder / "null.txt").symlink_to("/dev/zero")
    (folder / "etc").symlink_to("/etc")
    os.mkfifo(folder / "pipe.txt")
    (folder / os.fsdecode(b"\xff\xfe.txt")).write_bytes(mutated(draw))
    (folder / "line\nfeed.txt").write_bytes(mutated(draw))
    return folder


def _many_folders(folder: Path, draw: random.Random) -> Path:
    at = folder
    for _ in range(draw.choice((5, 60))):
        at = at / "深"
        at.mkdir()
    (at / "x.txt").write_bytes(mutated(draw))
    return folder


def _seven(folder: Path, draw: random.Random) -> Path:
    source = folder / "in.txt"
    source.write_bytes(mutated(draw))
    with py7zr.SevenZipFile(folder / "s.7z", "w") as packed:
        for name in ("good.txt", "a/b.txt", "../../out.txt"):
            packed.write(source, name)
    source.unlink()
    return folder / "s.7z"


def _crowded(folder: Path, draw: random.Random) -> Path:
    """A zip whose directory names one member again and again."""
    with zipfile.ZipFile(folder / "c.zip", "w") as packed:
        packed.writestr("x.txt", article(3))
    data = (folder / "c.zip").read_bytes()
    at, end = data.find(b"PK\x01\x02"), data.find(b"PK\x05\x06")
    times = draw.choice((100, 5_000))
    entries, tail = data[at:end] * times, bytearray(data[end:])
    struct.pack_into("<HHII", tail, 8, times, times, len(entries), at)
    (folder / "c.zip").write_bytes(data[:at] + entries + tail)
    return folder / "c.zip"


# -- the whole way


def _ingested(outcome: Outcome, place: Path, draw: random.Random, count: int) -> None:
    """A share of the files goes into an archive, which must be whole afterwards."""
    folder = place / "all"
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.txt").write_bytes(mutated(draw))
    (folder / "good.txt").write_text(article(7), "utf-8")
    with Archive(settings(place / "home", place / "encoder")) as archive:
        try:
            with guard():
                report = archive.ingest([folder])
        except Exception as error:
            outcome.fault(f"ingest: {type(error).__name__}: {error}")
            return
        if report.added + report.updated + report.unchanged + len(report.failed) != count + 1:
            outcome.fault(f"ingest: {report} does not add up to {count + 1} files")
        if problems := archive.verify():
            outcome.fault(f"ingest: {problems[0]}")
        outcome.note("files ingested as well", count)
