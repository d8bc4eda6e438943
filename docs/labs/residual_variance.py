# ---
# jupyter:
#   description: "Variance and gradients through residual blocks with layer normalization inside or outside, simulated and compared with the derived laws."
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
# # Normalize inside or outside
#
# A residual block adds something to what passes through: $x + F(x)$. Layer normalization [@ba2016] can stand inside the block,
# $x + F(\text{LN}(x))$ (pre-LN), or outside, $\text{LN}(x + F(x))$ (post-LN) [@xiong2020]. The exam asks what this does to the variance of one block. Here
# sixteen blocks are stacked, and the gradients are followed back through them.

# %%
import numpy as np
from matplotlib import pyplot as plt

from solvers.site.labs import Lab

lab = Lab("residual_variance")
width, blocks, batch, runs = 128, 16, 8, 20


def normalized(x):
    """Layer normalization without gain and shift: each row gets mean zero and variance one."""
    return (x - x.mean(axis=-1, keepdims=True)) / x.std(axis=-1, keepdims=True)


def back(gradient, x):
    """A gradient through the layer normalization of x, by the chain rule."""
    y = normalized(x)
    inner = gradient - gradient.mean(axis=-1, keepdims=True) - y * (gradient * y).mean(axis=-1, keepdims=True)
    return inner / x.std(axis=-1, keepdims=True)


# %% [markdown]
# ## The variance
#
# Let $F$ be a linear layer whose random weights have variance $1/d$ for width $d$: it keeps the variance of what comes in. In pre-LN the input
# of $F$ has variance one, so each block adds an independent term of variance one and $\operatorname{Var}(x_l) = 1 + l$. In post-LN
# the sum of two terms of variance one has variance two, and the normalization divides it away: $\operatorname{Var}(x_l) = 1$.


# %%
def forward(outside, weights, x):
    """The input of every block, and the last output."""
    xs = [x]
    for W in weights:
        x = normalized(x + x @ W.T) if outside else x + normalized(x) @ W.T
        xs.append(x)
    return xs


def variances(passes):
    return np.mean([[x.var(axis=-1).mean() for x in xs] for xs in passes], axis=0)


rng = np.random.default_rng(6)
weights = rng.normal(size=(runs, blocks, width, width)) / np.sqrt(width)
starts = normalized(rng.normal(size=(runs, batch, width)))
pre = [forward(False, W, x) for W, x in zip(weights, starts)]
post = [forward(True, W, x) for W, x in zip(weights, starts)]
pre_variance, post_variance = variances(pre), variances(post)
at = [1, 2, 4, 8, 16]
lab.hold(
    "Variance after so many blocks",
    after_blocks=at,
    law_of_pre_LN=[1 + l for l in at],
    pre_LN=pre_variance[at],
    post_LN=post_variance[at],
)

# %%
fig, ax = plt.subplots()
ax.plot(pre_variance, label="pre-LN, simulated")
ax.plot([0, blocks], [1, 1 + blocks], color="C5", linestyle=":", label="1 + l")
ax.plot(post_variance, color="C1", label="post-LN, simulated")
ax.set(xlabel="blocks l", ylabel="variance")
ax.legend()
lab.figure(
    fig,
    "Variance against the number of blocks. With the normalization inside it grows along a straight line, to {pre_LN[4]} after "
    "{after_blocks[4]} blocks, where the law says {law_of_pre_LN[4]}; with the normalization outside it stays at {post_LN[4]}.",
)

# %% [markdown]
# ## The gradients
#
# Normalize the last output in both designs and send a random gradient back. How much of it reaches the output of block $l$, that
# is, the term $F_l$ which that block adds?
#
# In pre-LN a step back from $x_{k+1}$ to $x_k$ multiplies the squared norm by $1 + 1/(1 + k)$ on average: one for the direct path, and for
# the path through the layer normalization the inverse of the variance there. The product from the last of $L$ blocks down to $x_l$ telescopes
# to $(1 + L)/(1 + l)$, and the last normalization divides by $1 + L$: a share of $1/(1 + l)$ arrives. Late blocks feel little of it.
#
# In post-LN the normalization after the sum divides by the variance two, and every later block multiplies by
# $\frac{1}{2}(1 + 1) = 1$: a share of $\frac{1}{2}$ arrives, whatever the block.


