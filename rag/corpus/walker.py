"""What was pointed at -> the article files in it, one after the other, each with its bytes.

Folders, single files and archives, also archives inside folders. Whatever cannot be taken is
given with its reason, and stops nothing else.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rag.corpus import archives
from rag.corpus.members import ArchiveError, Member, MemberError, printable, too_large
from rag.corpus.reader import MAX_BYTES
from rag.errors import NotFound, UnreadableFile

WHOLE_FOLDER = "."
"""The source of what is said of a folder that cannot be opened itself."""
_ARTICLE_SUFFIXES = (".txt", ".md")
_PACKED_SUFFIXES = (*archives.ARCHIVE_SUFFIXES, ".rar", ".gz", ".xz", ".bz2", ".zst", ".lz4")
_LITTER = frozenset({"thumbs.db", "desktop.ini", "__macosx", "$recycle.bin"})
_PACKED = "an archive of this kind, or inside another, is not opened (unpack it first)"
_NOT_AN_ARTICLE = "not an article file: those end in .txt or .md (remove it or rename it)"


@dataclass(frozen=True)
class SourceFile:
    """A file that was found.

    `root` is the absolute path of what was ingested, `source` the file's path relative to it with
    `/` between its parts: the file's own name, `month/day.txt`, or `month.7z/day.txt` for a member
    of an archive. `error` says why the file could not be taken, and `data` is then empty.
    """

    root: str
    source: str
    data: bytes
    error: str = ""


@dataclass(frozen=True)
class _Found:
    """A file seen but not yet read; `read` raises OSError, MemberError or ArchiveError.

    `archive` is the source of the archive it lies in: what an ArchiveError is about.
    """

    source: str
    read: Callable[[], bytes]
    error: str = ""
    archive: str = ""


def walk(path: Path) -> Iterator[SourceFile]:
    """Every file at `path`, read one at a time, in the same order each time.

    Folders go by name, the members of an archive in stored order (of a zip by name). Hidden files
    and the litter of operating systems are passed over in silence.

    Args:
        path: a folder, an article file, or a .zip, .tar, .tar.gz, .tar.xz, .tar.bz2 or .7z.

    Raises:
        NotFound: nothing is at `path`.
        UnreadableFile: it is neither a file nor a folder.
    """
    root = root_of(path)
    for found in _find(_existing(path)):
        source, data, error = found.source, b"", found.error
        if not error:
            try:
                data = found.read()
            except MemberError as problem:
                error = str(problem)
            except ArchiveError as problem:
                source, error = found.archive, str(problem)
            except OSError as problem:
                error = _os_reason(problem)
        yield SourceFile(root, source, data, error)


def root_of(path: Path) -> str:
    """The `root` of the files that `walk` gives for `path`."""
    return printable(os.path.abspath(path))


def count_files(path: Path) -> int:
    """How many files `walk` will give, without reading them (a .tar.xz must be unpacked to count).

    Raises:
        NotFound, UnreadableFile: as `walk`.
    """
    return sum(1 for _ in _find(_existing(path)))


def _existing(path: Path) -> Path:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise NotFound(f"there is nothing at {printable(str(path))}", "check the path") from error
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        raise UnreadableFile(
            f"{printable(str(path))} is neither a file nor a folder", "give a file or a folder"
        )
    return path


def _find(path: Path) -> Iterator[_Found]:
    if not path.is_dir():
        yield from _in_file(path, printable(path.name), inside="")
        return
    root = path.resolve()
    # A stack and not recursion: folders may nest deeper than Python's calls.
    waiting = [(path, "")]
    while waiting:
        at, source = waiting.pop()
        try:
            reason = _link_reason(at, root) if source and at.is_symlink() else ""
            if reason:
                yield _refused(source, reason)
            elif at.is_file():
                yield from _in_file(at, source, inside=f"{source}/")
            elif not at.is_dir():
                yield _refused(source, "neither a file nor a folder (remove it)")
            elif not source or not at.is_symlink():  # what it links to has its own names
                waiting += _listing(at, f"{source}/" if source else "")
        except OSError as error:
            yield _refused(source or WHOLE_FOLDER, _os_reason(error))


def _listing(folder: Path, prefix: str) -> list[tuple[Path, str]]:
    """What a folder holds, last name first, with sources."""
    with os.scandir(folder) as entries:
        names = sorted((entry.name for entry in entries), reverse=True)
    return [(folder / name, prefix + printable(name)) for name in names if not _is_litter(name)]


def _in_file(path: Path, source: str, inside: str) -> Iterator[_Found]:
    if archives.is_archive(path.name):
        yield from _in_archive(path, source, inside)
    else:
        yield _judged(path.name, _Found(source, partial(_read, path)))


def _link_reason(link: Path, root: Path) -> str:
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: a loop, before Python 3.13
        return "a link that leads nowhere (remove it)"
    if not target.is_relative_to(root):
        return "a link out of the folder is not followed (copy the file here)"
    return ""


def _in_archive(path: Path, source: str, inside: str) -> Iterator[_Found]:
    """The members of an archive; one last entry under `source` says why it could not go on."""
    broken: list[ArchiveError] = []

    def read(member: Member) -> bytes:
        try:
            return member.read()
        except MemberError:
            raise
        except ArchiveError as error:
            broken.append(error)
            raise

    try:
        for member in archives.members(path):
            if member.error or not any(map(_is_litter, member.name.split("/"))):
                found = _Found(inside + member.name, partial(read, member), member.error, source)
                yield _judged(member.name, found)
            if broken:  # reported by whoever read; the rest of the archive is lost
                return
    except ArchiveError as error:
        yield _refused(source, str(error))


def _judged(name: str, found: _Found) -> _Found:
    """A file with the reason its name gives against it, if any."""
    lower = name.lower()
    if found.error or lower.endswith(_ARTICLE_SUFFIXES):
        return found
    return replace(found, error=_PACKED if lower.endswith(_PACKED_SUFFIXES) else _NOT_AN_ARTICLE)


def _refused(source: str, reason: str) -> _Found:
    return _Found(source, bytes, reason)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise MemberError(too_large())
    return data


def _is_litter(name: str) -> bool:
    return name.lower() in _LITTER or (name.startswith(".") and name not in (".", ".."))


def _os_reason(error: OSError) -> str:
    why = (error.strerror or type(error).__name__).lower()
    return f"the file cannot be opened: {why} (check its permissions)"
