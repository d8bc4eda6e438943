"""The evidence lower bound of a model with a latent variable that takes few values: every sum can be written out."""

from math import pi

from solvers.derivation import derivation
from solvers.functions import inexact, ln, sqrt


@derivation
def discrete_posterior(prior, likelihood):
    """Evidence and posterior of a discrete latent variable, by Bayes' rule.

    `prior` (k,) p(z), `likelihood` (k,) p(x | z) of the x that was observed. Returns both.
    """
    joint = prior * likelihood  # p(x, z)
    evidence = sum(joint)  # p(x): the sum over all z
    posterior = joint / evidence  # p(z | x)
    return evidence, posterior


@derivation
def discrete_elbo(prior, likelihood, q):
    """The evidence lower bound (Kingma & Welling 2014, eq. 3) of a discrete latent variable, in nats.

    `prior` (k,) p(z), `likelihood` (k,) p(x | z) of the observed x, `q` (k,) q(z | x), all positive. Returns the bound.
    """
    reconstruction = sum(q * ln(likelihood))  # the mean of ln p(x | z) under q
    KL_prior = sum(q * ln(q / prior))  # KL(q(z | x) ‖ p(z))
    ELBO = reconstruction - KL_prior
    return ELBO


@derivation
def kl_sum(q, p):
    """KL(q ‖ p) in nats of two distributions over the same values, both positive, (k,)."""
    ratio = q / p
    KL = sum(q * ln(ratio))  # the mean of ln(q/p) under q
    return KL


def elbo_above(prior, likelihood, points):
    """How often the bound is broken: `points` distributions q over two values, evenly spaced, against ln p(x).

    `prior` (2,), `likelihood` (2,). Returns the count of q for which the bound exceeds ln p(x).
    """
    top = ln(inexact(sum(prior * likelihood)))
    grid = [inexact(k) / (points + 1) for k in range(1, points + 1)]
    bounds = [_two_values(prior, likelihood, q) for q in grid]
    return sum(bound > top + 1e-12 for bound in bounds)


def _two_values(prior, likelihood, q):
    terms = zip((q, 1 - q), prior, likelihood)
    return sum(w * (ln(inexact(like)) - ln(w / inexact(p))) for w, p, like in terms)


def kl_of_shifted_normals(distance, steps):
    """KL(q ‖ p) of q = N(0, 1) and p = N(`distance`, 1) as -∫ q ln(p/q) dx, by the midpoint rule from -12 to 12.

    The integrand is q times (x² - (x - distance)²) / 2. The exact value is distance² / 2.
    """
    import numpy as np

    x = inexact(np.arange(steps) * 2 + 1) * 12 / steps - 12
    log_ratio = (x**2 - (x - inexact(distance)) ** 2) / 2
    return -np.sum(np.exp(-(x**2) / 2) * log_ratio) * 24 / steps / sqrt(2 * pi)
