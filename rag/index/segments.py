"""The index on disk: segments that are written once, and the catalog that names them.

A segment covers a range of the ledger's keys and holds, for each language, the vectors, the
lexicon and a few columns to filter by. It is built in a folder of its own, brought to disk, and
only then named in the catalog, which is replaced in one step: a process killed at any moment
leaves the previous index whole. New passages make a new segment; neighbours of like size are
merged (as in a log-structured merge tree, O'Neil et al. 1996), so that adding a little costs
little and an archive of n passages has about log n segments. Nothing is encoded again.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import IndexMismatch, LedgerError
from rag.index.ledger import Ledger, Row
from rag.index.lexicon import Lexicon
from rag.index.vectors import VectorStore
from rag.types import LANGUAGES, Language

CATALOG = "catalog.json"
REBUILD = "run `jiubao rebuild`"
# A segment with a larger share of removed passages is written anew.
_MOST_REMOVED = 0.2

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Entry:
    """A segment as the catalog knows it: keys in (after, upto], and its files' checksums."""

    name: str
    after: int
    upto: int
    passages: int
    files: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Catalog:
    """What the index was made with, and of which segments it consists, by key."""

    fingerprint: str
    segments: tuple[Entry, ...] = ()

    @property
    def upto(self) -> int:
        """The last key indexed."""
        return self.segments[-1].upto if self.segments else 0


@dataclass(frozen=True, slots=True)
class Column:
    """The passages of one language in a segment; row i of each array is passage i.

    `published` is a date as the number YYYYMMDD; `page` is 0 where unknown.
    """

    keys: Integers
    published: Integers
    page: Integers
    lexicon: Lexicon


class Segment:
    """A segment opened for reading."""

    def __init__(self, folder: Path, entry: Entry) -> None:
        """Opens a segment after checking its files.

        Raises:
            LedgerError: a file is missing or not what was written. Nothing is opened then, since
                a damaged graph can take the process down.
        """
        check_files(folder / entry.name, entry)
        self.entry = entry
        self.store = VectorStore(folder / entry.name / "chroma")
        self.columns: dict[Language, Column] = {}
        for language in LANGUAGES:
            place = folder / entry.name / language
            if place.exists():
                keys, published, page = (
                    np.load(place / f"{name}.npy", mmap_mode="r")
                    for name in ("keys", "published", "page")
                )
                self.columns[language] = Column(keys, published, page, Lexicon(place / "lexicon"))

    def close(self) -> None:
        """Lets go of its files."""
        self.store.close()


def read_catalog(folder: Path) -> Catalog | None:
    """The catalog in `folder`, None where there is none.

    Raises:
        LedgerError: it is not readable.
    """
    try:
        data = json.loads((folder / CATALOG).read_text("utf-8"))
        entries = tuple(
            Entry(**{**entry, "files": {k: tuple(v) for k, v in entry["files"].items()}})
            for entry in data["segments"]
        )
        return Catalog(data["fingerprint"], entries)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LedgerError(
            f"the index's catalog in {folder} is damaged: {error}", REBUILD
        ) from error


def check_files(place: Path, entry: Entry) -> None:
    """Compares a segment's files with the catalog.

    Raises:
        LedgerError: one is missing, or has another size or checksum.
    """
    for name, (size, checksum) in entry.files.items():
        path = place / name
        if not path.is_file() or path.stat().st_size != size or _checksum(path) != checksum:
            raise LedgerError(f"the index file {path} is damaged or missing", REBUILD)


