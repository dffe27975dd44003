"""What a provider's client raised -> which failure it is, and whether trying again may help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import chain
from typing import Any

from langchain_core import exceptions as langchain

from rag.answer.redact import redact
from rag.errors import FailureKind, ModelFailed

# As OpenAI, llama.cpp, Anthropic, vLLM, Google, Mistral, Cohere and Groq say it.
_TOO_LONG = re.compile(
    r"context_length_exceeded|exceed_context_size|maximum context length|prompt is too long"
    r"|exceeds? the (?:available |model'?s? )?(?:context|maximum (?:number of tokens|model length))"
    r"|longer than the maximum model length|exceeds? (?:the )?context (?:limit|window|size|length)"
    r"|too large for model with|too many tokens|reduce the length of the (?:messages|prompt)"
    r"|input tokens exceed|contextwindowexceeded",
    re.IGNORECASE,
)
_NO_KEY = re.compile(r"\bapi[_ ]?key|authentication method|credentials", re.IGNORECASE)
_NO_CREDIT = re.compile(r"insufficient[_ ](?:quota|balance)|credit balance", re.IGNORECASE)

_REMEDIES: dict[FailureKind, str] = {
    "connection": "check that the provider's address is right and its server runs",
    "credentials": "check the provider's key in the environment, and its balance",
    "rate": "wait, or use another model",
    "server": "try again later, or use another model",
    "request": "check the model's name and settings",
    "context": "use a model with a longer context",
    "timeout": "raise the limit, or use a faster model",
}
_CLASSES: tuple[tuple[type[Exception], FailureKind], ...] = (
    (langchain.ContextOverflowError, "context"),
    (langchain.ModelAuthenticationError, "credentials"),
    (langchain.ModelPermissionDeniedError, "credentials"),
    (langchain.ModelRateLimitError, "rate"),
    (langchain.ModelTimeoutError, "timeout"),
    (langchain.ModelConnectionError, "connection"),
    (langchain.ModelAPIError, "server"),
    (langchain.ModelInvalidRequestError, "request"),
    (langchain.ModelNotFoundError, "request"),
    (TimeoutError, "timeout"),
    (OSError, "connection"),
)
# Clients that raise exceptions of their own name them alike.
_NAMES: tuple[tuple[str, FailureKind], ...] = (
    ("Timeout", "timeout"),
    ("Connect", "connection"),
    ("Protocol", "connection"),
    ("ReadError", "connection"),
    ("WriteError", "connection"),
)
_BY_STATUS: dict[int, FailureKind] = {
    401: "credentials", 402: "credentials", 403: "credentials",
    408: "timeout", 413: "context", 429: "rate",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure, whether the same request may succeed later, and the seconds to wait if told.

    `unreadable` where the provider did reply, but not in a way that its client understands.
    """

    failure: ModelFailed
    retry: bool = False
    wait: float | None = None
    unreadable: bool = False


def failed(kind: FailureKind, message: str) -> ModelFailed:
    """A failure with the remedy usual for its kind."""
    return ModelFailed(redact(message), _REMEDIES[kind], kind=kind)


def understand(error: Exception, name: str) -> Fault:
    """What `error`, raised by the client of the model `name`, comes down to.

    The text of the failure is the provider's own where it gave one, on one line, without keys.
    """
    causes = list(_causes(error))
    if named := next((cause for cause in causes if isinstance(cause, ModelFailed)), None):
        return Fault(named)
    status = next((s for s in map(_status, causes) if s), None)
    said = " ".join(str(cause) for cause in causes)
    kind = _kind(causes, status, said)
    wait = _retry_after(causes)
    # A reply that cannot be read will not be better next time; an error of the server's may.
    passing = status is not None and status >= 500
    retry = kind in ("rate", "connection") or (kind == "server" and passing)
    if _NO_CREDIT.search(said):
        retry = False
    unreadable = kind == "server" and status is None
    saying = "its reply cannot be read" if unreadable else _SAYING[kind]
    number = f" (HTTP {status})" if status else ""
    failure = failed(kind, f"{name}: {saying}{number}: {_words(causes)}")
    return Fault(failure, retry, wait, unreadable)


_SAYING: dict[FailureKind, str] = {
    "connection": "no connection",
    "credentials": "the key was refused",
    "rate": "too many requests",
    "server": "the provider failed",
    "request": "the request was refused",
    "context": "the prompt is too long for the model",
    "timeout": "too slow",
}


def _kind(causes: list[BaseException], status: int | None, said: str) -> FailureKind:
    if status != 429 and _TOO_LONG.search(said):
        return "context"
    if status is not None:
        return _BY_STATUS.get(status, "server" if status >= 500 else "request")
    if _NO_KEY.search(said):
        return "credentials"
    names = " ".join(type(cause).__name__ for cause in causes)
    if "DecodingError" in names:  # a body that is not packed as its header says
        return "server"
    known = (kind for cause in causes for type_, kind in _CLASSES if isinstance(cause, type_))
    named = (kind for word, kind in _NAMES if word in names)
    return next(chain(known, named), "server")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, then what it came from; clients wrap one another's."""
    seen: BaseException | None = error
    for _ in range(8):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__


def _status(error: BaseException) -> int | None:
    """The HTTP status an exception carries, under any of the names in use."""
    response = getattr(error, "response", None)
    for value in (
        getattr(error, "status_code", None),
        getattr(response, "status_code", None),
        getattr(error, "code", None),
    ):
        if isinstance(value, int) and 300 <= value < 600:
            return value
    return None


def _retry_after(causes: list[BaseException]) -> float | None:
    """Seconds that the header Retry-After asks for, given as such or as a date (RFC 9110)."""
    for cause in causes:
        headers: Any = getattr(getattr(cause, "response", None), "headers", None)
        value = headers.get("retry-after") if hasattr(headers, "get") else None
        if value:
            return _seconds(str(value).strip())
    return None


def _seconds(value: str) -> float | None:
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value):
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, IndexError, TypeError):
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max((date - datetime.now(UTC)).total_seconds(), 0.0)


def _words(causes: list[BaseException]) -> str:
    """The provider's own message, without the JSON around it; else what the client said."""
    if any("ConnectTimeout" in type(cause).__name__ for cause in causes):
        return "no connection within the limit"
    error = causes[0]
    body = getattr(error, "body", None)
    if isinstance(body, dict):
        inner = body.get("error")
        body = inner if isinstance(inner, dict) else body
        if isinstance(message := body.get("message"), str):
            return message
    # OpenAI's client says "Connection error." of everything; what it came from says more.
    said = [str(cause) for cause in causes if str(cause)]
    if isinstance(error, langchain.ModelConnectionError) and said:
        return said[-1]
    return said[0] if said else type(error).__name__
