"""A checked part as HTML: derivation rows, tables, badges. Knows nothing of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from html import escape

import pygments
from pygments.formatters import HtmlFormatter
from pygments.lexers.python import PythonLexer

from solvers.dialects import TEX, WORDS, write_value
from solvers.exact import Choice, elements
from solvers.notation import tex_name, word_name
from solvers.site import maths
from solvers.site.agreement import equals_shown
from solvers.site.checks import is_step
from solvers.site.columns import columns, symbolic
from solvers.site.part import Part
from solvers.site.rendered import rendered
from solvers.traces import Line, Trace

PYTHON, COLOURS = PythonLexer(), HtmlFormatter(cssclass="highlight", wrapcode=True)

SCROLLS = 'tabindex="0" role="group" aria-label="Table"'  # a box that scrolls must be reachable by keyboard
PROGRAM = '<pre><span class="program" tabindex="0" role="group" aria-label="Program"><code>'
COPY = '<button type="button" class="copy" title="Copy" aria-label="Copy" data-clipboard-text="{}"></button>'

CHECKED = '<span class="checked" title="sympy finds it to hold when the site is built">checked</span>'

# verdict -> (icon, words)
BADGES = {
    "agrees": ("✓", "Agrees with the published key"),
    "rounding": ("≈", "Agrees when every line is rounded"),
    "convention": ("≈", "Agrees under another convention"),
    "slip": ("✗", "The published key is wrong"),
    "incomplete": ("…", "The published key is incomplete"),
    "open": ("?", "The question has no single answer"),
    "unkeyed": ("–", "No key to compare with"),
}


_as_tex: ContextVar[bool] = ContextVar("as_tex", default=False)


def badge(verdict: str) -> str:
    """The verdict in words, with an icon; its colour is the style sheet's."""
    icon, words = BADGES[verdict]
    return f'<span class="verdict verdict-{verdict}"><span aria-hidden="true">{icon}</span> {words}</span>'


def code(source: str) -> str:
    """A Python program, coloured like every code block of the theme.

    The theme measures every `pre > code` of a page when it starts, which lays out the closed reveals around it: most of
    what a long page took to start. So these boxes are ours, and its script only copies what the button holds.
    """
    html = rendered(f"Pygments {pygments.__version__}", source, lambda: pygments.highlight(source, PYTHON, COLOURS))
    html = html.replace("<pre><span></span><code>", PROGRAM).replace("</code></pre>", "</code></span></pre>")
    return html.strip().removesuffix("</div>") + COPY.format(escape(source.strip())) + "</div>"


def formula(tex: str, display: bool = False) -> str:
    """A formula of a row: visual only (KaTeX hides it from screen readers), the row's own text is what these get."""
    tex = r"\displaystyle " + tex if display else tex
    return rf'<span class="arithmatex">\({escape(tex)}\)</span>' if _as_tex.get() else maths.to_html(tex, output="html")


@contextmanager
def as_tex() -> Iterator[None]:
    """Inside, formulas are left as TeX, for a browser to typeset: in new numbers, of which a reader sees few."""
    token = _as_tex.set(True)
    try:
        yield
    finally:
        _as_tex.reset(token)


def derivation(part: Part, prefix: str = "") -> str:
    """All lines of a part, each trace under its caption."""
    out = []
    rows: list[str] = []
    for item in part.run.items:
        if isinstance(item.value, Line) and isinstance(item.value.value, Choice):  # the options show it
            continue
        if isinstance(item.value, Trace):
            out += [_list(rows), _caption(item.caption, item.value.summary)]
            rows = [row(part, label, line, item.value.symbols, prefix) for label, line in item.labelled()]
            out.append(_list(rows))
            rows = []
        else:
            if item.caption:
                out += [_list(rows), _caption(item.caption, "")]
                rows = []
            rows.append(row(part, item.name, item.value, {}, prefix))
    out.append(_list(rows))
    return "\n".join(piece for piece in out if piece)


