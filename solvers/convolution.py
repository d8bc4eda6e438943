"""Convolution and pooling layers: output sizes, and a filter found from its outputs.

Shapes are height × width × channels. "Convolution" is cross-correlation here, as in every deep-learning
framework: the filter is laid on the image without being flipped (Goodfellow et al. 2016, eq. 9.6).
"""

from solvers.arrays import array, solve_linear
from solvers.derivation import derivation
from solvers.functions import dims, relu, sigmoid


@derivation
def conv_layer(size, kernel, filters, padding=0, stride=1):
    """Output of a square convolution (Dumoulin & Visin 2016, A guide to convolution arithmetic, relationship 6).

    `size` height and width of the input, `kernel` of the filters, `padding` zeros on each side. Returns the shape.
    Raises ValueError when the filter is larger than the padded input.
    """
    if kernel > size + 2 * padding:
        raise ValueError(f"kernel {kernel} is larger than the padded input {size + 2 * padding}: there is no output")
    n_out = (size + 2 * padding - kernel) // stride + 1  # places where the filter fits
    shape = dims(n_out, n_out, filters)  # one map per filter
    return shape


@derivation
def pool_layer(size, window, channels):
    """Output of a pooling layer whose stride is its window (the default of Keras and PyTorch).

    `size` height and width of the input, `window` of the pool. Returns the shape. Raises ValueError when the
    window is larger than the input.
    """
    if window > size:
        raise ValueError(f"window {window} is larger than the input {size}: there is no output")
    n_out = (size - window) // window + 1  # windows side by side
    shape = dims(n_out, n_out, channels)  # pooling works on each channel alone
    return shape


@derivation
def conv_classifier(x, K, b, w, b_out):
    """One filter, ReLU, the map stacked column by column, one linear unit; stride 1, no padding.

    `x` (m, n) image, `K` (r, s) filter, not flipped, `b` its bias, `w` one weight per place of the filter, `b_out`.
    Returns the output z_out and σ(z_out). Raises ValueError when the filter is larger than the image.
    """
    for _p, patch in enumerate(patches(x, K), start=1):
        s = dot(patch, K)  # products of the pixels with the filter laid on them, added up
    z_1 = correlate(x, K) + b  # all places together, row by row, and the bias
    h_1 = relu(z_1)  # what is negative becomes 0
    v = stack_columns(h_1)  # the columns, one below the other
    z_out = w @ v + b_out  # the linear unit
    P = sigmoid(z_out)  # probability of y = +1
    return z_out, P


@derivation
def unknown_filter_row(image, known_rows, outputs):
    """The first row (x, y, z) of a 3 × 3 filter from three neighbouring outputs; stride 1, no padding.

    `image` (3, 5): the corner of the input; `known_rows` (2, 3): the other rows of the filter; `outputs` (3,).
    Each output is linear in x, y, z, so three of them are three equations. Returns x, y and z.
    """
    _equations = []
    for t, output in enumerate(outputs, start=1):
        pixels = window_row(image, 0, t)  # what x, y and z are multiplied by
        known = dot(window_rows(image, t), known_rows)  # what the two known rows contribute
        rhs = output - known  # the rest is left for x, y and z
        _equations.append((pixels, rhs))
    A = coefficients(_equations)  # one equation a row
    c = right_sides(_equations)  # and its right-hand side
    row = solve_linear(A, c)  # solve the three equations
    x = row[0]
    y = row[1]
    z = row[2]
    return x, y, z


def patches(image, kernel):
    """The pixels under the filter at each of its places, row by row; stride 1, no padding. A list of (r, s) arrays.

    `image` (m, n), `kernel` (r, s). Raises ValueError when the filter is larger than the image.
    """
    image, (rows, columns) = array(image), array(kernel).shape
    down, across = image.shape[0] - rows + 1, image.shape[1] - columns + 1
    if down < 1 or across < 1:
        raise ValueError(f"a filter of {rows} × {columns} does not fit into an image of {image.shape}")
    return [image[i : i + rows, j : j + columns] for i in range(down) for j in range(across)]


def correlate(image, kernel):
    """The image filtered without flipping the filter: `dot` at each of its places, (m - r + 1, n - s + 1)."""
    values = [dot(patch, kernel) for patch in patches(image, kernel)]
    return array(values).reshape(len(image) - len(kernel) + 1, -1)


def flip(kernel):
    """The filter turned by 180°: with it cross-correlation becomes the convolution of mathematics."""
    return array(kernel)[::-1, ::-1]


def stack_columns(matrix):
    """The columns of a matrix one below the other, (m n,)."""
    return array(matrix).T.flatten()


def stack_rows(matrix):
    """The rows of a matrix one after the other, (m n,)."""
    return array(matrix).flatten()


def window_row(image, row, place):
    """The three pixels of one row under the filter's place-th position (from 1)."""
    return array(list(image[row][place - 1 : place + 2]))


def window_rows(image, place):
    """The pixels under the filter's last two rows at its place-th position, (2, 3)."""
    return array([list(image[row][place - 1 : place + 2]) for row in (1, 2)])


def dot(a, b):
    """The sum of the products of the elements at the same place."""
    return sum(p * q for p, q in zip(array(a).flat, array(b).flat))


def coefficients(equations):
    """The left-hand sides of linear equations, (n, n)."""
    return array([list(left) for left, _ in equations])


def right_sides(equations):
    """The right-hand sides of linear equations, (n,)."""
    return array([right for _, right in equations])
