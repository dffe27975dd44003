"""What a model sent -> the text of its reply, and what was wrong with it. Pure."""

from __future__ import annotations

import re
from typing import Any

from langchain_core.messages import BaseMessage

from rag.errors import ModelFailed

LONGEST = 200_000  # characters; no answer is that long, a model gone wild is

_TAG = re.compile(r"<(/?)think>", re.IGNORECASE)
_TAGS = ("<think>", "</think>")
# What providers call the reason why a reply ended, and the reasons that are not its natural end.
_ENDS = ("finish_reason", "stop_reason", "done_reason", "stopReason", "status")
_CUT = {"length", "max_tokens", "max_output_tokens", "incomplete", "model_length"}
_FILTERED = {"content_filter", "safety", "refusal", "recitation", "blocklist", "prohibited_content"}
_REASONING = {"reasoning", "thinking", "redacted_thinking", "reasoning_content"}


class ThinkFilter:
    """Leaves `<think>...</think>` out of a text that comes in pieces.

    A tag may be cut anywhere between pieces; what could be the start of one is held back.
    `reasoned` says whether a block was left out, `begun` whether any text was let through. White
    space before the first text is dropped.
    """

    def __init__(self) -> None:
        self.reasoned = False
        self.begun = False
        self._held = ""
        self._inside = False

    def add(self, piece: str) -> str:
        """The text that is certain after one more piece.

        Raises:
            ModelFailed: a block ends that never began, after text was let through: that text
                was reasoning.
        """
        rest, out = self._held + piece, ""
        while tag := _TAG.search(rest):
            before, rest = rest[: tag.start()], rest[tag.end() :]
            closes = bool(tag[1])
            if closes and not self._inside:  # its opening tag stood in the chat template
                if self.begun:
                    raise ModelFailed(
                        "the model mixed its reasoning into the reply",
                        "turn on the reasoning parser of its server, or set model_streams = false",
                        kind="reasoning",
                    )
                out = ""
            elif not self._inside:
                out += before
            self.reasoned = True
            self._inside = not closes
        certain = len(rest) - _tail(rest)
        self._held = rest[certain:]
        return self._through(out if self._inside else out + rest[:certain])

    def end(self) -> str:
        """What was held back, once no more comes."""
        held, self._held = self._held, ""
        return "" if self._inside else self._through(held)

    def _through(self, text: str) -> str:
        if not self.begun:
            text = text.lstrip()
            self.begun = bool(text)
        return text


def _tail(text: str) -> int:
    """How many characters at the end of `text` may be the start of a tag."""
    last = text.rfind("<")
    tail = text[last:].lower() if last >= 0 else ""
    return len(tail) if tail and any(tag.startswith(tail) for tag in _TAGS) else 0


class Reply:
    """A reply as it grows. `tokens` counts messages with text or reasoning in them."""

    def __init__(self) -> None:
        self.tokens = 0
        self.messages = 0
        self.ended_by = ""
        self._filter = ThinkFilter()
        self._reasoned = False
        self._length = 0

    def add(self, message: BaseMessage) -> str:
        """The text that one more message (or chunk of one) adds.

        Raises:
            ModelFailed: the reply is endless, or its reasoning cannot be told from its text.
        """
        self.messages += 1
        text, reasoning = str(message.text), _has_reasoning(message)
        self._reasoned |= reasoning
        self.tokens += bool(text or reasoning)
        self._length += len(text)
        if self._length > LONGEST:
            raise ModelFailed(
                f"the reply is longer than {LONGEST:,} characters and was cut",
                "lower answer_tokens, or use another model",
                kind="truncated",
            )
        said = (message.response_metadata.get(key) for key in _ENDS)
        self.ended_by = next((str(end).lower() for end in said if end), self.ended_by)
        return self._filter.add(_whole_characters(text))

    @property
    def ended(self) -> bool:
        """Whether the provider has said that this was all."""
        return self.ended_by not in ("", "in_progress", "queued")

    def end(self) -> str:
        """The last piece of the text."""
        return self._filter.end()

    def check(self) -> None:
        """Names what is wrong with the reply as a whole, after `end`.

        Raises:
            ModelFailed: it was filtered, is empty, is reasoning alone, or was cut off.
        """
        cut = self.ended_by in _CUT
        if self.ended_by in _FILTERED:
            raise ModelFailed(
                "the provider's filter stopped the reply", "ask otherwise", kind="request"
            )
        if not self._filter.begun and (self._reasoned or self._filter.reasoned):
            raise ModelFailed(
                "the model reasoned" + (" until its tokens ran out" if cut else "")
                + " and gave no answer",
                "raise answer_tokens, or turn the model's reasoning down",
                kind="reasoning",
            )  # fmt: skip
        if not self._filter.begun:
            raise ModelFailed("the model's reply is empty", "use another model", kind="empty")
        if cut:
            raise ModelFailed(
                "the reply was cut off by its length", "raise answer_tokens", kind="truncated"
            )


def _has_reasoning(message: BaseMessage) -> bool:
    """Whether a message holds reasoning, in any of the forms that LangChain's packages give it."""
    if message.additional_kwargs.get("reasoning_content"):
        return True
    blocks: list[Any] = message.content if isinstance(message.content, list) else []
    return any(isinstance(block, dict) and block.get("type") in _REASONING for block in blocks)


def _whole_characters(text: str) -> str:
    """`text` with its halves of characters joined, or replaced where they are alone."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
