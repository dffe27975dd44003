"""The directory of a zip archive, counted before `zipfile` makes an object of each entry.

APPNOTE.TXT of PKWARE, 4.3.12 to 4.3.16: what the directory says of itself may be a lie, so its
entries are walked; one that cannot be found is left for `zipfile` to refuse.
"""

from __future__ import annotations

import struct
from typing import IO

from rag.corpus.members import MOST_MEMBERS, ArchiveError

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s24x3H12x")  # signature, then the lengths of name, extra field, comment
_LONGEST_COMMENT = 65_535
_BLOCK = 1 << 20


def check_directory(file: IO[bytes], most: int = MOST_MEMBERS) -> None:
    """Counts the entries of an open zip archive.

    Raises:
        ArchiveError: there are more than `most`.
    """
    size = _directory_size(file)
    if size is None:
        return
    end, length = size
    file.seek(max(0, end - length))
    held, left, count = b"", length, 0
    while True:
        if len(held) < _ENTRY.size + 3 * 65_535 and left > 0:
            block = file.read(min(_BLOCK, left))
            left = left - len(block) if block else 0
            held += block
        position = 0
        while len(held) - position >= _ENTRY.size:
            signature, name, extra, comment = _ENTRY.unpack_from(held, position)
            step = _ENTRY.size + name + extra + comment
            if signature != b"PK\x01\x02":
                return
            if len(held) - position < step and left > 0:
                break
            position += step
            count += 1
            if count > most:
                raise ArchiveError(f"the archive has more than {most:,} members (split it)")
        held = held[position:]
        if left <= 0:
            return


def _directory_size(file: IO[bytes]) -> tuple[int, int] | None:
    """Where the directory ends and how long it is, in bytes; None where there is none."""
    total = file.seek(0, 2)
    start = max(0, total - _END.size - _LONGEST_COMMENT)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        return None
    length, end = _END.unpack_from(tail, at)[5], start + at
    locator = end - _LOCATOR.size
    if locator >= 0:
        file.seek(locator)
        mark, _, _, _ = _LOCATOR.unpack(file.read(_LOCATOR.size))
        if mark == b"PK\x06\x07" and locator >= _END64.size:
            file.seek(locator - _END64.size)
            fields = _END64.unpack(file.read(_END64.size))
            if fields[0] == b"PK\x06\x06":
                return locator - _END64.size, fields[8]
    return end, length
