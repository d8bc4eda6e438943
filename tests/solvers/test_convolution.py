from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.signal import convolve2d, correlate2d
from scipy.special import expit

from solvers.arrays import array
from solvers.convolution import (
    coefficients,
    conv_classifier,
    conv_layer,
    correlate,
    dot,
    flip,
    patches,
    pool_layer,
    right_sides,
    stack_columns,
    stack_rows,
    unknown_filter_row,
    window_row,
    window_rows,
)


def places(padded, kernel, stride):
    """Where the filter lies inside the padded input, counted one by one."""
    count, corner = 0, 0
    while corner + kernel <= padded:
        count, corner = count + 1, corner + stride
    return count


def by_loops(image, kernel):
    """Cross-correlation by loops, the filter not flipped."""
    rows = len(image) - len(kernel) + 1
    columns = len(image[0]) - len(kernel[0]) + 1
    return [
        [
            sum(image[i + p][j + q] * kernel[p][q] for p in range(len(kernel)) for q in range(len(kernel[0])))
            for j in range(columns)
        ]
        for i in range(rows)
    ]


# layers


@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 70), st.integers(0, 4), st.integers(1, 5))
def test_a_convolution_has_an_output_for_every_place_of_its_filter(size, kernel, filters, padding, stride):
    assume(kernel <= size + 2 * padding)
    n_out = places(size + 2 * padding, kernel, stride)
    assert conv_layer(size, kernel, filters, padding, stride) == (n_out, n_out, filters)


@given(st.integers(1, 12), st.integers(1, 5), st.integers(0, 2))
def test_with_stride_1_it_is_the_size_of_a_real_correlation(size, kernel, padding):
    assume(kernel <= size + 2 * padding)
    padded = np.pad(np.ones((size, size)), padding)
    made = correlate2d(padded, np.ones((kernel, kernel)), mode="valid")
    assert conv_layer(size, kernel, 1, padding)[:2] == made.shape


@pytest.mark.parametrize(
    "size, kernel, padding, stride, n_out",
    [
        (5, 5, 0, 1, 1),
        (5, 5, 0, 3, 1),
        (7, 3, 0, 3, 2),
        (8, 3, 0, 3, 2),
        (9, 3, 0, 3, 3),
        (6, 1, 0, 1, 6),
        (3, 5, 1, 1, 1),
        (7, 3, 1, 1, 7),
    ],
    ids=["kernel is the input", "the same with a stride", "stride does not divide", "nor here",
         "stride divides", "kernel 1", "kernel fits the padding only", "same size"],
)  # fmt: skip
def test_convolutions_at_the_edges(size, kernel, padding, stride, n_out):
    assert conv_layer(size, kernel, 4, padding, stride) == (n_out, n_out, 4)
    assert conv_layer.trace(size, kernel, 4, padding, stride)["n_out"] == n_out


@pytest.mark.parametrize("call", [conv_layer, conv_layer.trace], ids=["called", "traced"])
def test_a_filter_larger_than_its_input_is_refused(call):
    with pytest.raises(ValueError, match="kernel 6 is larger than the padded input 5"):
        call(3, 6, 1, padding=1)


@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 70))
def test_pooling_has_an_output_for_every_window_side_by_side(size, window, channels):
    assume(window <= size)
    n_out = places(size, window, window)
    assert pool_layer(size, window, channels) == (n_out, n_out, channels)


@pytest.mark.parametrize("size, window, n_out", [(4, 4, 1), (7, 2, 3), (5, 1, 5), (8, 2, 4)], ids=str)
def test_pooling_at_the_edges(size, window, n_out):
    assert pool_layer(size, window, 3) == (n_out, n_out, 3)


# a layer without an output is refused like a convolution that does not fit
@pytest.mark.parametrize("size, window", [(2, 3), (1, 9)], ids=str)
def test_a_window_larger_than_its_input_is_refused(size, window):
    with pytest.raises(ValueError, match=str(window)):
        pool_layer(size, window, 1)


# an unknown row of a filter

cell = st.integers(-4, 4)
matrix = lambda rows, columns: st.lists(  # noqa: E731
    st.lists(cell, min_size=columns, max_size=columns), min_size=rows, max_size=rows
)


@given(matrix(3, 5), matrix(3, 3))
def test_a_filter_row_is_found_from_its_outputs(image, kernel):
    outputs = by_loops(image, kernel)[0]
    assume(round(np.linalg.det([image[0][t : t + 3] for t in range(3)])) != 0)
    assert unknown_filter_row(array(image), array(kernel[1:]), array(outputs)) == tuple(kernel[0])
    trace = unknown_filter_row.trace(array(image), array(kernel[1:]), array(outputs))
    assert [trace["x"], trace["y"], trace["z"]] == kernel[0]
    assert trace.line("x").exact


@given(matrix(3, 5), matrix(3, 3))
def test_each_right_hand_side_is_what_the_first_row_contributes(image, kernel):
    assume(round(np.linalg.det([image[0][t : t + 3] for t in range(3)])) != 0)
    outputs = by_loops(image, kernel)[0]
    trace = unknown_filter_row.trace(array(image), array(kernel[1:]), array(outputs))
    alone = by_loops(image, [kernel[0], [0, 0, 0], [0, 0, 0]])[0]
    assert [trace[f"rhs.{t}"] for t in (1, 2, 3)] == alone


