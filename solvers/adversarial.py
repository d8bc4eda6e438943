"""The value of the game between a generator and a discriminator, for distributions over a few values."""

from solvers.arrays import array
from solvers.derivation import derivation
from solvers.functions import inexact, ln


@derivation
def optimal_discriminator(p_data, p_g):
    """The discriminator that maximizes the value for a fixed generator (Goodfellow et al. 2014, Proposition 1).

    `p_data`, `p_g` (k,), probabilities of data and generated samples. Returns D at every value, (k,).
    """
    D_star = p_data / (p_data + p_g)  # the share of real samples among all samples of this value
    return D_star


@derivation
def gan_value(D, p_data, p_g):
    """The value of the game (Goodfellow et al. 2014, eq. 1 and 3), in nats.

    `D` (k,) the discriminator, strictly between 0 and 1, `p_data`, `p_g` (k,). Returns the value.
    """
    real = sum(p_data * ln(D))  # data should be called real
    fake = sum(p_g * ln(1 - D))  # and samples of the generator fake
    V = real + fake
    return V


def pushforward(p_z, G, values):
    """The distribution of G(z): `p_z` (n,) that of the noise, `G` (n,) the value (1 … `values`) that each z becomes."""
    return array([sum(p for p, x in zip(p_z, G) if x == value) for value in range(1, values + 1)])


def value_over_noise(D, p_data, p_z, G):
    """The value of the game with its second expectation taken over the noise z, as it is usually printed.

    `D`, `p_data` (k,); `p_z` (n,), `G` (n,) as in `pushforward`. Returns the value, in nats.
    """
    fake = sum(p * ln(1 - D[x - 1]) for p, x in zip(p_z, G))
    return sum(p * ln(d) for p, d in zip(p_data, D)) + fake


def best_on_grid(p_data, p_g, points):
    """The largest value over all D whose entries are k / (`points` + 1): the maximum found by trying."""
    grid = [inexact(k) / (points + 1) for k in range(1, points + 1)]
    logs = [(ln(d), ln(1 - d)) for d in grid]
    return sum(max(p * real + q * fake for real, fake in logs) for p, q in zip(inexact(p_data), inexact(p_g)))
