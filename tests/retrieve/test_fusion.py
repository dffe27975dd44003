"""Fusion: each leg helps, neither outvotes the other by its scale alone."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from rag.retrieve.fusion import fuse, load_weights
from rag.types import LANGUAGES, Language

CELLS = list(product(LANGUAGES, LANGUAGES))


def test_there_are_weights_for_every_cell() -> None:
    assert set(load_weights()) == set(CELLS)


@pytest.mark.parametrize("cell", CELLS)
def test_a_better_leg_never_lowers_the_score(cell: tuple[Language, Language]) -> None:
    weights = load_weights()[cell]
    rising = np.linspace(0.7, 1.0, 20, dtype=np.float32)
    assert (np.diff(fuse(rising, np.full(20, 0.3, np.float32), weights)) > 0).all()
    shares = np.linspace(0, 1, 20, dtype=np.float32)
    assert (np.diff(fuse(np.full(20, 0.85, np.float32), shares, weights)) >= 0).all()


@pytest.mark.parametrize("cell", [("zh", "en"), ("en", "zh")])
def test_words_alone_never_outvote_meaning_across_languages(
    cell: tuple[Language, Language],
) -> None:
    """A passage that shares a third of the words by chance stays below one nearer by 0.1."""
    near, shared = fuse(
        np.array([0.9, 0.8], np.float32), np.array([0, 0.33], np.float32), load_weights()[cell]
    )
    assert near > shared


def test_nothing_in_nothing_out() -> None:
    none = np.empty(0, np.float32)
    assert fuse(none, none, load_weights()["zh", "zh"]).shape == (0,)
