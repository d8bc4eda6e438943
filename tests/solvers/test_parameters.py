from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from solvers.parameters import (
    batchnorm_params,
    conv1d_params,
    conv2d_params,
    dense_params,
    lstm_hidden_size,
    lstm_params,
    lstm_projection_params,
    mixed_lstm_count,
    mlp_params,
)

few = st.integers(1, 12)


def count(*shapes):
    """The numbers in arrays of these shapes, counted by building them."""
    return sum(np.zeros(shape).size for shape in shapes)


def lstm_shapes(inputs, cell, hidden):
    """Weights by the input and by the previous output, and a bias, for each of the four gates of a cell."""
    return [(cell, inputs), (cell, hidden), (cell,)] * 4


COUNTS = {  # solver -> the shapes of its layer's arrays, from the same arguments
    conv2d_params: (3, lambda k, c, f: [(f, c, k, k), (f,)]),
    conv1d_params: (3, lambda k, c, f: [(f, c, k), (f,)]),
    dense_params: (2, lambda i, o: [(o, i), (o,)]),
    lstm_params: (2, lambda i, h: lstm_shapes(i, h, h)),
    lstm_projection_params: (3, lambda i, c, h: [*lstm_shapes(i, c, h), (h, c)]),
}


@pytest.mark.parametrize("solver", COUNTS, ids=lambda solver: solver.__name__)
@given(data=st.data())
def test_a_count_is_the_size_of_the_arrays(solver, data):
    arity, shapes = COUNTS[solver]
    arguments = [data.draw(few) for _ in range(arity)]
    assert solver(*arguments) == count(*shapes(*arguments))
    assert solver.trace(*arguments)["N"] == solver(*arguments)


@given(few)
def test_batch_normalization_learns_two_arrays_and_records_two(channels):
    assert batchnorm_params(channels) == (count((channels,), (channels,)), count((channels,), (channels,)))
    assert batchnorm_params.trace(channels).result == batchnorm_params(channels)


@given(st.lists(few, min_size=2, max_size=6))
def test_a_perceptron_is_its_dense_layers(sizes):
    shapes = [shape for i, o in pairwise(sizes) for shape in [(o, i), (o,)]]
    trace = mlp_params.trace(sizes)
    assert mlp_params(sizes) == trace["total"] == count(*shapes)
    assert [trace[f"N.{layer}"] for layer in range(1, len(sizes))] == [dense_params(i, o) for i, o in pairwise(sizes)]


@given(few, few, few, few)
def test_the_mixed_count_is_that_of_its_impossible_arrays(inputs, hidden, cell, outputs):
    gate = [(hidden, inputs), (hidden, hidden), (hidden,)]
    candidate = [(cell, inputs), (cell, hidden), (cell,)]
    total = count(*gate * 3, *candidate, (outputs, hidden), (outputs,))
    assert mixed_lstm_count(inputs, hidden, cell, outputs) == total
    assert mixed_lstm_count.trace(inputs, hidden, cell, outputs)["N"] == total


@given(few, few, few)
def test_with_equal_sizes_the_mixed_count_is_an_lstm_and_its_output_layer(inputs, hidden, outputs):
    expected = lstm_params(inputs, hidden) + dense_params(hidden, outputs)
    assert mixed_lstm_count(inputs, hidden, hidden, outputs) == expected


@given(few, few, few)
def test_a_convolution_over_a_sequence_is_narrower_than_over_an_image(kernel, channels, filters):
    assume(kernel > 1)
    assert conv1d_params(kernel, channels, filters) < conv2d_params(kernel, channels, filters)
    assert conv1d_params(1, channels, filters) == conv2d_params(1, channels, filters)


# the hidden size of an LSTM from its count


def by_trial(params, inputs):
    """The only H from 1 to 200 with that many parameters, or None."""
    return next((h for h in range(1, 201) if count(*lstm_shapes(inputs, h, h)) == params), None)


@given(st.integers(1, 60), st.integers(1, 60))
def test_a_hidden_size_is_found_from_its_count(inputs, hidden):
    params = count(*lstm_shapes(inputs, hidden, hidden))
    trace = lstm_hidden_size.trace(params, inputs)
    assert trace["H"] == hidden
    assert trace["N"] == params
    assert trace.line("H").exact


@given(st.integers(1, 5_000), st.integers(1, 20))
def test_it_is_an_integer_only_when_such_a_layer_exists(params, inputs):
    found = lstm_hidden_size.trace(params, inputs)["H"]
    expected = by_trial(params, inputs)
    whole = not isinstance(found, float) and Fraction(found).denominator == 1
    assert whole is (expected is not None)
    assert not whole or found == expected


@given(st.integers(1, 5_000), st.integers(1, 20))
def test_the_root_put_back_gives_the_count(params, inputs):
    hidden, again = lstm_hidden_size(params, inputs)
    assert hidden > 0
    assert again == pytest.approx(params)
