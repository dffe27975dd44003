"""Reasoning left out of a reply, however the reply is cut into pieces."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from langchain_core.messages import AIMessageChunk

from rag.answer.reply import Reply, ThinkFilter
from rag.errors import ModelFailed


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["<think>a</think>b"], "b"),
        (["<th", "ink>a</th", "ink>", "\n\nb <", "i>"], "b <i>"),
        (["\n<THINK>a</Think> b"], "b"),
        (["a < b <think>c</think>d"], "a < b d"),
        (["a", "<think", "er>"], "a<thinker>"),
        (["reasoning without its first tag</think>b"], "b"),
        (["<think>never ends"], ""),
        (["a<thi"], "a<thi"),
    ],
)
def test_think_blocks_are_left_out(pieces: list[str], text: str) -> None:
    sieve = ThinkFilter()
    assert "".join([sieve.add(piece) for piece in pieces] + [sieve.end()]) == text


def test_an_end_of_reasoning_after_text_is_a_failure() -> None:
    sieve = ThinkFilter()
    assert sieve.add("Let me see") == "Let me see"
    with pytest.raises(ModelFailed) as failure:
        sieve.add("</think>Sixty.")
    assert failure.value.kind == "reasoning"


PARTS = st.lists(st.sampled_from(["a", "<", ">", " ", "th", "<think>x<y</think>", "\n", "六"]))


@given(PARTS, st.data())
def test_where_a_reply_is_cut_changes_nothing(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)))))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    sieve = ThinkFilter()
    streamed = "".join(sieve.add(piece) for piece in pieces) + sieve.end()
    whole = ThinkFilter()
    assert streamed == whole.add(text) + whole.end()
    assert streamed == "".join(p for p in parts if not p.startswith("<think>")).lstrip()


@given(st.lists(st.text(st.characters(), max_size=20)))
def test_any_text_gets_through_a_reply_whole_or_fails_by_name(texts: list[str]) -> None:
    assume("think>" not in "".join(texts).lower())  # reasoning is left out: above
    reply = Reply()
    out = "".join(reply.add(AIMessageChunk(content=text)) for text in texts) + reply.end()
    out.encode()
    if "".join(texts).strip():
        reply.check()
    else:
        with pytest.raises(ModelFailed, match="empty"):
            reply.check()
