"""Hits in, hits out: the best few read again together with the question, and put in order.

A cross-encoder (Nogueira and Cho 2019, "Passage Re-ranking with BERT", arXiv:1901.04085) sees
question and passage at once: slower than comparing two vectors, and a better judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from rag.errors import ModelError, first_line
from rag.index.batches import batches
from rag.index.encoder import BATCH_TOKENS, short_name
from rag.retrieve.ranking import rerank
from rag.types import Hit, Question

NONE = "none"
DEPTH = 30  # hits read again, unless the settings say otherwise
LEG = "rerank"
REMEDY = (
    "give the folder or hub name of a cross-encoder with one score a pair, or JIUBAO_RERANKER=none"
)
# Scores that differ by less than this are ties: padding alone moves a score's last digits.
_DECIMALS = 4


class Reranker(Protocol):
    """Puts the best hits in a better order.

    `name` says which model; `depth` is how many of the best hits it reads, 0 for none: a search
    that is to be reranked must find that many.
    """

    @property
    def name(self) -> str:
        """What the reranker is called."""

    @property
    def depth(self) -> int:
        """How many of the best hits are read again."""

    def rerank(self, question: Question, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """The same hits, ranked anew from 1.

        Raises:
            ModelError: the model gave scores that are not numbers.
        """


class KeepOrder:
    """The reranker that is none: hits stay as the search ranked them."""

    name = NONE
    depth = 0

    def rerank(self, question: Question, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """The hits as they are."""
        return tuple(hits)


class CrossEncoderReranker:
    """A sentence-transformers CrossEncoder. `model` is the CrossEncoder itself."""

    def __init__(self, model: Any, name: str, depth: int = DEPTH) -> None:
        self.model = model
        self.name = name
        self.depth = depth

    @classmethod
    def load(cls, name: str, device: str = "auto", depth: int = DEPTH) -> CrossEncoderReranker:
        """Loads a model; code that comes with one is never run.

        Args:
            name: a hub name, or a folder in sentence-transformers' or transformers' format. A
                name already in the hub's cache needs no network.
            device: `auto`, `cpu`, `cuda`, `cuda:N` or `mps`.
            depth: how many of the best hits to read.

        Raises:
            ModelError: the model is not there, or is no cross-encoder with one score a pair.
        """
        model = load_cross_encoder(name, device)
        if model.num_labels != 1 or not _has_trained_head(model):
            raise ModelError(f"{name} is not a model that scores pairs of texts", REMEDY)
        return cls(model, short_name(name), depth)

    def rerank(self, question: Question, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """The first `depth` hits in the model's order, the rest behind them in their own.

        Raises:
            ModelError: the model gave scores that are not numbers.
        """
        relevance = self.relevance(question.text, [hit.passage.text for hit in hits[: self.depth]])
        return rerank(hits, np.round(relevance, _DECIMALS).tolist(), LEG)

    def relevance(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """How well each text answers the question: logits (n,), a higher one is better.

        Raises:
            ModelError: a score is not a number.
        """
        scores = read_pairs(self.model, [(question, text) for text in texts])
        if not np.isfinite(scores).all():
            raise ModelError(f"the reranker {self.name} gave scores that are not numbers", REMEDY)
        return scores.reshape(len(texts))


def load_reranker(name: str = NONE, device: str = "auto", depth: int = DEPTH) -> Reranker:
    """The reranker that a setting names: `none`, a hub name or a folder.

    Raises:
        ModelError: the model cannot be loaded, or is no cross-encoder with one score a pair.
    """
    return KeepOrder() if name == NONE else CrossEncoderReranker.load(name, device, depth)


def load_cross_encoder(name: str, device: str, remedy: str = REMEDY) -> Any:
    """A sentence-transformers CrossEncoder by name or folder.

    Raises:
        ModelError: it is not there, or is none; with the remedy.
    """
    import torch
    from sentence_transformers import CrossEncoder
    from transformers.utils import logging

    logging.disable_progress_bar()
    chosen = None if device == "auto" else device
    on_cpu = device == "cpu" or (chosen is None and not torch.cuda.is_available())
    precision = torch.float32 if on_cpu else torch.bfloat16
    try:
        return CrossEncoder(name, device=chosen, model_kwargs={"dtype": precision})
    # What a bad file or a missing device raises is up to the library that meets it.
    except Exception as error:
        raise ModelError(
            f"the cross-encoder {name} cannot be loaded: {first_line(error)}", remedy
        ) from error


def read_pairs(model: Any, pairs: Sequence[tuple[str, str]]) -> npt.NDArray[np.float64]:
    """What a CrossEncoder says of pairs of texts: logits (n, labels), or (n, 1)."""
    import torch

    logits = np.zeros((len(pairs), model.num_labels))
    if not pairs:
        return logits
    texts = [f"{one}\n{other}" for one, other in pairs]
    ids = model.tokenizer(texts, add_special_tokens=False, verbose=False)["input_ids"]
    widths = [len(row) for row in ids]
    limit = BATCH_TOKENS[model.device.type]
    for batch in batches(widths, limit, model.max_seq_length or 512):
        said = model.predict(
            [pairs[i] for i in batch],
            batch_size=len(batch),
            show_progress_bar=False,
            # The model's own activation may be a sigmoid, in which good scores run together.
            activation_fn=torch.nn.Identity(),
        )
        logits[batch] = np.reshape(said, (len(batch), -1))
    return logits


def _has_trained_head(model: Any) -> bool:
    """Whether the scores come from the file: over a plain encoder the library sets up a head of
    random numbers, with a warning only."""
    architectures = model.config.architectures or [""]
    return len(model) > 1 or architectures[0].endswith("ForSequenceClassification")
