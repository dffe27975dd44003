"""A hundred ways to read files, reach other servers or call what is not offered: none succeeds."""

import http.client
import itertools
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote, urlsplit

import pytest
from served_page import page_of

API = "/gradio_api"
SECRET = "only-in-a-file-7f3a"
NET = "only-from-another-server-91bc"


class Inner(BaseHTTPRequestHandler):
    """A server that only this machine should reach; it counts who does."""

    reached: ClassVar[list[str]] = []

    def do_GET(self):
        self.reached.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(NET.encode())

    do_POST = do_HEAD = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def inner():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Inner)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def secret(tmp_path_factory):
    file = tmp_path_factory.mktemp("secret") / "secret.txt"
    file.write_text(SECRET, encoding="utf-8")
    return file


@pytest.fixture(scope="module", params=[False, True], ids=["reading", "uploading"])
def address(request, seeds_home, tmp_path_factory, encoder):
    folder = tmp_path_factory.mktemp("probed")
    with page_of(seeds_home, folder, encoder, upload=request.param, mcp=request.param) as opened:
        yield opened


def up(path: Path, steps: str, slash: str = "/") -> str:
    return slash.join([steps] * 12) + slash + slash.join(path.parts[1:])


def spellings(path: Path) -> list[str]:
    """A file's path as an attacker may write it."""
    plain = path.as_posix()
    return [
        plain, quote(plain, safe=""), quote(quote(plain, safe=""), safe=""), f"/{plain}",
        up(path, ".."), up(path, "%2e%2e", "%2f"), up(path, "..", "%5c"), up(path, "....", "//"),
        up(path, "..;"), up(path, "%c0%ae%c0%ae"), f"./{plain}", f"{plain}%00.png",
        f"file://{plain}", f"/proc/self/root{plain}", f"/dev/fd/..{plain}",
    ]  # fmt: skip


def files(path: Path) -> list[tuple[str, str, bytes, dict]]:
    """Requests for a file: 75 of them."""
    routes = (f"{API}/file=", f"{API}/file/", "/file=", "/static/", "/assets/")
    return [
        ("GET", route + written, b"", {})
        for route, written in itertools.product(routes, spellings(path))
    ]


def forgeries(inner: str) -> list[tuple[str, str, bytes, dict]]:
    """Requests that would have the server ask another one."""
    host = urlsplit(inner).netloc
    form = {"content-type": "application/x-www-form-urlencoded"}
    multipart = {"content-type": "multipart/form-data; boundary=b"}
    data = {"path": f"{inner}/a.txt", "url": f"{inner}/a.txt", "meta": {"_type": "gradio.FileData"}}
    join = json.dumps({"data": [data] * 9, "fn_index": 1, "session_hash": "forged0000"}).encode()
    call = json.dumps({"data": [data]}).encode()
    kind = {"content-type": "application/json"}
    return [
        ("GET", f"{API}/proxy={inner}/x", b"", {}),
        ("GET", f"{API}/proxy={quote(inner, safe='')}", b"", {}),
        ("HEAD", f"{API}/proxy={inner}/x", b"", {}),
        ("GET", f"{API}/file={inner}/x", b"", {}),
        ("HEAD", f"{API}/file={quote(inner, safe='')}", b"", {}),
        ("GET", f"{API}/file={inner.replace('127.0.0.1', '127.1')}/x", b"", {}),
        ("GET", f"{API}/file={inner.replace('127.0.0.1', '2130706433')}/x", b"", {}),
        ("GET", f"{API}/file={inner.replace('127.0.0.1', '[::ffff:127.0.0.1]')}/x", b"", {}),
        ("GET", f"{inner}/x", b"", {}),
        ("GET", "/config", b"", {"host": "169.254.169.254"}),
        ("GET", "/config", b"", {"x-forwarded-host": host}),
        ("GET", "/", b"", {"x-forwarded-host": host, "x-forwarded-proto": "http"}),
        ("GET", f"/?deep_link=../../../../{inner}", b"", {}),
        ("POST", f"{API}/component_server", call, kind),
        ("POST", f"{API}/component_server/", call, kind),
        ("POST", f"{API}/queue/join", join, kind),
        ("POST", f"{API}/queue/join", join.replace(b'"fn_index": 1', b'"fn_index": 5'), kind),
        ("POST", f"{API}/call/search", call, kind),
        ("POST", f"{API}/call/v2/search", call, kind),
        ("POST", f"{API}/run/search", call, kind),
        ("POST", f"{API}/api/ask", call, kind),
        ("POST", f"{API}/stream/forged", call, kind),
        ("GET", f"{API}/stream/a/b/c/playlist.m3u8", b"", {}),
        ("POST", f"{API}/process_recording", b"--b--", multipart),
        ("POST", f"{API}/vibe-edit/", call, kind),
        ("POST", f"{API}/vibe-code", call, kind),
        ("GET", f"{API}/vibe-code", b"", {}),
        ("GET", f"{API}/custom_component/x/client/component/..%2f..%2findex.js", b"", {}),
        ("GET", f"{API}/dev/reload", b"", {}),
        ("GET", f"{API}/runs", b"", {}),
        ("POST", f"{API}/run-history/connect", call, kind),
        ("GET", "/monitoring", b"", {}),
        ("GET", f"{API}/openapi.json", b"", {}),
        ("GET", f"{API}/token", b"", {}),
        ("PUT", f"{API}/upload", b"x", {}),
        ("POST", f"{API}/upload", b"--b--", {**multipart, "origin": "http://evil.example"}),
        ("POST", f"{API}/upload?upload_id=../../x", upload_of("../../../evil.txt"), multipart),
        ("POST", "/login", b"username=a&password=b", form),
    ]


