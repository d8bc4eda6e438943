"""Classification metrics that count decisions, and the losses that stand in for them while a network is trained.

Two classes: y is 1 for a relevant record and 0 for any other. The model is a logistic regression ŷ = σ(w x + b) on one
feature; it decides for class 1 where ŷ > 1/2.
"""

from fractions import Fraction

import numpy as np

from solvers.arrays import array
from solvers.derivation import derivation
from solvers.functions import drawn, exp, floor, inexact, ln
from solvers.proofs import equal
from solvers.symbolic import diff, solve_for


@derivation
def confusion_counts(y, y_hat):
    """The four counts of a binary classifier, its recall, precision and accuracy (Murphy 2012, section 5.7.2).

    `y`, `y_hat` (n,): true classes and decisions, 0 or 1. Returns recall, precision and accuracy. Raises
    ZeroDivisionError when no record is relevant, or none is called so.
    """
    TP = sum(a * b for a, b in zip(y, y_hat))  # relevant and found
    FN = sum(a * (1 - b) for a, b in zip(y, y_hat))  # relevant and missed
    FP = sum((1 - a) * b for a, b in zip(y, y_hat))  # found, but not relevant
    TN = sum((1 - a) * (1 - b) for a, b in zip(y, y_hat))  # rightly left out
    recall = TP / (TP + FN)  # share of the relevant records that is found
    precision = TP / (TP + FP)  # share of the found records that is relevant
    accuracy = (TP + TN) / (TP + FN + FP + TN)  # share of right decisions
    return recall, precision, accuracy


@derivation
def weighted_cross_entropy(y, y_hat, alpha, pi):
    """Binary cross-entropy with the weight α on the relevant class: its gradient, and the threshold that it implies.

    All symbols: `y` target, `y_hat` prediction, `alpha` weight, `pi` probability that a record is relevant. Returns
    the gradient by the logit z, the best prediction, and the probability from which on a record is called relevant.
    """
    loss = -(alpha * y * ln(y_hat) + (1 - y) * ln(1 - y_hat))  # a weighted sum of the two terms of cross-entropy
    dL_dy_hat = diff(loss, y_hat)
    dL_dz = equal(
        dL_dy_hat * y_hat * (1 - y_hat), (1 - y) * y_hat - alpha * y * (1 - y_hat)
    )  # through the sigmoid's slope
    expected = -(alpha * pi * ln(y_hat) + (1 - pi) * ln(1 - y_hat))  # loss of one record, on average over its class
    y_hat_star = solve_for(diff(expected, y_hat), y_hat)  # the prediction that makes it smallest
    threshold = solve_for(y_hat_star - 1 / 2, pi)  # called relevant from this probability on; 1/2 without a weight
    return dL_dz, y_hat_star, threshold


@derivation
def soft_recall(y, y_hat):
    """Recall with probabilities in place of decisions, and its slope by each logit z_i.

    `y` (n,): true classes; `y_hat` (n,): predictions between 0 and 1. Returns the soft recall and its gradient (n,).
    """
    R = sum(a * b for a, b in zip(y, y_hat)) / sum(y)  # the mean prediction of the relevant records
    dR_dz = y * y_hat * (1 - y_hat) / sum(y)  # never negative, and zero at every record that is not relevant
    return R, dR_dz


def recall_at(w, b, x, y):
    """Recall of the decisions w x + b > 0, for every weight: exact. `w` (k,), `b` number, `x`, `y` (n,). Returns (k,)."""
    found = [sum(1 for f, target in zip(x, y) if target and slope * f + b > 0) for slope in w]
    return array([Fraction(count, int(sum(y))) for count in found])


def recall_slope_at(w, b, x, y, h):
    """The difference quotient of `recall_at` over a step of `h` to either side: exact, (k,)."""
    return (recall_at(w + h, b, x, y) - recall_at(w - h, b, x, y)) / (2 * h)


def cross_entropy_at(w, b, x, y):
    """Mean binary cross-entropy of σ(w x + b) in nats, for every weight. `w` (k,), `b` number, `x`, `y` (n,)."""
    z = np.outer(inexact(w), inexact(x)) + inexact(b)
    losses = np.maximum(z, 0) + ln(1 + exp(-abs(z))) - z * inexact(y)  # ln(1 + eᶻ), whose power never overflows
    return array(losses.mean(axis=1).tolist())


def cross_entropy_slope_at(w, b, x, y):
    """The derivative of `cross_entropy_at` by the weight, the mean of (ŷ - y) x, (k,)."""
    x, y = inexact(x), inexact(y)
    y_hat = 1 / (1 + exp(-np.outer(inexact(w), x) - inexact(b)))
    return array(((y_hat - y) * x).mean(axis=1).tolist())


def made_records(n, share, distance, seed):
    """Made-up records with one feature: N(0, 1), shifted by `distance` for the relevant ones.

    `n` records, the first `share`·n of them relevant. Returns x and y, (n,) each.
    """
    y = (np.arange(n) < floor(n * share + Fraction(1, 2))).astype(int)
    return drawn(np.random.default_rng(seed).normal(size=n)) + inexact(distance) * inexact(y), y


def weighted_fit_counts(alphas, n, share, distance, seed):
    """TP, FN, FP, TN of logistic regressions trained on `made_records` by cross-entropy with a weight.

    `alphas` (k,): the weights of the relevant class. Newton's method on the convex loss. Returns (4, k).
    """
    x, y = made_records(n, share, distance, seed)
    features = np.stack([x, inexact(np.ones(n, dtype=int))], axis=1)
    return _counts(
        [_newton(features, y, np.where(y == 1, inexact(alpha), inexact(1))) @ features.T for alpha in alphas], y
    )


def soft_recall_fit_counts(lambdas, n, share, distance, seed, steps=400):
    """TP, FN, FP, TN of logistic regressions trained by (1 − λ) cross-entropy + λ (1 − soft recall).

    `lambdas` (k,): the share of the surrogate, each below 1. Gradient descent from zero. Returns (4, k).
    """
    x, y = made_records(n, share, distance, seed)
    features = np.stack([x, np.ones(n)], axis=1).astype(float)
    mix = np.array(lambdas, float)[:, None]
    theta = np.zeros((len(mix), 2))
    for _ in range(steps):
        y_hat = 1 / (1 + np.exp(-theta @ features.T))
        dL_dz = (1 - mix) * (y_hat - y) / n - mix * y * y_hat * (1 - y_hat) / y.sum()
        theta = theta - 2 * dL_dz @ features
    return _counts(theta @ features.T, y)


def _newton(features, y, weights):
    theta, y = inexact(np.zeros(2, dtype=int)), inexact(y)
    for _ in range(12):
        y_hat = 1 / (1 + np.exp(-features @ theta))
        curvature = (features.T * (weights * y_hat * (1 - y_hat))) @ features
        (a, b), (_, d) = curvature
        u, v = features.T @ (weights * (y_hat - y))
        theta = theta - np.array([d * u - b * v, a * v - b * u]) / (a * d - b * b)  # Cramer's rule
    return theta


def _counts(logits, y):
    found = np.array(logits) > 0
    rows = [(found & (y == 1)), (~found & (y == 1)), (found & (y == 0)), (~found & (y == 0))]
    return array([row.sum(axis=1).tolist() for row in rows])
