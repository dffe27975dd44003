"""What a large archive does to certainty: among many passages some come near any question. Pure.

How sure an answer is was fitted in a small archive. The best of many passages that do not answer
scores higher than the best of few, so what counts as sure has to be more. How much more is told by
the ordinary hits, those behind the first few: where they score high, scoring high says little (the
idea of predicting how well a query does from the scores of its results, after Shtok et al. 2012,
"Predicting Query Performance by Query-Drift Estimation"). In a small archive of one subject they
score high too, and each may answer: there it says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

# Which hits are ordinary: the first may all answer, an event is told more than once.
_ORDINARY = slice(4, 10)
# What ordinary hits score without its telling anything; from where on it tells no more, since on
# what a paper tells every day they may answer themselves; and the log-odds that a score of one
# costs between. Chosen on dev questions asked among the news, as are the sizes: docs/retrieval.md.
_USUAL, _TOPICAL = 0.25, 0.75
_COST = 8.0
# Passages of an archive in which nothing is lost, and of one in which all of it is.
_SMALL, _LARGE = 250, 4_000


def crowding(scores: Sequence[float], passages: int) -> float:
    """How many log-odds an answer has to be surer by than in a small archive.

    Args:
        scores: of the hits, best first; a hit that is not there scores as one that has nothing to
            do with the question, 0.
        passages: how many were searched.
    """
    level = float(np.median([*scores, *[0.0] * _ORDINARY.stop][_ORDINARY]))
    size = math.log(max(passages, _SMALL) / _SMALL) / math.log(_LARGE / _SMALL)
    return min(size, 1.0) * _COST * (min(max(level, _USUAL), _TOPICAL) - _USUAL)
