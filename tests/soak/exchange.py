"""Archives that move: exported and imported, restored from a backup, written by older versions."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from rag.archive import Archive
from rag.errors import LedgerError
from rag.index.encoder import Encoder
from soak.world import (
    ROOT,
    Outcome,
    finds,
    numbers_held,
    settings,
    tiny_encoder,
    workplace,
    write_articles,
)

BASE, ANCHOR = range(20), 3


def run(trials: int, seed: int = 1) -> Outcome:
    outcome, draw = Outcome("upgrades and moves"), random.Random(seed)
    ways = (_round_trip, _bad_lines, _backup, _newer)
    with workplace() as place:
        write_articles(place / "files", BASE)
        encoder = Encoder.load(str(tiny_encoder(place / "encoder")), "cpu", "float32")
        with _open(place / "base", encoder) as archive:
            archive.ingest([place / "files"])
        for number in range(trials):
            way = ways[number % len(ways)]
            shutil.rmtree(place / "home", ignore_errors=True)
            shutil.copytree(place / "base", place / "home")
            try:
                way(outcome, place, encoder, draw)
            except Exception as error:
                outcome.fault(f"{way.__name__[1:]}: {type(error).__name__}: {error}")
            shutil.rmtree(place / "new", ignore_errors=True)
            outcome.note(way.__name__[1:].replace("_", " "))
            outcome.trials += 1
    return outcome


def _open(home: Path, encoder: Encoder) -> Archive:
    archive = Archive(settings(home, Path("unused")))
    archive.encoder = encoder
    return archive


def _everything(archive: Archive) -> list[Any]:
    passages = archive.passages()
    articles = sorted({passage.masthead.article_id for passage in passages})
    return [sorted(p.passage_id for p in passages), [archive.article(name) for name in articles]]


def _round_trip(outcome: Outcome, place: Path, encoder: Encoder, draw: random.Random) -> None:
    """The same articles, ids, passages and files; their files are not read again."""
    with _open(place / "home", encoder) as archive, _open(place / "new", encoder) as other:
        archive.ingest([ROOT / "seeds"] if draw.random() < 0.5 else [place / "files"])
        archive.export(place / "out.jsonl")
        report = other.import_articles(place / "out.jsonl")
        if report.failed or _everything(archive) != _everything(other):
            outcome.fault(f"round trip: not the same, {report}")
        if other.ingest([place / "files"]).unchanged != len(BASE) or other.verify():
            outcome.fault("round trip: the files are not known")
        if other.import_articles(place / "out.jsonl").unchanged != report.added:
            outcome.fault("round trip: the second import changes something")


def _bad_lines(outcome: Outcome, place: Path, encoder: Encoder, draw: random.Random) -> None:
    """Lines harmed at random are named by their number; the others are taken."""
    with _open(place / "home", encoder) as archive:
        archive.export(place / "out.jsonl")
    lines = (place / "out.jsonl").read_bytes().splitlines()
    bad = set(draw.sample(range(len(lines)), 5))
    for at in bad:
        lines[at] = _harmed(lines[at], draw)
    (place / "out.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    with _open(place / "new", encoder) as other:
        report = other.import_articles(place / "out.jsonl")
        named = {int(failure.source.removeprefix("line ")) - 1 for failure in report.failed}
        if named != bad or report.articles != len(BASE) - len(bad) or other.verify():
            outcome.fault(f"bad lines: {named ^ bad} of {report}")


def _harmed(line: bytes, draw: random.Random) -> bytes:
    data = json.loads(line)
    body = data["texts"][0]["body"]
    change = draw.randrange(8)
    if change == 0:
        return line[: draw.randrange(1, len(line) - 1)]
    if change == 1:
        return b"\xff\xfe" + line
    if change == 2:
        data["texts"][0]["body"] = body[:-2]
    elif change == 3:
        data["texts"][0]["body"] = "\ud800" + body
        return json.dumps(data).encode()
    elif change == 4:
        data["pairs"] = [{"zh": [0, len(body) + 9], "en": None, "similarity": 0.5}]
    elif change == 5:
        data["masthead"]["published"] = "yesterday"
    elif change == 6:
        data["masthead"]["page"] = 10**30
    else:
        return b"[" * 100_000
    return json.dumps(data, ensure_ascii=False).encode()


def _backup(outcome: Outcome, place: Path, encoder: Encoder, draw: random.Random) -> None:
    """A ledger put back beside the index of a later day: keys are given again, to others."""
    home, more = place / "home", place / "more"
    shutil.rmtree(more, ignore_errors=True)
    first = draw.randrange(100, 900)
    with _open(home, encoder) as archive:
        write_articles(more, range(first, first + 8))
        archive.ingest([more])
    shutil.copy(place / "base" / "ledger.sqlite", home / "ledger.sqlite")
    shutil.rmtree(more)
    write_articles(more, range(first + 1000, first + 1012))
    with _open(home, encoder) as archive:
        if draw.random() < 0.5 and "jiubao rebuild" not in "".join(archive.verify()):
            outcome.fault("backup: the foreign index was not noticed")
        archive.ingest([more])
        wrong = [finds(archive, number) for number in (ANCHOR, first + 1000, first + 1011)]
        if any(wrong) or archive.verify():
            outcome.fault(f"backup: {wrong} {archive.verify()}")
        if numbers_held(archive) != set(BASE) | set(range(first + 1000, first + 1012)):
            outcome.fault("backup: not what was put back")


def _newer(outcome: Outcome, place: Path, encoder: Encoder, draw: random.Random) -> None:
    """A ledger from a later version is refused with what to do, and left alone."""
    ledger = place / "home" / "ledger.sqlite"
    with closing(sqlite3.connect(ledger)) as database:
        database.execute(f"PRAGMA user_version = {draw.randrange(50, 99)}")
    before = ledger.read_bytes()
    try:
        _open(place / "home", encoder).close()
        outcome.fault("newer: it was opened")
    except LedgerError as error:
        if "upgrade jiubao" not in error.remedy or "export" not in error.remedy:
            outcome.fault(f"newer: {error}")
    if ledger.read_bytes() != before:
        outcome.fault("newer: it was changed")
