"""How much surer an answer has to be in a large archive."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.crowd import crowding

scores = st.lists(st.floats(-1, 2), max_size=10).map(lambda each: sorted(each, reverse=True))
sizes = st.integers(0, 10**7)
FIRST = [1.2, 1.0, 0.9, 0.8]


@pytest.mark.parametrize(
    ("ordinary", "passages", "lost"),
    [
        # Of six ordinary hits the median lies between the third and the fourth, .15 above .25: x 8.
        ([0.6, 0.5, 0.45, 0.35, 0.2, 0.1], 4_000, 1.2),
        ([0.6, 0.5, 0.45, 0.35, 0.2, 0.1], 5_000_000, 1.2),
        ([0.6, 0.5, 0.45, 0.35, 0.2, 0.1], 250, 0.0),
        # Half way from 250 to 4,000, in doublings.
        ([0.5] * 6, round(math.sqrt(250 * 4_000)), 1.0),
        ([0.25] * 6, 4_000, 0.0),
        # From .75 on the others may answer as well: .5 x 8, and no more.
        ([0.75] * 6, 4_000, 4.0),
        ([1.3] * 6, 4_000, 4.0),
        ([-0.2] * 6, 4_000, 0.0),
        # Four hits are no crowd: what is not there counts as 0. Of .9, .9, 0, ... the median is 0.
        ([], 4_000, 0.0),
        ([0.9, 0.9], 4_000, 0.0),
    ],
)
def test_what_ordinary_hits_score_makes_an_answer_less_sure_in_a_large_archive(
    ordinary: list[float], passages: int, lost: float
) -> None:
    assert crowding([*FIRST, *ordinary], passages) == pytest.approx(lost, abs=1e-4)


@given(scores, sizes, sizes)
def test_the_larger_the_archive_the_more_is_lost(found: list[float], one: int, other: int) -> None:
    small, large = sorted((one, other))
    assert 0 <= crowding(found, small) <= crowding(found, large)


@given(scores, sizes, st.floats(0, 1))
def test_the_nearer_the_crowd_the_more_is_lost(found: list[float], size: int, by: float) -> None:
    assert crowding(found, size) <= crowding([score + by for score in found], size)


@given(scores, st.lists(st.floats(0, 9), min_size=4, max_size=4), sizes)
def test_the_first_four_are_no_crowd(found: list[float], first: list[float], size: int) -> None:
    # An event that four articles tell is as sure as one that a single article tells.
    ordinary = (found + [0.0] * 10)[:6]
    assert crowding([*first, *ordinary], size) == crowding([*FIRST, *ordinary], size)
