"""ECDICT (MIT License, by Linwei) as `make dictionary` drew it: English words in Chinese."""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from pathlib import Path

FILE = Path(__file__).parent / "ecdict.tsv.xz"


def read_ecdict() -> Iterator[tuple[str, list[str]]]:
    """English words and phrases of two, each with its Chinese translations, the usual first."""
    with lzma.open(FILE, "rt", encoding="utf-8") as lines:
        for line in lines:
            english, chinese = line.rstrip("\n").split("\t")
            yield english, chinese.split(",")
