"""kill -9 at a random moment of an ingest, a removal, a rebuild and a prune.

While the process lives, another keeps asking: the index that was last published answers. Once it
is dead the archive opens, answers and is whole; what was in it and was not being removed is in it
still; the same command run again brings it to where it should be, with nothing twice.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.archive import Archive
from rag.index import ingest
from soak.world import (
    Outcome,
    finds,
    numbers_held,
    settings,
    start,
    tiny_encoder,
    workplace,
    write_articles,
)

OPERATIONS = ("ingest", "remove", "rebuild", "prune")
BASE, MORE = range(24), range(24, 60)
GONE = range(18, 24)  # what `remove` and `prune` take away
ANCHOR = 3  # never touched


def operate(operation: str, home: Path, encoder: Path, files: Path) -> None:
    """The work of the process that is killed; `ready` appears when it begins."""
    ingest.BATCH = 16  # several batches, so that a kill falls between them too
    with Archive(settings(home, encoder)) as archive:
        assert archive.encoder
        home.with_name("ready").touch()
        if operation == "ingest":
            archive.ingest([files])
        elif operation == "prune":
            archive.ingest([files], prune=True)
        elif operation == "remove":
            archive.remove([f"{number:05d}.txt" for number in GONE])
        else:
            archive.rebuild()


def run(trials: int, seed: int = 1, operations: Sequence[str] = OPERATIONS) -> Outcome:
    outcome, draw = Outcome("kill -9"), random.Random(seed)
    with workplace() as place:
        encoder = tiny_encoder(place / "encoder")
        base = _base(place, encoder)
        length: dict[str, float] = {}
        for number in range(trials):
            operation = operations[number % len(operations)]
            home, files = _laid_out(place, base, operation)
            try:
                if operation not in length:
                    length[operation] = _whole_run(operation, home, encoder, files)
                    home, files = _laid_out(place, base, operation)
                wait = draw.uniform(0, 1.05) * length[operation]
                _trial(outcome, operation, home, encoder, files, wait)
            except Exception as error:
                outcome.fault(f"{operation} {number}: {type(error).__name__}: {error}")
            outcome.trials += 1
    return outcome


def _base(place: Path, encoder: Path) -> Path:
    """An archive to start from, with a segment or two."""
    write_articles(place / "base" / "files", BASE)
    with Archive(settings(place / "base" / "home", encoder)) as archive:
        archive.ingest([place / "base" / "files"])
    return place / "base"


def _laid_out(place: Path, base: Path, operation: str) -> tuple[Path, Path]:
    """A fresh copy of the archive, and the files as the operation finds them.

    The files lie where they lay, since that is part of what the archive knows of them.
    """
    home, files = place / "home", base / "files"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(base / "home", home)
    shutil.rmtree(files)
    write_articles(files, BASE)
    if operation == "ingest":
        write_articles(files, MORE)
    if operation == "prune":
        for number in GONE:
            (files / f"{number:05d}.txt").unlink()
    return home, files


def _whole_run(operation: str, home: Path, encoder: Path, files: Path) -> float:
    process = _started(operation, home, encoder, files)
    begun = time.monotonic()
    process.join()
    assert process.exitcode == 0, f"{operation} does not work at all"
    return time.monotonic() - begun


def _started(operation: str, home: Path, encoder: Path, files: Path) -> Any:
    """The process, at the beginning of its work."""
    ready = home.with_name("ready")
    ready.unlink(missing_ok=True)
    process = start(operate, operation, home, encoder, files)
    while process.is_alive() and not ready.exists():
        time.sleep(0.005)
    return process


def _trial(
    outcome: Outcome, operation: str, home: Path, encoder: Path, files: Path, wait: float
) -> None:
    with Archive(settings(home, encoder)) as reader:
        assert not finds(reader, ANCHOR)
        process = _started(operation, home, encoder, files)
        end = time.monotonic() + wait
        while time.monotonic() < end and process.is_alive():
            if wrong := finds(reader, ANCHOR):
                outcome.fault(f"{operation}: meanwhile {wrong}")
            outcome.note("questions answered meanwhile")
        process.kill()
        process.join()
        outcome.note("killed at work" if process.exitcode else "done before the kill")
    _look(outcome, operation, home, encoder, files)


def _look(outcome: Outcome, operation: str, home: Path, encoder: Path, files: Path) -> None:
    kept = set(BASE) if operation in ("ingest", "rebuild") else set(BASE) - set(GONE)
    allowed = set(BASE) | (set(MORE) if operation == "ingest" else set())
    after = allowed if operation in ("ingest", "rebuild") else kept
    with Archive(settings(home, encoder)) as archive:
        held = numbers_held(archive)
        if not kept <= held <= allowed:
            outcome.fault(f"{operation}: lost {kept - held}, found {held - allowed}")
        for number in (ANCHOR, max(held)):
            if wrong := finds(archive, number):
                outcome.fault(f"{operation}: {wrong}")
        if problems := archive.verify():
            outcome.fault(f"{operation}: {problems[0]}")
        if operation == "remove":
            if held != kept:
                archive.remove([f"{number:05d}.txt" for number in GONE])
        elif operation == "rebuild":
            archive.rebuild()
        else:
            archive.ingest([files], prune=operation == "prune")
        if numbers_held(archive) != after:
            outcome.fault(f"{operation}: run again, it holds {sorted(numbers_held(archive))}")
        if problems := archive.verify():
            outcome.fault(f"{operation}: run again, {problems[0]}")
        if wrong := finds(archive, max(after)):
            outcome.fault(f"{operation}: run again, {wrong}")
