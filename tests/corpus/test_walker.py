"""The walker: the same files from a folder and from every archive, and nothing else."""

from __future__ import annotations

import io
import os
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import py7zr
import pytest

from rag.corpus import archives, members, walker
from rag.corpus.walker import SourceFile, count_files, walk
from rag.errors import NotFound, UnreadableFile

FILES = {
    "1957年01月/a.txt": "### 甲".encode(),
    "1957年01月/b.MD": "### 乙".encode() * 1000,
    "1957年02月/c.md": b"",
    "d.txt": bytes(range(256)),
}


def folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def make_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def make_tar(path: Path, files: dict[str, bytes]) -> Path:
    mode = {"tar": "w", "gz": "w:gz", "tgz": "w:gz", "xz": "w:xz", "bz2": "w:bz2"}
    with tarfile.open(path, mode[path.name.rsplit(".", 1)[1]]) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def make_7z(path: Path, files: dict[str, bytes]) -> Path:
    with py7zr.SevenZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(data, name)
    return path


MAKERS: dict[str, Callable[[Path, dict[str, bytes]], Path]] = {
    "m.zip": make_zip,
    "m.tar": make_tar,
    "m.tar.gz": make_tar,
    "m.tgz": make_tar,
    "m.tar.xz": make_tar,
    "m.tar.bz2": make_tar,
    "M.7Z": make_7z,
}
every_archive = pytest.mark.parametrize("name", MAKERS)


def taken(path: Path) -> dict[str, bytes]:
    return {file.source: file.data for file in walk(path) if not file.error}


def errors(path: Path) -> dict[str, str]:
    return {file.source: file.error for file in walk(path) if file.error}


# --- the same files, whatever they come in --------------------------------------------------------


@every_archive
def test_an_archive_gives_what_the_folder_gives(tmp_path: Path, name: str) -> None:
    plain = folder(tmp_path / "plain", FILES)
    archive = MAKERS[name](tmp_path / name, FILES)
    assert taken(plain) == taken(archive) == FILES
    assert errors(plain) == errors(archive) == {}
    assert count_files(plain) == count_files(archive) == len(FILES)
    assert {file.root for file in walk(archive)} == {str(archive)}


@every_archive
def test_an_archive_in_a_folder_prefixes_its_members(tmp_path: Path, name: str) -> None:
    (tmp_path / "year").mkdir()
    MAKERS[name](tmp_path / "year" / name, FILES)
    assert taken(tmp_path) == {f"year/{name}/{source}": data for source, data in FILES.items()}
    assert {file.root for file in walk(tmp_path)} == {str(tmp_path)}


def test_a_single_file(tmp_path: Path) -> None:
    path = folder(tmp_path, {"x.txt": b"x"}) / "x.txt"
    assert list(walk(path)) == [SourceFile(str(path), "x.txt", b"x")]
    assert count_files(path) == 1


def test_order_is_by_name_and_walking_is_lazy(tmp_path: Path) -> None:
    folder(tmp_path, {"b/2.txt": b"", "b/1.txt": b"", "a.txt": b"", "c.txt": b""})
    walking = walk(tmp_path)
    assert next(walking).source == "a.txt"
    (tmp_path / "c.txt").write_bytes(b"written later")
    assert [file.source for file in walking] == ["b/1.txt", "b/2.txt", "c.txt"]
    assert taken(tmp_path)["c.txt"] == b"written later"


def test_a_relative_path_has_an_absolute_root(tmp_path: Path, monkeypatch) -> None:
    folder(tmp_path, {"in/x.txt": b"x"})
    monkeypatch.chdir(tmp_path)
    assert list(walk(Path("in"))) == [SourceFile(str(tmp_path / "in"), "x.txt", b"x")]


def test_very_deep_folders(tmp_path: Path) -> None:
    here = os.getcwd()
    os.chdir(tmp_path)
    try:
        for _ in range(1200):
            os.mkdir("d")
            os.chdir("d")
        Path("x.txt").write_bytes(b"x")
        assert [len(source) for source in taken(tmp_path)] == [1200 * 2 + 5]
    finally:
        # From the bottom up: shutil.rmtree, and so pytest, would recurse too deep.
        Path("x.txt").unlink(missing_ok=True)
        while Path.cwd() != tmp_path:
            os.chdir("..")
            os.rmdir("d")
        os.chdir(here)


