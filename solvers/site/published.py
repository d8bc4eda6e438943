"""The published key beside ours, as HTML: both columns, and the re-run of each slip down to the printed digits."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from solvers.dialects import TEX, WORDS, write_value
from solvers.exact import Choice, Shape, elements, is_symbolic
from solvers.formula import Writer
from solvers.notation import tex_name, word_name
from solvers.site.agreement import Disagreement, equals_shown, parse
from solvers.site.part import Part
from solvers.site.records import Rerun
from solvers.site.render import SCROLLS, both, formula
from solvers.site.runs import Run
from solvers.traces import Line, Trace


def symbol(part: Part, label: str) -> tuple[str, str]:
    """(TeX, words) of a label of this part, under the name that its trace shows it by."""
    source = part.run.answers.get(label)
    if source is not None or "." not in label:
        return tex_name(label), word_name(label)
    trace = next(
        (i.value for i in part.run.items if isinstance(i.value, Trace) and label.startswith(f"{i.name}.")), None
    )
    line = part.run.lines[label]
    name = (trace.symbols if trace else {}).get(line.name, line.name)
    return tex_name(name, line.index), word_name(name, line.index)


def lead(part: Part, rerun: Rerun) -> str:
    """What a re-run tries."""
    if rerun in part.record.conventions:
        return "The convention"
    return "Rounding" if rerun is part.record.rounding else "The slip"


def table(part: Part) -> str:
    """The published key beside ours, value by value."""
    if not part.record.printed:
        return ""
    rows = []
    for label, digits in part.record.printed.items():
        tex, words = symbol(part, label)
        theirs = digits_shown(digits, part.run.value(label), part.run.givens)
        same = part.agrees[label]
        ours = theirs if same else part.shown[label]  # what agrees rounds to the published digits
        mark = "✓" if same else "✗"
        rows.append(
            f'<tr class="{"same" if same else "differs"}"><td>{both(tex, words)}</td>'
            f"<td>{both(write_value(theirs, TEX), write_value(theirs, WORDS))}</td>"
            f"<td>{both(write_value(ours, TEX), write_value(ours, WORDS))}</td>"
            f'<td>{mark}<span class="twin">{"agrees" if same else "differs"}</span></td></tr>'
        )
    agreement = '<th><span class="twin">agreement</span></th>'
    head = f"<tr><th>value</th><th>published</th><th>recomputed</th>{agreement}</tr>"
    return f'<div class="wide" {SCROLLS}><table class="published"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table></div>'


def digits_shown(digits: Any, like: Any, names: Mapping[str, Any]) -> Any:
    """The published digits as a value to write; text that stands for an expression is read as one."""
    if isinstance(like, Choice):
        return Choice(map(str, digits if isinstance(digits, list) else [digits]))
    if isinstance(like, Shape) and isinstance(digits, list):
        return Shape(digits)
    if isinstance(digits, list) and is_symbolic(like):
        import sympy

        cells = sympy.Matrix(like).tolist()
        return sympy.Matrix([[digits_shown(d, c, names) for d, c in zip(row, own)] for row, own in zip(digits, cells)])
    if isinstance(digits, list) and any(is_symbolic(cell) for cell in elements(like)):
        return [digits_shown(one, cell, names) for one, cell in zip(digits, like)]
    try:
        return parse(digits, like, names)
    except (Disagreement, SyntaxError):
        return digits


def rerun_lines(part: Part, run: Run, lands: tuple[str, ...]) -> str:
    """The lines of a slip that were changed, and those that land on a published value."""
    wanted = {run.answers.get(label, label): label for label in lands}
    rows = []
    for item in run.items:
        symbols = item.value.symbols if isinstance(item.value, Trace) else {}
        for label, line in item.labelled():
            if line.replaced or label in wanted:
                printed = part.record.printed.get(wanted.get(label, ""))
                rows.append(_slip_row(part, run, line, symbols, printed))
    return f'<ul class="steps slip-steps">{"".join(rows)}</ul>' if rows else ""


def _slip_row(part: Part, run: Run, line: Line, symbols: Mapping[str, str], printed: Any) -> str:
    name, words = (d.name(symbols.get(line.name, line.name), line.index) for d in (TEX, WORDS))
    formulas = [Writer(d, line.operands, line.indices, None, symbols).write(line.formula) for d in (TEX, WORDS)]
    if printed is None:
        tex, text = f"{name} = {formulas[0]}", f"{words} = {formulas[1]}"
    else:
        what = digits_shown(printed, line.value, part.run.givens)
        relation = "=" if equals_shown(line.value, what) else r"\approx"
        value, spoken = write_value(what, TEX), write_value(what, WORDS)
        same = formulas[0] == value
        tex = f"{name} {relation} {value}" if same else f"{name} = {formulas[0]} {relation} {value}"
        text = f"{words} = {spoken}" if same else f"{words} = {formulas[1]} ≈ {spoken}"
    mark = '<span class="why">as printed</span>' if printed is not None else ""
    return f'<li><span class="maths">{formula(tex, display=True)}</span>{mark}<span class="twin">{escape(text)}</span></li>'