def inline(text: str) -> str:
    """A comment or a docstring of a solver as HTML: `names` in it are code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _caption(caption: str, summary: str) -> str:
    head = f"<strong>{inline(caption)}</strong> " if caption else ""
    return f'<p class="steps-caption">{head}<span>{inline(summary)}</span></p>'


def _list(rows: list[str], kind: str = "steps") -> str:
    return f'<ol class="{kind}">{"".join(rows)}</ol>' if rows else ""


def row(part: Part, label: str, line: Line, symbols: Mapping[str, str], prefix: str = "") -> str:
    """One line: symbols = substituted numbers = value, the reason, and the same in words."""
    cells = columns(part, label, line, symbols, TEX)
    html = "".join(
        f'<span class="{kind}">{formula(text, display=True)}</span>'
        for kind, text in zip(("sym", "num", "val"), cells)
        if text
    )
    words = " ".join(text for text in columns(part, label, line, symbols, WORDS) if text)
    why = f'<span class="why">{inline(line.reason)}</span>' if line.reason else ""
    why += CHECKED if is_step(line) else ""
    anchor = escape(f"{prefix}{part.record.id}.{label}")
    return f'<li id="{anchor}"><span class="maths">{html}</span>{why}<span class="twin">{escape(words)}</span></li>'


def checked(lines: Iterable[Line]) -> str:
    """The steps of a page outside the papers: left = right, the reason, and that it was checked."""
    rows = []
    for line in lines:
        tex, words = (symbolic(line, {}, dialect) for dialect in (TEX, WORDS))
        why = f'<span class="why">{inline(line.reason)}</span>' if line.reason else ""
        shown = f'<span class="maths"><span class="sym">{formula(tex, display=True)}</span></span>'
        rows.append(f'<li>{shown}{why}{CHECKED}<span class="twin">{escape(words)}</span></li>')
    return _list(rows, "steps steps-checked")


def text_of(part: Part) -> Iterator[str]:
    """The derivation in words, a line each, for the terminal."""
    for item in part.run.items:
        symbols = item.value.symbols if isinstance(item.value, Trace) else {}
        summary = item.value.summary if isinstance(item.value, Trace) else ""
        if item.caption or summary:
            yield ""
            yield " ".join(text for text in (f"{item.caption}." if item.caption else "", summary) if text)
        for label, line in item.labelled():
            cells = [text for text in columns(part, label, line, symbols, WORDS) if text]
            yield f"  {' '.join(cells)}" + (f"    ({line.reason})" if line.reason else "")


def answers(part: Part) -> str:
    """The asked values, a row each."""
    rows = []
    for label, source in part.run.answers.items():
        line = part.run.lines[source]
        what = part.shown[label]
        if isinstance(line.value, Choice):
            continue
        relation = "=" if equals_shown(line.value, what) else r"\approx"
        tex = f"{tex_name(label)} {relation} {write_value(what, TEX)}"
        words = f"{word_name(label)} {'=' if relation == '=' else '≈'} {write_value(what, WORDS)}"
        rows.append(f'<li><span class="maths">{formula(tex)}</span><span class="twin">{escape(words)}</span></li>')
    return f'<ul class="answers">{"".join(rows)}</ul>' if rows else ""


def givens(part: Part) -> str:
    """The numbers of the question in one line."""
    cells = []
    for name, value in part.run.givens.items():
        symbol, written = tex_name(name), write_value(value, TEX)
        if symbol == written or str(value) == name:  # a symbol stands for itself
            continue
        tex = f"{symbol} = {written}"
        words = f"{word_name(name)} = {write_value(value, WORDS)}"
        cells.append(f'<li><span class="maths">{formula(tex)}</span><span class="twin">{escape(words)}</span></li>')
    return f'<ul class="givens" aria-label="Given">{"".join(cells)}</ul>' if cells else ""


def tables(part: Part) -> str:
    """Every `table(...)` of the solution: columns of lines and givens, by position."""
    return "".join(_table(part, columns) for columns in part.run.tables)


def _table(part: Part, columns: Mapping[str, str]) -> str:
    cells = [elements(part.shown.get(label, part.run.givens.get(label))) for label in columns.values()]
    heads = "".join(f"<th>{both(label_tex(title), word_name(title))}</th>" for title in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{both(write_value(cell, TEX), write_value(cell, WORDS))}</td>" for cell in row) + "</tr>"
        for row in zip(*cells)
    )
    return f'<div class="wide" {SCROLLS}><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'


def both(tex: str, words: str) -> str:
    """A formula to see and the same in words to hear."""
    return f'<span aria-hidden="true">{formula(tex)}</span><span class="twin">{escape(words)}</span>'


def label_tex(label: str) -> str:
    """The symbol of a label such as "neuron.y_hat" or "net.h.1": that of its line."""
    parts = [piece for piece in label.split(".") if piece]
    index = tuple(int(piece) for piece in parts if piece.isdigit())
    names = [piece for piece in parts if not piece.isdigit()]
    return tex_name(names[-1], index)
