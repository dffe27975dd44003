"""Scores of several legs -> one score. Pure.

A convex combination of calibrated scores (Bruch, Gai & Ingber 2023, "An Analysis of Fusion
Functions for Hybrid Retrieval", ACM TOIS): each leg is brought to a scale on which 0 is a passage
that has nothing to do with the question and 1 one that answers it, so that scores compare across
questions and languages. Rank fusion is not used: across languages the keyword leg ranks by
chance, and a fusion of ranks lets chance outvote meaning.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.types import Language

FILE = Path(__file__).parent / "weights.toml"

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """How to fuse for one pair of languages (the question's and the passage's).

    `dense_low` and `dense_high` are the similarities that count as 0 and 1, `keyword_high` the
    keyword score that counts as 1; `keyword` is the keyword leg's share, from 0 to 1. Hits that
    score less than `close` below the best are in doubt: among them the best sentence's similarity
    counts as well, with the share `sentence`, on the scale from `sentence_low` to `sentence_high`.
    """

    dense_low: float
    dense_high: float
    keyword_high: float
    keyword: float
    sentence_low: float
    sentence_high: float
    sentence: float
    close: float


@cache
def load_weights() -> dict[tuple[Language, Language], Weights]:
    """The fitted weights, by question's and passage's language."""
    data = tomllib.loads(FILE.read_text("utf-8"))
    languages: dict[str, Language] = {"zh": "zh", "en": "en"}
    return {
        (languages[asked], languages[found]): Weights(**values)
        for asked, by_found in data.items()
        for found, values in by_found.items()
    }


def fuse(dense: Scores | None, keyword: Scores, weights: Weights) -> Scores:
    """One score a passage, higher is better, 1 for one that answers as most answers do.

    Args:
        dense: similarity of question and passage (n,); None where that leg is down.
        keyword: share of the question's words, by weight, that a passage holds (n,).
    """
    matching = keyword / weights.keyword_high
    if dense is None:
        return matching
    meaning = (dense - weights.dense_low) / (weights.dense_high - weights.dense_low)
    return (1 - weights.keyword) * meaning + weights.keyword * matching


def with_sentence(fused: float, sentence: float, weights: Weights) -> float:
    """A fused score once the hit's best sentence has been read.

    Args:
        sentence: its similarity to the question.
    """
    scale = weights.sentence_high - weights.sentence_low
    return (1 - weights.sentence) * fused + weights.sentence * (
        sentence - weights.sentence_low
    ) / scale
