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


@pytest.mark.parametrize("cell", CELLS)
def test_the_scale_runs_from_a_passage_off_the_subject_to_one_that_answers(
    cell: tuple[Language, Language],
) -> None:
    weights = load_weights()[cell]
    cosine = np.array([weights.dense_low, weights.dense_high], np.float32)
    keyword = np.array([0, weights.keyword_high], np.float32)
    assert fuse(cosine, keyword, weights) == pytest.approx([0, 1], abs=1e-5)


def test_nothing_in_nothing_out() -> None:
    none = np.empty(0, np.float32)
    assert fuse(none, none, load_weights()["zh", "zh"]).shape == (0,)
