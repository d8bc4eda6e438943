"""Keras programs as text, and what `model.summary()` has to say of them, found by reading the program.

Keras itself is not needed: a program is parsed, and every layer's output shape and parameter count is recomputed.
"""

from __future__ import annotations

import ast
from typing import Any

from solvers.convolution import conv_layer, pool_layer
from solvers.parameters import conv2d_params, dense_params


def keras_convolutions(size, channels, kernel, filters_1, filters_2, window) -> str:
    """The program of two convolutions and a max pooling."""
    return "\n".join(
        [
            "from tensorflow.keras import Sequential, layers",
            "",
            "model = Sequential([",
            f"    layers.Input(shape=({size}, {size}, {channels})),",
            f'    layers.Conv2D({filters_1}, ({kernel}, {kernel}), activation="relu"),',
            f'    layers.Conv2D({filters_2}, ({kernel}, {kernel}), activation="relu"),',
            f"    layers.MaxPooling2D(({window}, {window})),",
            "])",
        ]
    )


def keras_classifier(size, channels, kernel, filters_1, filters_2, window, units) -> str:
    """The same with a dense layer and one sigmoid output, compiled for binary classification."""
    head = [
        "    layers.Flatten(),",
        f'    layers.Dense({units}, activation="relu"),',
        '    layers.Dense(1, activation="sigmoid"),',
        "])",
        'model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])',
    ]
    return "\n".join(
        [keras_convolutions(size, channels, kernel, filters_1, filters_2, window).removesuffix("\n])"), *head]
    )


def keras_params(program: str) -> int:
    """All trainable parameters of the Sequential model in a program."""
    return sum(count for _, _, count in keras_summary(program))


def keras_summary(program: str) -> list[tuple[str, tuple[int, ...], int]]:
    """(layer, output shape, trainable parameters) of every layer of the one Sequential model in a program.

    Reads Input, Conv2D, MaxPooling2D, Flatten and Dense with positional numbers, padding "valid" and stride 1 (the
    window, when pooling). Raises ValueError for anything else.
    """
    calls = [node for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Call)]
    models = [call for call in calls if getattr(call.func, "id", "") == "Sequential"]
    if len(models) != 1 or not isinstance(models[0].args[0], ast.List):
        raise ValueError(f"the program has {len(models)} Sequential models; one with a list of layers is read")
    shape: tuple[int, ...] = ()
    rows = []
    for layer in models[0].args[0].elts:
        name, arguments, options = _layer(layer)
        shape, count = _through(name, arguments, options, shape)
        if name != "Input":
            rows.append((name, shape, count))
    return rows


def _layer(node: ast.expr) -> tuple[str, list[Any], dict[str, Any]]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        raise ValueError(f"{ast.unparse(node)} is not a layer")
    options = {keyword.arg or "": ast.literal_eval(keyword.value) for keyword in node.keywords}
    return node.func.attr, [ast.literal_eval(argument) for argument in node.args], options


def _through(
    name: str, arguments: list[Any], options: dict[str, Any], shape: tuple[int, ...]
) -> tuple[tuple[int, ...], int]:
    if set(options) - {"shape", "activation"}:
        raise ValueError(f"{name}: the options {sorted(set(options) - {'shape', 'activation'})} are not read")
    match name, arguments:
        case "Input", []:
            return tuple(options["shape"]), 0
        case "Conv2D", [filters, (kernel, same)] if kernel == same:
            return tuple(conv_layer(shape[0], kernel, filters)), conv2d_params(kernel, shape[2], filters)
        case "MaxPooling2D", [(window, same)] if window == same:
            return tuple(pool_layer(shape[0], window, shape[2])), 0
        case "Flatten", []:
            return (shape[0] * shape[1] * shape[2],), 0
        case "Dense", [units] if len(shape) == 1:
            return (units,), dense_params(shape[0], units)
    raise ValueError(f"{name}{tuple(arguments)} after the shape {shape} is not read")
