"""Measures, with runs and expected numbers beside each other."""

from __future__ import annotations

import pytest

from eval.metrics import retrieval

#          rank:   1     2     3                     RR    R@1  R@5
RUN = {
    "q1": {"a": 0.9, "b": 0.8, "c": 0.7},  # gold a:  1     1    1
    "q2": {"a": 0.9, "b": 0.8, "c": 0.7},  # gold c:  1/3   0    1
    "q3": {"a": 0.9, "b": 0.8},  #           gold z:  0     0    0
}
GOLD = {"q1": {"a"}, "q2": {"c"}, "q3": {"z"}, "q4": {"a"}}  # q4 has no hits: 0, 0, 0


def test_means_count_questions_without_hits() -> None:
    assert retrieval(RUN, GOLD) == {
        "MRR@10": pytest.approx((1 + 1 / 3) / 4),
        "R@1": pytest.approx(1 / 4),
        "R@5": pytest.approx(2 / 4),
    }


def test_nothing_counts_below_rank_ten() -> None:
    run = {"q": {f"d{i:02}": 1 - i / 100 for i in range(12)}}
    assert retrieval(run, {"q": {"d10"}})["MRR@10"] == 0
    assert retrieval(run, {"q": {"d09"}})["MRR@10"] == pytest.approx(0.1)
