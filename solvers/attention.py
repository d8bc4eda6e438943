"""Attention: a weighted mean of vectors, the weights from how well each of them fits a query."""

from solvers.derivation import derivation
from solvers.functions import exp, sqrt


@derivation
def attention_pooling(q, S):
    """Scaled dot-product attention with one query (Vaswani et al. 2017, eq. 1); keys and values are the same vectors.

    `q` (d,) query, `S` (T, d) keys and values, one a row. Returns the weights, (T,), and the weighted mean, (d,).
    """
    d = len(q)  # dimension of the query and of every key
    k = S @ q  # one dot product for every key
    s = k / sqrt(d)  # scaled, so that their size does not grow with d
    E = exp(s)  # positive, the largest score stays the largest
    p = E / sum(E)  # softmax: the weights are positive and sum to 1
    c = p @ S  # the weighted mean of the values
    return p, c
