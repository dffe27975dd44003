"""How long a model may take."""

from __future__ import annotations

from dataclasses import dataclass

from rag.config import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """The four limits, in seconds.

    `connect`: to reach the address. `first_token`: from the request to the first token, anew at
    each attempt. `between_tokens`: from one token to the next. `answer`: for all of it, retries
    and the waits before them included. What is not a token (a comment to keep the connection
    alive, half a line) counts for none of them.
    """

    connect: float
    first_token: float
    between_tokens: float
    answer: float

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that are set."""
        return cls(
            settings.connect_seconds,
            settings.first_token_seconds,
            settings.between_tokens_seconds,
            settings.answer_seconds,
        )
