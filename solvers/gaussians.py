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
    """The best linear Gaussian beta-VAE for data N(0, v): decoder and encoder that maximize the weighted bound.

    `v` variance of the data, `tau` standard deviation of the decoder (fixed), `beta` weight of the KL term, number or
    (n,). Setting the derivatives by the decoder's weight a, the encoder's slope k and its variance s² to zero gives
    these; beyond βτ² = v the latent variable is not used at all (Lucas et al. 2019 for β = 1). Returns the mean
    squared error and the KL term, both averaged over the data.
    """
    D = beta * tau**2  # the noise that the weighted bound acts on
    a_squared = positive_part(v - D)  # decoder weight squared: what the data have beyond that noise
    s_squared = D / (a_squared + D)  # encoder variance; 1, that of the prior, when the variable is not used
    k_squared = a_squared / (a_squared + D) ** 2  # slope of the encoder's mean, squared; ak = 1 − s²
    mse = s_squared**2 * v + a_squared * s_squared  # mean squared error: E (1 − ak)² x² + a² s²
    KL = (k_squared * v + s_squared - 1 - ln(s_squared)) / 2  # mean divergence from the prior: what z tells of x
    return mse, KL


def positive_part(x):
    """max(x, 0), element by element."""
    return map_numbers(lambda value: max(value, 0), x)
