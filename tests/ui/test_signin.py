"""Signing in without the page: how many passwords are judged, and where one is led afterwards."""

import asyncio
from collections import Counter

import httpx
import pytest
from served_page import PASSWORDS, users
from starlette.requests import Request

from ui.accounts import Accounts
from ui.cookies import Signer
from ui.signin import SignIn

RIGHT = {"username": "wang", "password": PASSWORDS["wang"]}


@pytest.fixture
def accounts(tmp_path):
    return Accounts.load(users(tmp_path))


def posted(accounts, *forms):
    """The answers to forms that are all sent at once."""
    sign_in = SignIn(accounts, Signer(b"k" * 32))

    async def app(scope, receive, send):
        await (await sign_in.answer(Request(scope, receive)))(scope, receive, send)

    async def send_all():
        transport = httpx.ASGITransport(app, client=("10.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as session:
            return await asyncio.gather(*(session.post("/login", data=form) for form in forms))

    return asyncio.run(send_all())


def test_no_more_passwords_are_judged_at_once_than_one_after_another(accounts, monkeypatch):
    judged = []
    check = accounts.check
    monkeypatch.setattr(accounts, "check", lambda *given: judged.append(given) or check(*given))
    wrong = [{"username": "li", "password": f"guess {number}"} for number in range(30)]
    told = Counter(answer.status_code for answer in posted(accounts, *wrong))
    assert told == {401: 5, 429: 25}
    assert len(judged) == 5


def test_who_signs_in_rightly_many_times_at_once_is_let_in_each_time(accounts):
    assert {answer.status_code for answer in posted(accounts, *[RIGHT] * 12)} == {200}
