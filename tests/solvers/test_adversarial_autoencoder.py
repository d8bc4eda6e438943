import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import entropy

from solvers.adversarial_autoencoder import (
    aggregated_posterior,
    classes_held,
    joint,
    js_divergence,
    labelled_codes,
    made_codes,
    modes_used,
    mutual_information,
    one_mode_per_class,
    partly_labelled,
    rare_category,
)
from solvers.arrays import array

QUARTERS = array([Fraction(1, 4)] * 4)
OWN = array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
SWAPPED = array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
HALF = Fraction(1, 2)
MIXED = array([[HALF, HALF, 0, 0], [HALF, HALF, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])


@st.composite
def encoders(draw):
    """Class shares and an encoder with three classes and two to four modes; zeros are likely."""
    modes = draw(st.integers(2, 4))
    rows = [draw(st.lists(st.integers(0, 4), min_size=n, max_size=n).filter(any)) for n in (3, modes, modes, modes)]
    shares, *q = ([Fraction(cell, sum(row)) for cell in row] for row in rows)
    return array(shares), array(q)


def as_floats(values):
    return np.array(values, dtype=float)


@given(encoders())
def test_the_aggregated_posterior_and_what_its_codes_tell(both):
    shares, q = both
    prior = array([Fraction(1, q.shape[1])] * q.shape[1])
    q_z, divergence, information = aggregated_posterior(shares, q, prior)
    expected = [sum(shares[k] * q[k, mode] for k in range(3)) for mode in range(q.shape[1])]
    assert q_z.tolist() == expected
    assert divergence == pytest.approx(jensenshannon(as_floats(q_z), as_floats(prior)) ** 2, abs=1e-9)
    # I = H(modes) - H(modes | class)
    conditional = sum(float(share) * entropy(as_floats(row)) for share, row in zip(shares, q))
    assert information == pytest.approx(entropy(as_floats(q_z)) - conditional, abs=1e-9)


def test_three_encoders_that_the_discriminator_cannot_tell_apart():
    found = [aggregated_posterior(QUARTERS, q, QUARTERS) for q in (OWN, SWAPPED, MIXED)]
    assert [divergence for _, divergence, _ in found] == [0, 0, 0]
    assert [information for *_, information in found] == pytest.approx(
        [math.log(4), math.log(4), math.log(4) - math.log(2) / 2]
    )


def test_two_classes_by_hand():
    half, mixed = array([HALF, HALF]), array([[HALF, HALF], [HALF, HALF]])
    own = array([[1, 0], [0, 1]])
    assert aggregated_posterior(half, mixed, half)[1:] == (0, 0)
    assert aggregated_posterior(half, own, half)[2] == pytest.approx(math.log(2))
    # P = ½, 0, 0, ½ and Q = ¼ four times; their mean is 3/8, 1/8, 1/8, 3/8
    divergence = (math.log(4 / 3) + math.log(2 / 3) / 2 + math.log(2) / 2) / 2
    assert labelled_codes(half, mixed, own) == pytest.approx(divergence)
    assert labelled_codes(half, own[::-1], own) == pytest.approx(math.log(2))  # they never meet


def test_densities_of_the_two_encoders_are_the_same_function():
    z = np.linspace(-3, 9, 50)
    modes = np.exp(-((z - 2 * np.arange(4)[:, None]) ** 2) / 0.1)
    prior = as_floats(QUARTERS) @ modes
    for q in (OWN, SWAPPED, MIXED):
        assert as_floats(QUARTERS) @ (as_floats(q) @ modes) == pytest.approx(prior, abs=1e-15)


def test_labels_tell_the_encoders_apart():
    found = [labelled_codes.trace(QUARTERS, q, OWN) for q in (OWN, SWAPPED, MIXED)]
    for trace, q in zip(found, (OWN, SWAPPED, MIXED)):
        flat = jensenshannon((as_floats(OWN) / 4).ravel(), (as_floats(q) / 4).ravel()) ** 2
        assert trace["JSD"] == pytest.approx(flat, abs=1e-9)
    assert found[0]["JSD"] == 0
    assert found[1]["JSD"] == pytest.approx(math.log(2) / 2)


@pytest.mark.parametrize("labelled", [Fraction(0), Fraction(1, 100), Fraction(1, 10), Fraction(1)], ids=str)
@pytest.mark.parametrize("q", [OWN, SWAPPED, MIXED], ids=["own", "swapped", "mixed"])
def test_some_labels_are_one_class_more(labelled, q):
    def with_extra(encoder, unlabelled):
        """Label and mode together: four classes with a label, and the class without."""
        return np.vstack([float(labelled) * as_floats(encoder) / 4, float(1 - labelled) * as_floats(unlabelled)])

    prior = with_extra(OWN, QUARTERS)
    codes = with_extra(q, QUARTERS @ q)
    brute = jensenshannon(prior.ravel(), codes.ravel()) ** 2
    with_label = labelled_codes.trace(QUARTERS, q, OWN)["JSD"]
    without = aggregated_posterior.trace(QUARTERS, q, QUARTERS)["JSD"]
    assert partly_labelled(labelled, with_label, without) == pytest.approx(brute, abs=1e-9)


def test_unequal_classes_cannot_fill_equal_modes_one_to_one():
    counts = array([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    assert one_mode_per_class.trace(counts, 10)["moved"] == Fraction(sum(n - 6000 for n in counts if n > 6000), 60000)


def test_a_rare_category_by_simulation():
    trace = rare_category.trace(Fraction(1, 100), 10, 100)
    rng = np.random.default_rng(0)
    shared, own = rng.binomial(100, 0.01, 200_000), rng.binomial(100, 0.1, 200_000)
    assert shared.mean() == pytest.approx(float(trace["n_shared"]), rel=0.02)
    assert own.mean() == pytest.approx(float(trace["n_own"]), rel=0.02)
    assert trace["inside"] == Fraction(1, 10)
    right, elsewhere = np.array([[0.01, 0], [0, 0.99]]), np.array([[0, 0.01], [0, 0.99]])
    assert trace["cost"] == pytest.approx(jensenshannon(right.ravel(), elsewhere.ravel()) ** 2)


def test_every_one_to_one_assignment_and_every_average_of_them_matches_the_prior():
    rng = np.random.default_rng(3)
    tenth = array([Fraction(1, 10)] * 10)
    for _ in range(5):
        q = sum(np.eye(10, dtype=int)[rng.permutation(10)] for _ in range(3)).astype(object) * Fraction(1, 3)
        q_z, divergence, information = aggregated_posterior(tenth, q, tenth)
        assert q_z.tolist() == tenth.tolist() and divergence == 0
        assert 0 < information < math.log(10)


@given(encoders())
def test_joint_information_and_divergence(both):
    shares, q = both
    both_ = as_floats(joint(shares, q))
    assert both_ == pytest.approx(as_floats(shares)[:, None] * as_floats(q))
    product = np.outer(both_.sum(axis=1), both_.sum(axis=0))
    assert mutual_information(shares, q) == pytest.approx(entropy(both_.ravel(), product.ravel()), abs=1e-9)
    assert js_divergence(q[0], q[1]) == pytest.approx(jensenshannon(as_floats(q[0]), as_floats(q[1])) ** 2, abs=1e-9)


def test_modes_and_classes_are_counted():
    assert modes_used(MIXED).tolist() == [2, 2, 1, 1]
    assert classes_held(MIXED).tolist() == [2, 2, 1, 1]
    assert modes_used(array([[1, 0], [1, 0], [HALF, HALF]])).tolist() == [1, 1, 2]
    assert classes_held(array([[1, 0], [1, 0], [HALF, HALF]])).tolist() == [3, 1]


def test_made_codes_lie_around_their_modes():
    codes = made_codes(OWN, 2000, Fraction(1, 10), 0)
    assert codes.shape == (4, 2, 2000)
    assert codes.mean(axis=2) == pytest.approx(np.array([[1, 0], [0, 1], [-1, 0], [0, -1]]), abs=0.01)
    assert codes.std(axis=2) == pytest.approx(0.1, abs=0.01)


def test_partly_labelled_is_the_average_by_the_share_of_the_labels():
    assert partly_labelled(Fraction(1, 4), 1, 3) == Fraction(1 + 3 * 3, 4)


def test_a_rare_category_returns_what_its_lines_say():
    trace = rare_category.trace(Fraction(1, 20), 4, 60)
    named = (trace["inside"], trace["n_shared"], trace["n_own"], trace["cost"])
    assert rare_category(Fraction(1, 20), 4, 60) == pytest.approx(named)
    assert named[:3] == (Fraction(1, 5), 3, 15)
