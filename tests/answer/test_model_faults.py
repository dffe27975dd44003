"""A provider that fails, in every way we know of: each ends in its state within its deadline.

The limits are tenths of a second; a fault counts as ended in time well before a client that
waits for ever would give up.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from faulty_server import SECRET, Behave, Call, never_accepting, refusing, serving

from rag.answer.model import Message, load_model
from rag.config import Settings
from rag.errors import ModelFailed

PROMPT = [Message("system", "Be brief."), Message("user", "How many machine tools?")]
SLACK = 6.0  # seconds; the machine may be busy, a hang is longer
LIMITS = {
    "connect_seconds": 0.4,
    "first_token_seconds": 1.0,
    "between_tokens_seconds": 0.5,
    "answer_seconds": 1.5,
}


def ask(url: str, *, streams: bool, **settings: Any) -> str:
    """The text of a reply, or the failure."""
    values = {**LIMITS, "model_url": url, "model_streams": streams, **settings}
    model = load_model("openai:test", Settings(**values))
    assert model
    return "".join(model.stream(PROMPT))


def closes_at_once(call: Call) -> None:
    pass


def silent(call: Call) -> None:
    call.silence()


def silent_after_headers(call: Call) -> None:
    call.head()
    call.silence()


def only_keeps_alive(call: Call) -> None:
    call.head()
    call.forever(": keep-alive\n\n" if call.streams else " ")


def empty_deltas_for_ever(call: Call) -> None:
    call.head()
    while call.streams:
        call.delta({"role": "assistant", "content": ""})
        time.sleep(0.05)
    call.forever("\n")


def drips_one_token(call: Call) -> None:
    call.head()
    call.send('data: {"choices": [{"delta": {"content": "' if call.streams else '{"choices": "')
    call.forever("x")


def stalls_midway(call: Call) -> None:
    call.head()
    if call.streams:
        call.delta({"content": "Sixty"})
        call.forever(": still here\n\n")
    call.send(call.whole({"content": "Sixty"})[:30])
    call.silence()


def never_ends(call: Call) -> None:
    call.head()
    while call.streams:
        call.delta({"content": "and "})
        time.sleep(0.05)
    call.send('{"choices": [{"message": {"content": "')
    call.forever("and ")


def wrong_key(call: Call) -> None:
    call.error("401 Unauthorized", "invalid_api_key", f"Incorrect API key provided: {SECRET}.")


def forbidden(call: Call) -> None:
    call.error("403 Forbidden", "no", f"Authorization: Bearer {SECRET} has no access to m")


def too_many(call: Call) -> None:
    call.error("429 Too Many Requests", "rate_limit_exceeded", "Slow down", "Retry-After: 3600")


def no_credit(call: Call) -> None:
    call.error("429 Too Many Requests", "insufficient_quota", "You exceeded your current quota")


def breaks(call: Call) -> None:
    call.error("500 Internal Server Error", "internal", "Something\n\nbroke")


def overloaded(call: Call) -> None:
    call.head("503 Service Unavailable", "text/html")
    call.send("<html><h1>503</h1><script>alert(1)</script></html>")


def unknown_model(call: Call) -> None:
    call.error("404 Not Found", "model_not_found", "The model `test` does not exist")


def redirects(call: Call) -> None:
    call.head("307 Temporary Redirect", "text/plain", "Location: http://192.0.2.1/v1")


def too_long(call: Call) -> None:
    call.error("400 Bad Request", "context_length_exceeded",
               "This model's maximum context length is 4096 tokens.")  # fmt: skip


def too_long_in_the_stream(call: Call) -> None:
    call.head()
    message = "request (5031 tokens) exceeds the available context size (2048 tokens)"
    body = {"error": {"code": 400, "type": "exceed_context_size_error", "message": message}}
    call.event(json.dumps(body)) if call.streams else call.send(json.dumps(body))


def a_page(call: Call) -> None:
    call.head(kind="text/html")
    call.send("<!doctype html><html><body>Sign in</body></html>")


def invalid_json(call: Call) -> None:
    call.head()
    call.event('{"choices": [{"delta":') if call.streams else call.send('{"choices": [')


def wrong_shape(call: Call) -> None:
    call.head()
    body = json.dumps({"choices": [{"text": "Sixty", "message": 60, "delta": 60}]})
    call.event(body) if call.streams else call.send(body)


def no_choices(call: Call) -> None:
    call.head()
    body = json.dumps({"choices": None})
    call.event(body) if call.streams else call.send(body)


def error_inside(call: Call) -> None:
    call.head()
    body = json.dumps({"error": {"message": "the engine died", "code": "dead"}})
    call.event(body) if call.streams else call.send(body)


def breaks_off(call: Call) -> None:
    """Half of what the headers promise."""
    call.head("200 OK", "", "Content-Length: 5000")
    if call.streams:
        call.delta({"content": "Sixty"})
    else:
        call.send(call.whole({"content": "Sixty"}))


def ends_without_a_reason(call: Call) -> None:
    """A clean end of the connection in the middle; whole, an object cut in two."""
    call.head()
    if call.streams:
        call.delta({"content": "Sixty"})
    else:
        call.send(call.whole({"content": "Sixty"})[:60])


def not_http(call: Call) -> None:
    call.send("SSH-2.0-OpenSSH_9.9\r\n\r\n")


def bad_gzip(call: Call) -> None:
    call.head("200 OK", "", "Content-Encoding: gzip")
    call.send(b"data: this is not gzip")


def floods(call: Call) -> None:
    """Forty megabytes without the end of a line."""
    call.head()
    for _ in range(40):
        call.send(b"x" * 2**20)
    call.silence()


def nothing(call: Call) -> None:
    call.reply()


def white_space(call: Call) -> None:
    call.reply({"content": " \n"}, {"content": "\t\u3000"})


def only_reasons(call: Call) -> None:
    call.reply({"reasoning_content": "Let me "}, {"reasoning_content": "think."})


def only_thinks(call: Call) -> None:
    call.reply({"content": "<thi"}, {"content": "nk>Hm, sixty?"}, {"content": "</think>\n\n"})


def thinks_until_cut(call: Call) -> None:
    call.reply({"content": "<think>Hm, "}, {"content": "sixty?"}, finish="length")


def cut_off(call: Call) -> None:
    call.reply({"content": "Sixty mach"}, finish="length")


def filtered(call: Call) -> None:
    call.reply({"content": "Sixty"}, finish="content_filter")


# behaviour -> (kind when streaming, kind when not)
FAULTS: dict[Behave, tuple[str, str]] = {
    closes_at_once: ("connection", "connection"),
    silent: ("timeout", "timeout"),
    silent_after_headers: ("timeout", "timeout"),
    only_keeps_alive: ("timeout", "timeout"),
    empty_deltas_for_ever: ("timeout", "timeout"),
    drips_one_token: ("timeout", "timeout"),
    stalls_midway: ("timeout", "timeout"),
    never_ends: ("timeout", "timeout"),
    wrong_key: ("credentials", "credentials"),
    forbidden: ("credentials", "credentials"),
    too_many: ("rate", "rate"),
    no_credit: ("rate", "rate"),
    breaks: ("server", "server"),
    overloaded: ("server", "server"),
    unknown_model: ("request", "request"),
    redirects: ("request", "request"),
    too_long: ("context", "context"),
    too_long_in_the_stream: ("context", "context"),
    a_page: ("server", "server"),
    invalid_json: ("server", "server"),
    wrong_shape: ("server", "server"),
    no_choices: ("connection", "server"),  # an event of nothing, then the end
    error_inside: ("server", "server"),
    breaks_off: ("connection", "connection"),
    ends_without_a_reason: ("connection", "server"),
    not_http: ("connection", "connection"),
    bad_gzip: ("server", "server"),
    floods: ("server", "server"),
    nothing: ("empty", "empty"),
    white_space: ("empty", "empty"),
    only_reasons: ("reasoning", "reasoning"),
    only_thinks: ("reasoning", "reasoning"),
    thinks_until_cut: ("reasoning", "reasoning"),
    cut_off: ("truncated", "truncated"),
    filtered: ("request", "request"),
}


@pytest.mark.parametrize("streams", [True, False], ids=["streaming", "whole"])
@pytest.mark.parametrize("behave", FAULTS, ids=lambda behave: behave.__name__)
def test_each_fault_ends_in_its_state_in_time(behave: Behave, streams: bool) -> None:
    with serving(behave) as server:
        start = time.monotonic()
        with pytest.raises(ModelFailed) as failure:
            ask(server.url, streams=streams)
        took = time.monotonic() - start
        assert failure.value.kind == FAULTS[behave][0 if streams else 1], failure.value
        assert took < LIMITS["answer_seconds"] + SLACK
        assert server.calls[0].request.get("stream", False) is streams
        assert_presentable(failure.value)
        eventually(lambda: server.open == 0)


@pytest.mark.parametrize("streams", [True, False], ids=["streaming", "whole"])
@pytest.mark.parametrize(
    ("address", "kind"), [(refusing, "connection"), (never_accepting, "timeout")]
)
def test_an_address_that_cannot_be_reached(address: Any, kind: str, streams: bool) -> None:
    with address() as url:
        start = time.monotonic()
        with pytest.raises(ModelFailed) as failure:
            ask(url, streams=streams, answer_seconds=60, first_token_seconds=60)
        assert failure.value.kind == kind
        assert time.monotonic() - start < 2 + SLACK  # two waits between three attempts
        assert_presentable(failure.value)


def assert_presentable(failure: ModelFailed) -> None:
    """One line that says something, without a key, and what to do about it."""
    assert failure.message
    assert failure.message.isprintable()
    assert len(failure.message) <= 400
    assert failure.remedy
    assert SECRET not in str(failure)
    assert SECRET[8:] not in str(failure)


def eventually(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SLACK
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
