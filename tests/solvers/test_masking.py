"""Causal attention: changing the future must not change the past, and the weights are scipy's softmax."""

import numpy as np
import pytest
from scipy.special import softmax

from solvers.masking import causal_attention, hide_future, softmax_rows, weight_on_future

SCORES = np.random.default_rng(3).normal(size=(5, 5)).tolist()


def test_the_weights_are_a_softmax_of_what_is_visible():
    weights = softmax_rows(hide_future(SCORES)).astype(float)
    for t, row in enumerate(SCORES):
        assert np.allclose(weights[t, : t + 1], softmax(row[: t + 1]))
        assert (weights[t, t + 1 :] == 0).all()


@pytest.mark.parametrize("changed", [1, 4])
def test_the_future_does_not_matter(changed):
    other = [[score + (5 if s == changed else 0) for s, score in enumerate(row)] for row in SCORES]
    before, after = softmax_rows(hide_future(SCORES)), softmax_rows(hide_future(other))
    assert np.allclose(before[:changed].astype(float), after[:changed].astype(float), atol=1e-15)
    assert not np.allclose(softmax_rows(SCORES)[:changed].astype(float), softmax_rows(other)[:changed].astype(float))


def test_equal_scores_spread_evenly():
    masked, leak, leak_masked = causal_attention([[0] * 4] * 4)
    assert [sum(row) for row in masked.tolist()] == [1, 1, 1, 1]
    assert [float(value) for value in leak] == [(3 - t) / 4 for t in range(4)]
    assert set(leak_masked) == {0}
    assert list(weight_on_future(masked)) == list(leak_masked)
