"""The output layer of a classifier: logits, probabilities, the predicted class, and a step of its training."""

from solvers.derivation import derivation
from solvers.exact import elements
from solvers.functions import exp, ln, sigmoid


@derivation
def softmax_classifier(c, W_y, names):
    """A linear layer without bias, softmax and the predicted class (Goodfellow et al. 2016, eq. 6.29).

    `c` (H,) what comes in, `W_y` (K, H), `names` (K,) of the classes. Returns the probabilities, (K,), and the name.
    Raises ValueError when the largest logit is not alone.
    """
    z = W_y @ c  # logits
    E = exp(z)  # positive, the largest logit stays the largest
    P = E / sum(E)  # softmax: the probabilities sum to 1
    best = name_of_largest(names, z)  # the largest logit has the largest probability
    return P, best


@derivation
def logistic_step(h, y, w, b, lr):
    """One step of stochastic gradient descent for the output unit of a binary classifier.

    `h` (n,) what comes in, `y` label, +1 or −1, `w` (n,), `b`, `lr` the step size η. The loss is the negative log
    likelihood, −ln σ(z) for y = +1 and −ln(1 − σ(z)) = −ln σ(−z) for y = −1; its derivative by z is σ(z) − 1 or σ(z)
    (Bishop 2006, eq. 4.91). Returns the new weights, bias and loss.
    """
    z = w @ h + b  # weighted input
    P = sigmoid(z)  # probability of y = +1
    loss = -ln(sigmoid(y * z))  # negative log likelihood of the label
    dL_dz = P - (y + 1) / 2  # prediction minus target, 1 for y = +1 and 0 for y = −1
    dL_dw = dL_dz * h  # z grows by h per unit of w
    dL_db = dL_dz  # and by 1 per unit of b
    w_new = w - lr * dL_dw  # against the gradient
    b_new = b - lr * dL_db
    z_new = w_new @ h + b_new  # the same sample once more
    L_new = -ln(sigmoid(y * z_new))
    return w_new, b_new, L_new


def name_of_largest(names, values):
    """The name at the place of the largest value. Raises ValueError when two values share that place."""
    values = elements(values)
    places = [place for place, value in enumerate(values) if value == max(values)]
    if len(places) != 1:
        raise ValueError(f"the largest of {values} is not alone")
    return elements(names)[places[0]]
