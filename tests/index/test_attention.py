"""Attention in blocks gives what torch's own gives."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.index import attention
from rag.index.attention import attend


@given(
    st.integers(1, 7), st.sampled_from([1, 3]), st.integers(1, 9), st.sampled_from([4, 8]),
    st.sampled_from([1, 200, 10_000]), st.sampled_from([0.01, 1, 30, 1000]), st.booleans(),
    st.integers(0, 1000),
)  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_blocks_give_what_torch_gives(
    texts: int,
    heads: int,
    tokens: int,
    width: int,
    scores: int,
    size: float,
    padded: bool,
    seed: int,
) -> None:
    torch.manual_seed(seed)
    query, key, value = (
        torch.randn(texts, heads, tokens, width, dtype=torch.float64) for _ in range(3)
    )
    query *= size
    mask = None
    if padded:
        kept = torch.arange(tokens) < torch.randint(1, tokens + 1, (texts, 1))
        lowest = torch.finfo(torch.float64).min
        mask = torch.zeros(texts, 1, tokens, tokens, dtype=torch.float64)
        mask = mask.masked_fill(~kept[:, None, None], lowest)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attention, "_SCORES", scores)
        found, no_scores = attend(None, query, key, value, mask)
    expected = torch.nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
    assert no_scores is None
    torch.testing.assert_close(found, expected.transpose(1, 2))


def test_by_hand() -> None:
    """One text of two tokens, one head: the second token sees both alike, the first only itself."""
    query, key = torch.tensor([[[[9.0], [0.0]]]]), torch.tensor([[[[9.0], [-9.0]]]])
    value = torch.tensor([[[[1.0], [3.0]]]])
    found, _ = attend(None, query, key, value, None, scaling=1.0)
    assert found.shape == (1, 2, 1, 1)
    assert found.flatten().tolist() == pytest.approx([1.0, 2.0])
