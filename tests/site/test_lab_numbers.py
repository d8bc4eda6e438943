"""Every number of the labs by a second route: closed forms, quadrature, complex steps, explicit Jacobians, counting."""

from __future__ import annotations

import math
import tomllib
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from scipy import integrate, stats
from sites import ROOT

from solvers.site.agreement import compare, decimals_of

KEY = tomllib.loads((ROOT / "docs/labs/key.toml").read_text("utf-8"), parse_float=Decimal)


def gradient_descent_count(kappa, delta):
    """(κ-1)/(κ+1) to the power n is the distance itself, so n is a logarithm."""
    return math.ceil(math.log(delta) / math.log(Fraction(kappa - 1, kappa + 1)))


def momentum_count(kappa, delta):
    """At Polyak's constants both recursions have a double root ±r, so from rest x_n = (1 + n (1 ∓ r)) (±r)^n."""
    r = (math.sqrt(kappa) - 1) / (math.sqrt(kappa) + 1)
    for n in range(1, 10_000):
        if math.hypot((1 + n * (1 - r)) * r**n, (1 + n * (1 + r)) * r**n) <= delta * math.sqrt(2):
            return n
    raise AssertionError


def adam_count(bowl, x, delta, lr=0.1, beta1=0.9, beta2=0.999, eps=1e-8):
    """Adam with its averages as explicit sums over all gradients so far."""
    (a, b), (_, d) = bowl
    start, past = math.hypot(*x), []
    for t in range(1, 1000):
        past.append((a * x[0] + b * x[1], b * x[0] + d * x[1]))
        means = [
            sum((1 - beta1) * beta1 ** (t - 1 - s) * g[i] for s, g in enumerate(past)) / (1 - beta1**t) for i in (0, 1)
        ]
        squares = [
            sum((1 - beta2) * beta2 ** (t - 1 - s) * g[i] ** 2 for s, g in enumerate(past)) / (1 - beta2**t)
            for i in (0, 1)
        ]
        x = [x[i] - lr * means[i] / (math.sqrt(squares[i]) + eps) for i in (0, 1)]
        if math.hypot(*x) <= delta * start:
            return t
    raise AssertionError


def optimizers():
    turned = (
        (1 + 50) / 2,
        (1 - 50) / 2,
    )  # the bowl turned by an eighth of a circle: equal diagonal, the half difference beside it
    counts = {"gradient_descent": gradient_descent_count(50, 1e-3), "momentum": momentum_count(50, 1e-3)}
    return {
        "condition_number": 50, **counts, "Adam": adam_count(((1, 0), (0, 50)), (1, 1), 1e-3), "rho": Fraction(49, 51),
        "predicted_gradient_descent": counts["gradient_descent"],
        **{f"counted_{name}": count for name, count in counts.items()}, **{f"turned_{name}": count for name, count in counts.items()},
        "first_step": [-0.1, -0.1],  # a gradient divided by its own size
        "turned_Adam": adam_count(((turned[0], turned[1]), (turned[1], turned[0])), (0, math.sqrt(2)), 1e-3),
    }  # fmt: skip


def convergence():
    rates = [Fraction(n, 100) for n in (5, 10, 15, 18, 19, 21)]
    worst = [max(abs(1 - lr * eigenvalue) for eigenvalue in (1, 2, 5, 10)) for lr in rates]
    kappas, deltas = [10, 30, 100, 300, 1000], [1e-3, 1e-6, 1e-12, 1e-24, 1e-48]
    plain, heavy = ([count(kappa, 1e-6) for kappa in kappas] for count in (gradient_descent_count, momentum_count))
    counted = [momentum_count(100, delta) for delta in deltas]
    alone = [math.log(delta) / math.log(9 / 11) for delta in deltas]
    return {
        "learning_rate": rates, "measured": worst, "predicted": worst, "best_learning_rate": Fraction(2, 11),
        "measured_at_the_best": Fraction(9, 11), "law_at_the_best": Fraction(9, 11), "last_learning_rate": Fraction(1, 5),
        "condition_number": kappas, "gradient_descent": plain, "momentum": heavy,
        "ratio": [Fraction(m, g) for m, g in zip(heavy, plain)],
        "predicted_ratio": [math.atanh(1 / kappa) / math.atanh(1 / math.sqrt(kappa)) for kappa in kappas],
        "exponent_of_gradient_descent": stats.linregress(np.log(kappas), np.log(plain)).slope,
        "exponent_of_momentum": stats.linregress(np.log(kappas), np.log(heavy)).slope,
        "digits_of_the_error": [3, 6, 12, 24, 48], "counted": counted, "by_the_rate_alone": alone,
        "excess": [count / least for count, least in zip(counted, alone)],
    }  # fmt: skip


def normal(x, d):
    return math.exp(-((x - d) ** 2) / 2) / math.sqrt(2 * math.pi)


def quad(f, d):
    return integrate.quad(f, -12, 12 + d, points=[0, d / 2, d], limit=200, epsabs=1e-12)[0]


