"""How the tokens of a question are met in sentences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rag.answer.met import TOLD, how_met

# Three tokens, two sentences: the first names what is asked about, the second has the rest of it.
MATCHES = np.array([[0.9, 0.1], [0.3, 0.8], [0.3, 0.6]], np.float32)
NO_HEADLINE = np.zeros((3, 2), np.float32)


def test_by_hand() -> None:
    first, second = how_met(MATCHES, [0, 0], NO_HEADLINE)
    assert first == pytest.approx([0.5, 0.3, 0.9, 1 / 3, 2.3 / 3 - 0.5, 0.5], abs=1e-6)
    # The first leaves .1, .7 and .7 of the tokens to be said: (.1 x .1 + .7 x .8 + .7 x .6) / 1.5.
    assert second == pytest.approx([0.5, 0.1, 0.8, 2 / 3, 2.3 / 3 - 0.5, 0.66], abs=1e-6)


def test_what_the_headline_says_need_not_be_said_again() -> None:
    headline = np.array([[1, 1], [0, 0], [0, 0]], np.float32)
    told = how_met(MATCHES, [0, 1], headline)[:, 5]
    assert told == pytest.approx([0.3, 0.7], abs=1e-5)


def test_what_stands_alone_gains_nothing() -> None:
    assert how_met(MATCHES, [0, 1], NO_HEADLINE)[:, 4] == pytest.approx([0, 0], abs=1e-6)


@pytest.mark.parametrize("shape", [(0, 2), (3, 0), (0, 0)])
def test_without_tokens_or_sentences_nothing_is_met(shape: tuple[int, int]) -> None:
    none = np.zeros(shape, np.float32)
    told = how_met(none, [0] * shape[1], none)
    assert told.shape == (shape[1], TOLD)
    assert not told.any()


@given(
    arrays(
        np.float32,
        st.tuples(st.integers(1, 8), st.integers(1, 6)),
        elements=st.floats(-1, 1, width=32),
    )
)
def test_any_matches_give_figures_in_their_bounds(matches: np.ndarray) -> None:
    told = how_met(matches, [0] * matches.shape[1], np.zeros_like(matches))
    mean, least, most, best, gained, left = told.T
    assert (left >= matches.min(axis=0) - 1e-5).all()
    assert (left <= matches.max(axis=0) + 1e-5).all()
    assert (least <= mean + 1e-5).all()
    assert (mean <= most + 1e-5).all()
    assert ((best >= 0) & (best <= 1)).all()
    assert best.sum() >= 1 - 1e-5
    assert (gained >= -1e-5).all()
