"""How probable a class can become when the logits are a linear image of a pooled state (c₁, c₂).

The proofs are for three classes and two hidden units; the trials run the recurrent networks themselves.
"""

from fractions import Fraction
from itertools import product
from math import prod

import numpy as np

from solvers.arrays import array, entry
from solvers.derivation import derivation
from solvers.functions import drawn, exp, inexact, largest, relu, sqrt
from solvers.proofs import at_least, equal
from solvers.symbolic import at, diff

ACTIVATIONS = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}


@derivation
def relu_pooling_sign(z, C, p):
    """States of a ReLU network, and every mean of them with positive weights, have no negative component.

    `z` real, `C` ≥ 0 the sum so far, `p` > 0 the weight of the next state; symbols, for one component. By induction
    over the words: the sum starts at 0. Returns the component of the pooled state.
    """
    h = relu(z)  # a component of any state
    state = at_least(h, 0)  # the larger of 0 and z is not below 0
    c = C + p * h  # one word more
    pooled = at_least(c, 0)  # a weight of the softmax is positive, so nothing is taken away
    return state, pooled


@derivation
def first_class_odds(W_y, c):
    """The reciprocal of the first class's probability under a softmax of three logits.

    `W_y` (3, 2) output weights, `c` (2,) the pooled state, symbols. Returns how far the second and the third logit
    are above the first, and 1/P₁.
    """
    z = W_y @ c  # the three logits
    u = entry(z, 2) - entry(z, 1)  # the second above the first
    v = entry(z, 3) - entry(z, 1)  # the third above the first
    r = 1 + exp(u) + exp(v)  # 1/P₁, since
    quotient = equal((exp(entry(z, 1)) + exp(entry(z, 2)) + exp(entry(z, 3))) / exp(entry(z, 1)), r)
    return u, v, r


@derivation
def first_class_with_relu(u, v, r, c1, c2):
    """With u, v ≥ 0 the first class has at most 1/3: exactly 1/3 at (0, 0), and less at every other (c₁, c₂).

    `u`, `v`, `r` from `first_class_odds`, `c1`, `c2` non-negative symbols. Uses eᵘ ≥ 1 + u for every real u.
    """
    second = at_least(u, 0)  # the second logit is never below the first
    third = at_least(v, 0)  # nor is the third
    low = 1 + (1 + u) + (1 + v)  # r is at least this: eᵘ stays above its tangent 1 + u
    slack = at_least(low, 3)  # equal only where c₁ = 0 and c₂ = 0
    r_0 = at(r, c1, c2, 0, 0)  # 1/P₁ there
    P_relu = 1 / r_0  # the largest probability of the first class
    return P_relu


@derivation
def first_class_with_tanh(r, c1, c2, a1, a2):
    """The supremum of P₁ over −1 < a₁, a₂ < 1: 1/P₁ grows with both, so P₁ is largest towards (−1, −1).

    `r` in `c1`, `c2` from `first_class_odds`; `a1`, `a2` real symbols put in their place. The corner itself is out of
    reach, since tanh stays above −1. Returns the supremum.
    """
    r_a = in_terms_of(r, c1, c2, a1, a2)  # 1/P₁ once more, components of any sign
    slope_1 = at_least(diff(r_a, a1), 0)  # a smaller a₁ makes the first class more probable
    slope_2 = at_least(diff(r_a, a2), 0)  # and so does a smaller a₂
    r_1 = at(r_a, a1, a2, -1, -1)  # in the limit of the corner
    P_tanh = 1 / decimal(r_1)
    return P_tanh


def decimal(expression):
    """The value of an expression without symbols: sums, products, powers and exponentials of rational numbers."""
    if expression.is_Rational:
        return Fraction(int(expression.p), int(expression.q))
    if expression.args == ():
        return {"Exp1": exp(1)}[type(expression).__name__]
    parts = [decimal(part) for part in expression.args]
    if expression.is_Pow:
        return parts[0] ** parts[1]
    return {"Add": sum, "Mul": prod, "exp": lambda one: exp(one[0])}[type(expression).__name__](parts)


def in_terms_of(expression, c1, c2, a1, a2):
    """The expression with a₁ for c₁ and a₂ for c₂."""
    return expression.subs({c1: a1, c2: a2})


