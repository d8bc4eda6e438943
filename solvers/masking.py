"""Causal masks: attention that cannot look at what has not been written yet."""

import numpy as np

from solvers.arrays import array
from solvers.derivation import derivation
from solvers.exact import divide
from solvers.functions import exp


@derivation
def causal_attention(scores):
    """Attention weights with and without a causal mask (Vaswani et al. 2017, section 3.2.3), row by row.

    `scores` (T, T): query t against key s. Returns the weights without a mask, with it, and how much of its weight each position gives
    to later ones, (T,), without and with it.
    """
    open_weights = softmax_rows(scores)  # every position sees every other
    masked_weights = softmax_rows(hide_future(scores))  # later positions count as minus infinity
    leak = weight_on_future(open_weights)  # share of weight on words that do not exist yet
    leak_masked = weight_on_future(masked_weights)
    return masked_weights, leak, leak_masked


def hide_future(scores):
    """The scores with None where the key stands after the query."""
    return [[score if s <= t else None for s, score in enumerate(row)] for t, row in enumerate(scores)]


def softmax_rows(scores):
    """Softmax of every row; None takes no weight. Exact where all scores of a row are equal."""
    grown = [[0 if score is None else exp(score) for score in row] for row in scores]
    return array([[divide(cell, sum(row)) for cell in row] for row in grown])


def weight_on_future(weights):
    """For every position the weight that it gives to later ones, (T,)."""
    return np.array([sum(row[t + 1 :]) for t, row in enumerate(weights)], dtype=object)
