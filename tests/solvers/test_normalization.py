from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import zscore

from solvers.arrays import array
from solvers.exact import Given
from solvers.normalization import batch_moments, normalize_batch, scale_and_shift

batches = st.lists(st.fractions(-5, 5, max_denominator=8), min_size=2, max_size=8)


@given(batches)
def test_moments_are_those_of_numpy_and_exact(values):
    trace = batch_moments.trace(array(values))
    floats = np.array(values, dtype=float)
    assert float(trace["mu"]) == pytest.approx(floats.mean())
    assert float(trace["var"]) == pytest.approx(floats.var(), abs=1e-12)
    assert trace["m"] == len(values)
    assert trace["var"] == sum(v * v for v in values) * Fraction(1, len(values)) - trace["mu"] ** 2


@given(batches.filter(lambda values: len(set(values)) > 1))
def test_without_the_small_constant_it_is_the_standard_score(values):
    x = array(values)
    mu, var = batch_moments(x)
    x_hat = normalize_batch.trace(x, mu, var, 0)["x_hat"]
    assert [float(v) for v in x_hat] == pytest.approx(zscore(np.array(values, dtype=float)).tolist(), abs=1e-9)


@given(batches, st.sampled_from([1e-5, 1e-2, 1.0]))
def test_the_variance_that_is_left(values, eps):
    x = array([float(v) for v in values])
    mu, var = batch_moments(x)
    x_hat = np.array(normalize_batch(x, mu, var, eps), dtype=float)
    assert x_hat.mean() == pytest.approx(0, abs=1e-9)
    assert x_hat.var() == pytest.approx(var / (var + eps), abs=1e-9)


# with the printed quotient the variance that is left is 1/σ², so it depends on the unit
@pytest.mark.parametrize("scale", [1, 10])
def test_the_printed_quotient_depends_on_the_unit(scale):
    x = scale * array([1, 3, 4, 5, 7])
    mu, var = batch_moments(x)
    right = normalize_batch.trace(x, mu, var, Given("1e-5"))["x_hat"]
    printed = normalize_batch.trace(x, mu, var, Given("1e-5"), replace={"x_hat": "(x - mu) / (var + eps)"})["x_hat"]
    assert np.var([float(v) for v in right]) == pytest.approx(1, abs=1e-5)
    assert np.var([float(v) for v in printed]) == pytest.approx(1 / (4 * scale**2), rel=1e-4)


def test_a_constant_feature_becomes_zero():
    x = array([3, 3, 3])
    assert normalize_batch(x, *batch_moments(x), 1e-5).tolist() == [0, 0, 0]


@given(batches, st.floats(-3, 3), st.floats(-3, 3))
def test_scale_and_shift_set_mean_and_variance(values, gamma, beta):
    x = array([float(v) for v in values])
    mu, var = batch_moments(x)
    x_hat = normalize_batch(x, mu, var, 1e-3)
    y = np.array(scale_and_shift.trace(x_hat, gamma, beta)["y"], dtype=float)
    assert y.mean() == pytest.approx(beta, abs=1e-9)
    assert y.var() == pytest.approx(gamma**2 * var / (var + 1e-3), abs=1e-9)
    back = scale_and_shift(x_hat, (var + 1e-3) ** 0.5, mu)
    assert back.tolist() == pytest.approx(x.tolist())
