"""Mean and variance of sums and products of random variables: by rules, and by adding up over all pairs of values."""

from solvers.arrays import array
from solvers.derivation import derivation
from solvers.proofs import equal


@derivation
def variance_sum_rule(mu_X, V_X, mu_Y, V_Y, cov):
    """The variance of X + Y from means, variances and covariance; symbols, or exact numbers.

    Var Z = E(Z²) - E(Z)², and every expectation of a sum is the sum of the expectations. Returns the variance.
    """
    mean = mu_X + mu_Y  # E(X + Y)
    mixed = cov + mu_X * mu_Y  # E(X Y), by the definition of the covariance
    square = V_X + mu_X**2 + 2 * mixed + V_Y + mu_Y**2  # E((X + Y)²)
    V_sum = equal(square - mean**2, V_X + V_Y + 2 * cov)
    return V_sum


@derivation
def variance_product_rule(mu_X, V_X, mu_Y, V_Y):
    """The variance of X · Y for independent X and Y from means and variances, symbols or exact numbers (Goodman 1960).

    Returns it in both of its usual forms: by second moments, and multiplied out.
    """
    square_X = V_X + mu_X**2  # E(X²)
    square_Y = V_Y + mu_Y**2  # E(Y²)
    by_moments = square_X * square_Y - mu_X**2 * mu_Y**2  # independence: E(X² Y²) = E(X²) E(Y²), E(X Y) = E(X) E(Y)
    by_variances = equal(by_moments, mu_Y**2 * V_X + mu_X**2 * V_Y + V_X * V_Y)
    return by_moments, by_variances


@derivation
def mean_and_variance(X, P):
    """Mean and variance of a variable with the values `X` (n,) and their probabilities `P` (n,)."""
    mu = sum(x * p for x, p in zip(X, P))  # the mean
    V = sum(p * (x - mu) ** 2 for x, p in zip(X, P))  # the mean squared distance from it
    return mu, V


def independent(P, Q):
    """The joint probabilities of two independent variables, (n, k), from those of each, (n,) and (k,)."""
    return array([[p * q for q in Q] for p in P])


def variance_of_sum(X, Y, J):
    """Var(X + Y) over all pairs of values: `X` (n,), `Y` (k,), `J` (n, k) their joint probabilities."""
    return _variance([(J[i][k], x + y) for i, x in enumerate(X) for k, y in enumerate(Y)])


def variance_of_product(X, Y, J):
    """Var(X · Y) over all pairs of values: `X` (n,), `Y` (k,), `J` (n, k) their joint probabilities."""
    return _variance([(J[i][k], x * y) for i, x in enumerate(X) for k, y in enumerate(Y)])


def _variance(pairs):
    mean = sum(p * z for p, z in pairs)
    return sum(p * (z - mean) ** 2 for p, z in pairs)