def test_the_filter_is_not_flipped():
    image = [[1, 0, 0, 1, 0], [0] * 5, [0] * 5]
    # windows of the first row: 1 0 0, 0 0 1, 0 1 0; a flipped filter would give 9 8 7
    assert unknown_filter_row(array(image), array([[0] * 3] * 2), array([7, 9, 8])) == (7, 8, 9)


def test_a_row_may_be_fractions():
    image = [[1, 0, 0, 2, 0], [1] * 5, [1] * 5]
    kernel = [[Fraction(1, 3), Fraction(-2, 7), Fraction(5, 2)], [1, 2, 3], [4, 5, 6]]
    outputs = by_loops(image, kernel)[0]
    assert unknown_filter_row(array(image), array(kernel[1:]), array(outputs)) == tuple(kernel[0])


def test_windows_that_say_the_same_are_refused():
    with pytest.raises(ValueError, match="singular"):
        unknown_filter_row(array([[1] * 5] * 3), array([[0] * 3] * 2), array([1, 1, 1]))


# its pieces


def test_windows_are_the_pixels_under_the_filter():
    image = array([[10 * row + column for column in range(5)] for row in range(3)])
    assert window_row(image, 0, 1).tolist() == [0, 1, 2]
    assert window_row(image, 2, 3).tolist() == [22, 23, 24]
    assert window_rows(image, 2).tolist() == [[11, 12, 13], [21, 22, 23]]


@given(matrix(2, 3), matrix(2, 3))
def test_dot_is_the_sum_of_products(a, b):
    assert dot(a, b) == int(np.sum(np.array(a) * np.array(b)))


def test_equations_are_taken_apart():
    equations = [(array([1, 2]), 3), (array([4, 5]), 6)]
    assert coefficients(equations).tolist() == [[1, 2], [4, 5]]
    assert right_sides(equations).tolist() == [3, 6]


# a filter applied


@given(matrix(4, 5), matrix(2, 3))
def test_a_filter_is_laid_on_without_being_flipped(image, kernel):
    assert correlate(array(image), array(kernel)).tolist() == by_loops(image, kernel)
    assert correlate(array(image), array(kernel)).tolist() == correlate2d(image, kernel, mode="valid").tolist()


@given(matrix(4, 3), matrix(2, 2))
def test_a_flipped_filter_gives_the_convolution_of_mathematics(image, kernel):
    assert correlate(array(image), flip(kernel)).tolist() == convolve2d(image, kernel, mode="valid").tolist()
    assert flip(flip(kernel)).tolist() == kernel


def test_patches_go_row_by_row():
    image = array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert [patch.tolist()[0][0] for patch in patches(image, array([[0, 0], [0, 0]]))] == [1, 2, 4, 5]


@pytest.mark.parametrize("kernel", [[[1] * 4], [[1]] * 3], ids=["too wide", "too high"])
def test_a_filter_that_does_not_fit_is_refused(kernel):
    with pytest.raises(ValueError, match="does not fit"):
        patches(array([[1, 2, 3], [4, 5, 6]]), array(kernel))


@given(matrix(3, 2))
def test_stacking(values):
    assert stack_columns(values).tolist() == np.array(values).flatten(order="F").tolist()
    assert stack_rows(values).tolist() == np.array(values).flatten(order="C").tolist()


@given(matrix(3, 3), matrix(2, 2), matrix(1, 4), cell, cell)
def test_a_small_network_end_to_end(image, kernel, weights, b, b_out):
    trace = conv_classifier.trace(array(image), array(kernel), b, array(weights[0]), b_out)
    hidden = np.maximum(correlate2d(image, kernel, mode="valid") + b, 0)
    z_out = sum(w * h for w, h in zip(weights[0], [hidden[0, 0], hidden[1, 0], hidden[0, 1], hidden[1, 1]])) + b_out
    assert trace["z_out"] == z_out
    assert trace["P"] == pytest.approx(expit(float(z_out)))
    assert [trace[f"s.{p}"] + b for p in (1, 2, 3, 4)] == trace["z_1"].flatten().tolist()


# every 2 × 2 window of this chequered image looks the same upside down, so flipping the filter changes nothing
def test_a_chequered_image_hides_the_flip():
    image, kernel = array([[1, 0, 1], [0, 1, 0], [1, 0, 1]]), array([[-1, -2], [1, 2]])
    assert correlate(image, kernel).tolist() == correlate2d(image.astype(int), kernel.astype(int), "valid").tolist()
    assert correlate(image, flip(kernel)).tolist() == correlate(image, kernel).tolist() == [[1, -1], [-1, 1]]


@pytest.mark.parametrize("shape", [(2, 3), (3, 2), (2, 2)])
def test_a_filter_may_fit_in_one_place_across_or_down(shape):
    image = np.arange(shape[0] * shape[1]).reshape(shape)
    found = patches(image, np.ones((2, 2)))
    assert [patch.tolist() for patch in found] == np.lib.stride_tricks.sliding_window_view(image, (2, 2)).reshape(
        -1, 2, 2
    ).tolist()
