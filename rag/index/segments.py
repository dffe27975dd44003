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
import logging
import os
import secrets
import shutil
import tempfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import IndexMismatch, JiubaoError, LedgerError
from rag.index.ledger import Ledger
from rag.index.lexicon import Lexicon
from rag.index.parts import VECTORS, open_store, write_segment
from rag.index.service import Service, forget
from rag.index.whole import DRAFT, to_disk, written_whole
from rag.types import LANGUAGES, Language

CATALOG = "catalog.json"
REBUILD = "run `jiubao rebuild`"
# The ledger's note of the catalogs that may stand: the last one, and the next while it is written.
_STAMPS = "index stamps"
_UNSTAMPED = "-"  # what jiubao 0.1 wrote
_FULL = "free space on the disk or mend it, then run the command again"
_CATALOG_KEYS = {"fingerprint", "segments", "stamp", "crc32"}
# A segment with a larger share of removed passages is written anew.
_MOST_REMOVED = 0.2

Integers = npt.NDArray[np.int64]

log = logging.getLogger("jiubao")


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
    """What the index was made with, and of which segments it consists, by key.

    `stamp` is also in the ledger that it was made from: see `belongs`.
    """

    fingerprint: str
    segments: tuple[Entry, ...] = ()
    stamp: str = ""

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

    def __init__(self, folder: Path, entry: Entry, service: Service | None = None) -> None:
        """Opens a segment after checking its files.

        Raises:
            LedgerError: a file is missing or not what was written. Nothing is opened then, since
                a damaged graph can take the process down.
        """
        check_files(folder / entry.name, entry)
        self.entry = entry
        self.store = open_store(folder / entry.name / VECTORS, service)
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
        if not data.keys() <= _CATALOG_KEYS or data.pop("crc32", _own_sum(data)) != _own_sum(data):
            raise ValueError("its checksum is another")
        entries = tuple(
            Entry(**{**entry, "files": {k: tuple(v) for k, v in entry["files"].items()}})
            for entry in data["segments"]
        )
        return Catalog(data["fingerprint"], entries, data.get("stamp", ""))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LedgerError(
            f"the index's catalog in {folder} is damaged: {error}", REBUILD
        ) from error


def belongs(catalog: Catalog, ledger: Ledger) -> bool:
    """Whether an index was made from this ledger, in a state that this one came out of.

    It was not where the ledger was restored from a backup, or lost its last transactions: keys
    are then given again, to other passages, and the index would answer with the wrong ones.
    """
    stamps = (ledger.meta(_STAMPS) or _UNSTAMPED).split()
    return (catalog.stamp or _UNSTAMPED) in stamps and catalog.upto <= ledger.last_key()


def check_files(place: Path, entry: Entry) -> None:
    """Compares a segment's files with the catalog.

    Raises:
        LedgerError: one is missing, or has another size or checksum.
    """
    for name, (size, checksum) in entry.files.items():
        path = place / name
        if not path.is_file() or path.stat().st_size != size or _checksum(path) != checksum:
            raise LedgerError(f"the index file {path} is damaged or missing", REBUILD)


def indexed_keys(folder: Path, entry: Entry) -> dict[str, set[int]]:
    """The keys that a segment holds, by language; its files have been checked."""
    places = {language: folder / entry.name / language / "keys.npy" for language in LANGUAGES}
    return {
        language: set(np.load(place).tolist())
        for language, place in places.items()
        if place.exists()
    }


