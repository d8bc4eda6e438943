"""Variational autoencoders with one Gaussian latent variable, for which every term has a closed form.

Prior N(0, 1), encoder N(m, s²), decoder N(a z, τ²); natural logarithms, so that everything is in nats.
"""

from math import pi

from solvers.derivation import derivation
from solvers.exact import map_numbers
from solvers.functions import ln, sqrt


@derivation
def gaussian_elbo(x, m, s, a, tau):
    """The two terms of the ELBO of one record x (Kingma & Welling 2014, eq. 3; the KL term as in their appendix B).

    `m`, `s` mean and standard deviation of the encoder at x, numbers or (n,) for n encoders; `a` weight and `tau`
    standard deviation of the decoder. Returns the reconstruction term, the KL term and their difference.
    """
    squared = (
        x - a * m
    ) ** 2 + a**2 * s**2  # expected squared error: the mean's, and the noise that the decoder passes on
    reconstruction = (
        -squared / (2 * tau**2) - ln(2 * pi * tau**2) / 2
    )  # expected log-likelihood: the squared error, scaled
    KL = (m**2 + s**2 - 1 - ln(s**2)) / 2  # divergence of the encoder from the prior
    ELBO = reconstruction - KL
    return reconstruction, KL, ELBO


@derivation
def gaussian_posterior(x, a, tau):
    """What the model itself says of one record x: its evidence, and the posterior of the latent variable.

    `a` weight and `tau` standard deviation of the decoder, so x ~ N(0, a² + τ²) (Bishop 2006, eqs. 2.115 and 2.116).
    Returns the log-evidence, and mean and standard deviation of the posterior.
    """
    v = a**2 + tau**2  # variance of x under the model
    log_evidence = -(x**2 / v + ln(2 * pi * v)) / 2  # log-evidence: what the ELBO bounds from below
    m_star = a * x / v  # posterior mean
    s_star = tau / sqrt(v)  # posterior standard deviation, the same for every x
    return log_evidence, m_star, s_star


@derivation
def elbo_gap(m, s, m_star, s_star):
    """What the ELBO lacks of the log-evidence: the divergence of the encoder from the posterior.

    `m`, `s` of the encoder, numbers or (n,); `m_star`, `s_star` of the posterior (Bishop 2006, eqs. 9.70 to 9.72).
    Returns KL(N(m, s²) ‖ N(m*, s*²)), which is zero only when the two are equal.
    """
    ratio = s**2 / s_star**2  # of the two variances
    gap = ((m - m_star) ** 2 / s_star**2 + ratio - 1 - ln(ratio)) / 2
    return gap


@derivation
def beta_vae_optimum(v, tau, beta):
    """The best beta-VAE for data N(0, v) and a decoder of standard deviation τ: its error and its KL term.

    `v`, `tau` numbers, `beta` weight of the KL term, number or (n,). The mean KL term is at least the information in the
    codes, and that at least ln(v / mse) / 2 (Cover & Thomas 2006, theorem 10.3.2); with this for the KL term the weighted
    bound is largest at mse = βτ², or at v beyond it. A linear encoder reaches both. Returns the mean squared error and
    the KL term, both averaged over the data.
    """
    D = beta * tau**2  # the error at which one nat in the code costs as much as it saves
    mse = smaller(D, v)  # beyond the variance of the data the latent variable is not used at all
    KL = ln(v / mse) / 2  # the least that a code has to tell of x for this error
    return mse, KL


def smaller(x, limit):
    """The smaller of x and a number, element by element."""
    return map_numbers(lambda value: min(value, limit), x)
