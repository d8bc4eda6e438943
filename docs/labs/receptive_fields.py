# ---
# jupyter:
#   description: "Receptive fields and output sizes of stacked convolutions, derived layer by layer and found by poking single pixels."
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # What one output sees
#
# The exam asks for the output size of one convolution. Here layers are stacked, and a second question joins the first: how much of the
# image can one output see? The answer is derived layer by layer and then found by force, by poking every pixel of an image.

# %%
import numpy as np
from matplotlib import pyplot as plt

from solvers.convolution import conv_layer
from solvers.site.labs import Lab

lab = Lab("receptive_fields")
layers = [(3, 1), (3, 2), (3, 1), (5, 2), (3, 1)]  # (kernel, stride) of each layer; no padding
image = 61

# %% [markdown]
# ## The law
#
# Two neighbouring outputs of a layer lie $j$ pixels apart in the image, and one output sees a square of $r$ pixels. In the image itself
# $j = r = 1$. A kernel of size $k$ looks at $k$ neighbours of the layer below, the outermost of which are $(k - 1) j$ pixels apart, so
# $r' = r + (k - 1) j$. A stride $s$ keeps every $s$-th output: $j' = s j$. The sizes [@dumoulin2016] come from the solver of
# the exam pages.


# %%
def predicted(layers, size):
    """(size, jump, receptive field) after each layer."""
    jump, field, rows = 1, 1, []
    for kernel, stride in layers:
        size = conv_layer.trace(size, kernel, filters=1, stride=stride)["n_out"]
        field, jump = field + (kernel - 1) * jump, stride * jump
        rows.append((size, jump, field))
    return rows


sizes, jumps, fields = zip(*predicted(layers, image))
lab.hold(
    "After each layer",
    kernel=[k for k, _ in layers],
    stride=[s for _, s in layers],
    size=sizes,
    jump=jumps,
    receptive_field=fields,
)

# %% [markdown]
# ## Poke and see
#
# A convolution with random weights, written with nothing but sums. Change one pixel, run the whole stack and compare the middle output
# with what it was: if it moved, it sees that pixel. Every pixel is poked once, all of them in one batch.


# %%
def convolve(images, weights, stride):
    """Cross-correlation of a batch (n, height, width) with one filter (k, k)."""
    k = len(weights)
    n_out = (images.shape[1] - k) // stride + 1
    out = np.zeros((len(images), n_out, n_out))
    for row in range(k):
        for column in range(k):
            last = stride * (n_out - 1) + 1
            out += weights[row, column] * images[:, row : row + last : stride, column : column + last : stride]
    return out


def middle(images, layers, filters):
    for (_, stride), weights in zip(layers, filters):
        images = convolve(images, weights, stride)
    return images[:, images.shape[1] // 2, images.shape[2] // 2], images.shape[1]


def influence(layers, filters, size):
    """How much a poke of each pixel moves the middle output, (size, size)."""
    # the layers are linear: a poke of an empty image is enough
    pokes = np.eye(size * size).reshape(-1, size, size)
    return middle(pokes, layers, filters)[0].reshape(size, size)


def extent(seen):
    """Rows and columns between the first and the last pixel that is seen."""
    rows, columns = np.nonzero(seen)
    return [int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1]


# %%
rng = np.random.default_rng(0)
found_sizes, found_fields = [], []
for depth in range(1, len(layers) + 1):
    stack = layers[:depth]
    small = fields[depth - 1] + 8  # an image that holds all of the field
    random_filters = [rng.uniform(0.5, 1.5, (k, k)) for k, _ in stack]
    seen = influence(stack, random_filters, small)
    found_fields.append(extent(seen)[0])
    found_sizes.append(middle(np.zeros((1, image, image)), stack, random_filters)[1])
lab.hold("Found by force", found_size=found_sizes, found_field=found_fields)

# %%
fig, axes = plt.subplots(1, 2, figsize=(5.2, 2.8))
depths = range(len(layers) + 1)
axes[0].plot(depths, [image, *sizes], marker="o")
axes[0].set(xlabel="layers", ylabel="output size", ylim=(0, None))
axes[1].plot(depths, [1, *fields], marker="o", label="derived")
axes[1].plot(
    range(1, len(layers) + 1),
    found_fields,
    "s",
    color="C1",
    markersize=8,
    fillstyle="none",
    label="found by poking",
)
axes[1].set(xlabel="layers", ylabel="receptive field", ylim=(0, None))
axes[1].legend()
lab.figure(
    fig,
    "Left: the output shrinks layer by layer to {size[4]} × {size[4]}. Right: the receptive field grows to {receptive_field[4]} pixels, "
    "faster after each stride, since the next kernels reach twice as far. The fields found by poking lie on the derived ones.",
)

# %% [markdown]
# ## Seen, but hardly
#
# The receptive field says what *can* matter. How much does each pixel matter? Stack layers with equal weights: the middle pixel reaches the
# output on very many paths, a corner on a single one. Along a row the influence [@luo2016] is the number of paths, and its profile approaches a
# bell. For $n$ layers with kernels of size three its variance is $\frac{2}{3} n$: each layer moves a path by $-1$, $0$ or $1$.


# %%
def profile(depth):
    """Influence along a row of layers with equal 3 × 3 filters, as shares of one."""
    row = np.ones(1)
    for _ in range(depth):
        row = np.convolve(row, np.ones(3) / 3)
    return row


def width(row):
    places = np.arange(len(row)) - len(row) // 2
    return float(np.sqrt(row @ places**2))


deep = [1, 2, 4, 8, 16, 32]
lab.hold(
    "The field grows with the depth, the width of the influence with its root",
    depth=deep,
    field=[len(profile(depth)) for depth in deep],
    standard_deviation=[width(profile(depth)) for depth in deep],
    law=[np.sqrt(2 * depth / 3) for depth in deep],
    share_of_the_field=[2 * width(profile(depth)) / len(profile(depth)) for depth in deep],
)

# %%
tower = [(3, 1)] * 4
seen = influence(tower, [np.ones((3, 3)) / 9] * 4, 17)
same = np.allclose(seen[4:13, 4:13], np.outer(profile(4), profile(4)), rtol=1e-12, atol=0)
lab.hold(
    "Four layers with equal weights, poked",
    poked_field=extent(seen),
    paths_of_the_middle_per_path_of_a_corner=seen[8, 8] / seen[4, 4],
    poked_influence="the product of two profiles" if same else "something else",
)

# %%
fig, ax = plt.subplots(figsize=(5.2, 2.8))
for number, depth in enumerate((4, 16, 32)):
    row = profile(depth)
    ax.plot(
        np.arange(len(row)) - depth,
        row / row.max(),
        label=f"{depth} layers",
        color=f"C{number}",
    )
ax.set(xlabel="pixels from the middle", ylabel="influence / largest", yticks=[0, 0.5, 1])
ax.legend()
lab.figure(
    fig,
    "Influence of a pixel against its distance from the middle: bells that widen slowly. With {depth[5]} layers the receptive field is "
    "{field[5]} pixels wide, but the standard deviation of the influence is only {standard_deviation[5]} pixels.",
)

# %% [markdown]
# !!! note "What to take along"
#     Depth buys receptive field in proportion and influence only by its root. Strides buy both at once, which is why networks that must see
#     a whole image shrink it early.