def publish(
    ledger: Ledger,
    folder: Path,
    fingerprint: str,
    fresh: bool = False,
    tick: Callable[[int], None] | None = None,
    *,
    service: Service | None = None,
) -> Catalog:
    """Brings the index up to the ledger; the caller holds the archive's lock.

    Args:
        folder: of the index.
        fingerprint: of encoder, chunking and tokenizer.
        fresh: build everything anew from the ledger, whatever is there.
        tick: hears how many passages have been written.
        service: where vectors are kept, None for this machine.

    Raises:
        IndexMismatch: the index there, or a part of the ledger, was made with another fingerprint.
        LedgerError: the index cannot be written; the one before stands.
    """
    before = _standing(folder, ledger)
    known = None if fresh else before
    if known and known.segments and known.fingerprint != fingerprint:
        raise IndexMismatch("the index was made with another encoder or chunking", REBUILD)
    if ledger.stale_articles(fingerprint):  # a rebuild with other settings was interrupted
        raise IndexMismatch(
            "part of the archive was made with another encoder or chunking", REBUILD
        )
    kept, after, upto = _plan(ledger, known.segments if known else ())
    segments = list(kept)
    if upto > after:
        segments.append(_build(folder, ledger, after, upto, tick=tick, service=service))
    catalog = Catalog(fingerprint, tuple(segments), known.stamp if known else "")
    if known is None or catalog != known:
        catalog = replace(catalog, stamp=secrets.token_hex(8))
        last = (before.stamp if before else "") or _UNSTAMPED
        ledger.set_meta(_STAMPS, f"{last} {catalog.stamp}")
        _write_catalog(folder, catalog)
    if upto > after:
        ledger.forget_removed(after, upto)
    previous = before.segments if before else ()
    _sweep(folder, {entry.name for entry in (*segments, *previous)}, service)
    return catalog


def _standing(folder: Path, ledger: Ledger) -> Catalog | None:
    """The catalog to go on from, None where there is none or it is of no use."""
    try:
        known = read_catalog(folder)
    except LedgerError as error:
        log.warning("%s; making the index anew", error.message)
        return None
    if known and not belongs(known, ledger):
        log.warning(
            "the index was made from another state of the ledger; making it anew "
            "(if you did not restore a backup, run `jiubao ingest` on your files again)"
        )
        return None
    return known


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
    folder: Path,
    ledger: Ledger,
    after: int,
    upto: int,
    *,
    tick: Callable[[int], None] | None,
    service: Service | None,
) -> Entry:
    draft: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix="draft-", dir=folder))
        count = write_segment(draft, ledger.rows(after, upto), tick, service)
        files = _seal(draft)
        name = f"{after}-{upto}-{draft.name.removeprefix('draft-')}"
        os.replace(draft, folder / name)
    except BaseException as error:
        if draft:
            if service:
                forget(draft / VECTORS, service)
            shutil.rmtree(draft, ignore_errors=True)
        if isinstance(error, JiubaoError) or not isinstance(error, Exception):
            raise
        # Chroma raises many kinds, from Rust and from SQLite.
        raise LedgerError(f"the index could not be written: {why(error)}", _FULL) from error
    return Entry(name, after, upto, count, files)


def _seal(folder: Path) -> dict[str, tuple[int, int]]:
    """Brings a segment's files to disk; their sizes and checksums."""
    files = {}
    for path in sorted(folder.rglob("*")):
        to_disk(path)
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
    data["crc32"] = _own_sum(data)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with written_whole(folder / CATALOG) as draft:
            draft.write_text(json.dumps(data, indent=1), "utf-8")
    except OSError as error:
        raise LedgerError(f"the index could not be written: {why(error)}", _FULL) from error


def _own_sum(data: dict[str, Any]) -> int:
    """The checksum of a catalog, without its own; what jiubao 0.1 wrote has none."""
    said = {name: value for name, value in data.items() if name != "crc32"}
    return zlib.crc32(json.dumps(said, sort_keys=True).encode())


def _sweep(folder: Path, keep: set[str], service: Service | None) -> None:
    """Removes what neither this catalog nor the previous one names: readers may hold that."""
    with suppress(OSError):  # what stays is only in the way
        for path in folder.iterdir():
            if path.is_dir() and path.name not in keep:
                if service:
                    forget(path / VECTORS, service)
                shutil.rmtree(path, ignore_errors=True)
            elif path.name.startswith(DRAFT):
                path.unlink(missing_ok=True)


def why(error: Exception) -> str:
    """What a library said, on one line."""
    return " ".join(str(error).split())[:200] or type(error).__name__
