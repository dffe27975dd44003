"""Replies of hosted models: as they come, closed half way, and asked for again."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from faulty_server import Behave, Call, serving

from rag.answer.model import Message, load_model
from rag.config import Settings
from rag.errors import ModelFailed

PROMPT = [Message("system", "Be brief."), Message("user", "多少台机床?")]


def model_at(url: str, **settings: Any) -> Any:
    return load_model("openai:test", Settings(model_url=url, **settings))


def first_then(*first: Behave, then: Behave) -> Behave:
    """Behaves as each of `first` in turn, and from then on as `then`."""

    def behave(call: Call) -> None:
        (first[call.number - 1] if call.number <= len(first) else then)(call)

    return behave


def sixty(call: Call) -> None:
    call.reply({"content": "Sixty "}, {"content": "machine tools"}, {"content": " [1]."})


def busy(*headers: str) -> Behave:
    return lambda call: call.error("429 Too Many Requests", "rate", "Slow down", *headers)


@pytest.mark.parametrize("streams", [True, False])
def test_a_reply_arrives(streams: bool) -> None:
    with serving(sixty) as server:
        pieces = list(model_at(server.url, model_streams=streams).stream(PROMPT))
    assert "".join(pieces) == "Sixty machine tools [1]."
    assert len(pieces) == (3 if streams else 1)


def test_what_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-this-address")
    with serving(sixty) as server:
        list(model_at(server.url, answer_tokens=321).stream(PROMPT))
        [call] = server.calls
    assert call.request == {
        "model": "test",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "多少台机床?"},
        ],
        "temperature": 0,
        "max_tokens": 321,
        "stream": True,
    }
    assert "authorization: bearer key-of-this-address" in call.headers.lower()


def test_the_first_piece_arrives_before_the_last_is_sent() -> None:
    go_on = threading.Event()

    def waits(call: Call) -> None:
        call.head()
        call.delta({"content": "Sixty"})
        assert go_on.wait(20)
        call.delta({"content": "."}, "stop")

    with serving(waits) as server:
        pieces = model_at(server.url).stream(PROMPT)
        assert next(pieces) == "Sixty"
        go_on.set()
        assert list(pieces) == ["."]


def test_a_server_that_ignores_streaming_is_asked_again_for_the_whole() -> None:
    def whole_always(call: Call) -> None:
        call.head(kind="application/json")
        call.send(call.whole({"content": "Sixty."}))

    with serving(whole_always) as server:
        assert list(model_at(server.url).stream(PROMPT)) == ["Sixty."]
        assert [call.streams for call in server.calls] == [True, False]


def test_what_comes_after_the_end_is_not_waited_for() -> None:
    def never_hangs_up(call: Call) -> None:
        call.head()
        call.delta({"content": "Sixty."}, "stop")
        call.silence()

    with serving(never_hangs_up) as server:
        assert list(model_at(server.url).stream(PROMPT)) == ["Sixty."]


def test_reasoning_keeps_a_reply_alive_and_stays_out_of_it() -> None:
    def reasons_first(call: Call) -> None:
        call.head()
        for _ in range(8):
            call.delta({"reasoning": "hm "})
            time.sleep(0.25)
        call.delta({"content": "Sixty."}, "stop")

    with serving(reasons_first) as server:
        model = model_at(server.url, first_token_seconds=1.5, between_tokens_seconds=1.5)
        assert list(model.stream(PROMPT)) == ["Sixty."]


def test_a_slow_reader_is_no_fault_of_the_model() -> None:
    with serving(sixty) as server:
        pieces = model_at(server.url, between_tokens_seconds=1).stream(PROMPT)
        first = next(pieces)
        time.sleep(1.5)
        assert first + "".join(pieces) == "Sixty machine tools [1]."


def test_an_endless_reply_is_cut() -> None:
    def endless(call: Call) -> None:
        call.head()
        while True:
            call.delta({"content": "and " * 5000})

    with serving(endless) as server, pytest.raises(ModelFailed, match="longer than") as failure:
        list(model_at(server.url).stream(PROMPT))
    assert failure.value.kind == "truncated"


def test_halves_of_characters_do_not_get_through() -> None:
    with serving(lambda call: call.reply({"content": "六\ud83d"}, {"content": "十"})) as server:
        text = "".join(model_at(server.url).stream(PROMPT))
    assert text == "六\ufffd十"


def test_closing_stops_the_request() -> None:
    def chatters(call: Call) -> None:
        call.head()
        while True:
            call.delta({"content": "and "})
            time.sleep(0.05)

    with serving(chatters) as server:
        pieces = model_at(server.url).stream(PROMPT)
        assert next(pieces) == "and "
        assert server.open == 1
        pieces.close()
        eventually_closed(server)


def test_closing_stops_a_request_that_is_silent() -> None:
    def stops(call: Call) -> None:
        call.head()
        call.delta({"content": "Sixty"})
        call.silence()

    with serving(stops) as server:
        pieces = model_at(server.url).stream(PROMPT)
        next(pieces)
        pieces.close()
        eventually_closed(server)


def test_many_requests_need_one_thread() -> None:
    with serving(sixty) as server:
        model = model_at(server.url)
        list(model.stream(PROMPT))
        before = threading.active_count()
        open_ones = [model.stream(PROMPT) for _ in range(8)]
        assert {next(pieces) for pieces in open_ones} == {"Sixty "}
        ours = [t for t in threading.enumerate() if t.name.startswith("jiubao-models")]
        assert len(ours) == 1
        for pieces in open_ones:
            pieces.close()
        eventually_closed(server)
    assert threading.active_count() <= before + 1


def eventually_closed(server: Any) -> None:
    deadline = time.monotonic() + 5
    while server.open:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def closes(call: Call) -> None:
    pass


@pytest.mark.parametrize(
    "fault",
    [
        busy("Retry-After: 0"),
        busy(),
        lambda call: call.error("500 Internal Server Error", "x", "broke"),
        lambda call: call.error("529 Overloaded", "x", "busy", "Retry-After: 0"),
        closes,
    ],
    ids=["429 at once", "429", "500", "529", "connection"],
)
def test_what_passes_is_tried_again(fault: Behave) -> None:
    with serving(first_then(fault, fault, then=sixty)) as server:
        assert "".join(model_at(server.url).stream(PROMPT)) == "Sixty machine tools [1]."
        assert [call.streams for call in server.calls] == [True, True, True]


@pytest.mark.parametrize("status", ["400 Bad Request", "401 Unauthorized", "404 Not Found"])
def test_what_does_not_pass_is_not_tried_again(status: str) -> None:
    refuse: Behave = lambda call: call.error(status, "x", "no")  # noqa: E731
    with serving(first_then(refuse, then=sixty)) as server:
        with pytest.raises(ModelFailed):
            list(model_at(server.url).stream(PROMPT))
        assert len(server.calls) == 1


def test_a_model_that_takes_no_temperature_is_asked_without() -> None:
    def chooses_its_own(call: Call) -> None:
        if "temperature" in call.request:
            call.error("400 Bad Request", "x", "`temperature` is not supported with this model.")
        else:
            sixty(call)

    with serving(chooses_its_own) as server:
        assert "".join(model_at(server.url).stream(PROMPT)) == "Sixty machine tools [1]."
        assert len(server.calls) == 2


def test_three_attempts_are_enough() -> None:
    with serving(busy("Retry-After: 0")) as server:
        with pytest.raises(ModelFailed) as failure:
            list(model_at(server.url).stream(PROMPT))
        assert failure.value.kind == "rate"
        assert len(server.calls) == 3


@pytest.mark.parametrize("delta", [{"content": "Sixty"}, {"reasoning_content": "Hm"}])
def test_after_the_first_token_nothing_is_tried_again(delta: dict[str, str]) -> None:
    def breaks_off(call: Call) -> None:
        call.head("200 OK", "", "Content-Length: 5000")
        call.delta(delta)

    with serving(first_then(breaks_off, then=sixty)) as server:
        with pytest.raises(ModelFailed) as failure:
            list(model_at(server.url).stream(PROMPT))
        assert failure.value.kind == "connection"
        assert len(server.calls) == 1


def test_retry_after_is_waited_for() -> None:
    times: list[float] = []

    def timed(call: Call) -> None:
        times.append(time.monotonic())
        first_then(busy("Retry-After: 2"), then=sixty)(call)

    with serving(timed) as server:
        list(model_at(server.url).stream(PROMPT))
    assert times[1] - times[0] >= 2


def test_a_wait_past_the_deadline_is_not_begun() -> None:
    with serving(busy("Retry-After: 30")) as server:
        with pytest.raises(ModelFailed, match="asks to wait 30 s") as failure:
            list(model_at(server.url, answer_seconds=20).stream(PROMPT))
        assert failure.value.kind == "rate"
        assert len(server.calls) == 1