def publish(
    ledger: Ledger,
    folder: Path,
    fingerprint: str,
    fresh: bool = False,
    tick: Callable[[int], None] | None = None,
) -> Catalog:
    """Brings the index up to the ledger; the caller holds the archive's lock.

    Args:
        folder: of the index.
        fingerprint: of encoder, chunking and tokenizer.
        fresh: build everything anew from the ledger, whatever is there.
        tick: hears how many passages have been written.

    Raises:
        IndexMismatch: the index there, or a part of the ledger, was made with another fingerprint.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = None if fresh else read_catalog(folder)
    if known and known.segments and known.fingerprint != fingerprint:
        raise IndexMismatch("the index was made with another encoder or chunking", REBUILD)
    if ledger.stale_articles(fingerprint):  # a rebuild with other settings was interrupted
        raise IndexMismatch(
            "part of the archive was made with another encoder or chunking", REBUILD
        )
    previous = known.segments if known else ()
    kept, after, upto = _plan(ledger, previous)
    segments = list(kept)
    if upto > after:
        entry = _build(folder, ledger, after, upto, tick)
        segments.append(entry)
    catalog = Catalog(fingerprint, tuple(segments))
    if known is None or catalog != known:
        _write_catalog(folder, catalog)
    if upto > after:
        ledger.forget_removed(after, upto)
    _sweep(folder, {entry.name for entry in (*segments, *previous)})
    return catalog


def _plan(ledger: Ledger, entries: Sequence[Entry]) -> tuple[Sequence[Entry], int, int]:
    """Which segments stay, and the range of keys to be written anew behind them."""
    last = ledger.last_key()
    removed = ledger.removed_keys()
    for position, entry in enumerate(entries):
        gone = np.searchsorted(removed, [entry.after, entry.upto], side="right")
        if gone[1] - gone[0] > _MOST_REMOVED * max(entry.passages, 1):
            # What follows is written with it: ranges stay neighbours, and later ones are smaller.
            return entries[:position], entry.after, last
    after = entries[-1].upto if entries else 0
    if after == last:
        return entries, last, last
    kept = list(entries)
    size = ledger.count_passages(after, last)
    while kept and kept[-1].passages < 2 * size:
        size += kept[-1].passages
        after = kept.pop().after
    return kept, after, last


def _build(
    folder: Path, ledger: Ledger, after: int, upto: int, tick: Callable[[int], None] | None
) -> Entry:
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=folder))
    try:
        count = _write_segment(draft, ledger.rows(after, upto), tick)
        files = _seal(draft)
        name = f"{after}-{upto}-{draft.name.removeprefix('draft-')}"
        os.replace(draft, folder / name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return Entry(name, after, upto, count, files)


def _write_segment(folder: Path, rows: Iterable[Row], tick: Callable[[int], None] | None) -> int:
    by_language: dict[Language, list[Row]] = {language: [] for language in LANGUAGES}
    for row in rows:
        by_language[row.language].append(row)
    VectorStore.build(
        folder / "chroma",
        {
            lang: np.stack([row.vector for row in found])
            for lang, found in by_language.items()
            if found
        },
        tick,
    )
    for language, found in by_language.items():
        if not found:
            continue
        place = folder / language
        place.mkdir()
        np.save(place / "keys.npy", np.array([row.key for row in found], np.int64))
        dates = [int(row.published.strftime("%Y%m%d")) for row in found]
        np.save(place / "published.npy", np.array(dates, np.int64))
        np.save(place / "page.npy", np.array([row.page or 0 for row in found], np.int64))
        Lexicon.build(place / "lexicon", [row.terms for row in found])
    return sum(map(len, by_language.values()))


def _seal(folder: Path) -> dict[str, tuple[int, int]]:
    """Brings a segment's files to disk; their sizes and checksums."""
    files = {}
    for path in sorted(folder.rglob("*")):
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
        if path.is_file():
            files[path.relative_to(folder).as_posix()] = (path.stat().st_size, _checksum(path))
    return files


def _checksum(path: Path) -> int:
    value = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            value = zlib.crc32(block, value)
    return value


def _write_catalog(folder: Path, catalog: Catalog) -> None:
    data: dict[str, Any] = asdict(catalog)
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
        json.dump(data, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, folder / CATALOG)
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _sweep(folder: Path, keep: set[str]) -> None:
    """Removes what neither this catalog nor the previous one names: readers may hold that."""
    for path in folder.iterdir():
        if path.is_dir() and path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)
        elif path.name.startswith("tmp"):
            path.unlink(missing_ok=True)
