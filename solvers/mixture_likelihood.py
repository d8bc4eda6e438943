"""How little the likelihood of a generative model says of its samples."""

from solvers.derivation import derivation
from solvers.functions import ln


@derivation
def mostly_noise(share, height, width, colours):
    """A model that draws from a good density p with probability `share`, else from noise (Theis et al. 2016).

    Its density is at least share · p everywhere, so its log-likelihood falls by at most −ln(share).
    `height`, `width`, `colours` of an image. Returns the share of noise and the largest loss, in all and per value.
    """
    noise = 1 - share  # samples that are worthless
    nats = -ln(share)  # log(share · p) = log p + log share
    D = height * width * colours  # values of one image
    per_value = nats / D
    return noise, nats, per_value
