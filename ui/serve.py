"""Serving the page, to this machine alone and with nothing fetched from any other."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from rag.archive import Archive
from rag.errors import JiubaoError
from ui.page import build_page

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS = ("127.0.0.1", "localhost")

_HERE = Path(__file__).parent
_SANS = ("system-ui", "sans-serif")

# Gradio's own code needs inline scripts and eval; what matters is that nothing leaves the origin.
_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        b"style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        b"object-src 'none'; frame-src 'none'; frame-ancestors 'none'; form-action 'self'",
    ),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


def serve(archive: Archive, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve the page until interrupted.

    Args:
        announce: told the page's address once it answers.

    Raises:
        JiubaoError: `host` is not this machine, or the port is taken.
    """
    check_host(host)
    check_port(host, port)
    page = build_page(archive)
    address = launch(page, host, port)
    try:
        announce(address)
        threading.Event().wait()
    except KeyboardInterrupt:
        return  # Ctrl-C is how a reader closes the page, not a failure
    finally:
        page.close(verbose=False)


def launch(page: gr.Blocks, host: str, port: int) -> str:
    """Start serving `page` in the background and return its address.

    Raises:
        JiubaoError: the server does not start, or cannot be reached.
    """
    # Gradio would read it although an empty list of paths is given below.
    os.environ.pop("GRADIO_ALLOWED_PATHS", None)
    try:
        _, address, _ = page.launch(
            server_name=host,
            server_port=port,
            share=False,
            inbrowser=False,
            prevent_thread_lock=True,
            quiet=True,
            show_error=False,
            allowed_paths=[],
            max_file_size="1kb",  # nothing is ever uploaded
            enable_monitoring=False,
            run_history=False,
            mcp_server=False,
            ssr_mode=False,
            pwa=False,
            num_workers=0,
            footer_links=[],
            strict_cors=True,
            state_session_capacity=200,
            theme=gr.themes.Base(font=_SANS, font_mono=("monospace",)),
            css_paths=_HERE / "style.css",
            js=(_HERE / "page.js").read_text(encoding="utf-8"),
            app_kwargs={
                "docs_url": None,
                "redoc_url": None,
                "openapi_url": None,
                "middleware": [
                    Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS)),
                    Middleware(Policy),
                ],
            },
        )
    except OSError as error:
        raise _taken(host, port) from error
    except ValueError as error:
        raise JiubaoError(
            f"the page at {host}:{port} cannot be reached from this machine",
            "keep proxies off it: NO_PROXY=127.0.0.1,localhost",
        ) from error
    return str(address)


def check_host(host: str) -> None:
    """Refuse to serve anyone but this machine.

    Raises:
        JiubaoError: `host` is not a loopback name.
    """
    if host not in HOSTS:
        raise JiubaoError(
            f"the page cannot be served on {host}: authentication comes with a later version",
            "leave --host out, and reach the page from elsewhere through an SSH tunnel",
        )


def check_port(host: str, port: int) -> None:
    """Find out whether a port is free before seconds are spent on the page.

    Raises:
        JiubaoError: it is taken, or may not be used.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _taken(host, port) from error


def _taken(host: str, port: int) -> JiubaoError:
    return JiubaoError(
        f"port {port} of {host} is taken or not allowed",
        f"give another one, such as --port {port + 1 if port < 65535 else 7860}",
    )


class Policy:
    """Adds to every response the headers that keep a browser on this origin."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its response back with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        await self._app(scope, receive, send_with_headers)
