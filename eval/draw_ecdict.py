"""Draws the English-Chinese dictionary of the search from ECDICT: `make dictionary`.

Reads ECDICT's table (MIT License) on standard input and writes
`rag/retrieve/ecdict.tsv.xz`: in each line a word or a phrase of two, a tab, and its translations
with commas between.
"""

from __future__ import annotations

import csv
import io
import lzma
import re
import sys
from collections.abc import Iterable, Iterator, Mapping

from rag.language import HAN
from rag.retrieve.ecdict import FILE

# Words among so many of the most frequent ones, of the British National Corpus or a later one.
_FREQUENT = 60_000
# The first translations are the usual ones.
_MOST = 6
_LONGEST = 8  # characters of a translation; longer ones explain
_WORD = re.compile(r"[A-Za-z][A-Za-z'.-]*(?: [A-Za-z][A-Za-z'.-]*)?")
_ASIDE = re.compile(r"\([^)]*\)|（[^）]*）|【[^】]*】|<[^>]*>")
_KIND = re.compile(r"^\s*(?:[a-z]{1,6}\.\s*(?:&\s*)?)+", re.IGNORECASE)
_PART = re.compile("[,;，；、/]")
_HAN_WORD = re.compile(f"[{HAN}]{{1,{_LONGEST}}}")


def main() -> None:
    """Writes the dictionary."""
    rows = csv.DictReader(io.TextIOWrapper(sys.stdin.buffer, "utf-8"))
    lines = [f"{word}\t{','.join(translations)}" for word, translations in drawn(rows)]
    FILE.write_bytes(lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{len(lines):,} entries, {FILE.stat().st_size:,} bytes")  # noqa: T201


def drawn(rows: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Frequent words, and phrases of two of them, each with its first translations.

    Args:
        rows: entries with `word`, `translation` (lines of senses) and its ranks `bnc` and `frq`,
            "0" or "" where it has none.
    """
    rows = [row for row in rows if _WORD.fullmatch(row["word"])]
    frequent = {row["word"].lower() for row in rows if _is_frequent(row)}
    for row in rows:
        word = row["word"]
        if word.lower() in frequent or (" " in word and frequent.issuperset(word.lower().split())):
            translations = list(dict.fromkeys(_translations(row["translation"])))[:_MOST]
            if translations:
                yield word, translations


def _is_frequent(row: Mapping[str, str]) -> bool:
    return any(0 < int(row[rank] or 0) <= _FREQUENT for rank in ("bnc", "frq"))


def _translations(senses: str) -> Iterator[str]:
    for sense in re.split(r"\\n|\n", senses):
        # A sense in brackets is a field's own ([化]), or gathered from the net.
        if not sense.lstrip().startswith("["):
            for part in _PART.split(_KIND.sub("", _ASIDE.sub(" ", sense))):
                if _HAN_WORD.fullmatch(part.strip()):
                    yield part.strip()


if __name__ == "__main__":
    main()
