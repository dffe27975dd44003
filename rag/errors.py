"""Errors a user can act on: one clear line, and what to do about it."""

from __future__ import annotations

from typing import Literal

FailureKind = Literal[
    "connection",  # not reached, or broke off
    "credentials",  # key missing, wrong or without the right
    "rate",  # too many requests, or no credit left
    "server",  # an error of the provider's, or a reply that cannot be read
    "request",  # refused as it stands: no such model, a setting it does not take, a filter
    "context",  # the prompt does not fit
    "timeout",  # one of the four limits
    "empty",  # nothing but white space
    "reasoning",  # reasoning without an answer
    "truncated",  # cut off by length
]


class JiubaoError(Exception):
    """Base of every error jiubao raises on purpose.

    Args:
        message: what went wrong and where, one line.
        remedy: what to do about it, one line; empty where nothing can be done.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} ({self.remedy})" if self.remedy else self.message


def first_line(error: BaseException) -> str:
    """What a library's error says in its first line; its kind where it says nothing."""
    said = str(error).strip()
    return said.splitlines()[0] if said else type(error).__name__


class UnreadableFile(JiubaoError):
    """A file of the archive cannot be read as an article."""


class ConfigError(JiubaoError):
    """A setting is unknown or out of bounds."""


class ModelError(JiubaoError):
    """A model cannot be found, loaded or trusted."""


_LASTING: frozenset[FailureKind] = frozenset(
    {"connection", "credentials", "rate", "server", "timeout"}
)


class ModelFailed(JiubaoError):
    """A language model gave no whole reply.

    Args:
        message: what went wrong, one line, without keys.
        remedy: what to do about it, one line.
        kind: which failure it is.
    """

    def __init__(self, message: str, remedy: str = "", *, kind: FailureKind) -> None:
        super().__init__(message, remedy)
        self.kind: FailureKind = kind

    @property
    def lasts(self) -> bool:
        """Whether asking the same model once more would only take as long again."""
        return self.kind in _LASTING


class ArchiveBusy(JiubaoError):
    """Another process is writing to the archive."""


class LedgerError(JiubaoError):
    """The ledger cannot be opened, or was written by a newer jiubao."""


class PartlyExported(LedgerError):
    """Some articles cannot be read; all others have been written.

    Args:
        message: how many cannot and how many were written, one line; not where to.
        remedy: what to do about it, one line.
        written: articles.
    """

    def __init__(self, message: str, remedy: str, written: int) -> None:
        super().__init__(message, remedy)
        self.written = written


class IndexMismatch(JiubaoError):
    """The archive was indexed with another model, chunking or tokenizer."""


class NotFound(JiubaoError):
    """What was asked for by name is not in the archive."""


class BadQuestion(JiubaoError):
    """A question or filter cannot be used as it stands."""
