import ast
from math import prod

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from solvers.keras import keras_classifier, keras_convolutions, keras_params, keras_summary

few = st.integers(1, 6)


def by_building(size, channels, kernel, filters_1, filters_2, window, units=None):
    """(shape, parameters) of every layer, from arrays of the layer's shapes and places counted one by one."""
    rows = []
    side = size
    for depth, filters in ((channels, filters_1), (filters_1, filters_2)):
        side = sum(1 for corner in range(side) if corner + kernel <= side)
        rows.append(((side, side, filters), np.zeros((filters, depth, kernel, kernel)).size + filters))
    side = sum(1 for corner in range(0, side, window) if corner + window <= side)
    rows.append(((side, side, filters_2), 0))
    if units is not None:
        flat = np.zeros((side, side, filters_2)).size
        rows += [((flat,), 0), ((units,), np.zeros((units, flat)).size + units), ((1,), units + 1)]
    return rows


@given(st.integers(8, 30), few, st.integers(1, 4), few, few, st.integers(1, 2), few)
def test_the_summary_is_that_of_the_layers_built(size, channels, kernel, filters_1, filters_2, window, units):
    program = keras_classifier(size, channels, kernel, filters_1, filters_2, window, units)
    expected = by_building(size, channels, kernel, filters_1, filters_2, window, units)
    summary = keras_summary(program)
    assert [(shape, count) for _, shape, count in summary] == expected
    assert [name for name, _, _ in summary] == [
        "Conv2D",
        "Conv2D",
        "MaxPooling2D",
        "Flatten",
        "Dense",
        "Dense",
    ]
    assert keras_params(program) == sum(count for _, count in expected)


@given(st.integers(8, 30), few, st.integers(1, 4), few, few, st.integers(1, 2))
def test_the_convolutions_alone(size, channels, kernel, filters_1, filters_2, window):
    arguments = (size, channels, kernel, filters_1, filters_2, window)
    summary = keras_summary(keras_convolutions(*arguments))
    assert [(shape, count) for _, shape, count in summary] == by_building(*arguments)


@given(st.integers(8, 20), few, few)
def test_flattening_loses_nothing(size, channels, filters):
    summary = keras_summary(keras_classifier(size, channels, 3, filters, filters, 2, 4))
    pooled, flat = (next(shape for name, shape, _ in summary if name == kind) for kind in ("MaxPooling2D", "Flatten"))
    assume(prod(pooled))
    assert flat == (prod(pooled),)


def test_the_classifier_is_the_convolutions_with_a_head():
    short, long = keras_convolutions(20, 3, 5, 4, 6, 2), keras_classifier(20, 3, 5, 4, 6, 2, 10)
    assert long.startswith(short.removesuffix("\n])"))
    assert ast.parse(long)
    assert "binary_crossentropy" in long


MODEL = "model = Sequential([layers.Input(shape=(8, 8, 3)), {}])"


@pytest.mark.parametrize(
    "program, told",
    [
        ("x = 1", "0 Sequential models"),
        ("Sequential([])\nSequential([])", "2 Sequential models"),
        (MODEL.format("layers.Dropout(0.5)"), "Dropout.*is not read"),
        (MODEL.format("layers.Conv2D(4, (3, 5))"), "Conv2D.*is not read"),
        (MODEL.format('layers.Conv2D(4, (3, 3), padding="same")'), "Conv2D: the options.*padding"),
        (MODEL.format("layers.Dense(4)"), "Dense.*after the shape"),
        (MODEL.format("layers.Conv2D(4, (9, 9))"), "kernel 9 is larger than the padded input 8"),
        (MODEL.format("3"), "3 is not a layer"),
    ],
    ids=[
        "no model",
        "two models",
        "unknown layer",
        "not square",
        "option",
        "dense on an image",
        "too large",
        "number",
    ],
)
def test_what_is_not_read_is_refused_by_name(program, told):
    with pytest.raises(ValueError, match=told):
        keras_summary(program)
