"""One SQLite file behind a lock: transactions that are whole or not at all, and statements.

One connection serves all threads of a process; another process may read while one writes
(write-ahead log).
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from rag.errors import LedgerError
from rag.index.schema import migrate

# SQLite takes at most 32,766 variables; fewer keep a statement small.
_CHUNK = 500

BACK = (
    "nothing was overwritten: restore it from a backup, or save what can still be read with "
    "`jiubao export FILE` and take that into a new archive with `jiubao --home NEW import FILE`"
)
"""The way back from a broken ledger."""
_SPACE = "free space on the disk or mend it, then run the command again"
_PATIENCE = 30  # seconds that one process waits for another's writing
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def explain(error: sqlite3.Error, what: str) -> LedgerError:
    """What SQLite says, with what to do about it: a broken file is not a full disk."""
    code = getattr(error, "sqlite_errorcode", None)  # none where text is not UTF-8
    if code is None or code & 0xFF in _BROKEN:
        return LedgerError(f"{what}: {error}", BACK)
    if code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LedgerError(f"{what}: {error}", "let the other program finish, then run it again")
    return LedgerError(f"{what}: {error}", _SPACE)


def broken(error: Exception | str) -> LedgerError:
    """What a ledger is that cannot be read as it was written."""
    return LedgerError(f"the archive's ledger is broken: {error}", BACK)


@contextmanager
def unpacking() -> Iterator[None]:
    """Rows to values.

    Raises:
        LedgerError: a row is not what was written.
    """
    try:
        yield
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise broken(error) from error


def connect(path: Path, synchronous: Literal["FULL", "NORMAL"]) -> sqlite3.Connection:
    """A connection that threads may share under a lock, with a log of what is written; the file and
    its folder are made where there are none.

    Raises:
        sqlite3.Error, OSError: it cannot be opened.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=_PATIENCE, check_same_thread=False, isolation_level=None)
    _keep_log(db)
    db.execute(f"PRAGMA synchronous = {synchronous}")
    db.execute("PRAGMA foreign_keys = ON")
    return db


def _keep_log(db: sqlite3.Connection) -> None:
    """Has what is written go to a log first. Where two processes make a new file do so at once,
    SQLite lets neither wait for the other, as it does with everything else."""
    patient = time.monotonic() + _PATIENCE
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > patient:
                raise
            time.sleep(0.02)


class Database:
    """An open SQLite file at the newest schema."""

    def __init__(self, path: Path) -> None:
        """Opens the file, made where there is none.

        Raises:
            LedgerError: it is damaged, or from a newer jiubao, or cannot be written.
        """
        self._lock = threading.RLock()
        try:
            self._db = connect(path, "FULL")
            migrate(self._db)
        except sqlite3.Error as error:
            raise explain(error, f"the archive's ledger {path} cannot be opened") from error
        except OSError as error:
            raise LedgerError(
                f"the archive's ledger {path} cannot be opened: {error}",
                "check the disk and the folder's rights",
            ) from error

    def close(self) -> None:
        """Closes the file; the object is of no use afterwards."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes within, or none.

        Raises:
            LedgerError: the disk is full, read-only or broken; nothing of it was kept.
        """
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                self._abandon()
                raise explain(error, "the ledger could not be written") from error
            except BaseException:
                self._abandon()
                raise

    def _abandon(self) -> None:
        if self._db.in_transaction:
            # What went wrong first is what is told; a transaction left open ends with the process.
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")

    def _all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._db.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise explain(error, "the ledger could not be read or written") from error

    def _in(self, sql: str, values: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        """Rows of `sql`, whose `{}` takes the values, a few hundred at a time."""
        values = list(values)
        for start in range(0, len(values), _CHUNK):
            part = values[start : start + _CHUNK]
            yield from self._all(sql.format(",".join("?" * len(part))), part)

    def meta(self, name: str) -> str | None:
        """A fact the archive keeps about itself, or None."""
        rows = self._all("SELECT value FROM meta WHERE name = ?", (name,))
        return rows[0][0] if rows else None

    def set_meta(self, name: str, value: str) -> None:
        """Writes such a fact."""
        self._all("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def version(self) -> int:
        """A number that changes whenever another connection has written."""
        return int(self._all("PRAGMA data_version")[0][0])

    def check(self) -> list[str]:
        """What SQLite finds wrong with the file; empty when it is whole."""
        try:
            found = [row[0] for row in self._all("PRAGMA integrity_check(20)")]
        except LedgerError as error:
            return [error.message]
        return [] if found == ["ok"] else found
