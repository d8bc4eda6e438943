import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import logsumexp
from scipy.stats import entropy, norm

from solvers.arrays import array
from solvers.variational import (
    _two_values,
    discrete_elbo,
    discrete_posterior,
    elbo_above,
    kl_of_shifted_normals,
    kl_sum,
)


@st.composite
def models(draw):
    """Prior, likelihood and some q over two to five values, all positive."""
    n = draw(st.integers(2, 5))
    counts = [draw(st.lists(st.integers(1, 9), min_size=n, max_size=n)) for _ in range(3)]
    prior, q = (array([Fraction(c, sum(row)) for c in row]) for row in (counts[0], counts[2]))
    return prior, array([Fraction(c, 10) for c in counts[1]]), q


def floats(values):
    return np.array([float(v) for v in values])


@given(models())
def test_evidence_and_posterior_by_logarithms(model):
    prior, likelihood, _ = model
    evidence, posterior = discrete_posterior(prior, likelihood)
    logs = np.log(floats(prior)) + np.log(floats(likelihood))
    assert math.log(evidence) == pytest.approx(logsumexp(logs))
    assert floats(posterior) == pytest.approx(np.exp(logs - logsumexp(logs)))
    assert discrete_posterior.trace(prior, likelihood)["evidence"] == evidence
    assert sum(posterior) == 1


@given(models())
def test_the_gap_is_the_divergence_from_the_posterior(model):
    prior, likelihood, q = model
    evidence, posterior = discrete_posterior(prior, likelihood)
    bound = discrete_elbo.trace(prior, likelihood, q)["ELBO"]
    gap = math.log(evidence) - bound
    assert gap == pytest.approx(entropy(floats(q), floats(posterior)), abs=1e-12)
    assert gap >= -1e-12
    # another form of the bound: E_q[ln p(x, z)] plus the entropy of q
    joint = np.log(floats(prior) * floats(likelihood))
    assert bound == pytest.approx(floats(q) @ joint + entropy(floats(q)), abs=1e-12)


@given(models())
def test_at_the_posterior_the_bound_is_reached(model):
    prior, likelihood, _ = model
    evidence, posterior = discrete_posterior(prior, likelihood)
    assert discrete_elbo(prior, likelihood, posterior) == pytest.approx(math.log(evidence), abs=1e-12)


@given(models())
def test_kl_sum_is_the_relative_entropy(model):
    prior, _, q = model
    assert kl_sum.trace(q, prior)["KL"] == pytest.approx(entropy(floats(q), floats(prior)), abs=1e-12)
    assert kl_sum(q, q) == 0


def test_no_q_breaks_the_bound():
    half = array([Fraction(1, 2), Fraction(1, 2)])
    assert elbo_above(half, array([Fraction(4, 5), Fraction(1, 5)]), 199) == 0


def test_a_broken_bound_would_be_counted():
    assert elbo_above([0.5, 0.5], _Shrunk([0.8, 0.2]), 9) > 0


class _Shrunk(list):
    """A likelihood whose products are ten times too small: the evidence is, the bound is not."""

    def __rmul__(self, other):
        return [p * q / 10 for p, q in zip(other, self)]


@pytest.mark.parametrize("distance", [0, 1, 2.5])
def test_the_integral_of_shifted_normals(distance):
    q, p = norm(0, 1), norm(distance, 1)
    by_quad = -quad(lambda x: q.pdf(x) * (p.logpdf(x) - q.logpdf(x)), -12, 12)[0]
    assert by_quad == pytest.approx(distance**2 / 2, abs=1e-9)
    assert kl_of_shifted_normals(distance, 2000) == pytest.approx(by_quad, abs=1e-9)


def test_the_bound_over_two_values_is_the_one_of_jensen():
    """E_q[ln p(x | z) + ln p(z) − ln q(z)], written out; `q` is the weight of the first value."""
    by_hand = 0.4 * (math.log(0.2) + math.log(0.3) - math.log(0.4)) + 0.6 * (
        math.log(0.9) + math.log(0.7) - math.log(0.6)
    )
    assert _two_values((0.3, 0.7), (0.2, 0.9), 0.4) == pytest.approx(by_hand)
