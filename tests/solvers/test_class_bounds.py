import math

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import differential_evolution
from scipy.special import softmax

from solvers.arrays import array
from solvers.class_bounds import (
    class_grid,
    decimal,
    embeddings_of,
    every_sentence,
    first_class,
    first_class_grid,
    first_class_odds,
    first_class_of,
    first_class_with_relu,
    first_class_with_tanh,
    in_terms_of,
    largest_first_class,
    most_probable_sentence,
    pooled_component,
    pooled_states,
    relu_pooling_sign,
    sentences_above_a_third,
)

W_x = [[0, -1, 2], [1, -2, 0]]
W_y = [[0, -1], [1, 0], [2, -1]]
q = [2, -1]
X = [[0, 1, 1], [1, 0, -1], [0, -1, 0]]
WORDS = ["AI", "is", "conscious"]
MODEL = (array(W_x), array(W_y), array(q))
ACTIVATE = {"relu": lambda z: max(z, 0.0), "tanh": lambda z: (math.exp(2 * z) - 1) / (math.exp(2 * z) + 1)}


def by_hand(sentence, activation):
    """P₁ by the last state and by the attention, with plain loops."""
    h, states = [0.0, 0.0], []
    for x in sentence:
        h = [ACTIVATE[activation](sum(w * v for w, v in zip(row, x)) + old) for row, old in zip(W_x, h)]
        states.append(h)
    p = softmax([(2 * a - b) / math.sqrt(2) for a, b in states])
    pooled = [sum(weight * state[i] for weight, state in zip(p, states)) for i in (0, 1)]
    return [softmax([-c2, c1, 2 * c1 - c2])[0] for c1, c2 in (h, pooled)]


def symbols(**known):
    return sympy.symbols("c1 c2", real=True, **known)


def odds(c1, c2):
    return first_class_odds.trace(array(W_y), array([c1, c2]))


# the proof, its lines tried at numbers


@given(st.floats(0, 20), st.floats(0, 20))
def test_every_line_of_the_proof_holds_at_numbers(a, b):
    c1, c2 = symbols(nonnegative=True)
    trace = odds(c1, c2)
    u, v, r = (float(trace[name].subs({c1: a, c2: b})) for name in "uvr")
    logits = np.dot(W_y, [a, b])
    assert (u, v) == pytest.approx((logits[1] - logits[0], logits[2] - logits[0]), abs=1e-9)
    assert 1 / r == pytest.approx(softmax(logits)[0])
    proof = first_class_with_relu.trace(trace["u"], trace["v"], trace["r"], c1, c2)
    assert r >= float(proof["low"].subs({c1: a, c2: b})) * (1 - 1e-12) >= 3 * (1 - 1e-12)
    assert proof["P_relu"] == sympy.Rational(1, 3)


def test_without_the_sign_the_proof_fails():
    c1, c2 = symbols()
    trace = odds(c1, c2)
    with pytest.raises(ValueError, match="does not follow"):
        first_class_with_relu(trace["u"], trace["v"], trace["r"], c1, c2)


@given(st.floats(-50, 50), st.floats(0, 50), st.floats(0.001, 1))
def test_a_pooled_state_of_a_rectified_network_has_no_sign(z, total, weight):
    variables = sympy.Symbol("z", real=True), sympy.Symbol("C", nonnegative=True), sympy.Symbol("p", positive=True)
    trace = relu_pooling_sign.trace(*variables)
    state, c = (trace[name].subs(dict(zip(variables, (z, total, weight)))) for name in ("state", "c"))
    assert float(state) == max(z, 0.0)
    assert float(c) == pytest.approx(total + weight * max(z, 0.0)) and c >= 0


def test_the_supremum_with_tanh_against_a_search():
    c1, c2 = symbols(nonnegative=True)
    trace = first_class_with_tanh.trace(odds(c1, c2)["r"], c1, c2, *symbols())
    P_tanh = trace["P_tanh"]
    search = differential_evolution(lambda c: -softmax(np.dot(W_y, c))[0], [(-1, 1), (-1, 1)], seed=1, tol=1e-10)
    assert -search.fun == pytest.approx(P_tanh, abs=1e-6)
    assert list(search.x) == pytest.approx([-1, -1], abs=1e-4)
    assert P_tanh == pytest.approx(math.e**2 / (math.e**2 + 2))


def test_the_slopes_with_tanh_hold_where_components_are_negative():
    c1, c2 = symbols(nonnegative=True)
    a1, a2 = symbols()
    r_a = in_terms_of(odds(c1, c2)["r"], c1, c2, a1, a2)
    for a, b in ((-0.9, 0.3), (-0.2, -0.8), (0.5, -0.5)):
        assert 1 / float(r_a.subs({a1: a, a2: b})) == pytest.approx(softmax([-b, a, 2 * a - b])[0])
        assert softmax([-b, a - 0.01, 2 * (a - 0.01) - b])[0] > softmax([-b, a, 2 * a - b])[0]


