import math
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize
from scipy.special import expit

from solvers.arrays import array
from solvers.metrics import (
    confusion_counts,
    cross_entropy_at,
    cross_entropy_slope_at,
    made_records,
    recall_at,
    recall_slope_at,
    soft_recall,
    soft_recall_fit_counts,
    weighted_cross_entropy,
    weighted_fit_counts,
)
from solvers.symbolic import positive, variable

SMALL = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=12)
DATA = (200, Fraction(1, 10), 2, 1)  # of the page: records, share, distance, seed


@given(SMALL)
def test_counts_are_those_of_the_pairs(pairs):
    y, y_hat = (array(list(column)) for column in zip(*pairs))
    tp, fn, fp, tn = (pairs.count(pair) for pair in ((1, 1), (1, 0), (0, 1), (0, 0)))
    if tp + fn == 0 or tp + fp == 0:
        with pytest.raises(ZeroDivisionError):
            confusion_counts.trace(y, y_hat)
        return
    trace = confusion_counts.trace(y, y_hat)
    assert [trace[name] for name in ("TP", "FN", "FP", "TN")] == [tp, fn, fp, tn]
    assert trace["recall"] == Fraction(tp, tp + fn)
    assert trace["precision"] == Fraction(tp, tp + fp)
    assert trace["accuracy"] == Fraction(tp + tn, len(pairs))


def test_the_gradient_and_the_threshold_of_the_weighted_loss():
    y, y_hat, alpha, pi = variable("y"), positive("yhat"), positive("alpha"), positive("pi")
    slope, best, threshold = weighted_cross_entropy(y, y_hat, alpha, pi)

    def loss(z, target, weight):
        return -(weight * target * math.log(expit(z)) + (1 - target) * math.log(expit(-z)))

    for z, target, weight in ((0.7, 1, 3), (0.7, 0, 3), (-1.2, 1, 0.5), (-1.2, 0, 8)):
        numeric = (loss(z + 1e-5, target, weight) - loss(z - 1e-5, target, weight)) / 2e-5
        assert float(slope.subs({y: target, y_hat: expit(z), alpha: weight})) == pytest.approx(numeric, abs=1e-8)
    for weight, share in ((1, 0.3), (4, 0.3), (8, 0.05)):
        found = optimize.minimize_scalar(
            lambda z, a=weight, p=share: p * loss(z, 1, a) + (1 - p) * loss(z, 0, a), bounds=(-9, 9), method="bounded"
        )
        assert float(best.subs({alpha: weight, pi: share})) == pytest.approx(expit(found.x), abs=1e-5)
    assert sympy.simplify(best.subs(pi, threshold)) == sympy.Rational(1, 2)


@given(st.lists(st.floats(-3, 3), min_size=3, max_size=6))
def test_soft_recall_and_its_slope(z):
    y = array([1, 0, *(1 for _ in z[2:])])
    z = np.array(z)

    def value(logits):
        return np.mean(expit(logits)[y == 1])

    R, slope = soft_recall(y, array(expit(z).tolist()))
    assert pytest.approx(value(z)) == R
    for i, direction in enumerate(np.eye(len(z))):
        numeric = (value(z + 1e-5 * direction) - value(z - 1e-5 * direction)) / 2e-5
        assert slope[i] == pytest.approx(numeric, abs=1e-8)


def test_recall_and_cross_entropy_along_a_weight():
    x, y, w = [-3, -2, -1, 0, 1, 2, 3, 4], [0, 0, 1, 0, 0, 1, 0, 1], [-0.75, 0.1, 0.4, 0.8, 2]
    for slope, recall, loss in zip(w, recall_at(w, -1, x, y), cross_entropy_at(w, -1, x, y)):
        p = expit(slope * np.array(x) - 1)
        assert recall == Fraction(int(((p > 0.5) & (np.array(y) == 1)).sum()), 3)
        assert loss == pytest.approx(-np.mean(np.where(np.array(y) == 1, np.log(p), np.log(1 - p))))


def test_slopes_along_a_weight():
    x, y, w = [-2, -1, 1, 2, 4], [0, 0, 1, 0, 1], array([Fraction(n, 20) for n in (-15, 2, 8, 16, 40)])
    numeric = [
        (a - b) / 2e-5 for a, b in zip(*(cross_entropy_at(w.astype(float) + s, -1, x, y) for s in (1e-5, -1e-5)))
    ]
    assert cross_entropy_slope_at(w, -1, x, y).tolist() == pytest.approx(numeric, abs=1e-8)
    # the relevant records are found from w = 1 and from w = 1/4 on: flat at all five weights, one step of 1/2 across 1/4
    assert recall_slope_at(w, -1, x, y, Fraction(1, 1000)).tolist() == [0] * 5
    assert recall_slope_at(array([Fraction(1, 4)]), -1, x, y, Fraction(1, 10)).tolist() == [Fraction(1, 2) * 5]


def test_recall_is_flat_but_for_as_many_jumps_as_there_are_relevant_records():
    w = np.linspace(-2, 3, 5001)
    recall = recall_at(w, -1, [-1, 2, 4], [1, 1, 1])
    jumps = [place for place, (a, b) in enumerate(zip(recall, recall[1:])) if a != b]
    assert w[jumps] == pytest.approx([-1, 1 / 4, 1 / 2], abs=2e-3)


def counts(logits, y):
    table = [(1, 1), (0, 1), (1, 0), (0, 0)]
    return [int(((logits > 0) == found)[y == target].sum()) for found, target in table]


def test_made_records_have_the_share_and_the_distance():
    x, y = made_records(20_000, Fraction(1, 4), 2, 0)
    assert y.sum() == 5_000
    assert x[y == 1].mean() - x[y == 0].mean() == pytest.approx(2, abs=0.05)
    assert x[y == 0].std() == pytest.approx(1, abs=0.05)


def test_weighted_fits_are_those_of_another_minimizer():
    alphas = [1, 2, 4, 8]
    x, y = made_records(*DATA)
    for alpha, column in zip(alphas, weighted_fit_counts(alphas, *DATA).T):
        weights = np.where(y == 1, alpha, 1)

        def loss(theta, weights=weights):
            z = theta[0] * x + theta[1]
            return np.sum(weights * (np.logaddexp(0, z) - y * z))

        theta = optimize.minimize(loss, [0, 0], tol=1e-10).x
        logits = theta[0] * x + theta[1]
        assert abs(logits).min() > 1e-3  # no decision hangs on rounding
        assert column.tolist() == counts(logits, y)


def test_soft_recall_fits_are_those_of_another_minimizer():
    lambdas = [0, 0.25, 0.4, 0.6]
    x, y = made_records(*DATA)
    for mix, column in zip(lambdas, soft_recall_fit_counts(lambdas, *DATA).T):

        def loss(theta, mix=mix):
            z = theta[0] * x + theta[1]
            return (1 - mix) * np.mean(np.logaddexp(0, z) - y * z) + mix * (1 - expit(z)[y == 1].mean())

        theta = optimize.minimize(loss, [0, 0], tol=1e-10).x
        logits = theta[0] * x + theta[1]
        assert abs(logits).min() > 1e-3
        assert column.tolist() == counts(logits, y)


def test_more_weight_means_more_recall_and_less_precision():
    for found in (weighted_fit_counts([1, 2, 4, 8], *DATA), soft_recall_fit_counts([0, 0.25, 0.4, 0.6], *DATA)):
        recall, precision = found[0] / (found[0] + found[1]), found[0] / (found[0] + found[2])
        assert list(recall) == sorted(recall)
        assert list(precision) == sorted(precision, reverse=True)
