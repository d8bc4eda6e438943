import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

from solvers.exact import Given
from solvers.plots import (
    Plot,
    band,
    bars,
    contours,
    curve,
    histogram,
    mark,
    panels,
    plot,
    regions,
    scatter,
    span,
)


def test_numbers_of_every_kind_become_floats():
    kinds = [1, 0.5, Fraction(1, 4), Given("0.125"), np.float64(2), np.int64(3)]
    assert curve("a", kinds, np.array(kinds)).x == (1, 0.5, 0.25, 0.125, 2, 3) == curve("a", kinds, kinds).y
    assert scatter("a", range(3), (k for k in range(3))).y == (0, 1, 2)


def test_a_text_is_a_label_alone_or_among_numbers():
    assert curve("a", "step.x", ["y.0", 2]) == curve("a", "step.x", ("y.0", 2.0))
    assert curve("a", "step.x", ["y.0", 2]).x == "step.x"
    assert mark("m", x="fit.mu", y=Fraction(1, 2)) == mark("m", x="fit.mu", y=0.5)


def test_a_function_gives_the_values_at_each_x():
    assert curve("a", [0, 1, 2], lambda x: x * x).y == (0, 1, 4)
    both = band("a", np.array([1, 2]), lambda x: -x, lambda x: x)
    assert (both.low, both.high) == ((-1, -2), (1, 2))
    with pytest.raises(ValueError, match="x as numbers"):
        curve("a", "x", lambda x: x)


def test_span_includes_both_ends():
    assert span(0, 1, 5) == [0, 0.25, 0.5, 0.75, 1]
    np.testing.assert_allclose(span(-3, 7), np.linspace(-3, 7, 200), atol=1e-12)


@pytest.mark.parametrize("density", [False, True])
@pytest.mark.parametrize("bins", [1, 7, 20])
def test_a_histogram_counts_as_numpy_does(bins, density):
    values = np.random.default_rng(0).normal(size=500)
    values[:3] = (-2, 2, 0)  # both ends and a middle
    counts, edges = np.histogram(values, bins, (-2, 2), density=density)
    found = histogram("draws", values, -2, 2, bins, density=density)
    np.testing.assert_allclose(found.heights, counts, rtol=1e-12)
    np.testing.assert_allclose(found.at, (edges[1:] + edges[:-1]) / 2, atol=1e-12)
    assert found.width == pytest.approx(4 / bins)


def test_bars_over_words_are_categories():
    assert bars("a", ["one", "two"], [1, 2]).categories == ("one", "two")
    assert bars("a", [1, 2], [1, 2]).at == (1, 2)


def test_grids_keep_their_rows():
    grid = np.array([[0, 1, 1], [0, 0, 1]])
    assert regions(grid, (0, 2, 0, 1), ["a", "b"]).grid == ((0, 1, 1), (0, 0, 1))
    assert contours("f", grid / 2, (0, 2, 0, 1), [0.25]).grid == ((0, 0.5, 0.5), (0, 0, 0.5))


def test_a_plot_and_panels_hold_what_they_are_given():
    one = plot("A title", alt="what is seen", x="x", curves=[curve("a", [0, 1], [0, 1])], log="y", xlim=(0, 1))
    assert isinstance(one, Plot) and one.x_label == "x" and one.x_limits == (0, 1) and hash(one)
    assert panels(one, one, caption="two").plots == (one, one)


@pytest.mark.parametrize(
    "wrong, why",
    [
        (lambda: plot("t", alt="a", curves=[scatter("s", [1], [1])]), "a list of Curve is due"),
        (lambda: plot("t", alt="a", curves=curve("s", [1], [1]), marks="m"), "a list of Mark is due"),
        (lambda: plot("t", alt="a", log="z"), "log='z'"),
        (lambda: curve("c", [1], [1], style="dotty"), "style 'dotty' is unknown; the known ones are solid"),
        (lambda: scatter("c", [1], [1], marker="star"), "marker 'star' is unknown"),
        (lambda: mark("m"), "give x=, y= or both"),
        (lambda: panels(), "give plots"),
        (lambda: panels("p"), "give plots"),
    ],
)
def test_what_is_no_plot_is_refused_at_once(wrong, why):
    with pytest.raises(ValueError, match=why):
        wrong()


def test_a_single_item_needs_no_list():
    assert plot("t", alt="a", curves=curve("s", [1], [1])).curves == (curve("s", [1], [1]),)


def test_plots_are_data():
    code = "import sys, solvers.plots; print([m for m in ('matplotlib', 'numpy', 'solvers.site') if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
