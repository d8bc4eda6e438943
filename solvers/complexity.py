"""How many operations a network needs, as a function of the lengths of its sequences."""

from solvers.derivation import derivation


@derivation
def transformer_scores(M, N):
    """Query–key products of one encoder–decoder attention layer of each kind (Vaswani et al. 2017, section 3.2 and Table 1).

    `M`, `N`: words of the input and of the output. Each score costs the same number of multiplications, so their number says how the
    cost grows. Returns the total and what share of the largest possible three squares it is.
    """
    encoder = M * M  # every input word looks at every input word
    decoder = (
        N * N
    )  # every output word at every output word; a causal mask hides half of them and saves none of the work
    cross = M * N  # every output word at every input word
    total = encoder + decoder + cross
    largest = max(M, N) ** 2
    ratio = total / largest  # always between 1 and 3
    return total, ratio
