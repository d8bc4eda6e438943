"""Chains of blocks: every block on one line, every arrow between its neighbours, every skip around what it passes."""

from __future__ import annotations

import re
from html import unescape
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from sites import PAGE, change

from solvers.diagrams import block_diagram
from solvers.site.figures import chains, drawing

PART = SimpleNamespace(
    run=SimpleNamespace(givens={"size": 3}), shown={"flat": 4}, file="q.md", record=SimpleNamespace(id="1")
)
CHAINS = {
    "lying": block_diagram("Short", [("x", "@{size}"), "Conv 2×2", "y"]),
    "standing": block_diagram(
        "Long", [("x", "3×3"), "Conv 2×2", ("z_1", "2×2"), "ReLU", "h_1", ("Flatten", "@{flat}"), "Linear", "z_out"]
    ),
    "residual": block_diagram("Residual", [("x", "3"), "LayerNorm", "Layer", "+", "y"], skips=[("x", "+", "same")]),
    "two residual blocks": block_diagram(
        "Residual", ["x_0", "LayerNorm", "Attention", ("+", "N × D"), "LayerNorm", "MLP", "+", "x_2"], skips=[(0, 3), (3, 6)]
    ),
    "dense, lying": block_diagram("Dense", ["x", "A1", "B1", "C1", "y"], skips=[("x", "B1"), ("x", "C1"), ("A1", "C1", "w_2")]),
    "dense, standing": block_diagram("Dense", ["input", "Layer 1", "Layer 2", "Layer 3", "Layer 4", "output"],
                                     skips=[(0, 2), (0, 3), (1, 4, "long words"), (2, 5)]),
}  # fmt: skip
each = pytest.mark.parametrize("name", CHAINS)


def drawn(name):
    return ElementTree.fromstring(drawing.draw(CHAINS[name], PART)).find("svg")


def boxes(svg):
    """(left, top, right, bottom) of every block."""
    for group in svg.iter("g"):
        rect, circle, text = (group.find(kind) for kind in ("rect", "circle", "text"))
        if rect is not None:
            x, y, w, h = (float(rect.get(side)) for side in ("x", "y", "width", "height"))
            yield x, y, x + w, y + h
        elif circle is not None:
            x, y, r = (float(circle.get(side)) for side in ("cx", "cy", "r"))
            yield x - r, y - r, x + r, y + r
        else:
            x, y, half = float(text.get("x")), float(text.get("y")), chains._wide("".join(text.itertext())) / 2
            yield x - half, y - 8, x + half, y + 8


def strokes(svg):
    """The straight pieces of every arrow, its head apart."""
    for path in svg.iter("path"):
        if path.get("class") == "arrow":
            line = path.get("d").split("M")[1]
            points = [tuple(map(float, point.split())) for point in line.split("L")]
            yield list(zip(points, points[1:]))


def touches(piece, box):
    (x1, y1), (x2, y2) = piece
    left, top, right, bottom = box
    return min(x1, x2) < right and max(x1, x2) > left and min(y1, y2) < bottom and max(y1, y2) > top


@each
def test_no_arrow_touches_a_block(name):
    svg = drawn(name)
    found = list(boxes(svg))
    assert len(found) == len(CHAINS[name].nodes)
    for pieces in strokes(svg):
        assert not [(piece, box) for piece in pieces for box in found if touches(piece, box)]


@each
def test_every_arrow_begins_and_ends_at_its_blocks(name):
    svg = drawn(name)
    found = {node.name: box for node, box in zip(CHAINS[name].nodes, boxes(svg))}
    arrows = sorted(CHAINS[name].arrows, key=lambda arrow: arrow.skip)
    for pieces in strokes(svg):
        (x, y) = pieces[-1][1]
        ends = {
            node
            for node, (left, top, right, bottom) in found.items()
            if left - 7 < x < right + 7 and top - 7 < y < bottom + 7
        }
        assert len(ends) == 1
        assert any(arrow.end in ends and arrow.skip == (len(pieces) == 3) for arrow in arrows)
    assert len(list(strokes(svg))) == len(arrows)


@each
def test_skips_run_in_lanes_of_their_own(name):
    lanes = [pieces[1] for pieces in strokes(drawn(name)) if len(pieces) == 3]
    for k, ((x1, y1), (x2, y2)) in enumerate(lanes):
        for (u1, v1), (u2, v2) in lanes[:k]:
            same = (x1 == x2 == u1 == u2) or (y1 == y2 == v1 == v2)
            apart = (
                max(x1, x2) < min(u1, u2)
                or max(u1, u2) < min(x1, x2)
                or max(y1, y2) < min(v1, v2)
                or max(v1, v2) < min(y1, y2)
            )
            assert not same or apart


@each
def test_everything_is_inside_and_fits_a_phone(name):
    svg = drawn(name)
    width, height = map(float, svg.get("viewBox").split()[2:])
    assert width <= chains.WIDEST
    for left, top, right, bottom in boxes(svg):
        assert left >= 0 and top >= 0 and right <= width and bottom <= height
    for text in svg.iter("text"):
        x, room = float(text.get("x")), chains._wide("".join(text.itertext()))
        start = x - {"start": 0, "end": room}.get(text.get("text-anchor"), room / 2)
        assert start >= 0 and start + room <= width and 0 < float(text.get("y")) < height
    for pieces in strokes(svg):
        assert all(0 <= x <= width and 0 <= y <= height for piece in pieces for x, y in piece)


def test_a_short_chain_lies_and_a_long_one_stands():
    assert {
        name: len({round(box[1] + box[3]) for box in boxes(drawn(name))}) == 1 for name in ("lying", "standing")
    } == {
        "lying": True,
        "standing": False,
    }


def test_values_are_written_and_spoken():
    svg = drawing.draw(CHAINS["standing"], PART)
    assert ">4</text>" in svg and "@{" not in svg
    assert "Flatten (gives 4), then Linear" in unescape(svg)
    assert "; a skip from x to sum" in drawing.draw(CHAINS["residual"], PART)
    spoken = block_diagram("t", ["x", "y"], alt="Sized @{size} & more")
    assert 'aria-label="Sized 3 &amp; more"' in drawing.draw(spoken, PART)


def test_symbols_have_no_box_and_a_sum_is_a_circle():
    svg = drawing.draw(CHAINS["residual"], PART)
    assert svg.count("<rect") == 2 and svg.count("<circle") == 2  # the sum, and where the skip leaves
    assert not re.search(r"#[0-9a-f]{3}|fill=|stroke=", svg)


def test_an_unknown_value_is_a_problem_of_the_page(folder, solved):
    change(
        folder / PAGE, "answer(mean=mean)", 'figure(block_diagram("t", ["x", ("A", "@{men}"), "y"]))\nanswer(mean=mean)'
    )
    (problem,) = solved()[1]
    assert "part 1b: @{men}: no such value; did you mean 'mean'?" in problem
