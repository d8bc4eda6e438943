"""A layer whose outputs are quadratic: y_k = λ xᵀ A⁽ᵏ⁾ x + xᵀ b⁽ᵏ⁾ + c⁽ᵏ⁾, with symmetric A⁽ᵏ⁾ and a fixed number λ.

Shapes: input x (M,), A (N, M, M), b (N, M), c (N,), output (N,). Exact in, exact out; indices start at 0.
"""

from itertools import product

import numpy as np

from solvers.arrays import array
from solvers.derivation import derivation
from solvers.exact import divide
from solvers.proofs import equal
from solvers.symbolic import diff


def quadratic_layer(x, A, b, c, lam):
    """The outputs of the layer, (N,)."""
    return array([lam * (x @ A_k @ x) + x @ b_k + c_k for A_k, b_k, c_k in zip(A, b, c)])


def random_quadratic_layer(M, N, generator):
    """Parameters A, b, c of a layer as whole numbers from -5 to 5, A symmetric; `generator` of numpy."""
    A = generator.integers(-2, 3, (N, M, M)).astype(object)
    return A + A.transpose(0, 2, 1), _integers(generator, N, M), _integers(generator, N)


# How many parameters


@derivation
def quadratic_params(M, N):
    """Trainable parameters of a quadratic layer: M inputs, N outputs, numbers or symbols.

    A symmetric matrix is known by its elements on and above the diagonal. λ is set by hand. Returns the count.
    """
    per_matrix = M * (M + 1) / 2  # on and above the main diagonal of one matrix
    per_output = per_matrix + M + 1  # and the vector and the scalar of that output
    P_Q = N * per_output  # every output has its own
    return P_Q


@derivation
def quadratic_ratio(P_Q, M, N):
    """The count of a quadratic layer over that of a linear layer of the same shape, with biases.

    `P_Q` the count of the quadratic layer, `M` inputs, `N` outputs, positive symbols. Returns the ratio.
    """
    P_L = N * (M + 1)  # a weight per input and one bias, for every output
    ratio = equal(P_Q / P_L, M / 2 + 1)  # the N cancels, and so does M + 1
    return ratio


def count_mismatches(limit):
    """For how many shapes up to limit × limit the products in y, listed one by one, are not (M/2 + 1)(M + 1)N.

    A parameter belongs to each x_i x_j that differs as a product, to each x_i and to 1.
    """
    wrong = 0
    for M, N in product(range(1, limit + 1), repeat=2):
        terms = {(k, *sorted(pair)) for k in range(N) for pair in product(range(M + 1), repeat=2)}  # x_M stands for 1
        wrong += 2 * len(terms) != (M + 2) * (M + 1) * N
    return wrong


# Why the matrices are symmetric


@derivation
def symmetric_split(A, x, t):
    """A quadratic form xᵀ A x sees the symmetric part of A only.

    `A` (M, M) of any kind, `x` (M, 1), `t` a factor. Returns the form with A, and with t times its antisymmetric part added.
    """
    q = quadratic_form(A, x)  # a number, whatever A is
    q_T = quadratic_form(transpose(A), x)  # its transpose is the same number
    K = antisymmetric_part(A)
    q_K = quadratic_form(K, x)  # the antisymmetric part gives nothing
    A_t = A + t * K  # so much more of it
    q_t = quadratic_form(A_t, x)  # changes no output
    G = outer(x, x)  # gradient of the form by its matrix: symmetric
    return q, q_t


def quadratic_form(A, x):
    """The number xᵀ A x; `x` a column (M, 1)."""
    return (x.T @ A @ x)[0, 0]


def transpose(A):
    """The matrix Aᵀ."""
    return A.T


def antisymmetric_part(A):
    """(A − Aᵀ)/2 of a matrix of exact numbers."""
    return array([[divide(cell, 2) for cell in row] for row in A - A.T])


def outer(x, z):
    """The matrix with the elements x_i z_j of two vectors, columns or not."""
    return array([[x_i * z_j for z_j in z.flat] for x_i in x.flat])


def eigenvalue_discriminant(A):
    """(a₁₁ − a₂₂)² + 4 a₁₂ a₂₁ of a 2 × 2 matrix: negative when its eigenvalues are not real."""
    return (A[0][0] - A[1][1]) ** 2 + 4 * A[0][1] * A[1][0]


# What kind of layer it is


def affine_defect(lam, M, N, seed):
    """Largest |f(x + z) − f(x) − f(z) + f(0)| of a random layer at ten random pairs: 0 for an affine function."""
    generator = np.random.default_rng(seed)
    A, b, c = random_quadratic_layer(M, N, generator)
    return _defect(lambda x: quadratic_layer(x, A, b, c, lam), M, generator)


def pooling_defect(M, seed):
    """The same defect of max pooling over all M inputs."""
    return _defect(lambda x: array([max(x)]), M, np.random.default_rng(seed))


