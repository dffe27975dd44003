"""Models behind LangChain: any `provider:model`, and any OpenAI-compatible address."""

from __future__ import annotations

import asyncio
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, convert_to_messages

from rag.answer.background import Emit, pieces
from rag.answer.compatible import OpenAIChat, check_address, openai_chat
from rag.answer.faults import Fault, failed, understand
from rag.answer.limits import Limits
from rag.answer.model import Message
from rag.answer.redact import redact
from rag.answer.reply import Reply
from rag.config import Settings
from rag.errors import JiubaoError, ModelError, ModelFailed

ATTEMPTS = 3
BACKOFF = 0.5  # seconds before the second attempt, doubled before each further one
HANGING_UP = 1.0  # seconds given to a provider to close the stream after the end of its reply
GUIDE = "docs/models.md shows how each kind of model is named"


@dataclass(frozen=True, slots=True)
class HostedModel:
    """A LangChain chat model, held to the four limits.

    `streams` is False where the model is to give its reply whole. `options` go with every call.
    """

    name: str
    chat: BaseChatModel
    limits: Limits
    streams: bool = True
    options: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def connect(cls, provider: str, model: str, settings: Settings) -> HostedModel:
        """The model `provider:model`; nothing is contacted yet.

        Raises:
            ModelError: no such provider, or its package or key is missing.
            ConfigError: `model_url` is not an address.
        """
        name = f"{provider}:{model}"
        limits = Limits.of(settings)
        try:
            if provider == "openai":
                url = check_address(settings.model_url) if settings.model_url else None
                key = os.environ.get("OPENAI_API_KEY") or ("none" if url else None)
                chat = openai_chat(model, url, key, settings.answer_tokens)
                return cls.at_openai(name, chat, settings)
            return cls(name, _langchain_chat(name, settings), limits, settings.model_streams)
        except JiubaoError:
            raise
        except ImportError as error:
            missing = getattr(error.__cause__, "name", None) or error.name or ""
            package = missing.split(".")[0].replace("_", "-")
            raise ModelError(
                f"{name} needs a package that is not installed", f"pip install {package}"
            ) from error
        except Exception as error:  # each provider's package has its own
            raise ModelError(f"{name} cannot be used: {redact(str(error))}", GUIDE) from None

    @classmethod
    def at_openai(cls, name: str, chat: OpenAIChat, settings: Settings) -> HostedModel:
        """A model that speaks OpenAI's protocol. Its client takes the connect limit itself."""
        import openai

        limits = Limits.of(settings)
        options = {"timeout": openai.Timeout(None, connect=limits.connect)}
        return cls(name, chat, limits, settings.model_streams, options)

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """See `ChatModel.stream`."""
        prompt = convert_to_messages([(m.role, m.text) for m in messages])
        try:
            yield from pieces(partial(self._within_answer, prompt), self.limits.answer)
        except TimeoutError:
            raise self._too_slow("for a whole reply", self.limits.answer) from None

    def health(self) -> str:
        """See `ChatModel.health`."""
        if not isinstance(self.chat, OpenAIChat):
            return f"set up: {self.name} (its provider was not contacted)"
        try:
            return "".join(pieces(self._list_models, self.limits.connect))
        except TimeoutError:
            return f"{self.name}: no reply within {self.limits.connect:g} s"

    async def _list_models(self, emit: Emit) -> None:
        try:
            async with asyncio.timeout(self.limits.connect):
                listed = await self.chat.root_async_client.models.list()  # type: ignore[attr-defined]
            known = {model.id for model in listed.data}
        except TimeoutError:
            raise
        except Exception as error:
            emit(understand(error, self.name).failure.message)
            return
        _, _, model = self.name.partition(":")
        emit(f"ready: {self.name}" if model in known or len(known) <= 1 else
             f"{self.name}: the server answers, but does not list this model")  # fmt: skip

    async def _within_answer(self, prompt: list[BaseMessage], emit: Emit) -> None:
        try:
            async with asyncio.timeout(self.limits.answer) as clock:
                await self._attempts(prompt, emit)
        except TimeoutError:
            if clock.expired():
                raise self._too_slow("for a whole reply", self.limits.answer) from None
            raise

    async def _attempts(self, prompt: list[BaseMessage], emit: Emit) -> None:
        """Asks, and asks again where that may help and no token has come yet."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + self.limits.answer
        chat, streams, tried = self.chat, self.streams, 0
        while True:
            reply = Reply()
            try:
                await self._attempt(chat, prompt, reply, emit, streams)
                return
            except ModelFailed:
                raise
            except Exception as error:
                fault = understand(error, self.name)
            if not reply.messages and (other := _without_temperature(chat, fault)):
                chat = other
                continue
            if streams and not reply.messages and fault.unreadable:
                # Not one event in a stream: most likely a server that replies in one piece.
                streams = False
                continue
            tried += 1
            wait = BACKOFF * 2 ** (tried - 1) if fault.wait is None else fault.wait
            late = clock() + wait >= deadline
            if not fault.retry or reply.tokens or tried >= ATTEMPTS or late:
                raise _given_up(fault, late and bool(fault.wait))
            await asyncio.sleep(wait)

    async def _attempt(
        self,
        chat: BaseChatModel,
        prompt: list[BaseMessage],
        reply: Reply,
        emit: Emit,
        streams: bool,
    ) -> None:
        limit = self.limits.first_token if streams else None
        try:
            async with asyncio.timeout(limit) as clock:
                await self._read(chat, prompt, reply, emit, clock if streams else None)
        except TimeoutError:
            if not clock.expired():
                raise
            if not reply.ended:
                raise self._stalled(reply) from None
        if last := reply.end():
            emit(last)
        reply.check()

    async def _read(
        self,
        chat: BaseChatModel,
        prompt: list[BaseMessage],
        reply: Reply,
        emit: Emit,
        clock: asyncio.Timeout | None,
    ) -> None:
        """Hands on what comes, each token moving `clock` on; without a clock, all at once."""
        if clock is None:
            if text := reply.add(await chat.ainvoke(prompt, **self.options)):
                emit(text)
            return
        now = asyncio.get_running_loop().time
        tokens = 0
        async with aclosing(chat.astream(prompt, **self.options)) as chunks:  # type: ignore[type-var]
            async for chunk in chunks:
                if text := reply.add(chunk):
                    emit(text)
                if reply.tokens > tokens or reply.ended:
                    wait = self.limits.between_tokens
                    clock.reschedule(now() + (min(wait, HANGING_UP) if reply.ended else wait))
                    tokens = reply.tokens
        if isinstance(chat, OpenAIChat) and not reply.ended:  # others need not say so
            raise ConnectionError("the reply broke off before its end")

    def _stalled(self, reply: Reply) -> ModelFailed:
        if reply.tokens:
            return self._too_slow("from one token to the next", self.limits.between_tokens)
        return self._too_slow("to the first token", self.limits.first_token)

    def _too_slow(self, what: str, seconds: float) -> ModelFailed:
        return failed("timeout", f"{self.name}: too slow: {seconds:g} s {what} were not enough")


def _given_up(fault: Fault, asked_to_wait: bool) -> ModelFailed:
    """The failure, with the wait the provider asked for where there is no time for it."""
    failure = fault.failure
    if asked_to_wait:
        return ModelFailed(
            failure.message, f"the provider asks to wait {fault.wait:.0f} s", kind=failure.kind
        )
    return failure


def _langchain_chat(name: str, settings: Settings) -> BaseChatModel:
    """A model of any other provider, as LangChain's own factory makes it.

    Packages ignore what they do not know of the standard parameters; the limits hold anyway.
    """
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {
        "max_tokens": settings.answer_tokens,
        "max_retries": 0,
        "timeout": settings.answer_seconds,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            chat = init_chat_model(name, temperature=0, **options)
        except ValueError as error:
            if "temperature" not in str(error):
                raise
            chat = init_chat_model(name, **options)
    assert isinstance(chat, BaseChatModel)  # noqa: S101 - a name was given: never configurable
    return chat


def _without_temperature(chat: BaseChatModel, fault: Fault) -> BaseChatModel | None:
    """`chat` without its temperature, if that is what was refused.

    Models that reason choose their own, and some refuse a request that sets it.
    """
    refused = fault.failure.kind in ("request", "server") and "temperature" in fault.failure.message
    if not refused or getattr(chat, "temperature", None) is None:
        return None
    return chat.model_copy(update={"temperature": None})
