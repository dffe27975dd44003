"""Signing in and out: a form for people, basic authentication for programs."""

from __future__ import annotations

import base64
import binascii
import json
import math
import secrets
import time
from collections import OrderedDict
from typing import NamedTuple
from urllib.parse import parse_qs

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from ui.accounts import Accounts, Attempts
from ui.cookies import Signer
from ui.reader import read_place
from ui.render import article_link, escape

SIGNED_IN = 12 * 3600  # seconds until one signs in again
LONGEST_FORM = 8_192  # bytes
JUDGED = 2  # passwords at the same time: each takes 32 MiB and a core
SIGNED_OUT = 10_000  # sessions ended before their time that are remembered

_FORM = """<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">
<title>jiubao 旧报</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root{{color-scheme:light dark}}
body{{font-family:system-ui,sans-serif;background:light-dark(#faf8f3,#191816);
color:light-dark(#1f1d1a,#ece7dd);display:grid;place-items:center;min-height:100vh;margin:0}}
form{{width:18rem}}h1{{font-weight:600}}label{{display:block;margin:1rem 0 .25rem}}
input,button{{box-sizing:border-box;width:100%;padding:.6rem;font:inherit}}
button{{margin-top:1.5rem;background:#b3261e;color:#fff;border:0}}</style></head>
<body><main><form method="post" action="/login{link}"><h1>旧报 jiubao</h1>{told}
<label for="username">用户名 <span lang="en">User name</span></label>
<input id="username" name="username" autocomplete="username" required autofocus>
<label for="password">密码 <span lang="en">Password</span></label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>登录 <span lang="en">Sign in</span></button></form></main></body></html>"""
_WRONG = "用户名或密码不对。 The user name or the password is wrong."
_WAIT = "尝试次数过多，请在 {0} 秒后再试。 Too many tries: try again in {0} seconds."


class SignIn:
    """Who is signed in, and how one gets to be."""

    def __init__(self, accounts: Accounts, signer: Signer) -> None:
        self._accounts = accounts
        self._signer = signer
        self._attempts = Attempts()
        self._judges = CapacityLimiter(JUDGED)
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._cookie = f"jiubao-user-{signer.label}"

    async def user(self, request: Request) -> str | None:
        """The user whose cookie or password a request carries, None where it carries neither."""
        session = self._session(request)
        if session:
            return session[0]
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic" or len(given) > LONGEST_FORM:
            return None
        try:
            name, _, password = base64.b64decode(given, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return None
        return None if await self._refused(request, name, password) else name

    async def answer(self, request: Request) -> Response:
        """The answer to a request for `/login` or `/logout`."""
        if request.url.path == "/logout":
            return self._sign_out(request)
        link = link_in(request)
        if request.method != "POST":
            return HTMLResponse(_form(link))
        person = "text/html" in request.headers.get("accept", "")
        form = await read_form(request)
        name = form.get("username", "")
        refusal = await self._refused(request, name, form.get("password", ""))
        if refusal:
            return _refused(refusal, link, person)
        answer = RedirectResponse(f"/{link}", 303) if person else JSONResponse({"success": True})
        until = int(time.time()) + SIGNED_IN
        session = json.dumps([name, self._accounts.stamp(name), until, secrets.token_urlsafe(16)])
        set_cookie(answer, request, self._cookie, self._signer.sign("user", session), SIGNED_IN)
        return answer

    async def _refused(self, request: Request, name: str, password: str) -> _Refusal | None:
        """Why nobody is let in by that name and password; None where they are right."""
        address = request.client.host if request.client else ""
        # It is counted when its turn comes: right ones that wait use no tries up.
        return await run_sync(self._judged, name, password, address, limiter=self._judges)

    def _judged(self, name: str, password: str, address: str) -> _Refusal | None:
        wait = self._attempts.begin(name, address)
        if wait > 0:
            return _Refusal(429, _WAIT.format(math.ceil(wait)), math.ceil(wait))
        if not self._accounts.check(name, password):
            return _Refusal(401, _WRONG)
        self._attempts.succeeded(name, address)
        return None

    def _session(self, request: Request) -> tuple[str, str] | None:
        """User and number of the session that a request's cookie speaks of, if it still runs."""
        said = self._signer.read("user", request.cookies.get(self._cookie, ""))
        if said is None:
            return None
        name, stamp, until, number = json.loads(said)
        if name not in self._accounts or stamp != self._accounts.stamp(name):
            return None  # the password has been changed since
        if until < time.time() or number in self._ended:
            return None
        return name, number

    def _sign_out(self, request: Request) -> Response:
        session = self._session(request)
        if session:
            self._ended[session[1]] = None
            while len(self._ended) > SIGNED_OUT:
                self._ended.popitem(last=False)
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(self._cookie)
        return answer


class _Refusal(NamedTuple):
    """Why a sign-in fails: an HTTP status, the reason, seconds to wait."""

    status: int
    reason: str
    wait: int = 0


def link_in(request: Request) -> str:
    """The query that opens the article a request's query asks for, empty where it asks for none.

    Made anew from what is understood of it: nothing else of a query is carried past the door.
    """
    place = read_place(request.query_params)
    return article_link(place.article_id, place.language, place.span) if place else ""


def _form(link: str, told: str = "") -> str:
    """The form that leads to a link; `told` is HTML."""
    return _FORM.format(link=escape(link), told=told)


def _refused(refusal: _Refusal, link: str, person: bool) -> Response:
    headers = {"Retry-After": str(refusal.wait)} if refusal.wait else {}
    if person:
        told = f'<p role="alert">{refusal.reason}</p>'
        return HTMLResponse(_form(link, told), refusal.status, headers)
    return JSONResponse({"detail": refusal.reason}, refusal.status, headers)


def set_cookie(answer: Response, request: Request, name: str, value: str, seconds: int) -> None:
    """Sets a cookie that no script can read and no other site can send."""
    answer.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


async def read_form(request: Request) -> dict[str, str]:
    """The first value of each field of a form; nothing of one that is too large."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST_FORM:
            return {}
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
