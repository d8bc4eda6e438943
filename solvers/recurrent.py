"""Recurrent layers, one time step at a time."""

from solvers.derivation import derivation
from solvers.functions import sigmoid, tanh


@derivation
def rnn_step(x, h, W_x, W_h, b):
    """One step of a simple recurrent layer with tanh (Elman 1990; Goodfellow et al. 2016, eq. 10.8 and 10.9).

    `x` (D,) input, `h` (H,) previous state, `W_x` (H, D), `W_h` (H, H), `b` (H,). Returns the new state, (H,).
    """
    z = W_x @ x + W_h @ h + b  # every unit sees the whole input and the whole previous state
    h_t = tanh(z)  # new state
    return h_t


@derivation
def sigmoid_output(h, w, b):
    """A fully connected output layer with one sigmoid unit.

    `h` (H,) what comes in, `w` (H,) weights, `b` bias. Returns the output, a number between 0 and 1.
    """
    s = w @ h  # weighted sum of the state
    y_hat = sigmoid(s + b)  # the bias joins it in the sigmoid
    return y_hat
