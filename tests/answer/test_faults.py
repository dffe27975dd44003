"""Understanding what providers' clients raise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from rag.answer.faults import understand


class Refused(Exception):
    """As providers' clients raise them."""

    def __init__(self, retry_after: str) -> None:
        super().__init__("busy")
        self.status_code = 429
        self.response = type("Response", (), {"headers": {"retry-after": retry_after}})()


def test_retry_after_may_be_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    wait = understand(Refused(date), "m").wait
    assert wait is not None
    assert 60 < wait <= 90


@pytest.mark.parametrize("value", ["soon", "-5", "1e999", "٣", "", "Mon, 99 Foo 2026"])
def test_a_retry_after_that_makes_no_sense_is_passed_over(value: str) -> None:
    assert understand(Refused(value), "m").wait is None


def test_a_date_gone_by_means_now() -> None:
    assert understand(Refused("Wed, 21 Oct 2015 07:28:00 GMT"), "m").wait == 0


@pytest.mark.parametrize(
    "said",
    [
        "Error code: 400 - {'code': 'context_length_exceeded'}",
        "request (5031 tokens) exceeds the available context size (2048 tokens)",
        "prompt is too long: 215000 tokens > 200000 maximum",
        "input length and `max_tokens` exceed context limit: 199000 + 4096 > 200000",
        "The decoder prompt (length 9000) is longer than the maximum model length of 4096",
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
        "Prompt contains 40000 tokens, too large for model with 32768 maximum context length",
        "Please reduce the length of the messages or completion.",
    ],
)
def test_a_prompt_too_long_is_recognised_by_providers_words(said: str) -> None:
    error = ValueError(said)
    assert understand(error, "m").failure.kind == "context"


def test_a_client_that_finds_no_key_is_understood() -> None:
    error = TypeError('"Could not resolve authentication method. Expected api_key to be set."')
    assert understand(error, "m").failure.kind == "credentials"


@pytest.mark.parametrize(
    ("status", "kind", "retry"),
    [
        (400, "request", False),
        (401, "credentials", False),
        (402, "credentials", False),
        (404, "request", False),
        (408, "timeout", False),
        (413, "context", False),
        (429, "rate", True),
        (500, "server", True),
        (529, "server", True),
    ],
)
def test_a_status_says_which_failure_it_is(status: int, kind: str, retry: bool) -> None:
    error = Refused("")
    error.status_code = status
    fault = understand(error, "m")
    assert (fault.failure.kind, fault.retry) == (kind, retry)
