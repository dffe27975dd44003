"""What every kind of archive shares: a member, the rules for its name, and the limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from rag.corpus.reader import MAX_BYTES

MOST_MEMBERS = 2_000_000
"""Members of one archive that are looked at."""
MOST_UNPACKED = 1024**3
"""Bytes an archive may always unpack to; beyond, `MOST_RATIO` decides."""
MOST_RATIO = 200
"""How many times its own size an archive beyond `MOST_UNPACKED` may unpack to."""

NO_FILE = "this member is a link or a device, not a file"
ENCRYPTED = "the archive is encrypted (unpack it first)"
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True)
class Member:
    """A file in an archive: its printable name, and why it cannot be taken ("" if it can).

    `read` gives its bytes and may raise `ArchiveError`; call it before asking for the next member.
    """

    name: str
    read: Callable[[], bytes]
    error: str = ""


class ArchiveError(Exception):
    """The archive, or the rest of it, cannot be read."""


class MemberError(ArchiveError):
    """One member cannot be read; the others may."""


def too_large() -> str:
    """The reason given for a file over the reader's limit."""
    return f"the file is larger than {MAX_BYTES // 1024**2} MiB (split it into one file an article)"


def printable(name: str) -> str:
    """A name that can be shown and stored: undecodable bytes and controls written as escapes."""
    name = name.encode("utf-8", errors="backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() or c == "\u3000" else ascii(c)[1:-1] for c in name)


def refused(name: str, reason: str) -> Member:
    """A member that cannot be taken."""

    def read() -> bytes:
        raise MemberError(reason)

    return Member(printable(name), read, reason)


def damaged(error: Exception) -> str:
    """The reason given for an archive whose decoder failed."""
    return f"the archive is damaged or cut off: {why(error)} (fetch it again)"


def why(error: Exception) -> str:
    """What a decoder said, on one line."""
    return " ".join(str(error).split())[:120] or type(error).__name__


class Budget:
    """Counts what an archive unpacks to, and stops a bomb before it goes off."""

    def __init__(self, path: Path) -> None:
        self._packed = path.stat().st_size
        self._unpacked = 0
        self._members = 0

    def spend(self, size: int) -> None:
        """Count one member of `size` bytes.

        Raises:
            ArchiveError: that is too many members, or too much.
        """
        self._members += 1
        self._unpacked += max(size, 0)
        if self._members > MOST_MEMBERS:
            raise ArchiveError(f"the archive has more than {MOST_MEMBERS:,} members (split it)")
        if self._unpacked > MOST_UNPACKED and self._unpacked > MOST_RATIO * self._packed:
            raise ArchiveError(
                f"the archive unpacks to more than {MOST_RATIO} times its size, like a bomb "
                "(unpack it yourself if you trust it)"
            )


def _objection(name: str, size: int) -> str:
    """Why a member of this name and size is not taken, or ""."""
    if not name or "\x00" in name or "\\" in name or name.startswith("/") or _DRIVE.match(name):
        return "the name of this member is not a relative path; it was not unpacked"
    if ".." in name.split("/"):
        return "the name of this member leads out of the archive; it was not unpacked"
    return too_large() if size > MAX_BYTES else ""


def _plain(name: str) -> str:
    """`./a//b` is `a/b`."""
    return "/".join(part for part in name.split("/") if part not in ("", "."))


def judged(name: str, size: int, read: Callable[[], bytes]) -> Member:
    """A member, refused where its name leaves the archive or its size (bytes) the limit."""
    objection = _objection(name, size)
    return refused(name, objection) if objection else Member(printable(_plain(name)), read)


def bounded(file: IO[bytes]) -> bytes:
    """All of an open file.

    Raises:
        MemberError: it is larger than the reader's limit.
    """
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise MemberError(too_large())
    return data
