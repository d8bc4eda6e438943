"""PyTorch programs as text, and the parameter count that is found by reading them. PyTorch itself is not needed."""

from __future__ import annotations

import ast
from typing import Any

from solvers.parameters import dense_params


def torch_mlp(sizes, lr, dropout) -> str:
    """A classifier of tanh layers for flattened images, its weights drawn for each layer's sizes, and its optimizer.

    `sizes` of all layers; `lr` of Adam; `dropout` the share of hidden values dropped. Returns the program.
    """
    inputs, *hidden, outputs = sizes
    layers, before = [], "input_size"
    for units in hidden:
        layers += [f"nn.Linear({before}, {units}),", "nn.Tanh(),", f"nn.Dropout({float(dropout):g}),"]
        before = str(units)
    layers.append(f"nn.Linear({before}, output_size),  # logits: no activation behind it")
    return "\n".join(
        [
            *("import torch", "from torch import nn", "", "", "class MyMLP(nn.Module):"),
            f"    def __init__(self, input_size={inputs}, output_size={outputs}):",
            *("        super().__init__()", "        self.layers = nn.Sequential("),
            *(f"            {layer}" for layer in layers),
            *("        )", "        self.log_softmax = nn.LogSoftmax(dim=-1)", "        self._reset_parameters()", ""),
            *("    def _reset_parameters(self):", "        for name, parameter in self.named_parameters():"),
            *(
                '            if name.endswith("bias"):',
                "                nn.init.zeros_(parameter)",
                "            else:",
            ),
            "                nn.init.xavier_normal_(parameter)  # a spread for this layer's sizes",
            *("", "    def forward(self, imgs):", "        logits = self.layers(imgs.flatten(start_dim=1))"),
            *("        return self.log_softmax(logits)  # what the NLL loss takes", "", "", "model = MyMLP()"),
            f"optimizer = torch.optim.Adam(model.parameters(), lr={float(lr):g}, betas=(0.9, 0.999))",
        ]
    )


def torch_params(program: str) -> int:
    """All trainable parameters of the linear layers in the one nn.Sequential of a program, biases counted.

    Sizes are numbers or arguments of `__init__` with defaults. Raises ValueError when a layer does not take what the
    one before it gives, or for a layer that is not read.
    """
    tree = ast.parse(program)
    models = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node) == "Sequential"]
    if len(models) != 1:
        raise ValueError(f"the program has {len(models)} Sequential models; one is read")
    defaults: dict[str, Any] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            names = [argument.arg for argument in node.args.args][-len(node.args.defaults) :]
            defaults |= dict(zip(names, map(ast.literal_eval, node.args.defaults)))
    total, width = 0, None
    for layer in models[0].args:
        if not isinstance(layer, ast.Call) or _called(layer) not in ("Linear", "Tanh", "Dropout"):
            raise ValueError(f"{ast.unparse(layer)} is not read")
        if _called(layer) == "Linear":
            inputs, outputs = (_size(argument, defaults) for argument in layer.args)
            if width not in (None, inputs):
                raise ValueError(f"{ast.unparse(layer)} after a layer of {width} outputs")
            total, width = total + dense_params(inputs, outputs), outputs
    return total


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _size(node: ast.expr, defaults: dict[str, Any]) -> int:
    return defaults[node.id] if isinstance(node, ast.Name) else ast.literal_eval(node)
