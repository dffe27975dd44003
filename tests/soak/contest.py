"""Two processes at one archive: the second writer is told who holds the lock, readers go on."""

from __future__ import annotations

import time
from pathlib import Path

from rag.archive import Archive
from rag.errors import ArchiveBusy
from rag.types import Progress
from soak.world import Outcome, finds, settings, start, tiny_encoder, workplace, write_articles

ANCHOR = 3


def hold(home: Path, encoder: Path, files: Path) -> None:
    """Takes files in, and stops in the middle of it until it is killed."""

    def stop(progress: Progress) -> None:
        if progress.stage == "reading":
            home.with_name("held").touch()
            time.sleep(600)

    with Archive(settings(home, encoder)) as archive:
        archive.ingest([files], progress=stop)


def run(trials: int, seed: int = 1) -> Outcome:
    outcome = Outcome("two processes")
    with workplace() as place:
        home, encoder = place / "home", tiny_encoder(place / "encoder")
        write_articles(place / "files", range(10))
        with Archive(settings(home, encoder)) as archive:
            archive.ingest([place / "files"])
            archive.export(place / "out.jsonl")
            for number in range(seed * 1000, seed * 1000 + trials):
                write_articles(place / "more", range(number, number + 1))
                _trial(outcome, archive, place, number)
                outcome.trials += 1
    return outcome


def _trial(outcome: Outcome, archive: Archive, place: Path, number: int) -> None:
    """One holder; each way to write is tried against it, and a question asked."""
    home, held = archive.settings.home, place / "held"
    held.unlink(missing_ok=True)
    holder = start(hold, home, place / "encoder", place / "more")
    while holder.is_alive() and not held.exists():
        time.sleep(0.01)
    for what, write in (
        ("ingest", lambda: archive.ingest([place / "more"])),
        ("rebuild", archive.rebuild),
        ("remove", lambda: archive.remove(["00001.txt"])),
        ("import", lambda: archive.import_articles(place / "out.jsonl")),
    ):
        try:
            write()
            outcome.fault(f"{what} wrote beside another writer")
        except ArchiveBusy as busy:
            told = f"(process {holder.pid}," in busy.message and "`jiubao ingest`" in busy.message
            if not told or not busy.remedy:
                outcome.fault(f"{what} was not told who writes: {busy}")
            outcome.note("writers told")
    if wrong := finds(archive, ANCHOR):
        outcome.fault(f"a reader: {wrong}")
    outcome.note("questions answered")
    holder.kill()
    holder.join()
    archive.ingest([place / "more"])  # a dead writer holds nothing
    if wrong := finds(archive, number):
        outcome.fault(f"after the holder's end: {wrong}")
    if number % 5 == 0 and (problems := archive.verify()):
        outcome.fault(problems[0])
