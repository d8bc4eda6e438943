"""Divergences between two discrete distributions over the same values. The base of the logarithm is always given."""

from solvers.arrays import array
from solvers.derivation import derivation
from solvers.exact import elements
from solvers.functions import ln, log2, log10

LOGS = {"e": ln, 2: log2, 10: log10}
UNDEFINED = "–"


@derivation
def jensen_shannon(P, Q, base):
    """Jensen–Shannon divergence with equal weights (Lin 1991, eq. 4.1 with π = 1/2), every term of its table.

    `P`, `Q` (n,): probabilities; `base` of the logarithm: 2, 10 or "e". A value of probability 0 contributes 0
    (Cover & Thomas 2006, section 2.1); its ratio has no logarithm, shown as a dash. Symmetric; at most log 2.
    Returns the divergence. Raises ValueError when P or Q is no distribution.
    """
    check_distributions(P, Q)
    M = (P + Q) / 2  # the mixture covers whatever P or Q covers
    r_P = log_ratio(P, M, base)  # where P is not zero
    r_Q = log_ratio(Q, M, base)  # where Q is not zero
    t_P = weighted(P, r_P)  # each value's share of KL(P ‖ M)
    t_Q = weighted(Q, r_Q)  # each value's share of KL(Q ‖ M)
    KL_P = sum(t_P)  # divergence of P from the mixture
    KL_Q = sum(t_Q)  # divergence of Q from the mixture
    JSD = (KL_P + KL_Q) / 2  # their mean
    return JSD


@derivation
def kl_is_finite(P, Q):
    """Is KL(P ‖ Q) finite? Only when Q covers P: P(x) log(P(x)/0) is +∞ (Cover & Thomas 2006, section 2.3).

    `P`, `Q` (n,): probabilities of the values 1 … n. Returns the values that Q leaves out, and the word.
    """
    missing = values_left_out(P, Q)  # P(x) > 0, but Q(x) = 0
    KL = finite_when_empty(missing)  # one such value is enough
    return missing, KL


def check_distributions(P, Q):
    """Raise ValueError unless both are non-negative, of one length, and sum to 1."""
    if len(P) != len(Q):
        raise ValueError(f"P has {len(P)} values and Q {len(Q)}: give both over the same values")
    for name, values in (("P", P), ("Q", Q)):
        if min(values) < 0:
            raise ValueError(f"{name} has the negative probability {min(values)}")
        if abs(sum(values) - 1) > 1e-12:
            raise ValueError(f"{name} sums to {float(sum(values)):g}, not 1")


def log_ratio(P, M, base):
    """log(P/M) element by element in the given base; a dash where P is 0."""
    return array([LOGS[base](p / m) if p > 0 else UNDEFINED for p, m in zip(P, M)])


def weighted(P, logs):
    """P times its logarithms, element by element; 0 where P is 0."""
    return array([p * r if p > 0 else 0 for p, r in zip(P, logs)])


def values_left_out(P, Q):
    """The values 1 … n that P takes and Q never does, as an array; empty when Q covers P."""
    return array([place for place, (p, q) in enumerate(zip(P, Q), start=1) if p > 0 and q == 0])


def finite_when_empty(missing):
    """The word for a divergence: finite when no value is missing."""
    return "finite" if not elements(missing) else "not finite"
