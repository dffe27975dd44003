"""Thousands of questions in one process: once it is warm, its memory stays where it is."""

from __future__ import annotations

import gc
import json
import os
import random
from pathlib import Path

from rag.archive import Archive
from rag.errors import BadQuestion
from soak.world import (
    ROOT,
    Outcome,
    settings,
    start,
    tiny_encoder,
    word,
    workplace,
    write_articles,
)

MOST_GROWTH = 0.05
_WORDS = ("steel", "Peking", "1958", "thousand", "tons", "Liao Shigang", "cotton", "harvest")


def question(draw: random.Random) -> str:
    """One of endlessly many: of an article, of a date, in English, or of nothing at all."""
    number = draw.randrange(10**6)
    return draw.choice(
        (
            f"第{word(number % 60)}号工地什么时候完工？",
            f"{1950 + number % 14}年{1 + number % 12}月工人完成了多少项任务？",
            " ".join(draw.choices(_WORDS, k=6)) + f" {number}?",
            "".join(chr(draw.randrange(0x4E00, 0x9FA5)) for _ in range(20)),
            f"Who is {chr(65 + number % 26)}{word(number).lower()} {number}?",
        )
    )


def resident() -> int:
    """Bytes of this process in memory."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def ask(home: Path, encoder: Path, trials: int, seed: int, told: Path) -> None:
    """Asks in a process of its own; a fifth more, or 100, warm it up."""
    draw, warm = random.Random(seed), max(100, trials // 5)
    with Archive(settings(home, encoder)) as archive:
        before = 0
        for number in range(trials + warm):
            if number == warm:
                before = resident()
            try:
                archive.ask(question(draw))
            except BadQuestion:
                continue
        told.write_text(json.dumps([before, resident()]))


def run(trials: int, seed: int = 1) -> Outcome:
    outcome = Outcome("memory")
    with workplace() as place:
        encoder = tiny_encoder(place / "encoder")
        write_articles(place / "files", range(60))
        with Archive(settings(place / "home", encoder)) as archive:
            archive.ingest([place / "files", ROOT / "seeds"])
        process = start(ask, place / "home", encoder, trials, seed, place / "told")
        process.join()
        outcome.trials = trials
        if process.exitcode:
            outcome.fault(f"the process ended with {process.exitcode}")
            return outcome
        before, after = json.loads((place / "told").read_text())
        outcome.note("MiB when warm", before >> 20)
        outcome.note("MiB at the end", after >> 20)
        if after > before * (1 + MOST_GROWTH):
            outcome.fault(f"memory grew from {before:,} to {after:,} bytes")
    return outcome