def shift_defect(lam, M, seed):
    """Largest |f(x shifted) − f(x) shifted| of a random layer with M outputs, shifts around the end: 0 for a convolution."""
    generator = np.random.default_rng(seed)
    A, b, c = random_quadratic_layer(M, M, generator)
    x = _integers(generator, M)
    shifted = quadratic_layer(np.roll(x, 1), A, b, c, lam)
    return max(abs(shifted - np.roll(quadratic_layer(x, A, b, c, lam), 1)))


def neighbour_influence(lam, M, seed):
    """Largest change of an output of a random layer with M outputs when the next input grows by 1: 0 for batch norm."""
    generator = np.random.default_rng(seed)
    A, b, c = random_quadratic_layer(M, M, generator)
    x = _integers(generator, M)
    before = quadratic_layer(x, A, b, c, lam)
    steps = np.roll(np.eye(M, dtype=int), 1, axis=1).astype(object)  # row k moves the input after the k-th
    return max(abs(quadratic_layer(x + step, A, b, c, lam)[k] - before[k]) for k, step in enumerate(steps))


def _defect(f, M, generator):
    pairs = [(_integers(generator, M), _integers(generator, M)) for _ in range(10)]
    return max(max(abs(f(x + z) - f(x) - f(z) + f(0 * x))) for x, z in pairs)


# Gradients


@derivation
def omega_options(x, g, k):
    """The four expressions offered for ∂L/∂A⁽ᵏ⁾, as matrices (M, M) over i and j, with M = N.

    `x` (M,), `g` (N,) the derivatives of the loss by the outputs, `k` the output, from 0.
    """
    e = 0 * x + 1  # a vector of ones
    option_a = g[k] * outer(x, x)
    option_b = g[k] * outer(x * x, e)
    option_c = x[k] * outer(x, g)
    option_d = g[k] * outer(e, e)
    return option_a, option_b, option_c, option_d


def tied_differences(x, g, k, lam):
    """The same when A_ij and A_ji are one number and move together, as in a layer that keeps A symmetric."""
    return weight_differences(x, g, k, lam, tied=True)


def weight_differences(x, g, k, lam, tied=False):
    """∂L/∂A⁽ᵏ⁾, (M, M), by central differences: exact, since L = Σ g_k y_k is linear in every parameter."""
    M = len(x)
    zero_b, zero_c = _zeros(len(g), M), _zeros(len(g))
    found = _zeros(M, M)
    for i, j in product(range(M), repeat=2):
        step = _zeros(len(g), M, M)
        step[k, i, j] = 1
        step[k, j, i] = 1 if tied else step[k, j, i]
        up, down = (g @ quadratic_layer(x, sign * step, zero_b, zero_c, lam) for sign in (1, -1))
        found[i, j] = (up - down) // 2
    return found


@derivation
def quadratic_gradients(lam, g, A_11, A_12, b_1, c, x_1, x_2, r):
    """Derivatives of a loss by what a quadratic layer with two inputs and one output reads and learns; all symbols.

    `g` the derivative of the loss by the output, `r` the terms with the second input alone. Returns those by x₁, b₁ and c.
    """
    y = lam * (A_11 * x_1**2 + 2 * A_12 * x_1 * x_2) + b_1 * x_1 + c + r  # A is symmetric
    dy_dx1 = diff(y, x_1)
    dL_dx1 = g * dy_dx1  # chain rule; several outputs: the sum of such terms
    dL_db1 = g * diff(y, b_1)
    dL_dc = g * diff(y, c)
    return dL_dx1, dL_db1, dL_dc


def input_gradient_failures(formula, lam, bias, M, N, points, seed):
    """At how many random points a formula for ∂L/∂x differs from central differences, exact for a quadratic function.

    `formula` "right": Σ_j g_j (2λ Σ_m A_im x_m + b_i), else Σ_j Σ_m g_j (2 A_im x_m + b_i). `bias` 0 puts every b to zero.
    """
    generator = np.random.default_rng(seed)
    failures = 0
    for _ in range(points):
        A, b, c = random_quadratic_layer(M, N, generator)
        b = bias * b
        x, g = _integers(generator, M), _integers(generator, N)
        sums = g @ (2 * lam * (A @ x) + b) if formula == "right" else g @ (2 * (A @ x) + M * b)
        steps = np.eye(M, dtype=int).astype(object)
        rows = [[g @ quadratic_layer(x + sign * step, A, b, c, lam) for sign in (1, -1)] for step in steps]
        failures += any(2 * value != up - down for value, (up, down) in zip(sums, rows))
    return failures


def _zeros(*shape):
    return np.zeros(shape, dtype=int).astype(object)


def _integers(generator, *shape):
    return generator.integers(-5, 6, shape).astype(object)
