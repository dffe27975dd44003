"""Keeps the index in step with the ledger: publishes after writes, opens for searches, mends."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from rag.errors import ArchiveBusy, LedgerError, NotFound
from rag.index.index import Index
from rag.index.ledger import Ledger
from rag.index.lock import writing
from rag.index.segments import REBUILD, Catalog, check_files, publish, read_catalog
from rag.types import Progress

log = logging.getLogger("jiubao")


class Keeper:
    """The index of the archive in `home`. May be used from several threads."""

    def __init__(self, home: Path, ledger: Ledger) -> None:
        self._home = home
        self._folder = home / "index"
        self._ledger = ledger
        self._lock = threading.RLock()
        self._index: Index | None = None
        self._seen = -1

    def close(self) -> None:
        """Lets go of the index's files."""
        with self._lock:
            if self._index:
                self._index.close()
                self._index = None

    def current(self, fingerprint: str) -> Index:
        """The index as it stands on disk now, opened again when another process wrote.

        The one before is closed when the last thread that searches it is done. An index that is
        damaged or behind is made good from the ledger first.

        Raises:
            NotFound: the archive is empty.
            IndexMismatch: the index was made with another fingerprint.
            ArchiveBusy: it is damaged, and another process is writing.
        """
        with self._lock:
            version = self._ledger.version()
            if self._index is None or version != self._seen:
                self._index = self._open(fingerprint)
                self._seen = version
            return self._index

    def publish(
        self,
        fingerprint: str,
        progress: Callable[[Progress], None] | None = None,
        fresh: bool = False,
    ) -> None:
        """Brings the index up to the ledger; the caller holds the archive's lock."""
        start, total, done = time.monotonic(), self._ledger.counts()["passages"], 0

        def tick(count: int) -> None:
            nonlocal done
            done += count
            if progress:
                elapsed = time.monotonic() - start
                progress(Progress("indexing", done, max(total, done), done, elapsed))

        publish(self._ledger, self._folder, fingerprint, fresh, tick)
        with self._lock:
            self._index = None

    def is_behind(self) -> bool:
        """Whether the ledger holds passages that the index does not."""
        return _upto(read_catalog(self._folder)) < self._ledger.last_key()

    def problems(self) -> list[str]:
        """What is wrong with the index's files, each with what to run."""
        try:
            catalog = read_catalog(self._folder)
            for entry in catalog.segments if catalog else ():
                check_files(self._folder / entry.name, entry)
        except LedgerError as error:
            return [str(error)]
        if _upto(catalog) < self._ledger.last_key():
            return [f"the index is behind the ledger ({REBUILD})"]
        return []

    def _open(self, fingerprint: str) -> Index:
        if not self._ledger.period():
            raise NotFound(f"the archive {self._home} is empty", "run `jiubao ingest PATH` first")
        try:
            index = Index(self._folder, self._ledger, fingerprint)
            if _upto(index.catalog) == self._ledger.last_key():
                return index
            damaged = False
        except LedgerError as error:
            index, damaged = None, True
            log.warning("%s; rebuilding it from the ledger", error.message)
        try:
            with writing(self._home, "rebuild"):
                publish(self._ledger, self._folder, fingerprint, fresh=damaged)
        except ArchiveBusy:
            if index is None:
                raise
            return index  # another process is writing: answer from what it last published
        if index:
            index.close()
        return Index(self._folder, self._ledger, fingerprint)


def _upto(catalog: Catalog | None) -> int:
    return catalog.upto if catalog else 0
