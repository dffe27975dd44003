"""The door: whose request it is. Signed cookies, and sessions of the page that are one owner's.

Without accounts each browser is an owner of its own; with them, nobody comes in who has not
signed in.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from ui.accounts import Accounts
from ui.cookies import Signer
from ui.owner import OWNER
from ui.signin import SignIn, link_in, set_cookie

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

REMEMBERED = 400 * 24 * 3600  # seconds that a browser is known; browsers allow no more
SESSIONS = 20_000  # sessions of the page whose owner is remembered

# A link on another site brings a reader without our cookies, which are strict. This comes back
# as a request of our own, with them.
_AGAIN = '<!doctype html><meta http-equiv="refresh" content="0"><title>jiubao 旧报</title>'
_WITH_SESSION = ("/gradio_api/queue/join", "/gradio_api/cancel", "/gradio_api/call/")
_OPEN = ("/favicon.ico", "/robots.txt")


class Who(NamedTuple):
    """Whose request it is. `known` where a cookie or password said so, not this very answer;
    `cookie` is to be set."""

    owner: str
    known: bool
    cookie: str = ""


class Door:
    """Between the gate and the application.

    Args:
        accounts: who may come in; None lets every browser in as an owner of its own.
    """

    def __init__(self, app: ASGIApp, *, signer: Signer, accounts: Accounts | None = None) -> None:
        self._app = app
        self._signer = signer
        self._sign_in = SignIn(accounts, signer) if accounts else None
        self._sessions: OrderedDict[str, str] = OrderedDict()
        self._cookie = f"jiubao-{signer.label}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Finds out whose request it is, and writes it into the request's state."""
        if scope["type"] != "http" or scope["path"] in _OPEN:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        who = await self._who(request)
        if isinstance(who, Response):
            await who(scope, receive, send)
            return
        session = request.query_params.get("session_hash") or _heartbeat(scope["path"])
        if scope["method"] == "POST" and scope["path"].startswith(_WITH_SESSION):
            body = await request.body()
            said = _json(body)
            if _fetches(said):
                told = {"detail": "A file is uploaded, not named by its address."}
                await JSONResponse(told, 400)(scope, receive, send)
                return
            session = _session_in(said)
            receive = _replayed(body, receive)
        if session and not self._is_theirs(session, who):
            await JSONResponse({"detail": "This session is another's."}, 403)(scope, receive, send)
            return
        scope.setdefault("state", {})[OWNER] = who.owner
        await self._app(scope, receive, self._setting(who.cookie, request, send))

    async def _who(self, request: Request) -> Who | Response:
        """Whose request it is, or the answer to one that may not go on."""
        if self._sign_in:
            if request.url.path in ("/login", "/logout"):
                return await self._sign_in.answer(request)
            user = await self._sign_in.user(request)
            return Who(user, True) if user else _turned_away(request)
        if request.url.path in ("/login", "/logout"):
            return JSONResponse({"detail": "Nobody signs in here."}, 404)
        known = self._signer.read("browser", request.cookies.get(self._cookie, ""))
        if known:
            return Who(_browser(known), True)
        if _comes_by_a_link(request):
            return HTMLResponse(_AGAIN)
        fresh = secrets.token_urlsafe(32)
        return Who(_browser(fresh), False, self._signer.sign("browser", fresh))

    def _is_theirs(self, session: str, who: Who) -> bool:
        """Whether a session of the page belongs to who asks; it is whose who came first.

        Programs that keep no cookies share the nameless owner: their sessions are as secret as
        the names they give them.
        """
        mine = who.owner if who.known else ""
        first = self._sessions.setdefault(session, mine)
        self._sessions.move_to_end(session)
        while len(self._sessions) > SESSIONS:
            self._sessions.popitem(last=False)
        return first == mine

    def _setting(self, cookie: str, request: Request, send: Send) -> Send:
        """`send`, with the cookie set on the way."""
        if not cookie:
            return send
        answer = Response()
        set_cookie(answer, request, self._cookie, cookie, REMEMBERED)
        setting = [pair for pair in answer.raw_headers if pair[0] == b"set-cookie"]

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *setting]}
            await send(message)

        return send_with_cookie


def _turned_away(request: Request) -> Response:
    """The answer to who has not signed in."""
    if request.url.path == "/" and request.method == "GET":
        if _comes_by_a_link(request):
            return HTMLResponse(_AGAIN)
        return RedirectResponse(f"/login{link_in(request)}", 303)
    # Only programs are told how: a browser would put up its own window.
    told = {"WWW-Authenticate": "Basic"} if request.url.path.startswith("/mcp") else {}
    return JSONResponse({"detail": "请先登录 Sign in first."}, 401, told)


def _comes_by_a_link(request: Request) -> bool:
    return request.headers.get("sec-fetch-site") in ("cross-site", "same-site")


def _browser(secret: str) -> str:
    """What a browser is called in the notebook: not what its cookie says."""
    return f"browser-{hashlib.sha256(secret.encode()).hexdigest()[:32]}"


def _heartbeat(path: str) -> str:
    before, _, session = path.rpartition("/")
    return session if before.endswith("/heartbeat") else ""


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _fetches(said: object) -> bool:
    """Whether a request hands in a file by an address, from which Gradio would fetch it."""
    waiting = [said]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            path = value.get("path")
            if isinstance(path, str) and "://" in path:
                return True
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return False


def _session_in(said: object) -> str:
    """The session that a request of the page names, empty where it names none."""
    session = said.get("session_hash") if isinstance(said, dict) else ""
    return session if isinstance(session, str) else ""


def _replayed(body: bytes, receive: Receive) -> Receive:
    """`receive` for a body that has been read already."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay
