"""Bytes that change on disk: one file of the index or the ledger, cut short or with flipped bits.

A damaged index is noticed before it is opened and made anew from the ledger, without encoding. A
damaged ledger is refused, or `verify` says what is wrong with it; its file stays as it was, and
what can still be read of it can be exported. Damage to bytes that hold nothing changes nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import random
import shutil
import sqlite3
from pathlib import Path

from rag.archive import Archive
from rag.errors import JiubaoError
from rag.index.encoder import Encoder
from rag.retrieve.calibrate import calibration
from soak.world import (
    Outcome,
    finds,
    numbers_held,
    settings,
    tiny_encoder,
    workplace,
    write_articles,
)

BASE, ANCHOR = range(40), 3
LEDGER = "ledger.sqlite"


def run(trials: int, seed: int = 1) -> Outcome:
    outcome, draw = Outcome("corruptions"), random.Random(seed)
    with workplace() as place:
        base = _prepare(place)
        encoder = Encoder.load(str(place / "encoder"), "cpu", "float32")
        calibration(encoder)  # what an encoder is measured by at its first question is no passage
        names = [p.relative_to(base) for p in sorted(base.rglob("*")) if p.stat().st_size]
        index = [name for name in names if name.parts[0] == "index" and (base / name).is_file()]
        for number in range(trials):
            name = Path(LEDGER) if number % 2 else index[number // 2 % len(index)]
            home = place / "home"
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(base, home)
            how = _harm(home / name, draw, cut=number // 2 % 2 == 0)
            try:
                look = _look_at_ledger if number % 2 else _look_at_index
                look(outcome, base, home, encoder, f"{name.name} {how}")
            except Exception as error:
                outcome.fault(f"{name.name} {how}: {type(error).__name__}: {error}")
            outcome.trials += 1
    return outcome


def _prepare(place: Path) -> Path:
    base = place / "base"
    write_articles(place / "files", BASE)
    with Archive(settings(base, tiny_encoder(place / "encoder"))) as archive:
        archive.ingest([place / "files"])
    return base


def _harm(path: Path, draw: random.Random, cut: bool) -> str:
    """Cuts a file short, or flips bits in it; says which."""
    data = bytearray(path.read_bytes())
    if cut:
        left = draw.randrange(len(data))
        path.write_bytes(data[:left])
        return f"cut at {left} of {len(data)}"
    places = [draw.randrange(len(data)) for _ in range(draw.choice((1, 1, 8, 64)))]
    for at in places:
        data[at] ^= 1 << draw.randrange(8)
    path.write_bytes(data)
    return f"flipped at {places[:4]}"


def _look_at_index(outcome: Outcome, base: Path, home: Path, encoder: Encoder, what: str) -> None:
    with Archive(settings(home, Path("unused"))) as archive:
        archive.encoder = encoder
        noticed = bool(archive.verify())
        asked, encode = [], encoder.encode_passages
        encoder.encode_passages = lambda *a, **k: asked.append(a) or encode(*a, **k)
        try:
            if wrong := finds(archive, ANCHOR):
                outcome.fault(f"{what}: {wrong}")
        finally:
            encoder.encode_passages = encode
        if asked:
            outcome.fault(f"{what}: passages were encoded again")
        if problems := archive.verify():
            outcome.fault(f"{what}: still {problems[0]}")
        if numbers_held(archive) != set(BASE):
            outcome.fault(f"{what}: something was lost")
    outcome.note("noticed and the index made anew" if noticed else "without effect")
    if not noticed and _catalog(base) != _catalog(home):
        outcome.fault(f"{what}: not noticed")


def _catalog(home: Path) -> str:
    return hashlib.sha256((home / "index" / "catalog.json").read_bytes()).hexdigest()


def _look_at_ledger(outcome: Outcome, base: Path, home: Path, encoder: Encoder, what: str) -> None:
    before = (home / LEDGER).read_bytes()
    try:
        with Archive(settings(home, Path("unused"))) as archive:
            archive.encoder = encoder
            problems = archive.verify()
            with contextlib.suppress(JiubaoError):  # what is expected of a broken ledger
                finds(archive, ANCHOR)
                archive.article("nothing")
            with contextlib.suppress(JiubaoError):
                archive.export(home / "out.jsonl")
    except JiubaoError as error:
        problems = [str(error)]
        if not error.remedy:
            outcome.fault(f"{what}: no way back in {error}")
    if problems:
        outcome.note("refused, or named by verify")
        if (home / LEDGER).read_bytes() != before:
            outcome.fault(f"{what}: the ledger was overwritten")
    elif _rows(home) == _rows(base):
        outcome.note("without effect")
    else:
        outcome.fault(f"{what}: not noticed")


def _rows(home: Path) -> list[tuple[object, ...]]:
    """All that a ledger says of its articles."""
    with contextlib.closing(sqlite3.connect(home / LEDGER)) as database:
        return [
            row
            for table in ("articles", "texts", "passages", "sources")
            for row in database.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
        ]