def js(d):
    """The divergence of two normal densities in bits, by quadrature instead of a grid."""

    def term(x):
        p, q = normal(x, 0), normal(x, d)
        m = (p + q) / 2
        return (p * math.log2(p / m) if p else 0) / 2 + (q * math.log2(q / m) if q else 0) / 2

    return quad(term, d)


def kl(d):
    """KL of the still density to the moved one in nats, by quadrature; the logarithm of the ratio is d (d - 2 x) / 2."""
    return quad(lambda x: normal(x, 0) * d * (d - 2 * x) / 2, d)


def js_slope(d):
    """Its derivative in d under the integral: only q moves, and the derivative of m drops out."""

    def term(x):
        p, q = normal(x, 0), normal(x, d)
        return (x - d) * q * math.log2(2 * q / (p + q)) / 2 if q else 0

    return quad(term, d)


def divergences():
    distances = [Fraction(1, 2), 1, 2, 3, 4, 6]
    many = np.linspace(0.125, 6, 48)
    slopes = [js_slope(d) for d in many]
    shifts = [0, 1, 2, 4, 8, 10]
    return {
        "distance": distances, "at_distance": distances, "KL_in_nats": [kl(d) for d in map(float, distances)],
        "half_the_square": [Fraction(d) ** 2 / 2 for d in distances], "JS_in_bits": [js(d) for d in map(float, distances)],
        "near_distance": 0.1, "JS_near": js(0.1), "eighth_of_the_square_in_bits": 0.01 / 8 / math.log(2), "far_distance": 8,
        "JS_far": js(8), "JS_far_in_nats": js(8) * math.log(2), "slope_of_KL": distances,
        "slope_of_JS": [js_slope(d) for d in map(float, distances)],
        "steepest_at": float(many[int(np.argmax(slopes))]), "steepest_slope": max(slopes),
        "shift": shifts, "JS_of_blocks": [min(Fraction(shift, 8), Fraction(1)) for shift in shifts],
        "KL_of_blocks": ["finite" if shift == 0 else "not finite" for shift in shifts],
    }  # fmt: skip


def receptive_fields():
    layers, sizes, starts = [(3, 1), (3, 2), (3, 1), (5, 2), (3, 1)], [], []
    seen = [{pixel} for pixel in range(61)]  # what each output sees, as a set of pixels
    for kernel, stride in layers:
        seen = [set().union(*seen[place : place + kernel]) for place in range(0, len(seen) - kernel + 1, stride)]
        sizes.append(len(seen))
        starts.append((min(seen[1]) - min(seen[0]), len(seen[0])))
    depths = [1, 2, 4, 8, 16, 32]
    paths = np.polynomial.polynomial.polypow([1, 1, 1], 4)  # paths to each pixel of a row through four layers
    return {
        "kernel": [3, 3, 3, 5, 3], "stride": [1, 2, 1, 2, 1], "size": sizes, "found_size": sizes, "jump": [jump for jump, _ in starts],
        "receptive_field": [field for _, field in starts], "found_field": [field for _, field in starts],
        "depth": depths, "field": [2 * depth + 1 for depth in depths],
        "standard_deviation": [stats.randint(-1, 2).std() * math.sqrt(depth) for depth in depths],
        "law": [math.sqrt(2 * depth / 3) for depth in depths],
        "share_of_the_field": [2 * math.sqrt(2 * depth / 3) / (2 * depth + 1) for depth in depths],
        "poked_field": [9, 9], "paths_of_the_middle_per_path_of_a_corner": float((paths[4] / paths[0]) ** 2),
        "poked_influence": "the product of two profiles",
    }  # fmt: skip


def complex_steps(run, size):
    """The Jacobian of an analytic function at zero: a step of 1e-30 along the imaginary axis has no rounding."""
    return np.stack([run(1e-30j * unit).imag / 1e-30 for unit in np.eye(size)], axis=1)


