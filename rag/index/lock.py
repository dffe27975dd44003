"""One process writes to an archive; a second is told who does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import ArchiveBusy, LedgerError

# Seconds. A search that brings the index up to the ledger holds the lock for a moment.
_PATIENCE = 2.0


@contextmanager
def writing(home: Path, what: str, patience: float = _PATIENCE) -> Iterator[None]:
    """Holds the archive's lock; `what` is told to others who want it.

    Args:
        patience: seconds to wait for another to be done.

    Raises:
        ArchiveBusy: another process, or another thread of this one, is writing.
        LedgerError: the folder cannot be written to.
    """
    lock = FileLock(home / "write.lock", thread_local=False)
    holder = home / "writer.txt"
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=patience)
    except Timeout:
        raise ArchiveBusy(
            f"the archive {home} is being written by {_read(holder)}",
            "wait until it is done, or stop it",
        ) from None
    except OSError as error:
        raise LedgerError(
            f"the archive {home} cannot be written: {error.strerror or error}",
            "check the disk and the folder's rights",
        ) from error
    try:
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        with suppress(OSError):  # it only tells others who writes
            holder.write_text(f"`jiubao {what}` (process {os.getpid()}, since {now})", "utf-8")
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def _read(holder: Path) -> str:
    try:
        return holder.read_text("utf-8") or "another process"
    except (OSError, ValueError):
        return "another process"