def pooled_states(X, W_x, q, activation):
    """What both models hand to the output layer, for many sentences of one length, by numpy.

    `X` (N, T, D) sentences, `W_x` (2, D), `q` (2,), `activation` "relu" or "tanh"; identity recurrence, no biases, the
    first state 0, scaled dot-product attention over the states. Returns (N, 2, 2): the last state, the attention's mean.
    """
    X, W_x, q = inexact(X), inexact(W_x), inexact(q)
    states = [inexact(np.zeros((len(X), 2), dtype=int))]
    for t in range(X.shape[1]):
        states.append(ACTIVATIONS[activation](X[:, t] @ W_x.T + states[-1]))
    S = np.stack(states[1:], axis=1)
    p = _softmax(S @ q / sqrt(len(q)))
    return np.stack([S[:, -1], (p[..., None] * S).sum(axis=1)], axis=1)


def first_class(X, W_x, W_y, q, activation):
    """P₁ of both models for many sentences of one length: (N, 2), by the last state and by the attention.

    `W_y` (3, 2) output weights, the others as in `pooled_states`.
    """
    return _softmax(pooled_states(X, W_x, q, activation) @ inexact(W_y).T)[..., 0]


def first_class_of(X, W_x, W_y, q, activation):
    """P₁ of one sentence, `X` (T, D), under both models: (2,), by the last state and by the attention."""
    return array(list(first_class([X], W_x, W_y, q, activation)[0]))


def pooled_component(X, W_x, q, activation, number):
    """Component `number`, from 1, of the pooled state of one sentence: (2,), by the last state and by the attention."""
    return array(list(pooled_states([X], W_x, q, activation)[0, :, number - 1]))


def every_sentence(words, longest):
    """Every sequence of up to `longest` of the words, shortest first: a list of tuples of places, from 0."""
    return [s for length in range(1, longest + 1) for s in product(range(len(words)), repeat=length)]


def sentences_above_a_third(X, W_x, W_y, q, activation, longest):
    """How many sequences of up to `longest` known words have P₁ > 1/3: (2,), by the last state and by the attention.

    `X` (V, D) the embeddings of the known words; the others as in `first_class`.
    """
    found = [first_class_of([X[i] for i in s], W_x, W_y, q, activation) for s in every_sentence(X, longest)]
    return array([int(count) for count in np.sum(np.array(found) > 1 / 3 + 1e-12, axis=0)])


def most_probable_sentence(words, X, W_x, W_y, q, activation, longest):
    """The sequence of up to `longest` known words with the largest P₁ by the last state: its words, (T,)."""
    sentences = every_sentence(words, longest)
    found = [first_class_of([X[i] for i in s], W_x, W_y, q, activation)[0] for s in sentences]
    return array([words[i] for i in sentences[int(np.argmax(found))]])


def embeddings_of(sentence, words, X):
    """The embeddings of the words of a sentence, one a row, (T, D)."""
    return array([list(X[list(words).index(word)]) for word in sentence])


def largest_first_class(W_x, W_y, q, activation, sentences, longest, seed):
    """The largest P₁ over random sentences of random real embeddings: (2,), by the last state and by the attention.

    `sentences` of each length 1, …, `longest`; the embeddings are standard normal.
    """
    rng = np.random.default_rng(int(seed))
    lengths = range(1, int(longest) + 1)
    tried = [drawn(rng.standard_normal((int(sentences), length, np.shape(W_x)[1]))) for length in lengths]
    found = np.concatenate([first_class(X, W_x, W_y, q, activation) for X in tried])
    return array([largest(column) for column in found.T])


def class_grid(W_y, extent, count):
    """The class 0, 1, … with the largest logit at each point of a grid over (x0, x1, y0, y1): (count, count)."""
    return np.argmax(_grid(extent, count) @ np.asarray(W_y, dtype=float).T, axis=-1)


def first_class_grid(W_y, extent, count):
    """P₁ at each point of a grid over (x0, x1, y0, y1), row 0 the lowest y: (count, count)."""
    return _softmax(_grid(extent, count) @ np.asarray(W_y, dtype=float).T)[..., 0]


def _grid(extent, count):
    x0, x1, y0, y1 = map(float, extent)
    return np.stack(np.meshgrid(np.linspace(x0, x1, int(count)), np.linspace(y0, y1, int(count))), axis=-1)


def _softmax(z):
    grown = np.exp(z)  # small logits: no power overflows
    return grown / grown.sum(axis=-1, keepdims=True)
