"""The plug for language models: what a chat model is to us, and how a name becomes one.

A model is named `quote` (none: the archive is quoted), `provider:model` (as LangChain's
`init_chat_model` takes it) or `gguf:FILE` (run in this process).
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from rag.config import Settings
from rag.errors import ModelError

QUOTE = "quote"
LOCAL = "gguf"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt."""

    role: Literal["system", "user", "assistant"]
    text: str


class ChatModel(Protocol):
    """A language model that streams a reply."""

    @property
    def name(self) -> str:
        """What the user called it; never a key."""
        ...

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Pieces of the reply as they come, reasoning left out. Closing stops the request.

        Raises:
            ModelFailed: at any point; after the last piece where the reply was cut off by length
                (`truncated`), or held nothing (`empty`) or reasoning alone (`reasoning`).
        """
        ...

    def health(self) -> str:
        """One line: that the model can be reached, or what is wrong. Generates nothing."""
        ...


def close(pieces: Iterator[str]) -> None:
    """Stops a stream of pieces, so that its request ends with it."""
    if isinstance(pieces, Generator):
        pieces.close()


def one_line(model: ChatModel, messages: Sequence[Message], longest: int) -> str:
    """The line that a model writes, without the quotation marks around it; "" where it writes more
    than one, or on and on.

    Args:
        longest: characters of a reply that is waited for.

    Raises:
        ModelFailed: see `ChatModel.stream`.
    """
    pieces = model.stream(messages)
    reply = ""
    try:
        for piece in pieces:
            reply += piece
            if len(reply) > longest:
                return ""
    finally:
        close(pieces)
    lines = [line for line in reply.splitlines() if line.strip()]
    return re.sub(r"^[\"“「'\s]+|[\"”」'\s]+$", "", lines[0]) if len(lines) == 1 else ""


def load_model(name: str, settings: Settings) -> ChatModel | None:
    """The model called `name`, None for `quote`. Nothing is contacted and no file is loaded yet.

    Raises:
        ModelError: no such provider or file, or a package or key is missing.
        ConfigError: `model_url` is not an address.
    """
    if name == QUOTE:
        return None
    provider, _, model = name.partition(":")
    if not (provider and model):
        raise ModelError(
            f"{name!r} is not the name of a model", "use quote, provider:model or gguf:FILE"
        )
    if provider == LOCAL:
        from rag.answer.local import LocalModel

        return LocalModel.open(model, settings)
    from rag.answer.hosted import HostedModel

    return HostedModel.connect(provider, model, settings)


def health(model: ChatModel | None) -> str:
    """One line on a loaded model for a list to choose from."""
    return model.health() if model else "ready: quotes the archive, needs no model"
