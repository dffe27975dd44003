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
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rag.types import Language

FILE = Path(__file__).parent / "weights.toml"

# Of a question that is all names of people, the part of the dense leg's share that goes to the
# keyword leg: an encoder knows little of who is not famous, least of all in pinyin. Chosen on
# names in the news: docs/retrieval.md.
NAMED = 0.8

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """How to fuse for one pair of languages (the question's and the passage's).

    `dense_low` and `dense_high` are the similarities that count as 0 and 1, `keyword_high` the
    keyword score that counts as 1; `keyword` is the keyword leg's share, from 0 to 1. Hits that
    score less than `close` below the best are in doubt: of the first `most`, sentences of up to
    `budget` tokens are read again. Among them the best sentence's similarity counts as well, with
    the share `sentence`, and how well the question's tokens are met, with the share `tokens`; each
    on the scale from its `low` to its `high`.
    """

    dense_low: float
    dense_high: float
    keyword_high: float
    keyword: float
    sentence_low: float
    sentence_high: float
    sentence: float
    tokens_low: float
    tokens_high: float
    tokens: float
    close: float
    most: int
    budget: int


class Reading(NamedTuple):
    """What reading a hit's sentences showed: the similarity of the best one, and how well the
    question's tokens are met by any of them or by the headline."""

    sentence: float
    tokens: float


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


def fuse(dense: Scores | None, keyword: Scores, weights: Weights, named: float = 0.0) -> Scores:
    """One score a passage, higher is better, 1 for one that answers as most answers do.

    Args:
        dense: similarity of question and passage (n,); None where that leg is down.
        keyword: share of the question's words, by weight, that a passage holds (n,).
        named: what part of the question's weight is in names of people (`terms.by_name`).
    """
    matching = keyword / weights.keyword_high
    if dense is None:
        return matching
    meaning = (dense - weights.dense_low) / (weights.dense_high - weights.dense_low)
    share = weights.keyword + (1 - weights.keyword) * NAMED * named
    return (1 - share) * meaning + share * matching


def with_reading(fused: float, reading: Reading, weights: Weights) -> float:
    """A fused score once the hit's sentences have been read."""
    sentence = _scaled(reading.sentence, weights.sentence_low, weights.sentence_high)
    tokens = _scaled(reading.tokens, weights.tokens_low, weights.tokens_high)
    unread = 1 - weights.sentence - weights.tokens
    return unread * fused + weights.sentence * sentence + weights.tokens * tokens


def _scaled(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low)
