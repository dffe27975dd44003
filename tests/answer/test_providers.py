"""Models of other providers, as their LangChain packages make them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from rag.answer.hosted import HostedModel
from rag.answer.limits import Limits
from rag.answer.model import Message, health
from rag.errors import ModelFailed

PROMPT = [Message("system", "Be brief."), Message("user", "多少台机床?")]
LIMITS = Limits(connect=2, first_token=5, between_tokens=5, answer=8)


class WholeModel(BaseChatModel):
    """A LangChain model that cannot stream and knows no async."""

    message: AIMessage
    seconds: float = 0

    @property
    def _llm_type(self) -> str:
        return "whole"

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        time.sleep(self.seconds)
        return ChatResult(generations=[ChatGeneration(message=self.message)])


class BlockStream(WholeModel):
    """A LangChain model that streams blocks of content, as Anthropic's does."""

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        for block in self.message.content:
            yield ChatGenerationChunk(message=AIMessageChunk(content=[block]))
        yield ChatGenerationChunk(
            message=AIMessageChunk(content="", response_metadata={"stop_reason": "max_tokens"})
        )


def test_a_provider_that_cannot_stream_gives_one_piece() -> None:
    chat = WholeModel(message=AIMessage("<think>Hm.</think>\nSixty."))
    assert list(HostedModel("fake:m", chat, LIMITS).stream(PROMPT)) == ["Sixty."]


def test_a_provider_that_blocks_is_left_behind() -> None:
    chat = WholeModel(message=AIMessage("Sixty."), seconds=3)
    limits = Limits(connect=1, first_token=0.3, between_tokens=1, answer=2)
    with pytest.raises(ModelFailed, match="first token") as failure:
        list(HostedModel("fake:m", chat, limits).stream(PROMPT))
    assert failure.value.kind == "timeout"


def test_blocks_of_reasoning_are_told_from_text() -> None:
    blocks = [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": "Sixty"}]
    model = HostedModel("fake:m", BlockStream(message=AIMessage(blocks)), LIMITS)
    pieces: list[str] = []
    with pytest.raises(ModelFailed) as failure:
        pieces.extend(model.stream(PROMPT))
    assert pieces == ["Sixty"]
    assert failure.value.kind == "truncated"


def test_health_of_other_providers_contacts_nobody() -> None:
    model = HostedModel("fake:m", WholeModel(message=AIMessage("")), LIMITS)
    assert health(model) == "set up: fake:m (its provider was not contacted)"
