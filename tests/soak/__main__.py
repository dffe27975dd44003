"""Runs the trials, all or one kind, and writes what came of them into docs/reliability.md.

PYTHONPATH=tests python -m soak [KIND ...] [--share 0.01] [--seed 1] [--dry]
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
import warnings
from collections.abc import Callable
from datetime import date

from soak import contest, damage, disk, exchange, files, kills, memory, secrets
from soak.world import ROOT, Outcome

# What each kind is called, how many trials there are, and what is expected of them.
KINDS: dict[str, tuple[Callable[..., Outcome], int, str]] = {
    "kills": (kills.run, 200, "`kill -9` at random moments of ingest, remove, rebuild, prune: "
              "opens, answers, nothing lost, nothing twice; the index before answers meanwhile"),
    "disk": (disk.run, 50, "disk full, read-only, EIO, file too large: one clear line, nothing "
             "corrupt, works again"),
    "damage": (damage.run, 40, "bytes cut off or flipped in each file of index and ledger: "
               "noticed, index made anew without encoding, ledger refused and never overwritten"),
    "files": (files.run, 10_000, "generated article files and archives: no crash, none over 5 s, "
              "nothing written outside"),
    "contest": (contest.run, 20, "two processes: the second writer is told who writes, readers "
                "go on"),
    "memory": (memory.run, 10_000, "questions in one process: memory grows under 5 % once warm"),
    "secrets": (secrets.run, 30, "planted secrets: none in answers, exports, output, log, files"),
    "exchange": (exchange.run, 40, "export and import, bad lines, a ledger put back from a "
                 "backup, a newer ledger"),
}  # fmt: skip
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- soak: begin -->", "<!-- soak: end -->"


def main() -> int:
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []], help="all if left out")
    parser.add_argument("--share", type=float, default=1.0, help="of the trials of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dry", action="store_true", help="leave docs/reliability.md alone")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    rows, faults = [], 0
    for kind in given.kinds or KINDS:
        run, count, what = KINDS[kind]
        begun = time.monotonic()
        outcome = run(max(1, round(count * given.share)), given.seed)
        seconds = round(time.monotonic() - begun)
        faults += len(outcome.faults)
        rows.append((kind, what, outcome))
        say(
            f"{kind}: {outcome.trials:,} trials, {len(outcome.faults)} faults, {seconds} s; "
            f"{outcome.said}"
        )
        for fault in outcome.faults:
            say(f"  {fault}")
    if not given.dry:
        write(rows, f"{date.today()}, seed {given.seed}")
    return 1 if faults else 0


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def write(rows: list[tuple[str, str, Outcome]], when: str) -> None:
    """Puts the table between its markers; the rows of kinds not run stay."""
    before, rest = PAGE.read_text("utf-8").split(BEGIN)
    table, after = rest.split(END)
    known = {
        line.split("|")[1].strip(): line for line in table.splitlines() if line.startswith("| `")
    }
    for kind, what, outcome in rows:
        result = f"{len(outcome.faults)} faults" if outcome.faults else "no fault"
        cells = (f"`{kind}`", what, f"{outcome.trials:,}", f"{result}; {outcome.said}", when)
        known[f"`{kind}`"] = "| " + " | ".join(cells) + " |"
    lines = [
        "| kind | what happens, and what is expected | trials | result | run |",
        "|---|---|---|---|---|",
    ]
    lines += [known[f"`{kind}`"] for kind in KINDS if f"`{kind}`" in known]
    PAGE.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
