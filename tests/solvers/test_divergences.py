import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import entropy

from solvers.arrays import array
from solvers.divergences import (
    UNDEFINED,
    check_distributions,
    finite_when_empty,
    jensen_shannon,
    kl_is_finite,
    log_ratio,
    values_left_out,
    weighted,
)

BASES = {"e": math.e, 2: 2, 10: 10}


@st.composite
def pairs(draw, smallest=0):
    """Two exact distributions over the same two to six values; zeros are likely."""
    n = draw(st.integers(2, 6))
    both = []
    for _ in range(2):
        counts = draw(st.lists(st.integers(smallest, 5), min_size=n, max_size=n).filter(any))
        both.append(array([Fraction(k, sum(counts)) for k in counts]))
    return both


def as_floats(values):
    return np.array([float(v) for v in values])


def shannon(values, base):
    return -sum(float(p) * math.log(p, base) for p in values if p > 0)


@pytest.mark.parametrize("base", BASES)
@given(pairs())
def test_the_divergence_is_that_of_scipy(base, both):
    P, Q = both
    # scipy gives the distance, which is the root of the divergence
    reference = jensenshannon(as_floats(P), as_floats(Q), BASES[base]) ** 2
    assert jensen_shannon(P, Q, base) == pytest.approx(reference, abs=1e-12)
    assert jensen_shannon.trace(P, Q, base)["JSD"] == pytest.approx(reference, abs=1e-12)


@given(pairs())
def test_it_is_the_entropy_of_the_mixture_less_the_mean_entropy(both):
    P, Q = both
    M = [(p + q) / 2 for p, q in zip(P, Q)]
    expected = shannon(M, 2) - (shannon(P, 2) + shannon(Q, 2)) / 2
    assert jensen_shannon(P, Q, 2) == pytest.approx(expected, abs=1e-12)


@given(pairs())
def test_it_is_symmetric_and_at_most_log_2(both):
    P, Q = both
    for base, number in BASES.items():
        assert jensen_shannon(P, Q, base) == pytest.approx(jensen_shannon(Q, P, base), abs=1e-15)
        assert -1e-15 <= jensen_shannon(P, Q, base) <= math.log(2, number) + 1e-12


@given(pairs())
def test_it_is_zero_only_for_equal_distributions(both):
    P, Q = both
    assert jensen_shannon(P, P, "e") == 0
    assert (jensen_shannon(P, Q, "e") < 1e-12) is (P.tolist() == Q.tolist())


def test_identical_distributions_are_exactly_zero():
    P = array([Fraction(1, 3), Fraction(2, 3), 0])
    line = jensen_shannon.trace(P, P, "e").line("JSD")
    assert line.value == 0
    assert line.exact


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(
    "P, Q",
    [([1, 0], [0, 1]), ([Fraction(1, 3), Fraction(2, 3), 0, 0], [0, 0, Fraction(1, 4), Fraction(3, 4)])],
    ids=["two points", "two pairs"],
)
def test_disjoint_supports_are_log_2_apart(base, P, Q):
    assert jensen_shannon(array(P), array(Q), base) == pytest.approx(math.log(2, BASES[base]))


def test_a_probability_of_zero_contributes_zero_and_its_ratio_is_a_dash():
    half = Fraction(1, 2)
    trace = jensen_shannon.trace(array([1, 0, 0]), array([half, half, 0]), 2)
    assert trace["r_P"].tolist()[1:] == [UNDEFINED, UNDEFINED]
    assert trace["t_P"].tolist()[1:] == [0, 0]
    assert trace["r_Q"][2] == UNDEFINED
    # by hand: M = 3/4, 1/4, 0
    assert float(trace["KL_P"]) == pytest.approx(math.log2(4 / 3))
    assert float(trace["KL_Q"]) == pytest.approx((math.log2(2 / 3) + math.log2(2)) / 2)


def test_the_mixture_of_integer_probabilities_is_exact():
    line = jensen_shannon.trace(array([1, 0]), array([0, 1]), 2).line("M")
    assert line.value.tolist() == [Fraction(1, 2)] * 2
    assert line.exact


@given(pairs())
def test_both_parts_are_divergences_from_the_mixture(both):
    P, Q = both
    trace = jensen_shannon.trace(P, Q, "e")
    M = as_floats(trace["M"])
    assert float(trace["KL_P"]) == pytest.approx(entropy(as_floats(P), M), abs=1e-12)
    assert float(trace["KL_Q"]) == pytest.approx(entropy(as_floats(Q), M), abs=1e-12)


@pytest.mark.parametrize(
    "P, Q, told",
    [
        ([1, 0], [1], "P has 2 values and Q 1"),
        ([Fraction(3, 2), Fraction(-1, 2)], [1, 0], "P has the negative probability -1/2"),
        ([1, 0], [Fraction(1, 2), Fraction(1, 4)], "Q sums to 0.75, not 1"),
        ([Fraction(1, 2), 1], [1, 0], "P sums to 1.5"),
        ([0.3, 0.7 + 1e-6], [1, 0], "P sums to"),
    ],
    ids=["lengths", "negative", "sum", "sum above 1", "sum as floats"],
)
def test_what_is_no_distribution_is_refused(P, Q, told):
    for call in (
        check_distributions,
        lambda p, q: jensen_shannon(p, q, 2),
        lambda p, q: jensen_shannon.trace(p, q, 2),
    ):
        with pytest.raises(ValueError, match=told):
            call(array(P), array(Q))


def test_floats_that_sum_to_one_but_for_rounding_are_accepted():
    halves = [0.5, 0.5 + 2**-50]  # the sum is off by one rounding in every version of Python
    assert sum(halves) != 1
    check_distributions(halves, halves)


def test_an_unknown_base_is_refused():
    with pytest.raises(KeyError, match="3"):
        jensen_shannon(array([1, 0]), array([0, 1]), 3)


# is KL finite?


@given(pairs())
def test_kl_is_finite_where_that_of_scipy_is(both):
    P, Q = both
    missing, word = kl_is_finite(P, Q)
    assert word == ("finite" if math.isfinite(entropy(as_floats(P), as_floats(Q))) else "not finite")
    assert all(P[place - 1] > 0 and Q[place - 1] == 0 for place in missing)
    assert kl_is_finite.trace(P, Q)["KL"] == word


@given(pairs(smallest=1))
def test_with_full_support_nothing_is_left_out(both):
    missing, word = kl_is_finite(*both)
    assert (len(missing), word) == (0, "finite")


def test_only_one_direction_may_be_finite():
    narrow, wide = array([1, 0]), array([Fraction(1, 2)] * 2)
    assert kl_is_finite(narrow, wide)[1] == "finite"
    assert kl_is_finite(wide, narrow)[1] == "not finite"


# the pieces


def test_values_left_out_are_counted_from_one():
    assert values_left_out([0.5, 0.5, 0], [0, 1, 0]).tolist() == [1]
    assert values_left_out([0, 1], [1, 0]).tolist() == [2]
    assert values_left_out([1], [1]).tolist() == []


@pytest.mark.parametrize("missing, word", [([], "finite"), ([2], "not finite")], ids=str)
def test_finite_when_empty(missing, word):
    assert finite_when_empty(array(missing)) == word


@given(pairs())
def test_weighted_log_ratios_sum_to_the_relative_entropy(both):
    P, Q = both
    assume(all(q > 0 or p == 0 for p, q in zip(P, Q)))
    terms = weighted(P, log_ratio(P, Q, "e"))
    assert float(sum(terms)) == pytest.approx(entropy(as_floats(P), as_floats(Q)), abs=1e-12)
