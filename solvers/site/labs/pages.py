"""The page of a lab that was executed: its text as Markdown, its code and its outputs as finished HTML."""

from __future__ import annotations

import ast
import html
import json
import re
from decimal import Decimal
from typing import Any

from solvers.dialects import WORDS, write_value
from solvers.site import extension, render
from solvers.site.agreement import equals_shown, shown
from solvers.site.labs.files import LabFile, LabKey
from solvers.site.labs.lab import HELD, SVG, decode, words
from solvers.site.labs.values import disagreements
from solvers.site.problems import Problem, build_error

POWER = re.compile(r"·10\^(-?\d+)")


def markdown(notebook: dict[str, Any], lab: LabFile, key: LabKey) -> list[str]:
    """The Markdown of a lab's page, its code and its outputs as finished HTML.

    Raises the build's error for a cell that was not executed, for an output that no key holds, and where a number
    differs from the key: what the kernel compared is compared again.
    """
    found = [cell for cell in lab.cells if cell.source or cell.kind == "code"]
    if [_text(cell["source"]).strip() for cell in notebook["cells"]] != [cell.source.strip() for cell in found]:
        raise build_error(
            [Problem(lab.shown, 1, "jupytext reads other cells than this site does: begin each with # %%")]
        )
    out: list[str] = []
    wrong: list[Problem] = []
    values: dict[str, Any] = {}
    for cell, executed in zip(found, notebook["cells"]):
        if cell.kind == "markdown":
            out.append(cell.source)
            continue
        if cell.source and executed["execution_count"] is None:
            wrong.append(Problem(lab.shown, cell.line, "this cell was not executed"))
        out.append(extension.mark(_code(cell.source)))
        for output in executed["outputs"]:
            data = output.get("data", {})
            if HELD in data:
                held = {label: decode(value) for label, value in data[HELD]["values"].items()}
                values |= held
                out.append(extension.mark(_numbers(data[HELD]["caption"], held, key.labs.get(lab.name, {}))))
            elif SVG in data and "alt" in output["metadata"]:
                out.append(extension.mark(_figure(_text(data[SVG]), output["metadata"]["alt"])))
            else:
                text = _text(output.get("text") or data.get("text/plain") or output["output_type"])
                why = f"this cell writes {' '.join(text.split())[:80]!r}, which no key holds: show it by lab.hold(…)"
                wrong.append(Problem(lab.shown, cell.line, why))
    wrong += disagreements(lab, values, key)
    if wrong:
        raise build_error(wrong)
    title, _, rest = out[0].partition("\n")
    return [title, extension.mark(_files(lab)), rest, *out[1:]]


def _code(source: str) -> str:
    """The code of a cell; closed where it only draws."""
    draws = any(
        getattr(node, "attr", "") == "figure" for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)
    )
    code = render.code(source)
    return f'<details class="reveal code"><summary>How the figure is drawn</summary>{code}</details>' if draws else code


def _numbers(caption: str, values: dict[str, Any], digits: dict[str, Any]) -> str:
    """What one `hold` shows: a table of columns for lists of one length, otherwise a row for each label."""
    head = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    told = {label: shown(value, digits[label]) for label, value in values.items() if label in digits}
    lengths = {len(value) if isinstance(value, list) else 0 for value in told.values()}
    if len(told) > 1 and len(lengths) == 1 and lengths != {0}:
        heads = "".join(f'<th scope="col">{html.escape(words(label))}</th>' for label in told)
        rows = "".join(f"<tr>{''.join(f'<td>{_told(cell)}</td>' for cell in row)}</tr>" for row in zip(*told.values()))
        body = f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
    else:
        rows = "".join(f'<tr><th scope="row">{html.escape(words(label))}</th><td>{_sign(values[label], what)} {_told(what)}</td></tr>'
                       for label, what in told.items())  # fmt: skip
        body = f"<tbody>{rows}</tbody>"
    return f'<div class="wide" {render.SCROLLS}><table class="held">{head}{body}</table></div>'


def _sign(value: Any, what: Any) -> str:
    if isinstance(value, str):
        return ""
    written = (
        isinstance(value, float) and isinstance(what, Decimal) and Decimal(repr(value)) == what
    )  # 0.1 stands for a tenth
    return "=" if written or equals_shown(value, what) else "≈"


def _told(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_told, value))
    return POWER.sub(
        lambda power: f"·10<sup>{power[1].replace('-', '−')}</sup>", html.escape(write_value(value, WORDS))
    )


def _figure(svg: str, alt: str) -> str:
    label = f' role="img" aria-label="{html.escape(alt)}"'
    return f'<figure class="lab-figure">{svg.replace("<svg", f"<svg{label}", 1)}</figure>'


def _files(lab: LabFile) -> str:
    links = (("Notebook", f"{lab.name}.ipynb"), ("Python source", lab.file.name))
    row = " · ".join(f'<a href="{name}" download>{text}</a>' for text, name in links)
    run = f"<code>pip install -e '.[site]' jupyterlab</code>, then <code>jupyter lab docs/labs/{lab.file.name}</code>"
    return f'<p class="lab-files">Download: {row}. To run it in a checkout of the source: {run}</p>'


def notebook_of(lab: LabFile) -> str:
    """The notebook that a reader downloads: without outputs, the same from build to build."""
    import jupytext

    notebook = jupytext.read(lab.file)
    notebook.metadata.pop("jupytext", None)
    for number, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"cell-{number}"
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _text(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)
