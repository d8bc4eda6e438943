"""PyTorch programs as text, for a page to show. PyTorch itself is not needed."""


def torch_mlp(sizes, lr, dropout) -> str:
    """A classifier of tanh layers for flattened images, its weights drawn for each layer's sizes, and its optimizer.

    `sizes` of all layers; `lr` of Adam; `dropout` the share of hidden values dropped. Returns the program.
    """
    hidden = [
        f"    dense({inputs}, {outputs}), nn.Tanh(), nn.Dropout({float(dropout):g}),"
        for inputs, outputs in zip(sizes[:-2], sizes[1:-1])
    ]
    return "\n".join(
        [
            *("from torch import nn, optim", "", ""),
            "def dense(inputs, outputs):",
            "    layer = nn.Linear(inputs, outputs)",
            "    nn.init.xavier_normal_(layer.weight)  # a spread for the sizes of this layer",
            "    nn.init.zeros_(layer.bias)",
            *("    return layer", "", ""),
            "network = nn.Sequential(",
            "    nn.Flatten(),",
            *hidden,
            f"    dense({sizes[-2]}, {sizes[-1]}),  # logits: no activation behind them",
            "    nn.LogSoftmax(dim=1),  # what the NLL loss takes",
            ")",
            f"optimizer = optim.Adam(network.parameters(), lr={float(lr):g})",
        ]
    )
