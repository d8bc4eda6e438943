# ---
# jupyter:
#   description: "The gradient through many time steps of a recurrent network and of an LSTM, checked by finite differences."
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
# # Gradients through time
#
# The exams unroll a recurrent network for two or three steps. Here it is unrolled for sixty, and one question is asked: how strongly does
# the last state still depend on the first one? The answer is the norm of a product of Jacobians, one for each step
# [@bengio1994; @pascanu2013].

# %%
import math

import numpy as np
from matplotlib import pyplot as plt

from solvers.functions import sigmoid
from solvers.recurrent import rnn_step
from solvers.site.labs import Lab

lab = Lab("gradients_through_time")
units, steps = 8, 60
rng = np.random.default_rng(4)
turn, _ = np.linalg.qr(rng.normal(size=(units, units)))  # orthogonal: it stretches nothing
inputs = 0.3 * rng.normal(size=(steps, 1))
W_x = rng.normal(size=(units, 1))


def norm(matrix):
    """The largest factor by which a matrix stretches a vector."""
    return float(np.linalg.norm(matrix, 2))


# %% [markdown]
# ## The plain recurrent network
#
# With $h_t = \tanh(W_x x_t + W_h h_{t-1})$ the Jacobian of one step is $\operatorname{diag}(1 - h_t^2)\, W_h$. Take $W_h = g\,Q$ with an
# orthogonal $Q$: the gain $g$ is all that stretches. Without inputs the state stays at zero, where the slope of tanh is one, and the norm of the
# product is exactly $g^n$. With inputs the slopes are below one and can only shrink it further: $g^n$ is a bound.


# %%
def rnn(gain, xs, h):
    """The last state, the product of the Jacobians, and its norm after each step."""
    W_h, product, norms, b = gain * turn, np.eye(units), [], np.zeros(units)
    for x in xs:
        h = rnn_step(x, h, W_x, W_h, b).astype(float)
        product = np.diag(1 - h**2) @ W_h @ product
        norms.append(norm(product))
    return h, product, norms


gains = {"below": 0.9, "at": 1.0, "above": 1.1}
quiet = {name: rnn(gain, np.zeros((steps, 1)), np.zeros(units))[2] for name, gain in gains.items()}
driven = {name: rnn(gain, inputs, np.zeros(units))[2] for name, gain in gains.items()}
lab.hold(
    "Norm after sixty steps",
    gain=list(gains.values()),
    law=[gain**steps for gain in gains.values()],
    without_inputs=[norms[-1] for norms in quiet.values()],
    with_inputs=[norms[-1] for norms in driven.values()],
)

# %%
fig, ax = plt.subplots()
times = range(1, steps + 1)
for number, (name, gain) in enumerate(gains.items()):
    ax.semilogy(times, driven[name], label=f"gain {gain}")
    ax.semilogy(times, quiet[name], f"C{number}:", linewidth=0.8)
ax.set(xlabel="steps", ylabel="norm of ∂h(t) / ∂h(0)")
ax.legend()
lab.figure(
    fig,
    "Norm of the gradient against the number of steps, on a logarithmic scale, for three gains. Thin dots, without inputs: straight lines that end "
    "at {without_inputs[0]}, {without_inputs[1]} and {without_inputs[2]}. Thick, with inputs: all three fall, to {with_inputs[0]}, "
    "{with_inputs[1]} and {with_inputs[2]}.",
)

# %% [markdown]
# A gain above one makes the gradient explode only while the units are quiet. With inputs they saturate, and then even that gradient
# vanishes: there is no gain that is right for every input.

# %% [markdown]
# ## The LSTM
#
# In an LSTM [@hochreiter1997] with forget gates [@gers2000] the cell state is carried by $c_t = f_t \odot c_{t-1} + i_t \odot g_t$. Along this
# path alone the derivative is the product of the forget gates: with a forget gate that is nearly open, nearly one. The other paths, through
# the gates and the hidden state, come on top. So the whole Jacobian is a matrix of twice as many rows and columns, for the pair $(h, c)$. It is
# built here by the chain rule; only the bias of the forget gate differs from run to run.


