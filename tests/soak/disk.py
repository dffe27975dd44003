"""A disk that is full, read-only or broken, or that takes no large file.

Real ones where they can be had: a small tmpfs filled or set read-only (as root), and the process's
own limit on the size of a file. A preloaded library gives the same answers, and EIO, after a
random number of writes, everywhere in an ingest, a removal, a rebuild and an import.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import random
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.archive import Archive
from rag.errors import JiubaoError
from rag.index import ingest
from soak.world import (
    Outcome,
    finds,
    numbers_held,
    settings,
    shim,
    start,
    tiny_encoder,
    workplace,
    write_articles,
)

KINDS = ("EIO", "full", "ENOSPC", "too large", "EROFS", "read-only", "EFBIG")
OPERATIONS = ("ingest", "remove", "rebuild", "import")
BASE, MORE, ANCHOR = range(30), range(30, 60), 3
GONE = range(20, 30)
ENOUGH = "64m"


def operate(operation: str, home: Path, encoder: Path, told: Path, fault: tuple[str, int]) -> None:
    """The work of the process whose disk fails; `told` is to hear how it ended."""
    kind, after = fault
    ingest.BATCH = 16
    said: dict[str, object] = {}
    # Filled before the disk fails: what a library writes elsewhere is not the archive's matter.
    archive = Archive(settings(told.parent / "warm", encoder))
    loaded = archive.encoder
    archive.close()
    disk = ctypes.CDLL(None)
    if code := getattr(errno, kind, 0):
        disk.baddisk_arm(str(home).encode(), ctypes.c_long(after), code)
    elif kind == "too large":
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (after, hard))
    try:
        with Archive(settings(home, encoder)) as archive:
            archive.encoder = loaded
            _work(archive, operation, told.parent)
        said["error"] = ""
    except JiubaoError as error:
        said["error"], said["remedy"] = error.message, error.remedy
    except BaseException as error:
        said["unexpected"] = f"{type(error).__name__}: {error}"
    if kind == "too large":
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    if getattr(errno, kind, 0):
        said["writes"] = disk.baddisk_seen()
    told.write_text(json.dumps(said))


def _work(archive: Archive, operation: str, place: Path) -> None:
    if operation == "ingest":
        archive.ingest([place / "files"])
    elif operation == "remove":
        archive.remove([f"{number:05d}.txt" for number in GONE])
    elif operation == "rebuild":
        archive.rebuild()
    else:
        archive.import_articles(place / "more.jsonl")


def run(trials: int, seed: int = 1) -> Outcome:
    outcome, draw = Outcome("I/O faults"), random.Random(seed)
    kinds = [kind for kind in KINDS if not hasattr(errno, kind) or shim()]
    with workplace() as place:
        encoder = tiny_encoder(place / "encoder")
        _prepare(place, encoder)
        if os.geteuid() or not _mounts(place):
            kinds = [kind for kind in kinds if kind not in ("full", "read-only")]
            outcome.note("kinds left out: no root", 2)
        for number in range(trials):
            kind = kinds[number % len(kinds)]
            operation = OPERATIONS[number // len(kinds) % len(OPERATIONS)]
            try:
                _trial(outcome, place, encoder, draw, kind, operation)
            except Exception as error:
                outcome.fault(f"{kind} in {operation}: {type(error).__name__}: {error}")
            outcome.trials += 1
    return outcome


def _prepare(place: Path, encoder: Path) -> None:
    """An archive to start from, and an export of what may come in."""
    write_articles(place / "files", BASE)
    with Archive(settings(place / "base", encoder)) as archive:
        archive.ingest([place / "files"])
    write_articles(place / "files", MORE)
    with Archive(settings(place / "other", encoder)) as archive:
        archive.ingest([place / "files"])
        archive.export(place / "more.jsonl")


def _trial(
    outcome: Outcome, place: Path, encoder: Path, draw: random.Random, kind: str, operation: str
) -> None:
    home, told = place / "disk" / "home", place / "told"
    home.parent.mkdir(exist_ok=True)
    with _disk(home.parent, kind) as heal:
        shutil.copytree(place / "base", home)
        after = 0
        if kind == "full":
            used = sum(p.stat().st_blocks * 512 for p in home.rglob("*"))
            heal(f"size={used // 1024 + 64 + draw.randrange(0, 700)}k")
        elif kind == "read-only":
            heal("ro")
        elif kind == "too large":
            after = draw.randrange(4096, 300_000)
        else:
            said = _run(operation, home, encoder, told, (kind, 10**9))
            shutil.rmtree(home)
            shutil.copytree(place / "base", home)
            after = draw.randrange(0, int(said["writes"]))
        said = _run(operation, home, encoder, told, (kind, after))
        heal(f"rw,size={ENOUGH}")
        _judge(outcome, kind, operation, said)
        _look(outcome, kind, operation, home, encoder, place)
        shutil.rmtree(home)


def _run(
    operation: str, home: Path, encoder: Path, told: Path, fault: tuple[str, int]
) -> dict[str, object]:
    told.unlink(missing_ok=True)
    process = start(operate, operation, home, encoder, told, fault)
    process.join()
    if not told.exists():
        return {"unexpected": f"the process ended with {process.exitcode}"}
    return json.loads(told.read_text())


def _judge(outcome: Outcome, kind: str, operation: str, said: dict[str, object]) -> None:
    if unexpected := said.get("unexpected"):
        outcome.fault(f"{kind} in {operation}: {unexpected}")
    elif said["error"]:
        outcome.note("stopped with one clear line")
        if "\n" in str(said["error"]) or not said.get("remedy"):
            outcome.fault(f"{kind} in {operation}: {said}")
    else:
        outcome.note("done in spite of it")


def _look(
    outcome: Outcome, kind: str, operation: str, home: Path, encoder: Path, place: Path
) -> None:
    allowed = set(BASE) | (set(MORE) if operation in ("ingest", "import") else set())
    kept = set(BASE) - set(GONE) if operation == "remove" else set(BASE)
    where = f"{kind} in {operation}"
    with Archive(settings(home, encoder)) as archive:
        held = numbers_held(archive)
        if not kept <= held <= allowed:
            outcome.fault(f"{where}: lost {kept - held}, found {held - allowed}")
        if wrong := finds(archive, ANCHOR):
            outcome.fault(f"{where}: {wrong}")
        if problems := archive.verify():
            outcome.fault(f"{where}: {problems[0]}")
        if operation != "remove" or held == allowed:
            _work(archive, operation, place)
        if numbers_held(archive) != (kept if operation == "remove" else allowed):
            outcome.fault(f"{where}: run again, it holds {len(numbers_held(archive))}")
        if problems := archive.verify():
            outcome.fault(f"{where}: run again, {problems[0]}")


# -- a small disk


def _mounts(place: Path) -> bool:
    (place / "disk").mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={ENOUGH}", "soak", place / "disk"],
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode == 0:
        subprocess.run(["umount", place / "disk"], check=True)
    return done.returncode == 0


@contextmanager
def _disk(folder: Path, kind: str) -> Iterator[Callable[[str], None]]:
    """A tmpfs on `folder` for the kinds that need one; what is given changes its options."""
    if kind not in ("full", "read-only"):
        yield lambda _: None
        return

    def change(options: str) -> None:
        command = ["mount", "-o", f"remount,{options}", folder]
        subprocess.run(command, check=True, capture_output=True)

    options = ["mount", "-t", "tmpfs", "-o", f"size={ENOUGH}", "soak", folder]
    subprocess.run(options, check=True, capture_output=True)
    try:
        yield change
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
