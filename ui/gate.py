"""The gate: which requests come in at all, how large they may be, and the headers that go out.

What the page and its programs need is listed; everything else of Gradio's routes (files, proxies,
streams, servers of components, run history, code editing, ...) does not exist from outside.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 1024 * 1024  # bytes of a request that uploads nothing
LONGEST_QUERY = 4_096  # bytes

_NAME = r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*"
_API = "/gradio_api"
READ = (
    "/",
    "/config/?",
    rf"/(assets|static)(/{_NAME})+",
    rf"({_API})?/theme\.css",
    r"/favicon\.ico",
    r"/robots\.txt",
    rf"{_API}/info/?",
    rf"{_API}/startup-events",
    rf"{_API}/queue/data",
    rf"{_API}/heartbeat/[A-Za-z0-9_-]{{1,64}}",
    rf"{_API}/call/(search|ask)/[0-9a-f]{{32}}",
    r"/login",
    r"/export/[A-Za-z0-9_-]{1,64}/[a-z0-9]{1,16}",
)
WRITE = (
    rf"{_API}/queue/join",
    rf"{_API}/cancel",
    rf"{_API}/reset/?",
    rf"{_API}/call/(search|ask)",
    "/login",
    "/logout",
)
UPLOAD_READ = (rf"{_API}/upload_progress",)
UPLOAD_WRITE = (rf"{_API}/upload",)
MCP = ("/mcp/?",)

# Gradio would believe these about where it is served; the `Host` alone says that.
_MISLEADING = frozenset({b"x-forwarded-host", b"x-forwarded-prefix", b"x-original-url"})

# What Gradio 6.31 cannot do without: eval, for the templates of its HTML component and for the js
# of events; inline styles, which its components carry. Inline scripts are let through one by one,
# by a number used once, so that no event handler and no script in a text can run.
_PAGE = (
    "default-src 'none'; script-src 'self' 'unsafe-eval' 'nonce-{nonce}'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_ELSE = (
    b"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; "
    b"frame-ancestors 'none'"
)
HEADERS = (
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)


class Gate:
    """The outermost part of the server.

    Args:
        upload: the most bytes of an upload; 0 where nothing may be uploaded.
        mcp: whether the MCP server is there.
    """

    def __init__(self, app: ASGIApp, *, upload: int = 0, mcp: bool = False) -> None:
        self._app = app
        self._upload = upload
        self._read = _either(READ, UPLOAD_READ if upload else (), MCP if mcp else ())
        self._write = _either(WRITE, UPLOAD_WRITE if upload else (), MCP if mcp else ())
        self._large = _either(UPLOAD_WRITE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request that may not come in, and passes any other on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # no part of the page speaks through a web socket
        answer = self._refusal(scope)
        if answer:
            await answer(scope, receive, _with_headers(send, _ELSE))
            return
        kept = [(name, value) for name, value in scope["headers"] if name not in _MISLEADING]
        receive = _Counted(receive, self._most(scope["path"])).receive
        if scope["path"] == "/":
            kept = [pair for pair in kept if pair[0] != b"accept-encoding"]
            nonce = secrets.token_urlsafe(16)
            send = _with_headers(send, _PAGE.format(nonce=nonce).encode())
            send = _Numbered(send, nonce).send
        else:
            send = _with_headers(send, _ELSE)
        try:
            await self._app({**scope, "headers": kept}, receive, send)
        except HTTPException as error:  # of a body that was counted
            await PlainTextResponse(error.detail, error.status_code)(scope, receive, send)

    def _most(self, path: str) -> int:
        return self._upload if self._large.fullmatch(path) else LARGEST

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        """The answer to what may not come in, None for what may."""
        method, path = scope["method"], scope["path"]
        raw = scope.get("raw_path") or path.encode()
        known = {"GET": self._read, "HEAD": self._read, "POST": self._write}.get(method)
        if b"%" in raw or known is None or not known.fullmatch(path):
            return PlainTextResponse("There is nothing here.", 404)
        query = scope["query_string"]
        if len(query) > LONGEST_QUERY or "deep_link" in dict(parse_qsl(query.decode("latin-1"))):
            return PlainTextResponse("This address cannot be used.", 400)
        headers = dict(scope["headers"])
        if _is_foreign(method, headers):
            return PlainTextResponse("Another site may not ask this.", 403)
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self._most(path):
            return PlainTextResponse("The request is too large.", 413)
        return None


class _Counted:
    """A request's body, refused where it grows beyond what is allowed."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise HTTPException(413, "The request is too large.")
        return message


class _Numbered:
    """Gives the number used once to each script of the page, which must come uncompressed."""

    def __init__(self, send: Send, nonce: str) -> None:
        self._send = send
        self._tag = f'<script nonce="{nonce}"'.encode()
        self._start: Message = {}
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        # What Gradio writes into its scripts has every `<` escaped: these are its own tags.
        body = re.sub(rb"<script(?=[\s>])", self._tag, self._body)
        headers = [pair for pair in self._start["headers"] if pair[0].lower() != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
        await self._send({**self._start, "headers": headers})
        await self._send({**message, "body": body})


def _is_foreign(method: str, headers: dict[bytes, bytes]) -> bool:
    """Whether a page of another site asks, by what browsers say of themselves.

    A link from elsewhere may open the page; it may not fetch from it or change anything.
    """
    site = headers.get(b"sec-fetch-site")
    if site is not None:  # written by the browser itself; scripts cannot
        mine = site in (b"none", b"same-origin")
        return not mine and (method == "POST" or headers.get(b"sec-fetch-mode") != b"navigate")
    origin = headers.get(b"origin")
    return origin is not None and urlsplit(origin).netloc != headers.get(b"host", b"")


def _with_headers(send: Send, policy: bytes) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            added = [(b"content-security-policy", policy), *HEADERS]
            message = {**message, "headers": [*message.get("headers", ()), *added]}
        await send(message)

    return send_with_headers


def _either(*lists: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for several in lists for each in several) or r"(?!)")
