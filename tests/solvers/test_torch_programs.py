"""PyTorch programs: they are Python, their layers fit together, and the repairs stand in them."""

import ast

import pytest

from solvers.parameters import mlp_params
from solvers.torch_programs import torch_mlp

PAPER = [3072, 512, 256, 10]


def layers(program):
    """Name and arguments of every layer in the one Sequential of a program, read from its syntax tree."""
    (model,) = [
        n for n in ast.walk(ast.parse(program)) if isinstance(n, ast.Call) and ast.unparse(n.func) == "nn.Sequential"
    ]
    return [(ast.unparse(call.func), [ast.literal_eval(value) for value in call.args]) for call in model.args]


@pytest.mark.parametrize("sizes", [PAPER, [4, 3], [7, 5, 2], [9, 8, 7, 6, 5]])
def test_every_layer_takes_what_the_one_before_gives(sizes):
    linear = [values for name, values in layers(torch_mlp(sizes, 0.01, 0.5)) if name == "dense"]
    assert linear == [list(pair) for pair in zip(sizes, sizes[1:])]
    assert sum(a * b + b for a, b in linear) == mlp_params(sizes)


def test_the_repairs_stand_in_the_program():
    program = torch_mlp(PAPER, 0.001, 0.1)
    names = [name for name, _ in layers(program)]
    assert names[0] == "nn.Flatten" and names[-2:] == ["dense", "nn.LogSoftmax"]
    assert names.count("nn.Tanh") == names.count("nn.Dropout") == 2
    assert "lr=0.001)" in program and "xavier_normal_" in program and "std=" not in program