def gradients_through_time():
    rng = np.random.default_rng(4)  # the same draws as in the lab, in the same order
    Q, _ = np.linalg.qr(rng.normal(size=(8, 8)))
    xs, W_x = 0.3 * rng.normal(size=(60, 1)), rng.normal(size=(8, 1))
    W = {gate: 0.1 * rng.normal(size=(8, 8)) / math.sqrt(8) for gate in "ifog"}
    U = {gate: 0.5 * rng.normal(size=(8, 1)) for gate in "ifog"}

    def rnn(gain, inputs, h):
        for x in inputs:
            h = np.tanh(W_x @ x + gain * Q @ h)
        return h

    def cell(bias, c, gates):
        h = np.zeros(8)
        for x in xs:
            i, f, o, g = (W[gate] @ h + U[gate] @ x for gate in "ifog")
            i, f, o = (1 / (1 + np.exp(-z)) for z in (i, f + bias, o))
            gates.append(f.real.mean())
            c = f * c + i * np.tanh(g)
            h = o * np.tanh(c)
        return c

    def norm(run):
        return math.sqrt(np.linalg.eigvalsh((J := complex_steps(run, 8)).T @ J)[-1])

    gates = {bias: [] for bias in (0, 2, 4, 6)}
    for bias, values in gates.items():
        cell(bias, np.zeros(8), values)
    means = [float(np.mean(values)) for values in gates.values()]
    return {
        "gain": [Fraction(9, 10), 1, Fraction(11, 10)], "law": [Fraction(n, 10) ** 60 for n in (9, 10, 11)],
        "without_inputs": [Fraction(n, 10) ** 60 for n in (9, 10, 11)],
        "with_inputs": [norm(lambda h, gain=gain: rnn(gain, xs, h)) for gain in (0.9, 1.0, 1.1)],
        "forget_bias": [0, 2, 4, 6], "mean_forget_gate": means, "mean_gate_to_the_power": [mean**60 for mean in means],
        "cell_gradient": [norm(lambda c, bias=bias: cell(bias, c, [])) for bias in gates],
        "plain_network": "below a billionth", "LSTM": "below a billionth",
    }  # fmt: skip


def residual_variance():
    d, blocks, at = 128, 16, [1, 2, 4, 8, 16]
    rng = np.random.default_rng(6)  # the same draws as in the lab, in the same order
    weights = rng.normal(size=(20, blocks, d, d)) / np.sqrt(d)
    x = rng.normal(size=(20, 8, d))
    sent = {False: [rng.normal(size=(8, d)) for _ in range(20)], True: [rng.normal(size=(8, d)) for _ in range(20)]}

    def layer_norm(x):
        """The rows normalized, and the Jacobian of each."""
        mean, spread = x.mean(1, keepdims=True), np.sqrt(((x - x.mean(1, keepdims=True)) ** 2).mean(1, keepdims=True))
        y = (x - mean) / spread
        return y, (np.eye(d) - 1 / d - y[:, :, None] * y[:, None, :] / d) / spread[:, :, None]

    variances, shares = {False: [], True: []}, {False: [], True: []}
    for outside in (False, True):
        for run in range(20):
            state, steps, row = layer_norm(x[run])[0], [], [1.0]
            for W in weights[run]:
                if outside:
                    state, J = layer_norm(state + np.einsum("ij,bj->bi", W, state))
                else:
                    normal_state, J = layer_norm(state)
                    state = state + np.einsum("ij,bj->bi", W, normal_state)
                steps.append((W, J))
                row.append(np.mean([np.cov(one, bias=True) for one in state]))
            g, found = sent[outside][run][:, None, :], []
            g = g if outside else g @ layer_norm(state)[1]
            for W, J in reversed(steps):
                g = g @ J if outside else g  # what reaches the sum, and so its term
                found.append((g**2).sum())
                g = g + (g @ W if outside else g @ W @ J)
            shares[outside].append(np.array(found[::-1]) / (sent[outside][run] ** 2).sum())
            variances[outside].append(row)
    variance, share = ({o: np.mean(values, axis=0) for o, values in table.items()} for table in (variances, shares))
    for number in range(1, blocks + 1):  # and the laws, within what so few runs allow
        assert abs(variance[False][number] / (1 + number) - 1) < 0.05
        assert abs(share[False][number - 1] * (1 + number) - 1) < 0.1
        assert abs(2 * share[True][number - 1] - 1) < 0.15
    return {
        "after_blocks": at, "block": at, "law_of_pre_LN": [1 + n for n in at], "law_of_the_pre_LN_share": [Fraction(1, 1 + n) for n in at],
        "pre_LN": [float(variance[False][n]) for n in at], "post_LN": [float(variance[True][n]) for n in at],
        "pre_LN_share": [float(share[False][n - 1]) for n in at], "post_LN_share": [float(share[True][n - 1]) for n in at],
        "pre_LN_gradient": "right", "post_LN_gradient": "right",
    }  # fmt: skip


ROUTES = [optimizers, convergence, divergences, receptive_fields, gradients_through_time, residual_variance]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.__name__)
def test_every_number_of_a_lab_by_a_second_route(route):
    held, found = KEY[route.__name__], route()
    assert set(found) == set(held)
    for label, value in found.items():
        compare(value, held[label], {})


def test_every_lab_has_a_second_route():
    assert {route.__name__ for route in ROUTES} == set(KEY)


def pairs(value, digits):
    """Each number with its own digits."""
    return zip(value, digits) if isinstance(digits, list) else [(value, digits)]


def test_a_last_digit_that_is_off_by_one_is_seen():
    """The control of the test above: each decimal of a lab's key, moved by one unit, disagrees with its second route."""
    found, moved = convergence(), 0
    for label, held in KEY["convergence"].items():
        for value, digits in pairs(found[label], held):
            if isinstance(digits, Decimal):
                moved += 1
                with pytest.raises(ValueError):
                    compare(value, digits + Decimal(1).scaleb(-decimals_of(digits)), {})
    assert moved > 30
