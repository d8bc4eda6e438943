"""LayerNorm before or behind the residual sum: sums of variances by simulation, gradients by finite differences."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from solvers.layer_norm import (
    encoder_backward,
    encoder_forward,
    layer_norm,
    layer_norm_gradient,
    post_norm_backward,
    post_norm_forward,
    pre_norm_backward,
    pre_norm_forward,
    simulated_features,
    simulated_gradient,
)
from solvers.symbolic import positive

# by hand: 1 + 1 = 2, divided by 2, twice; and 1 + 1 + 1
# backward: 1/2 + 1/2 twice; and (1 + 1/2) · (1 + 1)
BY_HAND = {"post": (1, 1), "pre": (3, 3)}


def derived(order):
    if order == "post":
        forward = post_norm_forward.trace(1)
        return forward.result, post_norm_backward(1, forward["s_1"], forward["s_2"])
    s_1, out = pre_norm_forward(1)
    return out, pre_norm_backward(1, 1, s_1)


@pytest.mark.parametrize("order", ["post", "pre"])
def test_variances_by_hand(order):
    assert derived(order) == BY_HAND[order]


# real LayerNorms over 512 features: their statistics' spread is of the order 1/512, that of a matrix √2/512
@pytest.mark.parametrize("order", ["post", "pre"])
def test_variances_by_simulation(order):
    features = [simulated_features(order, 512, 400, seed) for seed in range(3)]
    fixed = [simulated_gradient(order, 512, 400, seed, 0) for seed in range(3)]
    assert np.mean(features) == pytest.approx(derived(order)[0], rel=0.02)
    assert np.mean(fixed) == pytest.approx(derived(order)[1], rel=0.02)


def test_the_simulation_of_other_variances():
    features = [simulated_features("pre", 512, 400, seed, 4) for seed in range(3)]
    gradient = [simulated_gradient("pre", 512, 400, seed, 0, Fraction(1, 4)) for seed in range(3)]
    assert np.mean(features) == pytest.approx(4 + 1 + 1, rel=0.02)  # the identity path, and 1 from each branch
    assert np.mean(gradient) == pytest.approx(0.25 * (1 + 1 / 2) * (1 + 1), rel=0.02)
    assert simulated_features("post", 256, 64, 0, 9) == pytest.approx(1)  # the last LayerNorm decides


@pytest.mark.parametrize("order", ["post", "pre"])
def test_the_neglected_gradients_matter_less_the_wider_the_layer(order):
    def loss(features):
        runs = [[simulated_gradient(order, features, 100, seed, whole) for whole in (0, 1)] for seed in range(8)]
        fixed, whole = np.mean(runs, axis=0)
        return 1 - whole / fixed

    narrow, wide = loss(16), loss(256)
    assert 0 < wide < 0.02 < narrow < 0.3
    assert 8 < narrow / wide < 32  # it falls like 1 / features


def test_the_output_is_normal_when_the_input_is():
    rng = np.random.default_rng(3)
    for order, variance in (("post", 1), ("pre", 3)):
        # new sub-layers for every position, one element of each: independent draws
        outputs = []
        for _ in range(800):
            W = rng.standard_normal((2, 64, 64)) / 8
            outputs.append(encoder_forward(order, rng.standard_normal((1, 64)), *W)[2][0, 0])
        assert stats.kstest(np.array(outputs) / variance**0.5, "norm").pvalue > 0.01


def test_any_variance_comes_out_of_a_post_norm_layer_as_one():
    assert post_norm_forward(positive("v")) == 1
    rng = np.random.default_rng(4)
    for scale in (0.01, 1, 50):
        out = encoder_forward("post", scale * rng.standard_normal((50, 32)), *rng.standard_normal((2, 32, 32)))[2]
        assert (out**2).mean() == pytest.approx(1)
        assert abs(out.mean(axis=1)).max() < 1e-9


def test_a_stack_of_pre_norm_layers_grows_by_one_per_sub_layer_both_ways():
    variances, v = [], 1
    for _layer in range(6):
        s_1, after = pre_norm_forward(v)
        variances.append((v, s_1))
        v = after
    assert v == 13
    q = 1
    for v_l, s_1 in reversed(variances):
        q = pre_norm_backward(q, v_l, s_1)
    assert q == pytest.approx(13)  # the product of 1 + 1/k for k = 1 … 12


def test_no_element_behind_a_layer_norm_exceeds_the_root_of_the_others():
    spike = np.zeros((1, 9))
    spike[0, 4] = 1
    assert layer_norm(spike).max() == pytest.approx(8**0.5)  # reached when all others are equal
    assert abs(layer_norm(np.random.default_rng(5).standard_cauchy((2000, 9)))).max() <= 8**0.5 + 1e-12


def test_the_whole_gradient_loses_two_directions():
    z = np.random.default_rng(6).standard_normal((1, 12))
    columns = [layer_norm_gradient(z, row[None])[0] * z.std() for row in np.eye(12)]
    jacobian = np.array(columns)
    assert np.trace(jacobian @ jacobian.T) == pytest.approx(10)  # of 12: the share 1 - 2/12
    assert np.abs(jacobian @ np.ones(12)).max() < 1e-12
    assert np.abs(jacobian @ layer_norm(z)[0]).max() < 1e-12


@pytest.mark.parametrize("order", ["post", "pre"])
def test_the_whole_gradient_is_the_slope_of_the_layer(order):
    rng = np.random.default_rng(7)
    x, g, (W_1, W_2) = rng.standard_normal((3, 10)), rng.standard_normal((3, 10)), rng.standard_normal((2, 10, 10))
    slope = encoder_backward(order, x, W_1, W_2, g)
    for place in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[place] = 1e-6
        ahead, behind = (encoder_forward(order, x + s * step, W_1, W_2)[2] for s in (1, -1))
        assert slope[place] == pytest.approx(((ahead - behind) * g).sum() / 2e-6, rel=1e-5, abs=1e-6)


def test_an_unknown_order_is_refused():
    with pytest.raises(ValueError, match="give 'post' or 'pre'"):
        simulated_features("middle", 4, 2, 0)