# %%
weights = {gate: 0.1 * rng.normal(size=(units, units)) / math.sqrt(units) for gate in "ifog"}
weights_x = {gate: 0.5 * rng.normal(size=(units, 1)) for gate in "ifog"}


def lstm_step(x, h, c, forget_bias):
    """One step: the new (h, c), and the Jacobian of both by both."""
    z = {gate: weights[gate] @ h + weights_x[gate] @ x for gate in "ifog"}
    z["f"] = z["f"] + forget_bias
    i, f, o = (sigmoid(z[gate]).astype(float) for gate in "ifo")
    g = np.tanh(z["g"])
    new_c = f * c + i * g
    bend = np.tanh(new_c)
    slopes = {"i": i * (1 - i) * g, "f": f * (1 - f) * c, "g": i * (1 - g**2)}
    c_by_h = sum(np.diag(slope) @ weights[gate] for gate, slope in slopes.items())
    through = np.diag(o * (1 - bend**2))
    h_by_h = np.diag(bend * o * (1 - o)) @ weights["o"] + through @ c_by_h
    return o * bend, new_c, np.block([[h_by_h, through @ np.diag(f)], [c_by_h, np.diag(f)]]), f


def lstm(forget_bias, xs, h, c):
    """The last (h, c), the product of the Jacobians, norms of ∂c(t)/∂c(0), the mean gate."""
    product, norms, gates = np.eye(2 * units), [], []
    for x in xs:
        h, c, step, f = lstm_step(x, h, c, forget_bias)
        product = step @ product
        norms.append(norm(product[units:, units:]))
        gates.append(f.mean())
    return h, c, product, norms, float(np.mean(gates))


biases = [0, 2, 4, 6]
rest = np.zeros(units)
runs = [lstm(bias, inputs, rest, rest) for bias in biases]
lab.hold(
    "Norm of the gradient of the cell after sixty steps",
    forget_bias=biases,
    mean_forget_gate=[run[4] for run in runs],
    mean_gate_to_the_power=[run[4] ** steps for run in runs],
    cell_gradient=[run[3][-1] for run in runs],
)

# %%
fig, ax = plt.subplots()
for number, (bias, run) in enumerate(zip(biases, runs)):
    ax.semilogy(range(1, steps + 1), run[3], color=f"C{number}", label=f"LSTM, forget bias {bias}")
ax.semilogy(range(1, steps + 1), driven["at"], color="C5", linestyle=":", label="plain, gain 1")
ax.set(xlabel="steps", ylabel="norm of the gradient", ylim=(1e-20, 1e2))
ax.legend(fontsize=8)
lab.figure(
    fig,
    "Norm of the gradient of the cell state against the number of steps, on a logarithmic scale, for four forget biases: after all steps "
    "{cell_gradient[0]}, {cell_gradient[1]}, {cell_gradient[2]} and {cell_gradient[3]}. The more open the forget gate, the flatter the line. "
    "The plain network at gain one falls to {with_inputs[1]}.",
)

# %% [markdown]
# ## Is the gradient right?
#
# Products of sixty matrices deserve a second look. Move each entry of the first state a little up and down, run again, and divide: the
# finite differences have to be the columns of the product.

# %%
h = 1e-5


def differences(run, size):
    """The Jacobian of a run by central differences, column by column."""
    columns = [(run(h * unit) - run(-h * unit)) / (2 * h) for unit in np.eye(size)]
    return np.stack(columns, axis=1)


few = inputs[:12]
plain_error = np.abs(differences(lambda h0: rnn(1.0, few, h0)[0], units) - rnn(1.0, few, rest)[1])
lstm_error = np.abs(
    differences(lambda s: np.concatenate(lstm(4, few, s[:units], s[units:])[:2]), 2 * units)
    - lstm(4, few, rest, rest)[2]
)
lab.hold(
    "Largest difference over all entries, after twelve steps",
    plain_network="below a billionth" if plain_error.max() < 1e-9 else "too large",
    LSTM="below a billionth" if lstm_error.max() < 1e-9 else "too large",
)

# %% [markdown]
# !!! note "What to take along"
#     No weight matrix keeps the gradient of the plain network alive for all inputs. The LSTM gives it one path whose factors the network
#     itself can set to nearly one, and a bias is enough to begin with that.
