import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import approx_fprime
from scipy.special import expit, softmax

from solvers.arrays import array
from solvers.classifiers import logistic_step, name_of_largest, softmax_classifier

values = st.floats(-3, 3)
vectors = st.integers(1, 4).flatmap(lambda n: arrays(float, n, elements=values))


@st.composite
def layers(draw):
    H, K = draw(st.integers(1, 3)), draw(st.integers(2, 4))
    return draw(arrays(float, H, elements=values)), draw(arrays(float, (K, H), elements=values))


# a linear layer with softmax


@given(layers())
def test_probabilities_are_the_softmax_of_the_logits(layer):
    c, W_y = layer
    logits = [sum(w * v for w, v in zip(row, c)) for row in W_y]
    if sorted(logits)[-1] - sorted(logits)[-2] < 1e-9:
        return
    P, best = softmax_classifier(c, W_y, [f"class {k}" for k in range(len(W_y))])
    assert list(P) == pytest.approx(list(softmax(logits)), abs=1e-12)
    assert best == f"class {int(np.argmax(P))}"


@pytest.mark.parametrize(
    "c, logits, best",
    [([1, 3], [-3, 1, -1], "second"), ([3, 1], [-1, 3, 5], "third"), ([-1, -1], [1, -1, -1], "first")],
    ids=str,
)
def test_the_logits_of_integers_are_exact(c, logits, best):
    trace = softmax_classifier.trace(array(c), array([[0, -1], [1, 0], [2, -1]]), array(["first", "second", "third"]))
    assert trace["z"].tolist() == logits
    assert trace.line("z").exact
    assert trace["best"] == best


def test_equal_logits_have_no_largest():
    with pytest.raises(ValueError, match="not alone"):
        softmax_classifier(array([0, 0]), array([[0, -1], [1, 0], [2, -1]]), ["a", "b", "c"])


def test_the_name_of_the_largest_value():
    assert name_of_largest(array(["AI", "is"]), array([Fraction(1, 3), Fraction(1, 2)])) == "is"
    assert name_of_largest(["a", "b", "c"], [-1, -5, -2]) == "a"


# one step of the logistic output unit


def loss_of(parameters, h, y):
    """The loss as the paper writes it, in two cases."""
    z = np.dot(parameters[:-1], h) + parameters[-1]
    return -math.log(expit(z)) if y == 1 else -math.log(1 - expit(z))


@given(vectors, st.sampled_from([1, -1]), st.integers(0, 2**32 - 1), values, st.floats(0.01, 2))
def test_the_gradient_of_a_step_against_finite_differences(h, y, seed, b, lr):
    w = np.random.default_rng(seed).uniform(-2, 2, len(h))
    trace = logistic_step.trace(h, y, w, b, lr)
    slopes = approx_fprime([*w, b], loss_of, 1e-7, h, y)
    assert [*trace["dL_dw"], trace["dL_db"]] == pytest.approx(list(slopes), abs=1e-5)
    after = np.array([*w, b]) - lr * slopes
    assert [*trace["w_new"], trace["b_new"]] == pytest.approx(list(after), abs=1e-5)
    assert trace["loss"] == pytest.approx(loss_of([*w, b], h, y), abs=1e-9)
    assert trace["L_new"] == pytest.approx(loss_of([*trace["w_new"], trace["b_new"]], h, y), abs=1e-9)


def test_a_step_from_the_decision_boundary_is_exact():
    trace = logistic_step.trace(array([1, 0, 0, 1]), 1, array([1, 2, 3, 4]), -5, 1)
    slopes = approx_fprime([1.0, 2, 3, 4, -5], loss_of, 1e-7, [1, 0, 0, 1], 1)
    assert list(slopes) == pytest.approx([-0.5, 0, 0, -0.5, -0.5], abs=1e-6)
    assert trace["w_new"].tolist() == [Fraction(3, 2), 2, 3, Fraction(9, 2)]
    assert trace["b_new"] == Fraction(-9, 2)
    assert trace["loss"] == pytest.approx(math.log(2))
    assert trace["L_new"] == pytest.approx(math.log1p(math.exp(-1.5)))


def test_the_other_label_moves_the_other_way():
    plus, minus = (logistic_step.trace(array([1, 0, 0, 1]), y, array([1, 2, 3, 4]), -5, 1) for y in (1, -1))
    assert plus["b_new"] - -5 == -5 - minus["b_new"] == Fraction(1, 2)


@given(vectors, st.sampled_from([1, -1]), values, st.integers(0, 2**32 - 1))
def test_a_short_step_lowers_the_loss(h, y, b, seed):
    w = np.random.default_rng(seed).uniform(-2, 2, len(h))
    trace = logistic_step.trace(h, y, w, b, 0.01)
    assert trace["L_new"] < trace["loss"]
