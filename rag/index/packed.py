"""Several short texts in one row, each blind to the others: padding is work for nothing.

Sentences differ in length more than passages do, and a search reads a dozen of them while somebody
waits: padded to the longest of a batch, a third of what is computed is padding. In one row every
text keeps its own positions, and the mask lets it see itself alone (Krell et al. 2021, "Efficient
Sequence Packing without Cross-contamination", arXiv:2107.02027). See docs/performance.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

# Tokens of a row: a longer one compares too many that are blind to each other, for many short ones
# a layer is begun too often.
ROW = 320
# Model types that learn a vector for each position, and whether they count them from behind the
# padding's number.
_COUNTED_ON = {"bert": False, "roberta": True, "xlm-roberta": True}


class Row(NamedTuple):
    """What a model reads of a text: the ids of its tokens, markers and prompt among them, the last
    layer's vectors (tokens, dimension), and the text's own (dimension,)."""

    ids: Sequence[int]
    tokens: Vectors
    vector: Vectors


def can_pack(model: Any) -> bool:
    """Whether a SentenceTransformer is one of which it is known how to pack: an encoder with
    learned positions, the mean of whose tokens is the vector."""
    transformer, *others = model
    config = getattr(getattr(transformer, "model", None), "config", None)
    kinds = [type(module).__name__ for module in others]
    return (
        getattr(config, "model_type", None) in _COUNTED_ON
        and kinds in (["Pooling"], ["Pooling", "Normalize"])
        and others[0].pooling_mode == "mean"
        and others[0].include_prompt
        and model.device.type == "cpu"
    )


def read_packed(model: Any, texts: Sequence[Sequence[int]], step: int = 1) -> list[Row]:
    """Texts read in one row.

    Args:
        model: a SentenceTransformer that `can_pack`.
        texts: the ids of the tokens of each, with markers and prompt.
        step: tokens that the row is padded to a multiple of.
    """
    import torch

    reader = model[0].model
    first = reader.config.pad_token_id + 1 if _COUNTED_ON[reader.config.model_type] else 0
    read = [*texts, [reader.config.pad_token_id] * (-sum(map(len, texts)) % step)]
    lengths = [len(ids) for ids in read]
    owner = torch.repeat_interleave(torch.arange(len(read)), torch.tensor(lengths))
    blind = torch.finfo(reader.dtype).min
    with torch.inference_mode():
        mask = torch.where(owner[:, None] == owner, 0.0, blind).to(reader.dtype)
        states = reader(
            input_ids=torch.tensor([[token for ids in read for token in ids]]),
            position_ids=torch.tensor([[first + at for n in lengths for at in range(n)]]),
            attention_mask=mask[None, None],
        ).last_hidden_state[0]
        parts = states.float().split(lengths)
        return [
            Row(ids, part.numpy(), part.mean(0).numpy())
            for ids, part in zip(texts, parts[: len(texts)], strict=True)
        ]
