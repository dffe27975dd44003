"""The store in a service keeps the same contract as the one on disk, against a real server."""

from __future__ import annotations

import http.server
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.archive import Archive
from rag.config import Settings
from rag.errors import ConfigError, LedgerError
from rag.index.service import Service, ServiceStore
from rag.index.vectors import VectorStore
from rag.types import Language

CHANCE = np.random.default_rng(11)
Store = VectorStore | ServiceStore


def unit(count: int, dimension: int = 32) -> np.ndarray:
    rows = CHANCE.normal(size=(count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


VECTORS: dict[Language, np.ndarray] = {"zh": unit(300), "en": unit(120)}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A `chroma run` on loopback."""
    program = Path(sys.executable).parent / "chroma"
    if not program.exists():
        pytest.skip("needs the program `chroma`, which the wheel chromadb installs")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    command = [program, "run", "--path", folder, "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}/api/v2/heartbeat", timeout=5).close()
                break
            except OSError:
                assert process.poll() is None
                time.sleep(0.1)
        yield Service(url, answer_seconds=30)
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["disk", "service"])
def make_store(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Callable[[dict[Language, np.ndarray]], Store]:
    """Builds and opens a store of either kind."""

    def make(vectors: dict[Language, np.ndarray]) -> Store:
        folder = tmp_path / "chroma"
        if request.param == "disk":
            VectorStore.build(folder, vectors)
            return VectorStore(folder)
        server = request.getfixturevalue("service")
        ServiceStore.build(folder, vectors, server)
        return ServiceStore(folder, server)

    return make


Make = Callable[[dict[Language, np.ndarray]], Store]


def test_neighbours_and_cosines_are_those_of_numpy(make_store: Make) -> None:
    store = make_store(VECTORS)
    for language, vectors in VECTORS.items():
        for query in unit(5):
            exact = vectors @ query
            expected = np.argsort(-exact)[:10]
            rows, cosines = store.query(language, query, 10)
            assert rows.tolist() == expected.tolist()
            assert cosines == pytest.approx(exact[expected], abs=1e-5)
    store.close()


def test_asking_for_more_than_there_is_gives_all(make_store: Make) -> None:
    store = make_store(VECTORS)
    rows, cosines = store.query("en", unit(1)[0], 1000)
    assert sorted(rows.tolist()) == list(range(120))
    assert (np.diff(cosines) <= 0).all()
    store.close()


def test_a_language_that_is_not_there_and_no_neighbours(make_store: Make) -> None:
    store = make_store({"zh": unit(1)})
    assert [len(part) for part in store.query("en", unit(1)[0], 5)] == [0, 0]
    assert [len(part) for part in store.query("zh", unit(1)[0], 0)] == [0, 0]
    assert store.query("zh", unit(1)[0], 5)[0].tolist() == [0]
    store.close()


def _collections(service: Service) -> list[str]:
    return [each["name"] for each in service.call("GET", "collections?limit=1000")]


def test_an_archive_whose_vectors_are_in_a_service(
    service: Service, make_archive: Callable[..., Archive], archive: Archive, seeds: Path
) -> None:
    """It answers as one on disk does, without the service by keywords alone, and sweeps up."""
    question = "天津市红桥区提出了多少件技术革新建议？"
    before = set(_collections(service))
    there = make_archive("there", chroma=service.url)
    there.ingest([seeds])
    assert len(set(_collections(service)) - before) == 2  # one a language
    assert there.verify() == []
    one, other = archive.find(question, 5), there.find(question, 5)
    assert [hit.passage.passage_id for hit in other.hits] == [
        hit.passage.passage_id for hit in one.hits
    ]
    assert other.down == ()

    with socket.create_server(("127.0.0.1", 0)) as free:
        gone = f"http://127.0.0.1:{free.getsockname()[1]}"
    home = there.settings.home
    lonely = make_archive(home, chroma=gone)
    assert lonely.find(question, 5).down == ("dense",)
    for _ in range(2):  # the index before is kept for its readers
        there.rebuild()
    assert len(set(_collections(service)) - before) <= 4
    assert there.find(question, 5).down == ()


# -- what a server may do


class _Rude(http.server.BaseHTTPRequestHandler):
    """Answers as its server says: never, with an error, or with something else; keeps headers."""

    def do_POST(self) -> None:
        self.server.seen.append(dict(self.headers))
        if self.server.manner == "silent":
            self.server.over.wait(20)
            return
        body = b'{"ids": 7}' if self.server.manner == "odd" else b"key-123 is wrong"
        self.send_response(200 if self.server.manner == "odd" else 403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(params=["silent", "refusing", "odd"])
def rude(request: pytest.FixtureRequest) -> Iterator[Any]:
    server: Any = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Rude)
    server.manner, server.seen, server.over = request.param, [], threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()


def test_a_server_that_fails_is_one_error_in_time_and_keys_are_not_in_it(
    rude: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMA_API_KEY", "key-123")
    monkeypatch.setenv("CHROMA_HEADERS", json.dumps({"X-Door": "key-456"}))
    (tmp_path / "service.json").write_text('{"zh": {"name": "n", "id": "some-id"}}')
    service = Service(f"http://127.0.0.1:{rude.server_port}", answer_seconds=0.5)
    store = ServiceStore(tmp_path, service)
    with pytest.raises(LedgerError) as told:
        store.query("zh", unit(1)[0], 5)
    shown = f"{told.value} {told.value.__cause__}"
    assert "127.0.0.1" in shown
    assert "key-" not in shown
    headers = {name.lower(): value for name, value in rude.seen[0].items()}
    assert (headers["x-chroma-token"], headers["x-door"]) == ("key-123", "key-456")


def test_nobody_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(LedgerError, match="JIUBAO_CHROMA"):
        ServiceStore.build(tmp_path / "chroma", VECTORS, Service(f"http://127.0.0.1:{port}"))


@pytest.mark.parametrize("url", ["ftp://x", "chroma:8000", "http://user:word@host"])
def test_an_address_that_is_none_is_told_without_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as told:
        Service.of(Settings(home=tmp_path, chroma=url))
    assert "word" not in str(told.value).replace("password", "")


def test_no_address_means_this_machine(tmp_path: Path) -> None:
    assert Service.of(Settings(home=tmp_path)) is None
