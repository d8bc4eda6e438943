from fractions import Fraction
from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers.quadratic_layer import (
    affine_defect,
    antisymmetric_part,
    count_mismatches,
    eigenvalue_discriminant,
    input_gradient_failures,
    neighbour_influence,
    omega_options,
    outer,
    pooling_defect,
    quadratic_form,
    quadratic_gradients,
    quadratic_layer,
    quadratic_params,
    quadratic_ratio,
    random_quadratic_layer,
    shift_defect,
    symmetric_split,
    tied_differences,
    transpose,
    weight_differences,
)
from solvers.symbolic import positive, variable

sizes = st.integers(1, 6)
seeds = st.integers(0, 10**6)
DRAWN = np.random.default_rng(3)


def layer(M, N, seed=0):
    return random_quadratic_layer(M, N, np.random.default_rng(seed))


# the layer


@given(sizes, sizes, seeds)
def test_the_layer_is_the_formula_written_as_sums(M, N, seed):
    A, b, c = layer(M, N, seed)
    x = np.random.default_rng(seed + 1).integers(-9, 10, M).astype(object)
    floats = np.einsum("i,kij,j->k", x.astype(float), A.astype(float), x.astype(float))
    expected = 0.5 * floats + b.astype(float) @ x.astype(float) + c.astype(float)
    found = quadratic_layer(x, A, b, c, Fraction(1, 2))
    assert found.astype(float) == pytest.approx(expected)
    assert all(isinstance(value, int | Fraction) for value in found)


@given(sizes, sizes, seeds)
def test_random_layers_are_symmetric_and_whole(M, N, seed):
    A, b, c = layer(M, N, seed)
    assert (A.shape, b.shape, c.shape) == ((N, M, M), (N, M), (N,))
    assert np.array_equal(A, A.transpose(0, 2, 1))
    assert set(map(type, A.flat)) == {int}


# counts: the monomials of degree at most 2, one by one


@given(sizes, sizes)
def test_a_layer_has_one_parameter_per_monomial(M, N):
    monomials = [m for degree in (0, 1, 2) for m in combinations_with_replacement(range(M), degree)]
    assert quadratic_params.trace(M, N)["P_Q"] == N * len(monomials)
    assert quadratic_params(M, N) == N * len(monomials)


@pytest.mark.parametrize("M", [1, 2, 3, 10, 57], ids=str)
@pytest.mark.parametrize("N", [1, 4, 9], ids=str)
def test_the_ratio_is_that_of_two_numbers(M, N):
    m, n = positive("M"), positive("N")
    ratio = quadratic_ratio(quadratic_params.trace(m, n)["P_Q"], m, n)
    free = np.triu(np.ones((M, M))).sum() + M + 1
    assert float(ratio.subs({m: M, n: N})) == pytest.approx(N * free / (N * M + N))


def test_a_ratio_that_does_not_hold_is_refused():
    m, n = positive("M"), positive("N")
    with pytest.raises(ValueError, match="does not hold"):
        quadratic_ratio(n * (m**2 + m + 1), m, n)  # all elements of a matrix counted


def test_no_shape_is_counted_otherwise():
    assert count_mismatches(9) == 0


# the symmetric part


@given(seeds)
def test_what_the_antisymmetric_part_leaves_is_symmetric(seed):
    A = np.random.default_rng(seed).integers(-9, 10, (4, 4)).astype(object)
    K = antisymmetric_part(A)
    S = A - K
    assert (S == S.T).all() and (K == -K.T).all()
    assert transpose(A).tolist() == [list(column) for column in zip(*A.tolist())]


@given(seeds, st.integers(-(10**6), 10**6))
def test_the_form_does_not_see_the_antisymmetric_part(seed, t):
    drawn = np.random.default_rng(seed)
    A, x = drawn.integers(-9, 10, (3, 3)).astype(object), drawn.integers(-9, 10, 3).astype(object)
    form = sum(A[i, j] * x[i] * x[j] for i in range(3) for j in range(3))
    split = symmetric_split.trace(A, x[:, None], t)
    assert (split["q"], split["q_T"], split["q_t"], split["q_K"]) == (form, form, form, 0)
    assert (split["A_t"] + split["A_t"].T == A + A.T).all()


