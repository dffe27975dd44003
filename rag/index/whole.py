"""Files that are there whole, or as they were before."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DRAFT = ".draft-"
"""What the name of a file begins with that is being written."""


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A new path beside `path`, for what takes its place once it is written and on disk; what is
    no file, a pipe or a device, is written to itself.

    Raises:
        OSError: it cannot be written; `path` is as it was then.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        yield path
        return
    draft = path.with_name(DRAFT + secrets.token_hex(8))
    try:
        yield draft
        to_disk(draft)
        os.replace(draft, path)
        to_disk(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def to_disk(path: Path) -> None:
    """Brings what was written to a file, or to the list of a folder's files, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
