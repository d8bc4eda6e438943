"""How many operations a network needs, as a function of the lengths of its sequences."""

from solvers.derivation import derivation


@derivation
def transformer_scores(M, N):
    """Attention scores of a Transformer, one layer of each kind (Vaswani et al. 2017, section 3.2.3 and Table 1).

    `M`, `N`: words of the input and of the output. Each score costs the same number of multiplications, so their
    number says how the cost grows. Returns the total, and how many times max(M, N)² it is.
    """
    encoder = M * M  # every input word looks at every input word
    decoder = N * N  # every output word at every output word
    cross = M * N  # every output word at every input word
    total = encoder + decoder + cross
    largest = max(M, N) ** 2
    ratio = total / largest  # always between 1 and 3
    return total, ratio
