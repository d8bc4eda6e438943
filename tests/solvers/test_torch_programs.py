"""PyTorch programs: they are Python, and their parameter counts agree with counting by hand."""

import ast

import pytest

from solvers.parameters import mlp_params
from solvers.torch_programs import torch_mlp, torch_params

PROGRAM = torch_mlp([3072, 512, 256, 10], 0.001, 0.1)


# 3072·512 + 512 + 512·256 + 256 + 256·10 + 10
def test_the_count_by_hand_and_by_the_other_solver():
    by_hand = 3072 * 512 + 512 + 512 * 256 + 256 + 256 * 10 + 10
    assert torch_params(PROGRAM) == by_hand == mlp_params([3072, 512, 256, 10])


@pytest.mark.parametrize("sizes", [[4, 3], [7, 5, 2], [9, 8, 7, 6, 5]])
def test_other_sizes(sizes):
    program = torch_mlp(sizes, 0.01, 0.5)
    ast.parse(program)
    assert torch_params(program) == sum(a * b + b for a, b in zip(sizes, sizes[1:]))


def test_the_repairs_stand_in_the_program():
    body = PROGRAM[PROGRAM.index("nn.Sequential(") : PROGRAM.index("self.log_softmax")]
    assert body.count("nn.Tanh()") == 2 and body.rindex("nn.Tanh()") < body.rindex("nn.Linear")
    assert "nn.Linear(256, output_size)" in body
    assert "lr=0.001," in PROGRAM and "xavier_normal_" in PROGRAM and "std=0.01" not in PROGRAM


@pytest.mark.parametrize(
    "change, message",
    [
        (("nn.Linear(512, 256)", "nn.Linear(500, 256)"), "after a layer of 512"),
        (("nn.Tanh()", "nn.Conv2d(3, 4)"), "is not read"),
        (("nn.Sequential(", "list("), "0 Sequential models"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        torch_params(PROGRAM.replace(*change))
