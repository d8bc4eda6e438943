import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, optimize

from solvers.arrays import array
from solvers.gaussians import beta_vae_optimum, elbo_gap, gaussian_elbo, gaussian_posterior, smaller

NUMBERS = st.floats(-3, 3)
SIZES = st.floats(0.2, 3)


def log_normal(x, m, s):
    return -(((x - m) / s) ** 2) / 2 - math.log(s * math.sqrt(2 * math.pi))


def integral(f, centre, width):
    """The integral of f over twelve widths to either side."""
    z = np.linspace(centre - 12 * width, centre + 12 * width, 4001)
    return integrate.simpson(f(z), x=z)


@given(NUMBERS, NUMBERS, SIZES, NUMBERS, SIZES)
def test_both_terms_of_the_elbo_are_their_integrals(x, m, s, a, tau):
    reconstruction = integral(lambda z: np.exp(log_normal(z, m, s)) * log_normal(x, a * z, tau), m, s)
    kl = integral(lambda z: np.exp(log_normal(z, m, s)) * (log_normal(z, m, s) - log_normal(z, 0, 1)), m, s)
    trace = gaussian_elbo.trace(x, m, s, a, tau)
    assert trace["reconstruction"] == pytest.approx(reconstruction, rel=1e-7, abs=1e-8)
    assert trace["KL"] == pytest.approx(kl, rel=1e-7, abs=1e-8)
    assert trace["ELBO"] == pytest.approx(reconstruction - kl, rel=1e-7, abs=1e-7)


@given(NUMBERS, NUMBERS, SIZES)
def test_the_evidence_and_the_posterior_are_those_of_the_joint(x, a, tau):
    def joint(z):
        return np.exp(log_normal(z, 0, 1) + log_normal(x, a * z, tau))

    log_evidence, mean, sd = gaussian_posterior(x, a, tau)
    evidence = integral(joint, mean, sd)
    assert log_evidence == pytest.approx(math.log(evidence), abs=1e-7)
    assert mean == pytest.approx(integral(lambda z: z * joint(z), mean, sd) / evidence, abs=1e-7)
    assert sd**2 == pytest.approx(integral(lambda z: (z - mean) ** 2 * joint(z), mean, sd) / evidence, rel=1e-6)


@given(NUMBERS, NUMBERS, SIZES, NUMBERS, SIZES)
def test_the_gap_is_what_the_elbo_lacks(x, m, s, a, tau):
    log_evidence, mean, sd = gaussian_posterior(x, a, tau)
    *_, elbo = gaussian_elbo(x, m, s, a, tau)
    assert elbo_gap(m, s, mean, sd) == pytest.approx(log_evidence - elbo, rel=1e-9, abs=1e-9)


def test_the_gap_of_the_posterior_is_exactly_zero():
    half = Fraction(1, 2)
    assert elbo_gap.trace(array([half, 1]), array([half, half]), half, half)["gap"].tolist() == [0, half]


@given(SIZES, SIZES, st.floats(0.5, 10))
def test_no_other_beta_vae_is_better(v, tau, beta):
    def minus_bound(theta):
        a, k, log_s = theta
        error = (1 - a * k) ** 2 * v + a**2 * math.exp(2 * log_s)
        return error / (2 * tau**2) + beta * (k**2 * v + math.exp(2 * log_s) - 1 - 2 * log_s) / 2

    mse, kl = beta_vae_optimum(v, tau, array([beta]))
    best = min(
        (optimize.minimize(minus_bound, start, tol=1e-12) for start in ([1, 1, 0], [0.1, 0.1, -1])), key=lambda r: r.fun
    )
    assert mse[0] / (2 * tau**2) + beta * kl[0] == pytest.approx(best.fun, rel=1e-5, abs=1e-7)
    a, k, log_s = best.x
    error = (1 - a * k) ** 2 * v + a**2 * math.exp(2 * log_s)
    assert mse[0] == pytest.approx(
        error, abs=0.02 * v
    )  # flat at the top: the place is found less sharply than the height


def test_a_linear_encoder_reaches_the_optimum():
    v, tau, beta = 9, 0.5, 8
    mse, kl = (float(found[0]) for found in beta_vae_optimum(v, tau, array([beta])))
    a, s = math.sqrt(v - mse), math.sqrt(mse / v)
    k = math.sqrt(1 - s**2) / math.sqrt(v)
    rng = np.random.default_rng(0)
    x = rng.normal(scale=3, size=400_000)
    z = k * x + s * rng.normal(size=x.size)
    assert np.mean((x - a * z) ** 2) == pytest.approx(mse, rel=0.02)
    assert np.mean((k * x) ** 2 + s**2 - 1 - math.log(s**2)) / 2 == pytest.approx(kl, rel=0.02)
    assert z.std() == pytest.approx(1, rel=0.01)  # the aggregated posterior is the prior
    information = -math.log(1 - np.corrcoef(x, z)[0, 1] ** 2) / 2  # of two jointly normal variables
    assert information == pytest.approx(kl, rel=0.02)


def test_smaller():
    assert smaller(array([-2, 3, Fraction(1, 2)]), 1).tolist() == [-2, 1, Fraction(1, 2)]
    assert smaller(5, 2) == 2
