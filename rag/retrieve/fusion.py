"""Scores of several legs -> one score. Pure.

A convex combination of calibrated scores (Bruch, Gai & Ingber 2023, "An Analysis of Fusion
Functions for Hybrid Retrieval", ACM TOIS): each leg is brought to about [0, 1] by bounds that do
not depend on the question's other candidates, so that scores of one question compare across
languages. Rank fusion is not used: across languages the keyword leg ranks by chance, and a fusion
of ranks lets chance outvote meaning.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.types import Language

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """How to fuse for one pair of languages (the question's and the passage's).

    `low` and `high` are the cosines that count as 0 and 1; `keyword` is the keyword leg's share,
    from 0 to 1.
    """

    low: float
    high: float
    keyword: float


@cache
def load_weights() -> dict[tuple[Language, Language], Weights]:
    """The fitted weights, by question's and passage's language."""
    data = tomllib.loads((Path(__file__).parent / "weights.toml").read_text("utf-8"))
    languages: dict[str, Language] = {"zh": "zh", "en": "en"}
    return {
        (languages[asked], languages[found]): Weights(**values)
        for asked, by_found in data.items()
        for found, values in by_found.items()
    }


def fuse(cosine: Scores, keyword: Scores, weights: Weights) -> Scores:
    """One score a passage, higher is better, about 0 to 1.

    Args:
        cosine: of question and passage (n,).
        keyword: share of the question's words, by weight, that a passage holds (n,).
    """
    dense = (cosine - weights.low) / (weights.high - weights.low)
    return (1 - weights.keyword) * dense + weights.keyword * keyword