# --- what is passed over, and what is refused ----------------------------------------------------

LITTER = [".hidden.txt", ".git/x.txt", ".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX/x.txt"]


@pytest.mark.parametrize("name", ["", *MAKERS])
def test_litter_is_silent_and_other_files_are_not(tmp_path: Path, name: str) -> None:
    files = dict.fromkeys(
        [*LITTER, "a.pdf", "noname", "inner.zip", "inner.tar.gz", "old.rar"], b"x"
    )
    make = MAKERS[name] if name else folder
    found = errors(make(tmp_path / (name or "folder"), files))
    assert "not an article file" in found["a.pdf"]
    assert "not an article file" in found["noname"]
    assert "unpack it first" in found["old.rar"]
    assert set(found) == {"a.pdf", "noname", "inner.zip", "inner.tar.gz", "old.rar"}
    if name:
        assert "unpack it first" in found["inner.zip"]
    else:
        assert "damaged" in found["inner.zip"]


def test_nothing_there(tmp_path: Path) -> None:
    for look in (lambda path: next(walk(path)), count_files):
        with pytest.raises(NotFound, match="nothing at"):
            look(tmp_path / "gone.zip")
    with pytest.raises(NotFound):
        next(walk(Path("a\x00b")))


def test_pipes_are_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert errors(tmp_path) == {"pipe.txt": "neither a file nor a folder (remove it)"}
    with pytest.raises(UnreadableFile):
        next(walk(tmp_path / "pipe.txt"))


def test_unreadable_file(tmp_path: Path, monkeypatch) -> None:
    folder(tmp_path, {"a.txt": b"a", "b.txt": b"b"})
    opened = Path.open

    def refuse(path: Path, *args, **kwargs):
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    assert "permission denied" in errors(tmp_path)["a.txt"]
    assert taken(tmp_path) == {"b.txt": b"b"}


BAD_NAMES = [
    "../evil.txt",
    "a/../../evil.txt",
    "/tmp/evil.txt",
    "C:/evil.txt",
    "C:evil.txt",
    "..\\evil.txt",
    "a\\evil.txt",
    "\\\\host\\evil.txt",
]


def raw_7z(path: Path, names: list[str]) -> Path:
    """py7zr does not write bad names, so they are written over good ones of the same length."""
    with py7zr.SevenZipFile(path, "w") as archive:
        archive.set_encoded_header_mode(False)
        for number, name in enumerate(names):
            archive.writestr(b"evil", f"{number:0{len(name)}}")
        archive.writestr(b"good", "good.txt")
    data = bytearray(path.read_bytes())
    for number, name in enumerate(names):
        old = f"{number:0{len(name)}}\0".encode("utf-16-le")
        at = data.index(old)
        data[at : at + len(old)] = f"{name}\0".encode("utf-16-le")
    offset, size = struct.unpack("<QQ", data[12:28])
    data[28:32] = struct.pack("<I", zipfile.crc32(bytes(data[32 + offset : 32 + offset + size])))
    data[8:12] = struct.pack("<I", zipfile.crc32(bytes(data[12:32])))
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", ["m.zip", "m.tar", "m.7z"])
def test_bad_names_are_refused_and_written_nowhere(tmp_path: Path, name: str, monkeypatch) -> None:
    inside = tmp_path / "deep" / "inside"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    files = {**dict.fromkeys(BAD_NAMES, b"evil"), "good.txt": b"good"}
    path = inside / name
    if name == "m.7z":
        raw_7z(path, BAD_NAMES)
    else:
        MAKERS[name](path, files)
    # py7zr hands out backslashes as `/`: of these names one is then a harmless folder.
    harmless = {"a/evil.txt": b"evil"} if name == "m.7z" else {}
    assert taken(path) == {"good.txt": b"good", **harmless}
    refused = [file.error for file in walk(path) if file.error]
    assert len(refused) == len(BAD_NAMES) - len(harmless)
    assert all("not unpacked" in error for error in refused)
    assert [found for found in tmp_path.rglob("*") if found.is_file()] == [path]
    assert not Path("/tmp/evil.txt").exists()


def test_a_zip_name_with_nul(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "m.zip", {"a_x.txt": b"x"})
    path.write_bytes(path.read_bytes().replace(b"a_x.txt", b"a\0x.txt"))
    assert errors(path) == {"a\\x00x.txt": members_reason()}


def members_reason() -> str:
    return members.judged("/", 0, bytes).error


