"""OpenAI's chat protocol, at OpenAI or at any address that speaks it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import httpx2
import openai
from langchain_core.messages import BaseMessageChunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from rag.answer.faults import failed
from rag.errors import ConfigError

MOST_BYTES = 32 * 2**20  # of one reply, however many of them are text

# vLLM and OpenRouter say `reasoning`, most others `reasoning_content`.
_REASONING = ("reasoning_content", "reasoning")


class OpenAIChat(ChatOpenAI):
    """LangChain's client of the protocol. It keeps reasoning, which LangChain's own drops, so
    that a reply of nothing else can be told from an empty one."""

    def _convert_chunk_to_generation_chunk(
        self,
        chunk: dict[str, Any],
        default_chunk_class: type[BaseMessageChunk],
        base_generation_info: dict[str, Any] | None,
    ) -> ChatGenerationChunk | None:
        made = super()._convert_chunk_to_generation_chunk(
            chunk, default_chunk_class, base_generation_info
        )
        if made and (choices := chunk.get("choices")):
            _keep_reasoning(made.message.additional_kwargs, choices[0]["delta"])
        return made

    def _create_chat_result(
        self,
        response: dict[str, Any] | openai.BaseModel,
        generation_info: dict[str, Any] | None = None,
    ) -> ChatResult:
        result = super()._create_chat_result(response, generation_info)
        said = response if isinstance(response, dict) else response.model_dump(warnings=False)
        _keep_reasoning(
            result.generations[0].message.additional_kwargs, said["choices"][0]["message"]
        )
        return result


def _keep_reasoning(kept: dict[str, Any], said: dict[str, Any]) -> None:
    for key in _REASONING:
        if said.get(key):
            kept[_REASONING[0]] = said[key]


def openai_chat(model: str, url: str | None, key: str | None, tokens: int) -> OpenAIChat:
    """A client for one model at temperature 0, without retries of its own.

    Args:
        url: the address; None is OpenAI's, or what OPENAI_BASE_URL says.
        key: the key to send; None lets the client look for it.
        tokens: longest reply.

    Raises:
        openai.OpenAIError: there is no key.
    """
    options: dict[str, Any] = {"api_key": SecretStr(key)} if key else {}
    if url:
        # max_tokens is what servers other than OpenAI's understand, and none of them speaks
        # the Responses API for certain.
        options |= {
            "base_url": url,
            "use_responses_api": False,
            "extra_body": {"max_tokens": tokens},
        }
    else:
        options |= {"max_tokens": tokens}
    return OpenAIChat(
        model=model, temperature=0, max_retries=0, http_async_client=_client(url), **options
    )


def _client(url: str | None) -> httpx2.AsyncClient:
    """A client that no reply can fill the memory of.

    A redirect would send the prompt to an address nobody chose, and a proxy cannot reach what
    listens on this machine: neither is followed.
    """
    return openai.DefaultAsyncHttpxClient(
        follow_redirects=False,
        trust_env=not _on_this_machine(url),
        headers={"Accept-Encoding": "identity"},
        event_hooks={"response": [_bound]},
    )


async def _bound(response: httpx2.Response) -> None:
    """Bounds a reply; a packed one, which was not asked for, could unpack to anything."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise failed("server", "the reply is compressed, though that was not asked for")
    assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101 - of an async client
    response.stream = _Bounded(response.stream)


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MOST_BYTES
        async for data in self._stream:
            left -= len(data)
            if left < 0:
                raise failed("server", f"the reply is larger than {MOST_BYTES >> 20} MiB")
            yield data

    async def aclose(self) -> None:
        await self._stream.aclose()


def check_address(url: str) -> str:
    """`url`, if it is an address of the web without a password in it.

    Raises:
        ConfigError: it is not.
    """
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        good = None
    if not good:
        raise ConfigError("`model_url` is not an address", "write it like http://localhost:8080/v1")
    if "@" in parts.netloc or parts.query:
        raise ConfigError(
            "`model_url` holds a password or a key", "put the key into OPENAI_API_KEY instead"
        )
    return url


def _on_this_machine(url: str | None) -> bool:
    return bool(url) and urlsplit(url or "").hostname in ("localhost", "127.0.0.1", "::1")
