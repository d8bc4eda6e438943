"""Batch normalization of one feature, line by line (Ioffe & Szegedy 2015, Algorithm 1)."""

from solvers.derivation import derivation
from solvers.functions import sqrt


@derivation
def batch_moments(x):
    """Mean and variance of one feature over a batch: the first two lines of the algorithm.

    `x` (m,), the values of the feature. The sum of squares is divided by m, not by m - 1. Returns both.
    """
    m = len(x)  # examples in the batch
    mu = sum(x) / m  # mean of the feature
    var = sum((v - mu) ** 2 for v in x) / m  # mean squared distance from it
    return mu, var


@derivation
def normalize_batch(x, mu, var, eps):
    """The values of one feature with mean 0 and a variance just below 1: the third line of the algorithm.

    `x` (m,); `mu` and `var` mean and variance of the batch; `eps` keeps the root away from zero. Returns them, (m,).
    """
    x_hat = (x - mu) / sqrt(var + eps)  # centred, then divided by the standard deviation
    return x_hat


@derivation
def scale_and_shift(x_hat, gamma, beta):
    """A learned scale and a learned shift: the last line of the algorithm.

    `x_hat` normalized value or values, `gamma` and `beta` learned for this feature. Returns as many values.
    """
    y = gamma * x_hat + beta  # standard deviation γ and mean β
    return y
