"""Fitting: the loss is what its definition says, and its gradient that of the loss."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from eval.fit import logit_loss

# Two questions: the second of two sentences answers the one, the first of three the other.
FEATURES = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
GOLD = np.array([False, True, True, False, False])
SIZES = np.array([2, 3])


def test_without_weights_every_sentence_is_as_likely() -> None:
    """(log 2 + log 3) / 2 = 0.8959."""
    loss, _ = logit_loss(np.zeros(2), FEATURES, GOLD, SIZES)
    assert loss == pytest.approx(0.8959, abs=1e-4)


def test_the_loss_by_hand() -> None:
    """Weights (1, 2): scores 1, 2 | 4, 3, 0. Log-likelihoods log(e2 / (e1 + e2)) = -0.3133 and
    log(e4 / (e4 + e3 + 1)) = -0.3265; mean 0.3199, and 0.001 x 5 for the weights."""
    loss, _ = logit_loss(np.array([1.0, 2.0]), FEATURES, GOLD, SIZES)
    assert loss == pytest.approx(0.3199 + 0.005, abs=2e-4)


def test_two_sentences_may_answer() -> None:
    """Either will do: log((1 + 1) / 2) = 0 for the first question, log 3 for the other."""
    both = np.array([True, True, True, False, False])
    loss, _ = logit_loss(np.zeros(2), FEATURES, both, SIZES)
    assert loss == pytest.approx(np.log(3) / 2)


@pytest.mark.parametrize("weights", [(0.0, 0.0), (1.0, -2.0), (30.0, 40.0)])
def test_the_gradient_is_that_of_the_loss(weights: tuple[float, float]) -> None:
    at = np.array(weights)
    _, gradient = logit_loss(at, FEATURES, GOLD, SIZES)
    near = approx_fprime(at, lambda each: logit_loss(each, FEATURES, GOLD, SIZES)[0])
    assert gradient == pytest.approx(near, abs=1e-4)