def test_the_bound_with_relu_against_a_search():
    search = differential_evolution(lambda c: -softmax(np.dot(W_y, c))[0], [(0, 9), (0, 9)], seed=1, tol=1e-10)
    assert -search.fun == pytest.approx(1 / 3, abs=1e-6)
    assert list(search.x) == pytest.approx([0, 0], abs=1e-4)


# the models themselves


@pytest.mark.parametrize("activation", ["relu", "tanh"])
@given(st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_many_sentences_at_once_are_each_alone(activation, length, seed):
    sentences = np.random.default_rng(seed).normal(0, 2, (5, length, 3))
    expected = [by_hand(sentence, activation) for sentence in sentences]
    assert first_class(sentences, *MODEL, activation) == pytest.approx(np.array(expected), abs=1e-12)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_the_quote_of_three_different_words_stays_below_a_third(activation):
    found = first_class_of(array(X), *MODEL, activation)
    assert found.tolist() == pytest.approx(by_hand(X, activation), abs=1e-12)
    assert max(found) < 0.2


def test_every_sentence_is_there_once():
    sentences = every_sentence(WORDS, 3)
    assert len(sentences) == len(set(sentences)) == 3 + 9 + 27
    assert sentences[0] == (0,) and sentences[-1] == (2, 2, 2)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_known_sentences_above_a_third_by_hand(activation):
    found = [by_hand([X[i] for i in s], activation) for s in every_sentence(WORDS, 3)]
    expected = [sum(bool(p[model] > 1 / 3 + 1e-12) for p in found) for model in (0, 1)]
    counted = sentences_above_a_third(array(X), *MODEL, activation, 3)
    assert counted.tolist() == expected
    assert (max(expected) == 0) is (activation == "relu")


def test_the_most_probable_sentence_by_hand():
    found = {s: by_hand([X[i] for i in s], "tanh") for s in every_sentence(WORDS, 3)}
    best = max(found, key=lambda s: found[s][0])
    sentence = most_probable_sentence(array(WORDS), array(X), *MODEL, "tanh", 3)
    assert sentence.tolist() == [WORDS[i] for i in best]
    # one sentence refutes the bound for both models
    assert min(found[best]) > 0.4
    assert embeddings_of(sentence, array(WORDS), array(X)).tolist() == [X[i] for i in best]


@pytest.mark.parametrize("activation, bound", [("relu", 1 / 3), ("tanh", 1 / (1 + 2 * math.exp(-2)))], ids=str)
def test_random_sentences_stay_below_the_bound_and_come_near_it(activation, bound):
    largest = largest_first_class(*MODEL, activation, 500, 5, 3)
    assert all(p <= bound + 1e-12 for p in largest)
    assert all(p > bound - 0.02 for p in largest)


# one word whose weighted input is negative in both components: the bound is attained, so it cannot be smaller
def test_the_bound_with_relu_is_attained():
    assert by_hand([[0, 1, 0]], "relu") == pytest.approx([1 / 3, 1 / 3], abs=1e-15)
    assert by_hand([[0, 30, 0]], "tanh") == pytest.approx([1 / (1 + 2 * math.exp(-2))] * 2, abs=1e-12)


def test_pooled_states_of_the_quote_by_hand():
    last, mean = pooled_states([X], array(W_x), array(q), "relu")[0]
    first = 1 / (1 + 2 * math.exp(-3 / math.sqrt(2)))
    assert list(last) == [1, 3]
    assert list(mean) == pytest.approx([(1 + first) / 2, 2 * (1 - first)])


def test_a_component_of_both_models():
    states = pooled_states([X], array(W_x), array(q), "tanh")[0]
    for number in (1, 2):
        found = pooled_component(X, array(W_x), array(q), "tanh", number)
        assert found.tolist() == [states[0][number - 1], states[1][number - 1]]


# row 0 is the lowest y, column 0 the lowest x
def test_grids_place_by_place():
    extent, count = (-1, 3, -2, 2), 9
    classes, P = class_grid(array(W_y), extent, count), first_class_grid(array(W_y), extent, count)
    for row in range(count):
        for column in range(count):
            c1, c2 = -1 + column / 2, -2 + row / 2
            logits = [-c2, c1, 2 * c1 - c2]
            assert logits[classes[row, column]] == max(logits)
            assert P[row, column] == pytest.approx(softmax(logits)[0])


def test_an_expression_as_a_float():
    """Against the series of e: the constant has no symbols left."""
    import sympy

    assert math.isclose(decimal(1 + 2 * sympy.exp(-2)), 1 + 2 * sum((-2) ** k / math.factorial(k) for k in range(40)))
