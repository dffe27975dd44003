"""Intervals for figures whose cases are not independent: the cluster bootstrap. Pure.

Questions on one article, and a question and its translation, succeed and fail together. So whole
articles are drawn with replacement, and then pairs within them: the two-stage bootstrap of Davison
and Hinkley, "Bootstrap Methods and their Application" (1997), section 3.8. Intervals are by
percentiles (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
# Values (cases,) and weights (draws, cases) -> a figure for each draw.
Statistic = Callable[[Floats, Floats], Floats]

DRAWS = 2000
SEED = 20_261_121  # any number; the same one always, so that two runs give the same intervals


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval, over `n` cases."""

    value: float
    low: float
    high: float
    n: int


def draw(families: Sequence[str], pairs: Sequence[str], draws: int = DRAWS) -> Floats:
    """How often each case is drawn (draws, cases): families first, then pairs within each.

    Args:
        families: of each case, its article or what else it hangs on.
        pairs: of each case, what it shares with its translation; a pair has one family.
    """
    if not families:
        return np.zeros((draws, 0))
    rng = np.random.default_rng(SEED)
    members: dict[str, list[str]] = {}
    for family, pair in zip(families, pairs, strict=True):
        own = members.setdefault(family, [])
        if pair not in own:
            own.append(pair)
    times = rng.multinomial(len(members), np.full(len(members), 1 / len(members)), draws)
    drawn: dict[tuple[str, str], Floats] = {}
    for column, (family, own) in enumerate(members.items()):
        # A family drawn twice is drawn from twice: so many pairs as it has, each time.
        counts = rng.multinomial(times[:, column] * len(own), np.full(len(own), 1 / len(own)))
        for row, pair in enumerate(own):
            drawn[family, pair] = counts[:, row].astype(np.float64)
    return np.stack([drawn[key] for key in zip(families, pairs, strict=True)], axis=1)


def mean(values: Floats, weights: Floats) -> Floats:
    """Weighted means, NaN where all weights are zero."""
    total = weights.sum(axis=1)
    means = np.full(len(total), np.nan)
    np.divide(weights @ values, total, out=means, where=total > 0)
    return means


def median(values: Floats, weights: Floats) -> Floats:
    """Weighted (lower) medians, NaN where all weights are zero."""
    order = np.argsort(values, kind="stable")
    sums = np.cumsum(weights[:, order], axis=1)
    at = np.argmax(sums >= sums[:, -1:] / 2, axis=1)
    return np.where(sums[:, -1] > 0, values[order][at], np.nan)


def known(values: Floats) -> npt.NDArray[np.bool_]:
    """Which cases have a part in a figure: (cases,)."""
    return ~np.isnan(values if values.ndim == 1 else values.sum(axis=1))


def figures(values: Floats, weights: Floats, statistic: Statistic) -> tuple[float, Floats]:
    """A figure over the cases whose value is a number, and that of each draw; NaN without any.

    Args:
        values: (cases,) or (cases, columns); a case with NaN has no part in it.
        weights: what `draw` gave for the same cases.
    """
    part = known(values)
    if not part.any():
        return float("nan"), np.full(len(weights), np.nan)
    figure = statistic(values[part], np.ones((1, int(part.sum()))))[0]
    return float(figure), statistic(values[part], weights[:, part])


def interval(figure: float, drawn: Floats, n: int) -> Estimate | None:
    """A figure with the interval that its draws give, None where it is no number."""
    if np.isnan(figure) or np.isnan(drawn).all():
        return None
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Estimate(figure, float(low), float(high), n)


def estimate(values: Floats, weights: Floats, statistic: Statistic = mean) -> Estimate | None:
    """A figure with its interval, None where no case has a part in it. Arguments as `figures`."""
    return interval(*figures(values, weights, statistic), int(known(values).sum()))
