"""Recurrent layers, one time step at a time."""

from solvers.arrays import array
from solvers.derivation import derivation
from solvers.functions import relu, sigmoid, tanh


@derivation
def rnn_step(x, h, W_x, W_h, b):
    """One step of a simple recurrent layer with tanh (Elman 1990; Goodfellow et al. 2016, eq. 10.8 and 10.9).

    `x` (D,) input, `h` (H,) previous state, `W_x` (H, D), `W_h` (H, H), `b` (H,). Returns the new state, (H,).
    """
    z = W_x @ x + W_h @ h + b  # every unit sees the whole input and the whole previous state
    h_t = tanh(z)  # new state
    return h_t


@derivation
def relu_rnn(X, h, W_x, W_h, b):
    """A simple recurrent layer with ReLU over a whole sequence (Goodfellow et al. 2016, eq. 10.8, with ReLU for tanh).

    `X` (T, D) inputs, one a row, `h` (H,) the state before the first, `W_x` (H, D), `W_h` (H, H), `b` (H,).
    Returns the states, (T, H), one a row.
    """
    _states = []
    for _t, x in enumerate(X, start=1):
        a = W_x @ x  # what this input brings
        z = a + W_h @ h + b  # what the state before it adds
        h = relu(z)  # new state, never negative
        _states.append(h)
    S = state_rows(_states)  # one state a row
    return S


@derivation
def tanh_rnn(X, h, W_x, W_h, b):
    """A simple recurrent layer with tanh over a whole sequence (Goodfellow et al. 2016, eq. 10.8 and 10.9).

    `X` (T, D) inputs, one a row, `h` (H,) the state before the first, `W_x` (H, D), `W_h` (H, H), `b` (H,).
    Returns the states, (T, H), one a row.
    """
    _states = []
    for _t, x in enumerate(X, start=1):
        a = W_x @ x  # what this input brings
        z = a + W_h @ h + b  # what the state before it adds
        h = tanh(z)  # new state, each component between −1 and 1
        _states.append(h)
    S = state_rows(_states)  # one state a row
    return S


def state_rows(states):
    """The states of a sequence as the rows of a matrix, (T, H)."""
    return array([list(state) for state in states])


@derivation
def sigmoid_output(h, w, b):
    """A fully connected output layer with one sigmoid unit.

    `h` (H,) what comes in, `w` (H,) weights, `b` bias. Returns the output, a number between 0 and 1.
    """
    s = w @ h  # weighted sum of the state
    y_hat = sigmoid(s + b)  # the bias joins it in the sigmoid
    return y_hat
