"""Variances through one Transformer encoder layer with LayerNorm behind or inside its residual branches.

An encoder layer has two sub-layers, attention (MHA) and a feed-forward network (FFN), each with a residual connection
(Xiong et al. 2020, figure 1). v, s, n are variances of features, q and d variances of gradients.
"""

import numpy as np

from solvers.derivation import derivation


@derivation
def post_norm_forward(v_l):
    """Variance of the features through a post-LN layer, LayerNorm after each sum (Xiong et al. 2020, figure 1a).

    `v_l` variance of the input's elements, a number or a positive symbol. Each sub-layer's output has the variance of
    its input and is independent of it. LayerNorm without scale and shift. Returns the variance of the output.
    """
    v_mha = v_l  # attention keeps the variance of what came in
    s_1 = v_l + v_mha  # residual sum: variances of independent terms add
    n_1 = s_1 / s_1  # LayerNorm divides by the standard deviation
    v_ffn = n_1  # the FFN keeps the variance of what came in
    s_2 = n_1 + v_ffn  # second residual sum
    v_next = s_2 / s_2  # the layer ends in a LayerNorm
    return v_next


@derivation
def pre_norm_forward(v_l):
    """Variance of the features through a pre-LN layer, LayerNorm inside each branch (Xiong et al. 2020, figure 1b).

    `v_l` and the assumptions as in `post_norm_forward`. Returns the variances after the first sum and of the output.
    """
    n_1 = v_l / v_l  # LayerNorm divides by the standard deviation
    v_mha = n_1  # attention sees the normalized features and keeps their variance
    s_1 = v_l + v_mha  # the identity path was not normalized; variances add
    n_2 = s_1 / s_1  # the second LayerNorm
    v_ffn = n_2  # the FFN keeps the variance of what came in
    v_next = s_1 + v_ffn  # no LayerNorm after the last sum
    return s_1, v_next


@derivation
def post_norm_backward(q_next, s_1, s_2):
    """Variance of the gradient back through a post-LN layer, the LayerNorm's statistics held fixed.

    `q_next` variance of the output's gradient; `s_1`, `s_2` variances of the two residual sums, which the LayerNorms
    divide by. A sub-layer's input gradient is distributed as its output gradient and independent of it. Returns the
    variance of the input's gradient.
    """
    d_2 = q_next / s_2  # through the last LayerNorm: the gradient is divided by its standard deviation
    q_ffn = d_2  # the branch: through the FFN, same distribution
    q_1 = d_2 + q_ffn  # where identity path and branch meet, the gradients add
    d_1 = q_1 / s_1  # through the first LayerNorm
    q_mha = d_1  # the branch: through the attention
    q_l = d_1 + q_mha  # identity path and branch
    return q_l


@derivation
def pre_norm_backward(q_next, v_l, s_1):
    """Variance of the gradient back through a pre-LN layer, the LayerNorm's statistics held fixed.

    `q_next` as in `post_norm_backward`; `v_l` variance of the input, `s_1` of the first residual sum: what the two
    LayerNorms divide by. Returns the variance of the input's gradient.
    """
    q_ffn = q_next  # the branch: through the FFN, same distribution
    d_2 = q_ffn / s_1  # and through its LayerNorm, whose input has this variance
    q_1 = q_next + d_2  # the identity path passes the gradient on unchanged
    q_mha = q_1  # the branch: through the attention
    d_1 = q_mha / v_l  # and through its LayerNorm, whose input is the layer's input
    q_l = q_1 + d_1  # identity path and branch
    return q_l


def layer_norm(z):
    """Each row minus its mean, divided by its standard deviation (Ba et al. 2016, equation 3); (tokens, features)."""
    centred = z - z.mean(axis=-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True))


def layer_norm_gradient(z, g, whole=True):
    """The gradient by the LayerNorm's input `z` from the gradient `g` by its output; both (tokens, features).

    `whole` follows mean and standard deviation, too; without it they count as constants.
    """
    y = layer_norm(z)
    if whole:
        g = g - g.mean(axis=-1, keepdims=True) - y * (g * y).mean(axis=-1, keepdims=True)
    return g / z.std(axis=-1, keepdims=True)


def encoder_forward(order, x, W_1, W_2):
    """The two residual sums and the output of a layer with linear sub-layers W_1 and W_2, (features, features).

    `order` "post" or "pre"; `x` (tokens, features). Raises ValueError for another order.
    """
    if order == "post":
        s_1 = x + x @ W_1.T
        s_2 = layer_norm(s_1) + layer_norm(s_1) @ W_2.T
        return s_1, s_2, layer_norm(s_2)
    if order == "pre":
        s_1 = x + layer_norm(x) @ W_1.T
        s_2 = s_1 + layer_norm(s_1) @ W_2.T
        return s_1, s_2, s_2
    raise ValueError(f"order {order!r}: give 'post' or 'pre'")


def encoder_backward(order, x, W_1, W_2, g, whole=True):
    """The gradient by x from the gradient `g` by the output of the same layer; `whole` as in `layer_norm_gradient`."""
    s_1, s_2, _ = encoder_forward(order, x, W_1, W_2)
    if order == "post":
        d_2 = layer_norm_gradient(s_2, g, whole)
        d_1 = layer_norm_gradient(s_1, d_2 + d_2 @ W_2, whole)
        return d_1 + d_1 @ W_1
    q_1 = g + layer_norm_gradient(s_1, g @ W_2, whole)
    return q_1 + layer_norm_gradient(x, q_1 @ W_1, whole)


def simulated_features(order, features, tokens, seed, v_l=1):
    """Mean square of the output for a random input of variance `v_l` and random sub-layers that keep the variance."""
    x, W_1, W_2, _ = _draw(features, tokens, seed)
    return float((encoder_forward(order, np.sqrt(float(v_l)) * x, W_1, W_2)[2] ** 2).mean())


def simulated_gradient(order, features, tokens, seed, whole, q_next=1):
    """Mean square of the input's gradient; the output's is drawn from N(0, `q_next`), the input from N(0, 1)."""
    x, W_1, W_2, g = _draw(features, tokens, seed)
    g = np.sqrt(float(q_next)) * g
    return float((encoder_backward(order, x, W_1, W_2, g, bool(whole)) ** 2).mean())


def _draw(features, tokens, seed):
    """Input, the two sub-layers and a gradient: standard normal, the sub-layers scaled to keep the variance."""
    rng = np.random.default_rng(seed)
    x, g = rng.standard_normal((tokens, features)), rng.standard_normal((tokens, features))
    W_1, W_2 = rng.standard_normal((2, features, features)) / np.sqrt(features)
    return x, W_1, W_2, g
