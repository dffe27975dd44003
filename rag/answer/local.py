"""`gguf:FILE`: a model that runs in this process, by llama.cpp's own server on loopback."""

from __future__ import annotations

import atexit
import secrets
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from rag.answer.compatible import openai_chat
from rag.answer.hosted import HostedModel
from rag.answer.model import LOCAL, Message
from rag.config import Settings
from rag.errors import ModelError, ModelFailed

MAGIC = b"GGUF"

_starting = threading.Lock()


class Running(NamedTuple):
    """A server: the object that keeps it alive, its address and the key it asks for."""

    server: Any
    url: str
    key: str


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A GGUF file. It is loaded at the first question, once a process, and stays loaded."""

    name: str
    path: Path
    settings: Settings

    @classmethod
    def open(cls, file: str, settings: Settings) -> LocalModel:
        """The model in `file`, which is looked at but not loaded yet.

        Raises:
            ModelError: there is no such file, it is no GGUF, or xllamacpp is not installed.
        """
        if find_spec("xllamacpp") is None:
            raise ModelError(
                "gguf models need a package that is not installed", "pip install 'jiubao[gguf]'"
            )
        path = Path(file).expanduser()
        try:
            with path.open("rb") as stream:
                magic = stream.read(len(MAGIC))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise ModelError(f"{file} cannot be read: {reason}", "check the path") from error
        if magic != MAGIC:
            raise ModelError(f"{file} is not a GGUF file", "download the model again as GGUF")
        return cls(f"{LOCAL}:{path.name}", path.resolve(), settings)

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """See `ChatModel.stream`. Loading the file counts for none of the limits."""
        yield from _hosted(self).stream(messages)

    def health(self) -> str:
        """See `ChatModel.health`."""
        if not self.path.is_file():
            return f"{self.name}: the file is gone"
        return f"ready: {self.name}, {self.path.stat().st_size / 1e6:.0f} MB"


@cache
def _hosted(model: LocalModel) -> HostedModel:
    settings = model.settings
    try:
        with _starting:
            running = _serve(model.path, settings.context_tokens)
    except RuntimeError as error:
        raise ModelFailed(
            f"{model.name} cannot be loaded: {error}",
            "the file is damaged, too large for this machine or too new for xllamacpp",
            kind="server",
        ) from None
    chat = openai_chat(model.path.name, running.url, running.key, settings.answer_tokens)
    return HostedModel.at_openai(model.name, chat, settings)


@cache
def _serve(path: Path, context: int) -> Running:
    """Starts the server for a file; it is closed when the process ends.

    It listens on a free port of the loopback interface and asks for a key that only this
    process knows: neither another user of the machine nor a web page in a browser can use it.
    """
    import xllamacpp

    key = secrets.token_urlsafe(24)
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = context
    params.n_parallel = 1  # the whole context for one reply
    params.api_keys = [key]
    params.cors_origins = ""
    params.ui = False
    params.endpoint_slots = False
    params.verbosity = 0
    params.sse_ping_interval = 1  # seconds; as long may closing the server wait for a reply
    server = xllamacpp.Server(params)
    return Running(server, f"{server.listening_address}/v1", key)


atexit.register(_serve.cache_clear)
