"""Measures how taking articles in grows: `make bench-ingest ARGS=--all`.

Peak memory of a quarter and of all of the news, how right the time left was after a minute, what a
killed run loses, and what a hundred articles cost on top of all the others.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.table import Table

from eval.bench_ingest import child, load_encoder, say, unpack
from rag import Archive
from rag.config import load_settings
from rag.index.encoder import Vectors
from rag.index.ingest import BATCH
from rag.index.ledger import Ledger
from rag.types import Progress

SIZES = (5_000, 19_900)
MORE = 100
KILLED_AT = 1_000  # files


def main(arguments: Sequence[str] | None = None) -> int:
    """One ingest in this process; says what it cost, and how it came on."""
    parser = argparse.ArgumentParser(prog="eval.bench_growth", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("home", type=Path)
    chosen = parser.parse_args(arguments)
    _ingest(chosen.folder, chosen.home)
    return 0


def _ingest(folder: Path, home: Path) -> None:
    asked, left, start = 0, None, time.monotonic()

    def show(progress: Progress) -> None:
        nonlocal left
        now = time.monotonic()
        if progress.stage == "reading":
            print(json.dumps({"done": progress.done, "encoded": asked}), flush=True)  # noqa: T201
            if left is None and progress.seconds >= 60 and progress.seconds_left is not None:
                left = (now, progress.seconds_left)

    with Archive.open(settings=load_settings(home=home)) as archive:
        encoder = archive.encoder = load_encoder()
        encode = encoder.encode_passages

        def counted(texts: Sequence[str], progress: Any = None) -> Vectors:
            nonlocal asked
            asked += len(texts)  # begun counts: it is lost like what is done
            return encode(texts, progress)

        encoder.encode_passages = counted  # type: ignore[method-assign]
        start = time.monotonic()
        report = archive.ingest([folder], progress=show)
        end = time.monotonic()
    off = (left[1] / (end - left[0]) - 1) if left and end > left[0] else None
    say(seconds=end - start, passages=report.passages, encoded=asked, off=off)


def growth(sizes: Sequence[int] = SIZES) -> Table:
    """The table; takes as long as taking the news in twice."""
    table = Table(title="Growth")
    for name in ("", "measured", "bound"):
        table.add_column(name, justify="right" if name else "left")
    with TemporaryDirectory() as temporary:
        base = Path(temporary)
        more = str(unpack(base, MORE, skip=1))
        alone = child("eval.bench_growth", more, str(base / "alone"))
        runs = []
        for size in sizes:
            folder, home = str(unpack(base, size)), str(base / f"home-{size}")
            runs.append((size, child("eval.bench_growth", folder, home)))
        for size, facts in runs:
            table.add_row(f"peak memory, {size:,} articles", f"{facts['peak']:,} MB", "2,500 MB")
            if facts["off"] is not None:
                table.add_row("  time left after a minute", f"{facts['off']:+.0%} off", "± 20 %")
        first, last = runs[0], runs[-1]
        table.add_row(
            "memory grows by, articles by",
            f"{last[1]['peak'] / first[1]['peak']:.2f} x, {last[0] / first[0]:.1f} x",
            "less than linear",
        )
        added = child("eval.bench_growth", more, str(base / f"home-{sizes[-1]}"))
        bound = 1.5 * alone["seconds"] + 5
        table.add_row(
            f"{MORE} articles on top, and alone",
            f"{added['seconds']:.1f} s, {alone['seconds']:.1f} s",
            f"{bound:.1f} s",
        )
        lost, batch = _killed(str(base / f"news-{sizes[0]}-0"), base / "killed")
        table.add_row("passages encoded twice after a kill", f"{lost:,}", f"a batch of {batch:,}")
    return table


def _killed(folder: str, home: Path) -> tuple[int, int]:
    """Passages a killed run had encoded and the ledger does not hold, and those of a batch."""
    command = [sys.executable, "-m", "eval.bench_growth", folder, str(home)]
    last: dict[str, int] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        for line in process.stdout or ():
            last = json.loads(line)
            if last["done"] >= KILLED_AT:
                os.kill(process.pid, signal.SIGKILL)
                break
    ledger = Ledger(home)
    held = ledger.counts()["passages"]
    ledger.close()
    return max(0, last["encoded"] - held), BATCH


if __name__ == "__main__":
    sys.exit(main())
