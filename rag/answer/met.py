"""How the tokens of a question are met in each of the sentences that may answer it. Pure.

The mean over the tokens says how much of the question a sentence speaks of. A sentence that
introduces what is asked about (the name in full) often has a higher mean than the one behind it
that answers, so the tokens that are met least and best count apart, those met better here than
anywhere else, and what the sentence's neighbours would add.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

TOLD = 6


def how_met(matches: Floats, passages: Sequence[int], above: Floats) -> Floats:
    """For each sentence (n, 6): the mean of its matches, that of the third of the question's tokens
    met least and of the third met best, the share of the tokens that are met nowhere better, what
    the mean gains where a neighbour's match counts too, and the mean of its matches where a token
    counts by how little what stands before it meets it: what has been said need not be said again.

    Args:
        matches: how well each token is met in each sentence (tokens, n), cosines; sentences stand
            in reading order.
        passages: which passage each sentence stands in.
        above: how well each token is met in the headline above each sentence (tokens, n).
    """
    tokens, count = matches.shape
    if not tokens or not count:
        return np.zeros((count, TOLD), np.float32)
    third = max(1, tokens // 3)
    ordered = np.sort(matches, axis=0)
    mean = matches.mean(axis=0)
    best = matches >= matches.max(axis=1, keepdims=True) - 1e-3
    same = [[k for k in range(count) if passages[k] == passages[i]] for i in range(count)]
    near = [[k for k in each if abs(k - i) <= 1] for i, each in enumerate(same)]
    before = [[k for k in each if k < i] for i, each in enumerate(same)]
    together = [matches[:, each].max(axis=1).mean() for each in near]
    said = [matches[:, each].max(axis=1, initial=0.0) for each in before]
    left = np.clip(1 - np.maximum(np.stack(said, axis=1), above), 1e-6, 1)
    return np.stack(
        [
            mean,
            ordered[:third].mean(axis=0),
            ordered[-third:].mean(axis=0),
            best.mean(axis=0),
            np.array(together) - mean,
            (left * matches).sum(axis=0) / left.sum(axis=0),
        ],
        axis=1,
    ).astype(np.float32)
