"""How fast gradient descent and momentum reach the minimum of a quadratic ½ xᵀ A x.

The rate is the factor by which the distance to the minimum shrinks per step; κ is the condition number of A.
"""

from solvers.arrays import array
from solvers.derivation import derivation
from solvers.functions import inexact, ln, sqrt
from solvers.symbolic import half_quadratic, larger_size, matrix_gradient, solve_for, substitute


@derivation
def quadratic_step(A, x, lr):
    """One step of gradient descent on ½ xᵀ A x.

    `A` symmetric (n, n), `x` (n, 1), `lr` the learning rate η. Returns the new point.
    """
    f = half_quadratic(A, x)  # the quadratic form
    gradient = matrix_gradient(f, x, A)  # A is symmetric, so both halves of the derivative are equal
    x_1 = x - lr * gradient  # one step against the gradient
    return x_1


@derivation
def quadratic_rate(lr, lambda_min, lambda_max):
    """Convergence rate of gradient descent on ½ xᵀ A x (Nesterov 2004, section 1.2.3).

    Along an eigenvector with eigenvalue λ a step multiplies the error by 1 - ηλ. That is linear in λ, so its size is
    largest at one of the two ends of the spectrum. Returns the rate.
    """
    slow = 1 - lr * lambda_min  # factor along the flattest direction
    fast = 1 - lr * lambda_max  # factor along the steepest direction
    rho = larger_size(slow, fast)  # the worst direction decides
    return rho


@derivation
def best_learning_rate(lr, slow, fast):
    """The learning rate that makes max(|slow|, |fast|) smallest (Polyak 1987, section 1.4).

    While η is small `slow` is larger in size and falls with η; once `fast` is negative its size grows with η. The
    maximum is smallest where the two meet: slow = -fast. Returns that learning rate.
    """
    lr_star = solve_for(slow + fast, lr)  # equal in size, opposite in sign
    return lr_star


@derivation
def best_rate(slow, lr, lr_star, lambda_min, lambda_max, kappa):
    """The convergence rate at the best learning rate, in the eigenvalues and in κ = λmax / λmin.

    `slow` one of the two factors in `lr`, which is put to `lr_star`. Returns the rate in κ.
    """
    rho_star = substitute(slow, lr, lr_star)  # at the best learning rate both factors have this size
    rho_kappa = substitute(rho_star, lambda_max, kappa * lambda_min)  # only the ratio of the eigenvalues is left
    return rho_kappa


@derivation
def step_ratio(kappa):
    """Steps of momentum per step of gradient descent, both at their best rates, for the same small error.

    An error δ takes ln δ / ln ρ steps at rate ρ, so the ratio does not depend on δ (Polyak 1964). `kappa` κ > 1.
    """
    rho_gd = (kappa - 1) / (kappa + 1)  # gradient descent at its best learning rate
    rho_m = (sqrt(kappa) - 1) / (sqrt(kappa) + 1)  # momentum: the condition number enters by its root
    ratio = ln(rho_gd) / ln(rho_m)  # n steps of one and m of the other leave the same error: solved for m / n
    return ratio


def gradient_descent_steps(kappa, deltas):
    """Steps that gradient descent takes, run on diag(1, κ) from (1, 1) at its best learning rate.

    `deltas` (k,): the relative errors to reach. Returns the step counts, (k,).
    """
    lr = 2 / (1 + inexact(kappa))
    factors = [1 - lr * eigenvalue for eigenvalue in (1, inexact(kappa))]

    def step(point, previous):
        return [factor * p for factor, p in zip(factors, point)]

    return array([_count(step, inexact(delta)) for delta in deltas])


def momentum_steps(kappa, deltas):
    """Steps that the heavy ball takes, run on diag(1, κ) from rest at (1, 1), with Polyak's (1964) best constants.

    `deltas` (k,): the relative errors to reach. Returns the step counts, (k,).
    """
    root = sqrt(inexact(kappa))
    lr, beta = 4 / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2

    def step(point, previous):
        return [p - lr * e * p + beta * (p - q) for e, p, q in zip((1, inexact(kappa)), point, previous)]

    return array([_count(step, inexact(delta)) for delta in deltas])


def _count(step, delta):
    point = previous = [1, 1]
    for number in range(1, 10_000):
        point, previous = step(point, previous), point
        if sum(p**2 for p in point) <= 2 * delta**2:  # the squared distances, now and at the start
            return number
    raise ValueError(f"no error of {delta:g} within 10000 steps: does the method converge?")
