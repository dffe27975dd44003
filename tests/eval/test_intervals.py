"""The cluster bootstrap, with figures reckoned by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.intervals import draw, estimate, mean, median

# values:           1   0   1   0      mean  lower median
WEIGHTS = [  #                                      of the values drawn
    ([1, 1, 1, 1], 2 / 4, 0),
    ([2, 0, 2, 0], 4 / 4, 1),
    ([0, 3, 1, 0], 1 / 4, 0),
    ([1, 1, 2, 0], 3 / 4, 1),
]


def test_weighted_means_and_medians() -> None:
    values = np.array([1.0, 0, 1, 0])
    weights = np.array([row for row, _, _ in WEIGHTS], float)
    assert mean(values, weights).tolist() == [expected for _, expected, _ in WEIGHTS]
    assert median(values, weights).tolist() == [expected for _, _, expected in WEIGHTS]


def test_nothing_drawn_has_no_mean() -> None:
    assert np.isnan(mean(np.array([1.0]), np.array([[0.0]]))[0])
    assert np.isnan(median(np.array([1.0]), np.array([[0.0]]))[0])


def test_a_case_without_a_value_has_no_part() -> None:
    found = estimate(np.array([1.0, np.nan, 0.0]), draw(["a", "b", "c"], ["1", "2", "3"]))
    assert found
    assert (found.value, found.n) == (0.5, 2)
    assert estimate(np.array([np.nan]), draw(["a"], ["1"])) is None


def test_one_article_drawn_twice_is_two_articles() -> None:
    # Two families of one pair each: a draw holds a twice, b twice, or each once.
    weights = draw(["a", "b"], ["1", "2"], 400)
    assert {tuple(row) for row in weights.tolist()} == {(2, 0), (1, 1), (0, 2)}
    assert weights[:, 0].mean() == pytest.approx(1, abs=0.15)


def test_clusters_widen_an_interval() -> None:
    # 40 cases that agree within their article say no more than 4.
    values = np.repeat([1.0, 0, 1, 0], 10)
    pairs = [str(n) for n in range(40)]
    apart = estimate(values, draw(pairs, pairs))
    together = estimate(values, draw([str(n // 10) for n in range(40)], pairs))
    assert apart
    assert together
    assert together.high - together.low > 2 * (apart.high - apart.low)
    # 40 independent coins: 1.96 * sqrt(.25/40) = .155
    assert apart.low == pytest.approx(0.5 - 0.155, abs=0.04)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=20))
def test_a_draw_holds_both_of_a_pair_equally_often(rows: list[tuple[int, int]]) -> None:
    families = [f"f{family}" for family, _ in rows]
    pairs = [f"f{family}p{pair}" for family, pair in rows]
    weights = draw(families, pairs, 20)
    assert weights.shape == (20, len(rows))
    for one in range(len(rows)):
        for other in range(one):
            if pairs[one] == pairs[other]:
                assert (weights[:, one] == weights[:, other]).all()
    assert (draw(families, pairs, 20) == weights).all()
