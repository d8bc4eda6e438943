"""Causal masks: attention that cannot look at what has not been written yet."""

import numpy as np

from solvers.arrays import array
from solvers.derivation import derivation
from solvers.exact import divide
from solvers.functions import exp


@derivation
def causal_attention(scores):
    """Attention weights with and without a causal mask (Vaswani et al. 2017, section 3.2.3), row by row.

    `scores` (T, T): query t against key s. Returns the weights with the mask, (T, T), and how much of its weight each
    position gives to later ones, (T,), without and with the mask.
    """
    p = softmax_rows(scores)  # every position sees every other
    p_masked = softmax_rows(hide_future(scores))  # scores of later positions count as minus infinity
    leak = weight_on_future(p)  # share of the weight on words that do not exist yet
    leak_masked = weight_on_future(p_masked)  # with the mask
    return p_masked, leak, leak_masked


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
