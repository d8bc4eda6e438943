"""Plots of a page: what they show is the key's, how they look is the style sheet's, and `check` never draws them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from html import unescape
from xml.etree import ElementTree

import numpy as np
import pytest
from sites import PAGE, ROOT, change, check, run

from solvers import plots
from solvers.plots import band, bars, contours, curve, histogram, mark, plot, regions, scatter, span
from solvers.site.figures import canvas, looks, plotdata, plotting, scales, svg

CSS = (ROOT / "docs/assets/site.css").read_text(encoding="utf-8")
X = span(-2, 2, 81)
GRID = np.add.outer(np.linspace(-1, 1, 61), np.linspace(-2, 2, 81) ** 2)
EXTENT = (-2, 2, -1, 1)


def cloud(number, seed=0):
    return np.random.default_rng(seed).normal(size=(2, number))


PLOTS = {
    "curves": plot(
        "Curves & <bands>",
        alt="seen, with x_1 & 10^−3",
        x="x_1",
        y="y",
        curves=[curve(f"curve {k}", X, lambda x, k=k: x**2 + k) for k in range(7)]
        + [curve("steps", [-2, 0, 2], [0, 3, 1], steps=True)],
        bands=[band("curve 0", X, lambda x: x**2 - 1, lambda x: x**2 + 1)],
        marks=[mark("left", x=-1), mark("left too", x=-0.95), mark("high", y=4), mark("there", x=1, y=1)],
    ),
    "points": plot(
        "Points", alt="seen", points=[scatter(shape, *cloud(130, k), shape) for k, shape in enumerate(plots.MARKERS)]
    ),
    "bars": plot("Bars", alt="seen", bars=[bars(f"b{k}", ["a long name", "b"], [k + 1, 2]) for k in range(3)]),
    "histogram": plot("Histogram", alt="seen", bars=[histogram("draws", cloud(200)[0], -3, 3, 12)]),
    "regions": plot(
        "Regions",
        alt="seen",
        equal=True,
        regions=regions(GRID > 1, EXTENT, ["low", "high"]),
        contours=[contours("f", GRID, EXTENT, [0.5, 2])],
        points=[scatter("p", *cloud(20) / 3)],
    ),
    "log": plot("Log", alt="seen", log="xy", curves=[curve("a", [1, 10, 1e6], [1, 1e-3, 1e-9])], marks=[mark("m", x=10)]),
    "log within two decades": plot("Log", alt="seen", log="y", curves=[curve("", [0, 1], [1, 30])]),
    "small": plot("Small", alt="seen", curves=[curve("a", [0, 1e-5], [1e7, 3e7])]),
}  # fmt: skip
each = pytest.mark.parametrize("name", PLOTS)


@each
def test_the_examples_can_be_drawn(name):
    assert list(plotdata.problems(PLOTS[name])) == []


@each
def test_a_drawing_is_small_and_well_formed(name):
    drawing = canvas.svg(PLOTS[name])
    root = ElementTree.fromstring(drawing)
    assert root.get("role") == "img" and root.get("aria-label") == looks.spoken(PLOTS[name].alt)
    assert root.find("title").text == PLOTS[name].title
    assert len(drawing.encode()) <= looks.BYTES
    assert not re.search(r"\d\.\d\d", drawing)  # coordinates to a tenth


@each
def test_colours_fonts_and_ids_are_not_the_drawing_s(name):
    drawing = canvas.svg(PLOTS[name])
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb|(fill|stroke|style|font[-\w]*|id|href)=", drawing)
    assert {element.tag for element in ElementTree.fromstring(drawing).iter()} <= {
        "svg",
        "title",
        "path",
        "text",
        "tspan",
    }


@each
def test_every_class_stands_in_the_style_sheet(name):
    drawing = canvas.svg(PLOTS[name]) + plotting._key(PLOTS[name])
    known = set(re.findall(r"\.([a-z][\w-]*)", CSS)) | {
        "solid",
        "tick",
        "level",
        "axis-name",
        "mark-text",
        "b0",
        "cross",
        "plus",
    }
    assert {one for look in re.findall(r'class="([^"]*)"', drawing) for one in look.split()} <= known


@each
def test_texts_stay_inside_the_drawing(name):
    root = ElementTree.fromstring(canvas.svg(PLOTS[name]))
    width, height = float(root.get("width")), float(root.get("height"))
    for element in root.iter("text"):
        room = svg.width_of("".join(element.itertext()), canvas.FONT)
        x, y = float(element.get("x")), float(element.get("y"))
        start = x - {"middle": room / 2, "end": room}.get(element.get("text-anchor"), 0)
        assert start >= -1 and start + room <= width + 1 and 8 <= y <= height - 2


def test_the_same_plot_is_the_same_text_in_every_process(tmp_path):
    (tmp_path / "draw.py").write_text(
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from test_plotting import PLOTS, canvas\n"
        "sys.stdout.buffer.write('\\n'.join(canvas.svg(one) for one in PLOTS.values()).encode())\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    command = [sys.executable, "draw.py", str(ROOT / "tests/site"), str(ROOT)]
    processes = [
        subprocess.Popen(command, cwd=tmp_path, env={"PYTHONHASHSEED": seed, "HOME": str(tmp_path)}, stdout=subprocess.PIPE)
        for seed in ("1", "2")
    ]  # fmt: skip
    first, second = (process.communicate()[0] for process in processes)
    assert [process.returncode for process in processes] == [0, 0]
    assert first == second == "\n".join(canvas.svg(one) for one in PLOTS.values()).encode()


def test_nobody_s_settings_change_a_drawing_and_none_are_left_behind():
    import matplotlib as mpl

    before = canvas.svg(PLOTS["curves"])
    with mpl.rc_context({"font.size": 30, "axes.linewidth": 9, "figure.dpi": 300, "axes.xmargin": 0.4}):
        settings = dict(mpl.rcParams)
        assert canvas.svg(PLOTS["curves"]) == before
        assert dict(mpl.rcParams) == settings


# What it shows


def lines(drawing, look):
    """The polylines of a class as arrays of points."""
    found = re.findall(rf'<path class="[^"]*\b{look}\b[^"]*" d="([^"]*)"', drawing)
    return [np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", path), dtype=float) for path in found]


def test_a_curve_runs_through_its_points():
    """Both axes are affine: fitted on the ends and the middle, they must give every point that was kept."""
    one = plot("t", alt="a", curves=[curve("a", X, lambda x: x**3 - x)])
    (drawn,) = lines(canvas.svg(one), "line")
    slope, shift = np.polyfit([drawn[0, 0], drawn[-1, 0]], [-2, 2], 1)
    x = slope * drawn[:, 0] + shift
    top, bottom = drawn[:, 1].min(), drawn[:, 1].max()
    y = 6 - (drawn[:, 1] - top) / (bottom - top) * 12
    np.testing.assert_allclose(y, x**3 - x, atol=12 / (bottom - top))


def test_a_mark_stands_where_the_curve_has_that_value():
    one = plot("t", alt="a", curves=[curve("a", [0, 1, 2], [0, 1, 0])], marks=[mark("peak", x=1), mark("1", y=1), mark("p", x=1, y=1)])  # fmt: skip
    drawing = canvas.svg(one)
    (curve_,) = lines(drawing, "line")
    upright, level = lines(drawing, "mark")
    (spot,) = lines(drawing, "spot")
    peak = curve_[1]
    np.testing.assert_allclose([upright[0, 0], level[0, 1]], peak, atol=0.15)
    np.testing.assert_allclose(spot[0], peak, atol=0.15)


def test_a_thinned_line_stays_within_its_tolerance():
    points = np.cumsum(np.random.default_rng(1).normal(size=(300, 2)), axis=0)
    kept = svg.thinned(points, 0.5)
    assert 2 < len(kept) < 300
    for point in points:
        starts, steps = kept[:-1], np.diff(kept, axis=0)
        share = np.clip(((point - starts) * steps).sum(1) / (steps**2).sum(1), 0, 1)
        assert np.hypot(*(starts + share[:, None] * steps - point).T).min() <= 0.5 + 1e-9


def test_every_class_of_a_grid_has_its_name_inside_it():
    z = np.fromfunction(lambda row, column: 1 * (column > 20) + (row > 30), (61, 81))
    one = plot("t", alt="a", regions=regions(z, (0, 80, 0, 60), ["none", "one", "two"]))
    drawing = canvas.svg(one)
    frame = np.concatenate(lines(drawing, "region"))
    (x0, y0), (x1, y1) = frame.min(0), frame.max(0)
    found = re.findall(r'class="name halo" x="([\d.]+)" y="([\d.]+)"[^>]*>(\w+)', drawing)
    assert {name for *_, name in found} == {"none", "one", "two"}
    for x, y, name in found:
        column = round((float(x) - x0) / (x1 - x0) * 80)
        row = round((y1 - float(y) + 5) / (y1 - y0) * 60)
        assert z[row, column] == ["none", "one", "two"].index(name)


def test_lines_can_be_told_apart_without_colour():
    found = looks.looks(PLOTS["curves"])
    patterns = Counter(re.sub(r"c\d$", "", look.classes) for look in found[:5])
    assert set(patterns.values()) == {1}
    for style in plots.STYLES[1:]:
        assert re.search(rf"\.plot \.{style} {{[^}}]*stroke-dasharray", CSS)
    shapes = {looks.marker(look.classes) for look in looks.looks(PLOTS["points"])}
    assert len(shapes) == len(plots.MARKERS)


def test_one_name_has_one_colour_and_one_entry():
    one = plot(
        "t", alt="a", curves=[curve("f", [0, 1], [0, 1]), curve("", [0, 1], [1, 0])], points=[scatter("f", [0], [0])]
    )
    first, second, third = (look.classes[-2:] for look in looks.looks(one))
    assert first == third != second
    assert plotting._key(one).count("<li>") == 1


def contrast(one, other):
    def light(colour):
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        return sum(w * (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4)
                   for w, c in zip((0.2126, 0.7152, 0.0722), parts))  # fmt: skip

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_lines_and_texts_stand_out_from_the_paper(scheme):
    block = re.search(rf"\[data-md-color-scheme={scheme}\] {{(.*?)}}", CSS, re.S)[1]
    colours = dict(re.findall(r"--([\w-]+): (#\w{6})", block))
    used = re.findall(r"\.plot \.c\d {[^}]*var\(--([\w-]+)\)", CSS)
    assert len(used) == 6
    for name in (*used, "strong-rule"):
        assert contrast(colours[name], colours["paper"]) >= 3, name
    assert contrast(colours["ink"], colours["paper"]) >= 4.5


# On a page


@pytest.fixture
def figure(folder, solved):
    """What the page shows, and the problems, for a figure of part 1b, where mean = 1.5 and total = 3."""

    def make(code):
        change(folder / PAGE, "answer(mean=mean)", f"figure({code})\nanswer(mean=mean)")
        parts, problems = solved()
        return parts["1b"], problems

    return make


def test_texts_and_places_are_those_of_the_key(figure):
    part, problems = figure(
        'plot("Mean @{mean} of @{a}", alt="It is @{mean}", x="a_1", y="y", caption="So @{total}", '
        'curves=[curve("to @{mean}", ["a", "c"], ["mean", 2])], marks=[mark("at @{mean}", x="mean", y="total")])'
    )
    assert problems == []
    html = unescape(plotting.draw(part.run.figures[0], part))
    assert 'aria-label="It is 1.5"' in html and "Mean 1.5 of 1</p>" in html
    assert "<figcaption>So 3</figcaption>" in html and "<span>to 1.5</span>" in html and ">at 1.5<" in html
    full = plotdata.filled(part.run.figures[0], part)
    assert (
        full.curves[0].x == (1, 2) and full.curves[0].y == (1.5, 2) and (full.marks[0].x, full.marks[0].y) == (1.5, 3)
    )


GOOD = 'curve("c", [0, 1], [0, 1])'
PROBLEMS = {
    "a label in a text": (f'plot("t @{{men}}", alt="a", curves=[{GOOD}])', "@{men}: no such value; did you mean 'mean'?"),
    "a label in a legend": ('plot("t", alt="a", curves=[curve("@{men}", [0, 1], [0, 1])])', "@{men}: no such value"),
    "a label in the words": (f'plot("t", alt="@{{men}}", curves=[{GOOD}])', "@{men}: no such value"),
    "a label in a caption": (f'panels(plot("t", alt="a", curves=[{GOOD}]), caption="@{{men}}")', "@{men}: no such value"),
    "a mark at nothing": (f'plot("t", alt="a", curves=[{GOOD}], marks=[mark("m", x="men")])', "@{men}: no such value"),
    "data of nothing": ('plot("t", alt="a", curves=[curve("c", "x", "y")])', "@{x}: no such value"),
    "no description": (f'plot("t", alt=" ", curves=[{GOOD}])', "a plot needs a title, and in alt="),
    "nothing drawn": ('plot("t", alt="a", marks=[mark("m", x=1)])', "nothing to draw"),
    "no points": ('plot("t", alt="a", curves=[curve("c", [], [])])', "curve 'c': it has no points"),
    "two lengths": ('plot("t", alt="a", curves=[curve("c", [1, 2, 3], [1, 2])])', "curve 'c': its numbers have different lengths: x 3, y 2"),
    "not a number": ('plot("t", alt="a", points=[scatter("s", [1], [float("nan")])])', "point 's': y holds nan"),
    "an infinity": ('plot("t", alt="a", bands=[band("b", [1], [0], [float("inf")])])', "band 'b': high holds inf"),
    "zero on a log axis": ('plot("t", alt="a", log="y", curves=[curve("c", [0, 1], [0, 1])])', "y holds 0 on a logarithmic axis"),
    "bars of two kinds": ('plot("t", alt="a", bars=[bars("b", ["p"], [1]), bars("b", ["q"], [1])])', "over the same categories"),
    "a category too many": ('plot("t", alt="a", bars=[bars("b", ["p", "q"], [1])])', "bar 'b': its numbers have different lengths"),
    "too many points": ('plot("t", alt="a", points=[scatter("s", range(900), range(900))])', "more than 800 points"),
    "a ragged grid": ('plot("t", alt="a", regions=regions([[0, 1], [0]], (0, 1, 0, 1), ["p", "q"]))', "the grid is no table"),
    "a class without a name": ('plot("t", alt="a", regions=regions([[0, 1], [0, 2]], (0, 1, 0, 1), ["p", "q"]))', "the grid holds [0, 1, 2]"),
    "an extent that turns": ('plot("t", alt="a", contours=[contours("f", [[0, 1], [0, 2]], (1, 0, 0, 1), [1])])', "the extent"),
    "levels that fall": ('plot("t", alt="a", contours=[contours("f", [[0, 1], [0, 2]], (0, 1, 0, 1), [2, 1])])', "in increasing order"),
    "limits that fall": (f'plot("t", alt="a", curves=[{GOOD}], xlim=(1, 0))', "two increasing numbers"),
    "a mark outside": (f'plot("t", alt="a", curves=[{GOOD}], xlim=(0, 1), marks=[mark("m", x=2)])', "mark 'm': x = 2 lies outside"),
    "too many cells": ('plot("t", alt="a", regions=regions([[0] * 300] * 200, (0, 1, 0, 1), ["p"]))', "more than 40000 points"),
    "a level of nothing": ('plot("t", alt="a", contours=[contours("f", [[0, 1], [0, float("nan")]], (0, 1, 0, 1), [1])])', "the grid holds what is no finite number"),
    "TeX": (f'plot("$t$", alt="a", curves=[{GOOD}])', "is plain: write x_1"),
    "a title of a number": (f'plot(1, alt="a", curves=[{GOOD}])', "stands where a text is due"),
}  # fmt: skip


@pytest.mark.parametrize("name", PROBLEMS)
def test_what_cannot_be_drawn_is_a_problem_at_the_solution(name, figure):
    code, why = PROBLEMS[name]
    part, problems = figure(code)
    (problem,) = problems
    assert problem.startswith(f"{PAGE}:{part.section.solution.line}: part 1b: ") and why in problem


def test_a_vector_is_no_place_for_a_mark(folder, figure):
    change(folder / PAGE, "a, c = 1, 2", "a, c = 1, 2\nv = [1, 2]")
    change(folder / PAGE, "total = a + c", "total = a + c + sum(v) - 3")
    _, problems = figure(f'plot("t", alt="a", curves=[{GOOD}], marks=[mark("m", x="v")])')
    assert "'v' names 2 numbers where one is due" in "".join(problems)


def test_panels_are_drawings_of_one_figure(figure):
    part, problems = figure(
        f'panels(plot("one", alt="a", curves=[{GOOD}]), plot("two", alt="a", curves=[{GOOD}]), caption="c")'
    )
    assert problems == []
    html = plotting.draw(part.run.figures[0], part)
    assert html.count("<figure") == 1 and html.count('class="panel"') == 2 and "id=" not in html
    ElementTree.fromstring(html)


FIGURE = f'figure(plot("t", alt="a @{{mean}}", curves=[{GOOD}]))\nanswer(mean=mean)'


def test_a_check_does_not_import_matplotlib(folder):
    change(folder / PAGE, "answer(mean=mean)", FIGURE)
    (folder / "sitecustomize.py").write_text("import sys; sys.modules['matplotlib'] = None")
    found = run(folder, "solvers", "check", PYTHONPATH=f"{folder}:{ROOT}")
    assert found.code == 0, found.text


def test_a_plot_that_was_drawn_is_not_drawn_again(folder):
    change(folder / PAGE, "answer(mean=mean)", FIGURE)
    first = run(folder, "mkdocs", "build")
    assert first.code == 0, first.text
    page = folder / "site/papers/sample/q1/index.html"
    drawn = page.read_text(encoding="utf-8")
    assert 'aria-label="a 1.5"' in drawn
    (folder / "sitecustomize.py").write_text("import sys; sys.modules['matplotlib'] = None")
    again = run(folder, "mkdocs", "build", PYTHONPATH=f"{folder}:{ROOT}")
    assert again.code == 0, again.text
    assert page.read_text(encoding="utf-8") == drawn
    change(folder / PAGE, 'alt="a @{mean}"', 'alt="another @{mean}"')
    assert run(folder, "mkdocs", "build", PYTHONPATH=f"{folder}:{ROOT}").code != 0  # it has to be drawn, and cannot be


def test_every_problem_fails_the_command_too(folder):
    change(folder / PAGE, "answer(mean=mean)", FIGURE.replace("@{mean}", "@{men}"))
    found = check(folder)
    assert found.code == 1 and "@{men}: no such value" in found.text


# Texts


@pytest.mark.parametrize(
    "words, html, heard",
    [
        ("plain & <b>", "plain &amp; &lt;b&gt;", "plain & <b>"),
        ("x_1 and x_{t−1}, 10^−3", "x<sub>1</sub> and x<sub>t−1</sub>, 10<sup>−3</sup>", "x 1 and x t−1, 10^−3"),
        ("q_1(x)", "q<sub>1</sub>(x)", "q 1(x)"),
        ("a _ b ^ c", "a _ b ^ c", "a _ b ^ c"),
    ],
)
def test_indices_and_powers(words, html, heard):
    assert (looks.html(words), looks.spoken(words)) == (html, heard)


@pytest.mark.parametrize(
    "value, text",
    [(0, "0"), (-0.5, "−0.5"), (0.30000000000000004, "0.3"), (1234, "1234"), (20000, "20 000"), (2e6, "2·10^6"),
     (1e-4, "10^−4"), (2.5e-5, "2.5·10^−5"), (-1e7, "−10^7")],
)  # fmt: skip
def test_numbers_at_the_ticks(value, text):
    assert scales.plain(value) == text