@every_archive
def test_the_same_name_twice(tmp_path: Path, name: str, recwarn) -> None:
    make = MAKERS[name]
    path = make(tmp_path / name, {"./a.txt" if make is make_tar else "a.txt": b"1", "b.txt": b"2"})
    if make is make_7z:
        with py7zr.SevenZipFile(path, "a") as archive:
            archive.writestr(b"again", "a.txt")
    elif make is make_zip:
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("a.txt", b"again")
    else:
        make(path, {"./a.txt": b"1", "b.txt": b"2", "a.txt": b"again"})
    assert taken(path) == {"a.txt": b"1", "b.txt": b"2"}
    assert errors(path) == {"a.txt": "the archive holds this name twice"}


# --- links ---------------------------------------------------------------------------------------


def test_links_in_folders(tmp_path: Path) -> None:
    outside = folder(tmp_path / "outside", {"secret.txt": b"secret"})
    root = folder(tmp_path / "root", {"in/a.txt": b"a"})
    (root / "out.txt").symlink_to(outside / "secret.txt")
    (root / "outdir").symlink_to(outside)
    (root / "gone.txt").symlink_to(root / "nowhere")
    (root / "loop").symlink_to(root / "loop")
    (root / "up").symlink_to(root)
    (root / "same.txt").symlink_to("in/a.txt")
    assert taken(root) == {"in/a.txt": b"a", "same.txt": b"a"}
    found = errors(root)
    assert set(found) == {"out.txt", "outdir", "gone.txt", "loop"}
    assert "out of the folder" in found["out.txt"]
    assert "out of the folder" in found["outdir"]
    assert "leads nowhere" in found["gone.txt"]


def test_links_and_devices_in_archives(tmp_path: Path) -> None:
    tar = tmp_path / "m.tar"
    with tarfile.open(tar, "w") as archive:
        for name, kind in [
            ("soft.txt", tarfile.SYMTYPE),
            ("hard.txt", tarfile.LNKTYPE),
            ("dev.txt", tarfile.CHRTYPE),
            ("pipe.txt", tarfile.FIFOTYPE),
        ]:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    packed = tmp_path / "m.zip"
    with zipfile.ZipFile(packed, "w") as zipped:
        link = zipfile.ZipInfo("soft.txt")
        link.external_attr = 0o120777 << 16
        zipped.writestr(link, "/etc/passwd")
    (tmp_path / "soft.txt").symlink_to("target.txt")
    (tmp_path / "target.txt").write_bytes(b"")
    seven = tmp_path / "m.7z"
    with py7zr.SevenZipFile(seven, "w") as sevened:
        sevened.write(tmp_path / "soft.txt", "soft.txt")
    for path, count in ((tar, 4), (packed, 1), (seven, 1)):
        assert taken(path) == {}
        assert list(errors(path).values()) == [members.NO_FILE] * count


# --- bombs, damage, passwords --------------------------------------------------------------------


@every_archive
def test_a_member_too_large(tmp_path: Path, name: str) -> None:
    path = MAKERS[name](
        tmp_path / name, {"a.txt": b"a", "big.txt": b"0" * (8 * 2**20 + 1), "c.txt": b"c"}
    )
    assert taken(path) == {"a.txt": b"a", "c.txt": b"c"}
    assert "larger than 8 MiB" in errors(path)["big.txt"]


@every_archive
def test_bombs_are_stopped(tmp_path: Path, name: str, monkeypatch) -> None:
    monkeypatch.setattr(members, "MOST_UNPACKED", 2**20)
    monkeypatch.setattr(members, "MOST_RATIO", 5)
    files = {f"{number}.txt": bytes(2**18) for number in range(12)}
    path = MAKERS[name](tmp_path / name, files)
    if name == "m.tar":  # not packed: as large as what is in it, so no bomb
        assert errors(path) == {}
    else:
        assert "like a bomb" in errors(path)[name]
        assert len(taken(path)) < len(files)


@every_archive
def test_too_many_members(tmp_path: Path, name: str, monkeypatch) -> None:
    monkeypatch.setattr(members, "MOST_MEMBERS", 3)
    path = MAKERS[name](tmp_path / name, FILES)
    assert "more than 3 members" in errors(path)[name]


