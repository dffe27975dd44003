"""Hits put in another order. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rag.types import Hit


def rerank(hits: Sequence[Hit], judged: Sequence[float], leg: str) -> tuple[Hit, ...]:
    """The first `len(judged)` hits by the score each was given, the rest behind them as they were.

    `score` stays on the search's scale, so that it can be compared with that of other hits and
    other questions: it belongs to the rank, and the hits judged share out the scores that they
    had. Ties keep their order. Each hit judged gains the leg.

    Args:
        judged: of the first hits, in order; a higher one is better.
        leg: who judged.
    """
    read, rest = hits[: len(judged)], hits[len(judged) :]
    order = np.argsort(-np.asarray(judged), kind="stable").tolist()
    scores = sorted((hit.score for hit in read), reverse=True)
    moved = [
        replace(read[i], score=score, via=(*read[i].via, leg))
        for i, score in zip(order, scores, strict=True)
    ]
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate([*moved, *rest], 1))