def test_the_gradient_of_a_form_by_its_matrix_is_the_difference_of_forms():
    x = np.array([[2], [3]], dtype=object)
    A = np.array([[1, 5], [-3, 2]], dtype=object)
    split = symmetric_split.trace(A, x, 1000)
    for i in range(2):
        for j in range(2):
            step = np.zeros((2, 2), dtype=int).astype(object)
            step[i, j] = 1
            assert split["G"][i, j] == quadratic_form(A + step, x) - quadratic_form(A, x)


def trained(optimizer, steps=300):
    """A quadratic form with a free matrix, fitted to another one; the matrix before and after."""
    drawn = np.random.default_rng(7)
    A, target = drawn.normal(size=(2, 3, 3))
    start, m, v = A.copy(), np.zeros((3, 3)), np.zeros((3, 3))
    for step in range(1, steps + 1):
        x = drawn.normal(size=3)
        G = 2 * (x @ (A - target) @ x) * np.outer(x, x)
        m, v = 0.9 * m + 0.1 * G, 0.999 * v + 0.001 * G**2
        if optimizer == "momentum":
            A = A - 0.001 * m
        elif optimizer == "adam":
            A = A - 0.01 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
        else:
            A = A - 0.001 * G
    return start, A


@pytest.mark.parametrize("optimizer", ["descent", "momentum", "adam"])
def test_no_optimizer_moves_the_antisymmetric_part(optimizer):
    start, end = trained(optimizer)
    assert np.abs(end - start).max() > 0.05
    assert end - end.T == pytest.approx(start - start.T, abs=1e-9)


@given(seeds)
def test_the_discriminant_tells_complex_eigenvalues(seed):
    A = np.random.default_rng(seed).integers(-5, 6, (2, 2))
    complex_ones = bool(np.iscomplex(np.roots([1, -np.trace(A), round(np.linalg.det(A))])).any())
    assert (eigenvalue_discriminant(A.tolist()) < 0) == complex_ones


def test_an_outer_product_has_all_products():
    assert outer(np.array([1, 2]), np.array([[3], [4]])).tolist() == [[3, 4], [6, 8]]


# what kind of layer


@pytest.mark.parametrize("seed", range(5))
def test_only_without_the_quadratic_term_a_layer_is_affine(seed):
    assert affine_defect(0, 3, 4, seed) == 0
    assert affine_defect(1, 3, 4, seed) > 0
    assert pooling_defect(3, seed) > 0


@pytest.mark.parametrize("seed", range(5))
def test_a_random_layer_is_no_convolution(seed):
    assert shift_defect(0, 3, seed) > 0


def test_a_circular_convolution_would_have_no_shift_defect(monkeypatch):
    rows = np.array([[2, 5, 1], [1, 2, 5], [5, 1, 2]], dtype=object)  # one filter, moved around
    one_filter = (np.zeros((3, 3, 3), dtype=int).astype(object), rows, np.array([4, 4, 4], dtype=object))
    monkeypatch.setitem(shift_defect.__globals__, "random_quadratic_layer", lambda *_: one_filter)
    assert shift_defect(0, 3, 0) == 0


@pytest.mark.parametrize("seed", range(5))
def test_the_influence_of_the_next_input_is_a_weight_when_there_is_no_quadratic_term(seed):
    b = layer(4, 4, seed)[1]
    assert neighbour_influence(0, 4, seed) == max(abs(b[k][(k + 1) % 4]) for k in range(4)) > 0


def test_a_layer_that_scales_every_feature_by_itself_has_none(monkeypatch):
    scales = (
        np.zeros((3, 3, 3), dtype=int).astype(object),
        np.diag([2, 5, 1]).astype(object),
        np.ones(3, dtype=object),
    )
    monkeypatch.setitem(neighbour_influence.__globals__, "random_quadratic_layer", lambda *_: scales)
    assert neighbour_influence(0, 3, 0) == 0


# gradients: reverse mode by hand against differences in floating point


def loss(x, A, b, c, lam, target):
    y = lam * np.einsum("i,kij,j->k", x, A, x) + b @ x + c
    return np.sum(np.tanh(y / 50) * target), y


def slopes(f, at, h=1e-5):
    found = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        step = np.zeros_like(at)
        step[place] = h
        found[place] = (f(at + step) - f(at - step)) / (2 * h)
    return found