# %%
def backward(outside, xs, weights):
    """The squared gradient that reaches each block's term, as a share of the one sent."""
    sent = rng.normal(size=xs[-1].shape)
    gradient = sent if outside else back(sent, xs[-1])
    shares = []
    for x, W in zip(reversed(xs[:-1]), reversed(weights)):
        if outside:
            gradient = back(gradient, x + x @ W.T)
            shares.append((gradient**2).sum())
            gradient = gradient + gradient @ W
        else:
            shares.append((gradient**2).sum())
            gradient = gradient + back(gradient @ W, x)
    return np.array(shares[::-1]) / (sent**2).sum()


pre_share = np.mean([backward(False, xs, W) for xs, W in zip(pre, weights)], axis=0)
post_share = np.mean([backward(True, xs, W) for xs, W in zip(post, weights)], axis=0)
lab.hold(
    "Share of the squared gradient that reaches a block's term",
    block=at,
    law_of_the_pre_LN_share=[1 / (1 + l) for l in at],
    pre_LN_share=[pre_share[l - 1] for l in at],
    post_LN_share=[post_share[l - 1] for l in at],
)

# %%
fig, ax = plt.subplots()
numbers = np.arange(1, blocks + 1)
ax.loglog(numbers, pre_share, label="pre-LN, simulated")
ax.loglog(numbers, 1 / (1 + numbers), color="C5", linestyle=":", label="1 / (1 + l)")
ax.loglog(numbers, post_share, color="C1", label="post-LN, simulated")
ax.set(
    xlabel="block l",
    ylabel="share of the squared gradient",
    xticks=at,
    xticklabels=map(str, at),
    yticks=[0.1, 0.2, 0.5],
    yticklabels=["0.1", "0.2", "0.5"],
)
ax.minorticks_off()
ax.legend()
lab.figure(
    fig,
    "Share of the squared gradient against the block, both axes logarithmic. With the normalization inside it falls from {pre_LN_share[0]} at "
    "the first block to {pre_LN_share[4]} at block {block[4]}; with the normalization outside it stays near one half.",
)

# %% [markdown]
# The laws are means for wide layers. A single draw of the weights scatters around them: the variance of one row is not exactly what
# the law says, and each normalization also removes two directions of the gradient, its mean and the part along $x$. Both are of
# the order $1/d$ in each block.

# %% [markdown]
# ## Is the chain rule right?
#
# The gradients above went back by a chain rule written by hand. One block of each design, checked against finite differences:

# %%
narrow = np.random.default_rng(7)
x, sent, W = narrow.normal(size=(1, 6)), narrow.normal(size=(1, 6)), narrow.normal(size=(6, 6))


def loss(x, outside):
    return float((sent * (normalized(x + x @ W.T) if outside else x + normalized(x) @ W.T)).sum())


def difference(outside, h=1e-6):
    """The largest difference between the chain rule and central differences, for one block."""
    chain = back(sent, x + x @ W.T) @ (np.eye(6) + W) if outside else sent + back(sent @ W, x)
    units = np.eye(6)
    return max(
        abs((loss(x + h * e, outside) - loss(x - h * e, outside)) / (2 * h) - chain[0, i]) for i, e in enumerate(units)
    )


lab.hold(
    "Chain rule against finite differences",
    pre_LN_gradient="right" if difference(False) < 1e-7 else "wrong",
    post_LN_gradient="right" if difference(True) < 1e-7 else "wrong",
)

# %% [markdown]
# !!! note "What to take along"
#     Inside, the stream grows and each new block weighs less in it: deep stacks are easy to train, and their late blocks do little. Outside,
#     all blocks weigh the same, but no path from end to end is free of normalizations.