def upload_of(name: str) -> bytes:
    return (
        f'--b\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n{SECRET}'
        "\r\n--b--\r\n"
    ).encode()


def send(address: str, method: str, path: str, body: bytes, headers: dict) -> tuple[int, bytes]:
    """One request, its path exactly as written."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    connection.putrequest(method, path, skip_host="host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.putheader("content-length", str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    told = answer.status, answer.read()
    connection.close()
    return told


def test_there_are_a_hundred(secret, inner):
    asked = [(method, path, body) for method, path, body, _ in files(secret) + forgeries(inner)]
    assert len(set(asked)) >= 100


def test_no_file_is_read_however_its_path_is_written(address, secret):
    for probe in files(secret):
        status, body = send(address, *probe)
        assert status in (400, 403, 404, 405), probe
        assert SECRET.encode() not in body, probe


def test_no_other_server_is_asked_and_nothing_is_called_that_is_not_offered(address, inner):
    Inner.reached.clear()
    may_answer = ("/queue/join", "/call/search")
    for probe in forgeries(inner):
        _, path, _, headers = probe
        status, body = send(address, *probe)
        assert NET.encode() not in body, probe
        forwarded = "x-forwarded-host" in headers
        if forwarded:
            assert urlsplit(inner).netloc.encode() not in body, probe
        elif "/upload?" in path:
            assert status in (200, 400, 404), probe
        elif not path.endswith(may_answer):
            assert status in (400, 401, 403, 404, 405), probe
    assert Inner.reached == []


@pytest.mark.parametrize("where", ["http://192.0.2.1/a.txt", "HTTPS://192.0.2.1/a", " ftp://x/y"])
@pytest.mark.parametrize("wrapped", [lambda file: [file], lambda file: [[{"deep": file}]]])
def test_no_file_is_handed_in_by_its_address(address, where, wrapped):
    file = {"path": where, "meta": {"_type": "gradio.FileData"}}
    body = {"data": wrapped(file), "fn_index": 0, "session_hash": "addressed0"}
    asked = json.dumps(body).encode()
    for path in (f"{API}/queue/join", f"{API}/call/search"):
        status, told = send(address, "POST", path, asked, {"content-type": "application/json"})
        assert (status, b"not named by its address" in told) == (400, True)


def test_what_is_uploaded_lies_where_the_page_alone_finds_it(address, tmp_path):
    """Names lead nowhere, and what was uploaded cannot be fetched again."""
    for name in ("../../../evil.txt", "/etc/evil.txt", "..\\evil.txt", "%2e%2e/evil.txt"):
        headers = {"content-type": "multipart/form-data; boundary=b"}
        status, body = send(address, "POST", f"{API}/upload", upload_of(name), headers)
        if status == 404:
            continue  # nothing may be uploaded
        assert status == 200
        (path,) = json.loads(body)
        assert "/jiubao-" in path
        assert ".." not in Path(path).parts
        assert Path(path).read_text(encoding="utf-8") == SECRET
        assert Path(path).parents[1].stat().st_mode & 0o077 == 0
        assert send(address, "GET", f"{API}/file={path}", b"", {})[0] == 404