@pytest.mark.parametrize("M, N, lam", [(1, 1, 1.0), (3, 2, 1.0), (2, 4, 0.3), (4, 3, -2.0)])
def test_every_gradient_of_the_page_for_a_loss_that_is_not_linear(M, N, lam):
    drawn = np.random.default_rng(M + 10 * N)
    A, b, c = drawn.normal(size=(N, M, M)), drawn.normal(size=(N, M)), drawn.normal(size=N)
    A = A + A.transpose(0, 2, 1)
    x, target = drawn.normal(size=M), drawn.normal(size=N)
    _, y = loss(x, A, b, c, lam, target)
    g = target * (1 - np.tanh(y / 50) ** 2) / 50
    by_x = slopes(lambda v: loss(v, A, b, c, lam, target)[0], x)
    assert by_x == pytest.approx(np.einsum("k,ki->i", g, 2 * lam * A @ x + b), abs=1e-7)
    by_A = slopes(lambda v: loss(x, v, b, c, lam, target)[0], A)
    assert by_A == pytest.approx(lam * np.einsum("k,i,j->kij", g, x, x), abs=1e-7)
    assert slopes(lambda v: loss(x, A, v, c, lam, target)[0], b) == pytest.approx(np.outer(g, x), abs=1e-7)
    assert slopes(lambda v: loss(x, A, b, v, lam, target)[0], c) == pytest.approx(g, abs=1e-7)
    if M > 1:  # as printed: the bias once for every input
        assert by_x != pytest.approx(np.einsum("k,ki->i", g, 2 * A @ x + M * b), abs=1e-4)


def test_the_symbolic_gradients_are_those_of_numbers():
    symbols = [variable(name) for name in ["lamda", "g", "A_11", "A_12", "b_1", "c", "x_1", "x_2", "r"]]
    values = [3, 5, 2, 7, 4, 8, 2, 3, 0]
    found = [int(value.subs(dict(zip(symbols, values)))) for value in quadratic_gradients(*symbols)]

    def loss_of(place, step):  # five times the output of the layer, one number moved
        lam, g, A_11, A_12, b_1, c, *x, _ = [value + step * (n == place) for n, value in enumerate(values)]
        A, b = np.array([[[A_11, A_12], [A_12, 9]]], dtype=object), np.array([[b_1, 6]], dtype=object)
        return g * quadratic_layer(np.array(x, dtype=object), A, b, [c], lam)[0]

    assert found == [(loss_of(place, 1) - loss_of(place, -1)) // 2 for place in (6, 4, 5)]


@given(seeds, st.integers(-3, 3))
def test_differences_by_the_matrix_are_the_outer_product(seed, lam):
    drawn = np.random.default_rng(seed)
    x, g = drawn.integers(-9, 10, 3).astype(object), drawn.integers(-9, 10, 2).astype(object)
    for k in range(2):
        free = weight_differences(x, g, k, lam)
        assert (free == lam * g[k] * np.multiply.outer(x, x)).all()
        assert (tied_differences(x, g, k, lam) == free * (2 - np.eye(3, dtype=int))).all()


def test_the_options_entry_by_entry():
    x, g = np.array([2, 3], dtype=object), np.array([5, 7], dtype=object)
    for k in range(2):
        cells = [lambda i, j: g[k] * x[i] * x[j], lambda i, j: g[k] * x[i] ** 2]  # noqa: B023
        cells += [lambda i, j: g[j] * x[k] * x[i], lambda i, j: g[k]]  # noqa: B023
        expected = [[[cell(i, j) for j in range(2)] for i in range(2)] for cell in cells]
        assert [option.tolist() for option in omega_options(x, g, k)] == expected


@pytest.mark.parametrize("lam, M, bias", [(3, 3, 1), (1, 3, 1), (1, 1, 1), (1, 3, 0), (-2, 2, 1)])
def test_the_right_formula_never_fails(lam, M, bias):
    assert input_gradient_failures("right", lam, bias, M, 2, 20, 5) == 0


@pytest.mark.parametrize("lam, M, bias, holds", [(1, 1, 1, True), (1, 3, 0, True), (1, 3, 1, False), (3, 1, 1, False)])
def test_the_printed_formula_holds_for_one_input_or_without_vectors_and_for_lambda_1(lam, M, bias, holds):
    found = input_gradient_failures("printed", lam, bias, M, 2, 20, 5)
    assert found == 0 if holds else found > 10


def test_a_symmetric_split_returns_the_form_before_and_after():
    A, x = np.array([[1, 5], [-3, 2]], dtype=object), np.array([[2], [7]], dtype=object)
    form = 1 * 2 * 2 + (5 - 3) * 2 * 7 + 2 * 7 * 7
    assert symmetric_split(A, x, 3) == (form, form)
