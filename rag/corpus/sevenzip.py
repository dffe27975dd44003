"""The members of a 7z archive, unpacked in a temporary folder under names of our own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import py7zr

from rag.corpus.members import (
    ENCRYPTED,
    NO_FILE,
    ArchiveError,
    Budget,
    Member,
    judged,
    refused,
    too_large,
    why,
)
from rag.corpus.reader import MAX_BYTES


def seven_zip(path: Path) -> Iterator[Member]:
    """The files of a 7z archive, in stored order.

    Raises:
        ArchiveError: encrypted, damaged or a bomb.
    """
    budget = Budget(path)
    with ExitStack() as stack:
        # Given a file and not a name, py7zr unpacks in this thread, in order.
        file = stack.enter_context(path.open("rb"))
        try:
            archive = stack.enter_context(py7zr.SevenZipFile(file))
        except py7zr.PasswordRequired as error:
            raise ArchiveError(ENCRYPTED) from error
        if archive.needs_password():
            raise ArchiveError(ENCRYPTED)
        unpacked = _Unpacked(archive, Path(stack.enter_context(tempfile.TemporaryDirectory())))
        found: list[Member] = []
        for number, entry in enumerate(archive.files):
            size = entry.uncompressed or 0
            budget.spend(size)
            if entry.is_directory:
                continue
            if entry.is_symlink or entry.is_junction or entry.is_socket:
                found.append(refused(entry.filename, NO_FILE))
                continue
            found.append(judged(entry.filename, size, partial(unpacked.read, number)))
            if not found[-1].error:
                unpacked.wanted.append(str(number))
        yield from found


class _Unpacked:
    """The wanted members of a 7z, unpacked together when the first of them is read.

    A solid archive can only be unpacked from its start. Each member is renamed to its number
    before py7zr sees it, so that no path is ever made of a name from the archive.
    """

    def __init__(self, archive: Any, folder: Path) -> None:
        self.wanted: list[str] = []
        self._archive = archive
        self._folder = folder
        self._done: set[str] | None = None
        self._failure = "member missing"

    def read(self, number: int) -> bytes:
        if self._done is None:
            self._unpack()
        if self._done is None or str(number) not in self._done:
            raise ArchiveError(
                f"the archive is damaged or cut off: {self._failure} (fetch it again)"
            )
        return (self._folder / str(number)).read_bytes()

    def _unpack(self) -> None:
        self._done = set()
        for number, entry in enumerate(self._archive.files.files_list):
            entry["filename"] = str(number)
        try:
            self._archive.extract(path=self._folder, targets=self.wanted, factory=self)
        except Exception as error:  # see members(); what was whole before it stays
            self._failure = why(error)

    def create(self, filename: str) -> _Sink:
        """py7zr's request for something to write the member into."""
        number = Path(filename).name
        done = self._done if self._done is not None else set()
        return _Sink(self._folder / number, lambda: done.add(number))


class _Sink:
    """What py7zr writes one member into; `close` is called only when the member is whole."""

    def __init__(self, path: Path, done: Callable[[], None]) -> None:
        self._path = path
        self._done = done
        self._size = 0
        path.touch()

    def write(self, data: bytes) -> int:
        if self._size + len(data) > MAX_BYTES:
            raise ArchiveError(too_large())
        with self._path.open("ab") as file:
            file.write(data)
        self._size += len(data)
        return len(data)

    def read(self, size: int | None = None) -> bytes:
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        return offset

    def flush(self) -> None:
        """Nothing is held back."""

    def size(self) -> int:
        return self._size

    def close(self) -> None:
        self._done()
