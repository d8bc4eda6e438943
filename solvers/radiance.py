"""Volume rendering along one ray, as in a neural radiance field."""

from solvers.arrays import array
from solvers.derivation import derivation
from solvers.functions import exp


@derivation
def volume_rendering(t, delta, sigma, c):
    """Colour and depth of one ray from samples of density and colour (Mildenhall et al. 2020, eq. 3).

    `t` (n,) distances, `delta` (n,) lengths of the pieces, `sigma` (n,) densities, `c` (n,) one colour channel.
    Returns the colour, the depth and what passes through.
    """
    s = sigma * delta  # optical thickness of each piece
    alpha = 1 - exp(-s)  # what each piece stops of the light that reaches it
    T = transmittance(alpha)  # light that reaches the piece past those before it
    w = T * alpha  # weight of the piece in the pixel
    total = sum(w)  # at most 1
    passed = 1 - total  # light that no piece stops
    colour = sum(w_i * c_i for w_i, c_i in zip(w, c))
    depth = sum(w_i * t_i for w_i, t_i in zip(w, t))
    return colour, depth, passed


def transmittance(alpha):
    """The product of 1 − α over all pieces before each one, (n,)."""
    left, found = 1, []
    for stopped in alpha:
        found.append(left)
        left = left * (1 - stopped)
    return array(found)
