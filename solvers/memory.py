"""How much of a gradient survives many steps or layers: products of the factors that it meets on its way back."""

from solvers.derivation import derivation


@derivation
def surviving_gradient(w, f, T):
    """The factor on a gradient after T steps back: through a recurrent unit, and through the cell of an LSTM.

    `w` recurrent weight times the slope of the activation, `f` value of the forget gate, both taken as equal at every step; scalars.
    Through the cell the derivative of c_t by c_{t-1} along the cell itself is the forget gate (Gers et al. 2000). Returns both factors.
    """
    rnn = w**T  # the same factor at each step, multiplied
    lstm = f**T  # the cell is carried on by addition; only the gate multiplies it
    return rnn, lstm


@derivation
def surviving_slopes(slope, layers):
    """The largest factor that so many activations can leave of a gradient, for weights of size 1.

    `slope`: the largest slope of the activation; `layers`: how many stand in a row. Returns the factor.
    """
    factor = slope**layers  # one factor for every layer
    return factor
