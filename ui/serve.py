"""Serving the page: gate, door and page behind one address, and nothing fetched from another."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from rag.archive import Archive
from rag.errors import BadQuestion, JiubaoError
from ui import tools
from ui.accounts import Accounts
from ui.cookies import Signer
from ui.door import Door
from ui.gate import LARGEST, Gate
from ui.notebook import Notebook
from ui.page import build_page
from ui.takeaway import route as export_route
from ui.upload import MOST_BYTES

HOSTS = ("127.0.0.1", "localhost", "::1")
CONNECTIONS = 1_000  # at the same time; a browser holds two or three
SESSIONS = 2_000  # pages whose state is remembered
FORGOTTEN = 3_600  # seconds after which an uploaded file that was not taken in is deleted
STARTING = 60  # seconds
STOPPING = 3  # seconds for requests to end once the server is stopped

_HERE = Path(__file__).parent
_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_SANS = ("system-ui", "sans-serif")


@dataclass(frozen=True, slots=True)
class Serving:
    """How the page is served.

    `host` and `port` as a socket takes them (port 0: any that is free); `auth` a file of users,
    without which only this machine is served; `names` other names and addresses that the server
    is reached by; `upload` and `mcp` switch those on.
    """

    host: str = "127.0.0.1"
    port: int = 0
    auth: Path | None = None
    names: tuple[str, ...] = ()
    upload: bool = False
    mcp: bool = False


def serve(archive: Archive, how: Serving, announce: Callable[[str], None]) -> None:
    """Serve the page until interrupted.

    Args:
        announce: told the page's address once it answers.

    Raises:
        JiubaoError: as `served`.
    """
    with served(archive, how) as address:
        announce(address)
        # Ctrl-C is how a reader closes the page, not a failure.
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


@contextmanager
def served(archive: Archive, how: Serving) -> Iterator[str]:
    """The page at its address, served in the background while the context lasts.

    Raises:
        JiubaoError: the host needs accounts, a name is none, the port is taken, the file of users
            or the conversations cannot be read, or a package is missing.
    """
    check_host(how.host, how.auth, how.names)
    accounts = Accounts.load(how.auth) if how.auth else None
    with (
        listening(how.host, how.port) as listener,
        _private_folder(),
        contextlib.closing(Notebook(archive.settings.home)) as notebook,
    ):
        app = application(archive, notebook, how, accounts)
        with _running(app, listener):
            port = listener.getsockname()[1]
            host = f"[{how.host}]" if ":" in how.host else how.host
            yield f"http://{host}:{port}/"


def application(
    archive: Archive, notebook: Notebook, how: Serving, accounts: Accounts | None = None
) -> FastAPI:
    """The page with all that stands before it, as an application for a server.

    Raises:
        JiubaoError: the MCP package is missing, or the key of the cookies cannot be read.
    """
    page = build_page(archive, notebook, upload=how.upload)
    page.state_session_capacity = SESSIONS
    page.delete_cache = (FORGOTTEN, FORGOTTEN)
    mcp = tools.server(archive) if how.mcp else None

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with mcp.session_manager.run() if mcp else contextlib.nullcontext():
            yield

    most = MOST_BYTES + LARGEST if how.upload else 0
    app = FastAPI(
        title="jiubao",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        middleware=[
            Middleware(Gate, upload=most, mcp=how.mcp),
            Middleware(
                TrustedHostMiddleware,
                allowed_hosts=own_names(how.host, how.names),
                www_redirect=False,
            ),
            Middleware(Door, signer=Signer.in_folder(archive.settings.home), accounts=accounts),
        ],
        routes=[export_route(notebook, archive.settings.newspaper)],
    )
    if mcp:
        app.router.routes.extend(mcp.streamable_http_app().routes)
    return _mounted(app, page, MOST_BYTES if how.upload else 1_024)


def _mounted(app: FastAPI, page: gr.Blocks, largest_file: int) -> FastAPI:
    """`app` with the page at its root."""
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        allowed_paths=[],
        show_error=False,
        max_file_size=largest_file,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=gr.themes.Base(font=_SANS, font_mono=("monospace",)),
        css_paths=_HERE / "style.css",
        js=(_HERE / "page.js").read_text(encoding="utf-8"),
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )
    return mounted


def check_host(host: str, auth: Path | None = None, names: tuple[str, ...] = ()) -> None:
    """Refuse to serve anyone but this machine without accounts, and names that are none.

    Raises:
        JiubaoError: `host` is not a loopback name and there is no file of users.
        BadQuestion: one of the `names` is more or less than a host's name or address.
    """
    for name in names:
        if not (_NAME.fullmatch(name) or _is_address(name)):
            raise BadQuestion(
                f"{name!r} cannot be a name of the page",
                "give it as it stands in the address, without scheme and port, "
                "such as archive.example",
            )
    if host not in HOSTS and auth is None:
        raise JiubaoError(
            f"the page cannot be served on {host} without authentication",
            "make users with `jiubao password NAME >> users` and give --auth users, "
            "or reach this machine through an SSH tunnel",
        )


def _is_address(name: str) -> bool:
    with contextlib.suppress(ValueError):
        return bool(ip_address(name.removeprefix("[").removesuffix("]")))
    return False


def own_names(host: str, names: tuple[str, ...] = ()) -> list[str]:
    """The names under which a server on `host` answers; others are a forgery.

    Loopback always, `host` and `names`; where it listens everywhere, also this machine's names
    and addresses.
    """
    found = {*HOSTS, "[::1]", host, *names}
    if host in ("0.0.0.0", "::"):  # noqa: S104
        here = socket.gethostname()
        found |= {here, socket.getfqdn()}
        with contextlib.suppress(OSError):
            found |= {str(info[4][0]) for info in socket.getaddrinfo(here, None)}
    return sorted(found - {""})


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket bound to a port, before seconds are spent on the page.

    Raises:
        JiubaoError: the port is taken, or may not be used, or the host is not this machine's.
    """
    listener = _bound(host, port)
    try:
        yield listener
    finally:
        listener.close()


def _bound(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except socket.gaierror as error:
        listener.close()
        raise JiubaoError(
            f"{host} is not an address of this machine", "leave --host out"
        ) from error
    except OSError as error:
        listener.close()
        raise JiubaoError(
            f"port {port} of {host} is taken or not allowed",
            f"give another one, such as --port {port + 1 if port < 65535 else 7860}",
        ) from error
    return listener


@contextmanager
def _private_folder() -> Iterator[None]:
    """What is uploaded lies in a folder that nobody else may read, while the page is served."""
    before = os.environ.get("GRADIO_TEMP_DIR")
    with tempfile.TemporaryDirectory(prefix="jiubao-", ignore_cleanup_errors=True) as folder:
        os.environ["GRADIO_TEMP_DIR"] = folder
        try:
            yield
        finally:
            os.environ.pop("GRADIO_TEMP_DIR")
            if before is not None:
                os.environ["GRADIO_TEMP_DIR"] = before


@contextmanager
def _running(app: FastAPI, listener: socket.socket) -> Iterator[None]:
    """A server in a thread of its own, ready when the context is entered."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=STOPPING,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="server", daemon=True)
    thread.start()
    until = time.monotonic() + STARTING
    while not server.started:
        if not thread.is_alive() or time.monotonic() > until:
            raise JiubaoError("the server did not start", "the lines above say why")
        time.sleep(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(STOPPING + 2)
