"""A single neuron: its output, its loss and the gradient of the loss."""

from solvers.derivation import derivation
from solvers.functions import ln, sigmoid


@derivation
def sigmoid_neuron(x, y, w, b):
    """Sigmoid neuron with one input under binary cross-entropy: forward pass and gradient.

    `x` input, `y` target in [0, 1], `w` weight, `b` bias; all scalars. Natural logarithm. For this pair of
    activation and loss the gradient at z is ŷ - y (Bishop 2006, Pattern Recognition and Machine Learning, eq. 4.91).
    Returns the gradients by w and b.
    """
    z = w * x + b  # weighted input
    y_hat = sigmoid(z)  # prediction
    loss = -(y * ln(y_hat) + (1 - y) * ln(1 - y_hat))  # binary cross-entropy, natural logarithm
    dL_dz = y_hat - y  # sigmoid and cross-entropy together leave only the error
    dL_dw = dL_dz * x  # chain rule: z grows by x per unit of w
    dL_db = dL_dz  # and by 1 per unit of b
    return dL_dw, dL_db


@derivation
def squared_error_neuron(x1, x2, y, w1, w2, b):
    """Sigmoid neuron with two inputs under half the squared error: forward pass and gradient.

    `x1`, `x2` inputs, `y` target, `w1`, `w2` weights, `b` bias; all scalars. The sum of squared errors carries the
    factor 1/2. Returns the loss and its derivative by z.
    """
    z = w1 * x1 + w2 * x2 + b  # weighted input
    y_hat = sigmoid(z)  # prediction, always between 0 and 1
    error = y_hat - y  # prediction minus target
    squared = error**2
    loss = squared / 2  # half the squared error
    dL_dz = error * y_hat * (1 - y_hat)  # chain rule through the sigmoid, whose slope is ŷ(1 − ŷ)
    return loss, dL_dz


@derivation
def linear_neuron(x1, x2, y, w1, w2, b, lr):
    """Linear neuron with two inputs under half the squared error, and the error after one gradient step.

    All scalars. One step multiplies the error by 1 - η(x₁² + x₂² + 1): it shrinks only when that factor is smaller
    than 1 in size (Goodfellow et al. 2016, Deep Learning, section 4.3). Returns the loss, the factor and the new loss.
    """
    y_hat = w1 * x1 + w2 * x2 + b  # without the sigmoid the prediction is the weighted input
    error = y_hat - y  # prediction minus target
    loss = error**2 / 2  # half the squared error
    norm = x1**2 + x2**2 + 1  # squared length of the input with its 1 for the bias
    factor = 1 - lr * norm  # what one step of gradient descent multiplies the error by
    loss_next = (factor * error) ** 2 / 2  # half the squared error after one step
    return loss, factor, loss_next


def perceptron_error(z):
    """What the perceptron multiplies the input by for an example with y = +1 (Bishop 2006, section 4.1.7).

    `z` score, a scalar. Returns 0 when the example is right, −1 when it is wrong or on the boundary.
    """
    return 0 if z > 0 else -1