def test_a_tar_header_that_claims_everything(tmp_path: Path) -> None:
    """A pax header is read into memory whole; this one claims 64 MiB and packs to a few KiB."""
    info = tarfile.TarInfo("PaxHeader")
    info.type, info.size = tarfile.XHDTYPE, 64 * 2**20
    raw = info.tobuf(tarfile.USTAR_FORMAT) + bytes(64 * 2**20)
    import gzip

    path = tmp_path / "m.tar.gz"
    path.write_bytes(gzip.compress(raw))
    assert "beyond all measure" in errors(path)["m.tar.gz"]


@every_archive
def test_a_cut_archive_keeps_what_came_before(tmp_path: Path, name: str) -> None:
    files = {f"{number:03}.txt": os.urandom(20_000) for number in range(60)}
    path = MAKERS[name](tmp_path / name, files)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    folder(tmp_path, {"z.txt": b"whole"})
    found, failed = taken(tmp_path), errors(tmp_path)
    assert list(failed) == [name]
    assert "damaged or cut off" in failed[name]
    assert found.pop("z.txt") == b"whole"
    for source, data in found.items():
        assert files[source.removeprefix(f"{name}/")] == data
    if MAKERS[name] is make_tar and name != "m.tar.bz2":  # bz2 packs 900 kB at a time
        assert 20 < len(found) < 40


@every_archive
def test_a_damaged_archive_is_named(tmp_path: Path, name: str) -> None:
    files = {f"{number:03}.txt": os.urandom(5_000) for number in range(60)}
    path = MAKERS[name](tmp_path / name, files)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 600] = bytes(600)
    path.write_bytes(data)
    found, failed = taken(path), errors(path)
    assert len(failed) == (name != "m.tar")  # a plain tar has no checksum of its contents
    if make_tar is not MAKERS[name] or name in ("m.tar.xz", "m.tar.bz2"):
        assert found.items() <= files.items()  # a .gz has one checksum, at its end


@pytest.mark.parametrize("data", [b"", b"not an archive", b"PK\x03\x04", b"7z\xbc\xaf\x27\x1c" * 9])
@every_archive
def test_no_archive_at_all(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    files = list(walk(tmp_path / name))
    assert [(file.source, file.data) for file in files] == [(name, b"")]
    assert "\n" not in files[0].error


def test_passwords(tmp_path: Path) -> None:
    for name, header in (("open.7z", False), ("shut.7z", True)):
        with py7zr.SevenZipFile(
            tmp_path / name, "w", password="p", header_encryption=header
        ) as archive:
            archive.writestr(b"secret", "a.txt")
    path = make_zip(tmp_path / "m.zip", {"a.txt": b"secret"})
    data = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flags] |= 1
    path.write_bytes(data)
    assert taken(tmp_path) == {}
    assert list(errors(tmp_path)) == ["m.zip", "open.7z", "shut.7z"]
    assert all("encrypted" in error for error in errors(tmp_path).values())


# --- names ---------------------------------------------------------------------------------------


def test_gbk_names_in_a_zip(tmp_path: Path) -> None:
    """誠 is 0xD55C in GBK: its second byte is a backslash, and no trick."""
    name = "人民日报/誠.txt"
    stand_in = "x" * len(name.encode("gbk"))
    path = make_zip(tmp_path / "m.zip", {stand_in: b"x"})
    path.write_bytes(path.read_bytes().replace(stand_in.encode(), name.encode("gbk")))
    assert taken(path) == {name: b"x"}


def test_utf8_names_without_the_flag(tmp_path: Path) -> None:
    stand_in = "x" * len("人民.txt".encode())
    path = make_zip(tmp_path / "m.zip", {stand_in: b"x"})
    path.write_bytes(path.read_bytes().replace(stand_in.encode(), "人民.txt".encode()))
    assert taken(path) == {"人民.txt": b"x"}


def test_gbk_names_in_a_tar(tmp_path: Path) -> None:
    path = tmp_path / "m.tar"
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT, encoding="gbk") as archive:
        archive.addfile(tarfile.TarInfo("人民日报.txt"))
    assert taken(path) == {"人民日报.txt": b""}


def test_undecodable_names_become_printable(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"a\xff\n.txt")).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system refuses such names")
    (source,) = taken(tmp_path)
    assert source.isprintable()
    assert source.encode()
    assert source == "a\\udcff\\n.txt"


def test_suffixes_agree() -> None:
    assert all(archives.is_archive(name) for name in MAKERS)
    assert not walker._is_litter("..")
