"""The contrastive loss InfoNCE: −ln of the share of the positive in a softmax over similarities divided by τ.

Similarities are cosines; one positive, K negatives (van den Oord et al. 2018, arXiv:1807.03748, eq. 4; Chen et al. 2020).
"""

from solvers.derivation import derivation
from solvers.functions import exp, ln


@derivation
def contrastive_floor(tau, K):
    """The smallest mean loss that K + 1 samples can reach when each is told from the K others.

    For unit vectors the mean cosine of different samples is at least −1/K, because the squared length of their sum is
    not negative; the loss is convex in the similarities, so its mean is at least its value at their means.
    `tau` number or array. Returns the floor, and the τ at which the positive gets half of the softmax there.
    """
    gap = 1 + 1 / K  # positive 1, negatives −1/K: no embedding is better on average
    r = gap / tau  # what the softmax sees of it
    L_min = ln(1 + K * exp(-r))  # every negative at that distance
    tau_half = gap / ln(K)  # r = ln K: the floor is ln 2
    return L_min, tau_half


@derivation
def hard_negative_share(tau, s, K):
    """The share of one hard negative, at similarity s, in the gradient over K negatives; the others are at 0.

    ∂L/∂s_j is the softmax weight of the negative over τ (Wang & Liu 2021). `tau` number or array. Returns the share.
    """
    u = s / tau  # what the softmax sees of it
    w = exp(u)  # its weight there; an easy negative weighs 1
    share = w / (w + K - 1)  # of the gradient over all negatives
    return share


@derivation
def device_shortcut(batch, devices):
    """What the loss can fall to when a view shows on which device it was normalized, and nothing else.

    `batch` candidates in all, the same number on each of the `devices`. Returns the loss by guessing and after the leak.
    """
    guess = ln(batch)  # all candidates are equally likely
    leak = ln(batch / devices)  # only those of the own device are left
    gain = guess - leak  # without a look at the content
    return guess, leak
