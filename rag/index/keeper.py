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
from rag.index.segments import (
    CATALOG,
    REBUILD,
    Entry,
    belongs,
    check_files,
    indexed_keys,
    publish,
    read_catalog,
)
from rag.index.service import Service
from rag.types import Progress

log = logging.getLogger("jiubao")


class Keeper:
    """The index of the archive in `home`. May be used from several threads."""

    def __init__(self, home: Path, ledger: Ledger, service: Service | None = None) -> None:
        self._service = service
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

        publish(self._ledger, self._folder, fingerprint, fresh, tick, service=self._service)
        with self._lock:
            self._index = None

    def is_behind(self) -> bool:
        """Whether the ledger holds passages that the index does not."""
        try:
            catalog = read_catalog(self._folder)
        except LedgerError:
            return True
        if catalog is None:
            return self._ledger.last_key() > 0
        return catalog.upto != self._ledger.last_key() or not belongs(catalog, self._ledger)

    def problems(self) -> list[str]:
        """What is wrong with the index's files or missing in them, each with what to run."""
        try:
            catalog = read_catalog(self._folder)
            for entry in catalog.segments if catalog else ():
                check_files(self._folder / entry.name, entry)
        except LedgerError as error:
            return [str(error)]
        if self.is_behind():
            return [f"the index is behind the ledger, or of another one ({REBUILD})"]
        removed = set(self._ledger.removed_keys().tolist())
        found = []
        for entry in catalog.segments if catalog else ():
            indexed = indexed_keys(self._folder, entry)
            for language, keys in self._ledger.keys(entry.after, entry.upto).items():
                differing = (indexed.pop(language, set()) - removed) ^ keys
                if differing:
                    found.append(_differs(entry, language, len(differing)))
            found += [_differs(entry, lang, len(k)) for lang, k in indexed.items() if k - removed]
        return found

    def _open(self, fingerprint: str) -> Index:
        if not self._ledger.period():
            raise NotFound(f"the archive {self._home} is empty", "run `jiubao ingest PATH` first")
        asked_for = self._ledger.last_key()  # what is written from here on may wait
        try:
            index: Index | None = self._opened(fingerprint)
        except LedgerError as error:
            index = None
            log.warning("%s; rebuilding it from the ledger", error.message)
        if index and index.catalog and index.catalog.upto >= asked_for:
            return index
        try:
            with writing(self._home, "rebuild", patience=0):
                publish(
                    self._ledger,
                    self._folder,
                    fingerprint,
                    fresh=index is None,
                    service=self._service,
                )
        except (ArchiveBusy, LedgerError) as error:
            # Another process is writing, or none can: answer from what was last published.
            standing = index or self._index
            if standing is None:
                raise
            log.warning("searching the index as it was: %s", error.message)
            return standing
        if index:
            index.close()
        return Index(self._folder, self._ledger, fingerprint, self._service)

    def _opened(self, fingerprint: str) -> Index:
        """The index on disk; tried again where another process published one meanwhile.

        Raises:
            LedgerError: it is damaged, or was made from another ledger.
        """
        while True:
            before = self._catalog()
            try:
                index = Index(self._folder, self._ledger, fingerprint, self._service)
                if index.catalog is None or belongs(index.catalog, self._ledger):
                    return index
                index.close()
                raise LedgerError("the index was made from another state of the ledger", REBUILD)
            except LedgerError:
                if self._catalog() == before:
                    raise

    def _catalog(self) -> bytes:
        try:
            return (self._folder / CATALOG).read_bytes()
        except OSError:
            return b""


def _differs(entry: Entry, language: str, count: int) -> str:
    return (
        f"{count} passages ({language}) of the index segment {entry.name} are not those of the "
        f"ledger ({REBUILD})"
    )
