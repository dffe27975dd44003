"""The members of an archive, one after the other, without trusting a byte of it.

Nothing is unpacked under a member's own name; sizes are bounded by member and in all; what cannot
be taken is a `Member` with its reason. Only 7z needs room on disk, in a temporary folder.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import IO, cast

from rag.corpus.members import (
    ENCRYPTED,
    NO_FILE,
    ArchiveError,
    Budget,
    Member,
    MemberError,
    bounded,
    damaged,
    judged,
    refused,
)
from rag.corpus.sevenzip import seven_zip
from rag.corpus.zipdirectory import check_directory

_TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2")
ARCHIVE_SUFFIXES = (".zip", ".7z", *_TAR_SUFFIXES)
"""Ends of the names of archives that are opened, in lower case."""

# Room for the headers between two members: long names and extended attributes.
_TAR_HEADERS = 1024**2


def is_archive(name: str) -> bool:
    """Whether a file of this name is opened as an archive."""
    return name.lower().endswith(ARCHIVE_SUFFIXES)


def members(path: Path) -> Iterator[Member]:
    """The files of an archive, in stored order (a zip's by name), folders left out.

    Raises:
        ArchiveError: damaged, cut off, encrypted or a bomb; members given before stay good.
    """
    name = path.name.lower()
    opener = _zip if name.endswith(".zip") else seven_zip if name.endswith(".7z") else _tar
    seen: set[str] = set()
    try:
        for member in opener(path):
            if member.name in seen and not member.error:
                yield refused(member.name, "the archive holds this name twice")
            else:
                yield member
            seen.add(member.name)
    except ArchiveError:
        raise
    except Exception as error:  # the decoders raise nearly anything on hostile bytes
        raise ArchiveError(damaged(error)) from error


def _zip(path: Path) -> Iterator[Member]:
    budget = Budget(path)
    with path.open("rb") as file:
        check_directory(file)
    with zipfile.ZipFile(path) as archive:
        encrypted = False
        for info in sorted(archive.infolist(), key=lambda info: info.orig_filename):
            budget.spend(info.file_size)
            if info.is_dir():
                continue
            name = _zip_name(info)
            if info.flag_bits & 0x1:
                encrypted = True
            elif stat.S_ISLNK(info.external_attr >> 16):
                yield refused(name, NO_FILE)
            else:
                yield judged(name, info.file_size, partial(_unzip, archive, info))
    if encrypted:
        raise ArchiveError(ENCRYPTED)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name as its maker wrote it: without the UTF-8 flag, old archives hold GBK bytes."""
    if info.flag_bits & 0x800:
        return info.orig_filename
    return _decode_name(info.orig_filename.encode("cp437", errors="replace"))


def _decode_name(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", errors="surrogateescape")


def _unzip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as file:
            return bounded(file)
    except ArchiveError:
        raise
    except Exception as error:  # see members(); in a zip the other members may be whole
        raise MemberError(damaged(error)) from error


class _Metered:
    """A stream that refuses to be read beyond `limit`: tar headers can claim any size."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.position = 0
        self.limit = _TAR_HEADERS

    def read(self, size: int) -> bytes:
        if self.position > self.limit:
            raise ArchiveError("the archive has a header beyond all measure (fetch it again)")
        data = self._file.read(size)
        self.position += len(data)
        return data


def _tar(path: Path) -> Iterator[Member]:
    budget = Budget(path)
    with ExitStack() as stack:
        stream = _Metered(stack.enter_context(_unpacked_stream(path)))
        archive = stack.enter_context(
            tarfile.open(
                fileobj=cast(IO[bytes], stream),
                mode="r|",
                encoding="utf-8",
                errors="surrogateescape",
            )
        )
        while (info := archive.next()) is not None:
            # A stream never looks back, and the list of all its members would only grow.
            archive.members = []  # type: ignore[attr-defined]
            budget.spend(info.size)
            stream.limit = stream.position + info.size + _TAR_HEADERS
            name = _decode_name(info.name.encode("utf-8", errors="surrogateescape"))
            if info.isdir():
                continue
            if info.isreg() and not info.issparse():
                yield judged(name, info.size, partial(_untar, archive, info))
            else:
                yield refused(name, NO_FILE)
        # The checksum of a .gz or .xz stands behind the last member: read on to have it checked.
        while stream.read(tarfile.RECORDSIZE):
            pass
        if stream.position % tarfile.BLOCKSIZE:
            raise ArchiveError("the archive is cut off (fetch it again)")


def _unpacked_stream(path: Path) -> IO[bytes]:
    name = path.name.lower()
    if name.endswith((".gz", ".tgz")):
        return cast(IO[bytes], gzip.open(path))
    if name.endswith((".xz", ".txz")):
        return cast(IO[bytes], lzma.open(path))
    if name.endswith((".bz2", ".tbz2")):
        return cast(IO[bytes], bz2.open(path))
    return path.open("rb")


def _untar(archive: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    try:
        file = archive.extractfile(info)
        if file is None:
            raise MemberError(NO_FILE)
        return bounded(file)
    except ArchiveError:
        raise
    except Exception as error:  # see members(); what follows in the stream is lost too
        raise ArchiveError(damaged(error)) from error
