"""How many numbers a layer learns. Biases count; a layer's count does not depend on the size of its input image."""

from solvers.derivation import derivation
from solvers.functions import sqrt


@derivation
def conv2d_params(kernel, channels, filters):
    """Trainable parameters of a 2-D convolution with square filters and biases (Goodfellow et al. 2016, section 9.5).

    `kernel` height and width, `channels` of the input, `filters` made. Returns the count.
    """
    per_filter = kernel**2 * channels + 1  # one weight per pixel and channel, and one bias
    N = per_filter * filters  # every filter has its own
    return N


@derivation
def conv1d_params(kernel, channels, filters):
    """Trainable parameters of a 1-D convolution with biases.

    `kernel` length, `channels` of the input sequence, `filters` made. Returns the count.
    """
    per_filter = kernel * channels + 1  # one weight per step and channel, and one bias
    N = per_filter * filters  # every filter has its own
    return N


@derivation
def batchnorm_params(channels):
    """Parameters of batch normalization over so many channels (Ioffe & Szegedy 2015, Algorithm 1).

    Returns the trainable count (scale γ and shift β) and the non-trainable one (running mean and variance).
    """
    N = 2 * channels  # a scale and a shift per channel are learned
    N_fixed = 2 * channels  # a running mean and variance per channel are only recorded
    return N, N_fixed


@derivation
def dense_params(inputs, outputs):
    """Trainable parameters of a fully connected layer with biases: one weight per pair, one bias per output."""
    N = (inputs + 1) * outputs  # a weight per input and one bias, for every output
    return N


@derivation
def mlp_params(sizes):
    """Trainable parameters of a multilayer perceptron with biases.

    `sizes`: neurons of every layer, the input first and the output last. Returns the total.
    """
    total = 0
    for _layer, (inputs, outputs) in enumerate(zip(sizes, sizes[1:]), start=1):
        N = (inputs + 1) * outputs  # a weight per input and one bias, for every neuron
        total = total + N  # so far
    return total


@derivation
def lstm_params(inputs, hidden):
    """Trainable parameters of an LSTM layer with one bias per unit and gate (Gers et al. 2000, without peepholes).

    `inputs` D features per time step, `hidden` H units; the cell state has H units, too. Returns the count.
    """
    per_gate = hidden * inputs + hidden**2 + hidden  # weights from the input, from the hidden state, biases
    N = 4 * per_gate  # input, forget and output gate, and the candidate
    return N


@derivation
def lstm_projection_params(inputs, cell, hidden):
    """Trainable parameters of an LSTM layer whose output is projected (Sak et al. 2014, arXiv:1402.1128, LSTMP).

    `inputs` D features, `cell` units of the cell state, `hidden` units after the projection, which has no bias.
    Returns the count.
    """
    per_gate = cell * inputs + cell * hidden + cell  # gates are as wide as the cell; they read the projected state
    gates = 4 * per_gate  # input, forget and output gate, and the candidate
    projection = hidden * cell  # from the cell's output down to the hidden state
    N = gates + projection
    return N


@derivation
def mixed_lstm_count(inputs, hidden, cell, outputs):
    """What comes out when three gates get the units of h and the candidate those of c: a count of no network.

    The products f ⊙ c and i ⊙ g need gates as wide as the cell, so these shapes cannot be multiplied.
    """
    three_gates = 3 * (inputs * hidden + hidden**2 + hidden)  # input, forget and output gate of `hidden` units
    candidate = inputs * cell + hidden * cell + cell  # the candidate of `cell` units
    output = hidden * outputs + outputs  # the output layer
    N = three_gates + candidate + output
    return N


@derivation
def lstm_hidden_size(params, inputs):
    """The number of hidden units of an LSTM layer from its parameter count: 4(DH + H² + H) = N solved for H.

    `params` N, `inputs` D. Returns the positive root and the count that it gives back. It is an integer only
    when such a layer exists.
    """
    p = inputs + 1  # divided by 4, the count is H² + (D + 1)H
    q = params / 4  # and must be this
    root = sqrt(p**2 + 4 * q)  # quadratic formula for H² + pH − q = 0
    H = (-p + root) / 2  # the positive root
    N = 4 * (inputs * H + H**2 + H)  # back into the count
    return H, N
