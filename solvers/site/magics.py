"""`%load_ext solvers.site.magics`: the cells of a downloaded notebook, run under the rules of the page that they are from.

    %%key 4a         the page's own givens and the digits of its key (a folded cell)
    %%part 4a        the givens
    %%solution 4a    runs the block, shows its working, compares every number with the digits

0.1 is one tenth and 1 / 3 a fraction, as on the page: the cells go through the same code. A number that differs from
its digits raises `Differs`. Where the reader has changed a given, the working follows and nothing is compared.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from solvers.exact import elements, is_finite
from solvers.plots import Panels, Plot
from solvers.site import blocks, render, rendered, rows, sandbox
from solvers.site.agreement import compare, shown
from solvers.site.figures import drawing, plotdata
from solvers.site.part import Part
from solvers.site.proposals import propose
from solvers.site.records import Record
from solvers.site.runs import BlockError, Run
from solvers.site.source import Fence, Section
from solvers.traces import Trace

# The figures of the site, without its style sheet.
STYLE = """<style>
.drawn { --c: currentcolor; --paper: var(--jp-layout-color0, #fff); margin: 1em 0; color: var(--jp-content-font-color1, #1c1c1c); }
.drawn svg { max-width: 100%; height: auto; font: 14px serif; }
.drawn.plot { display: flex; flex-wrap: wrap; gap: 1em; } .plot .panel { flex: 0 1 27em; } .plot-title { font-weight: 600; }
.drawn :is(circle, rect) { fill: var(--paper); stroke: currentcolor; } .drawn text { fill: currentcolor; stroke: none; text-anchor: middle; }
.drawn :is(.arrow, .frame, .border, .plus, .line, .mark, .marks) { fill: none; stroke: currentcolor; }
.plot text { text-anchor: start; } .drawn text[text-anchor=middle] { text-anchor: middle; } .drawn text[text-anchor=end] { text-anchor: end; }
.drawn text[text-anchor=start] { text-anchor: start; } .drawn .sub { font-size: 10.5px; }
.drawn .value, .drawn .gradient, .drawn .halo { stroke: var(--paper); stroke-width: 4px; paint-order: stroke; }
.plot .c0 { --c: #1f5fa8; } .plot .c1 { --c: #b3261e; } .plot .c2 { --c: #2c7a3f; } .plot .c3 { --c: #7a4fa3; } .plot .c4 { --c: #9a6a00; }
.plot .c5 { --c: #666; } .plot :is(.line, .marks) { stroke: var(--c); stroke-width: 2; } .plot :is(.mark, .dashed) { stroke-dasharray: 6 4; }
.plot .dotted { stroke-dasharray: 1 4; } .plot .dashdot { stroke-dasharray: 9 4 2 4; } .plot .longdash { stroke-dasharray: 14 5; }
.plot :is(.dot, .spot) { stroke-width: 6; stroke-linecap: round; } .plot :is(.band, .region) { fill: var(--c); fill-opacity: .18; stroke: none; }
.plot .bar { fill: var(--c); fill-opacity: .85; stroke: var(--c); } .plot .b1 { fill-opacity: 0; } .plot .b2 { fill-opacity: .35; }
.plot .region { stroke: currentcolor; } .plot .square { fill: var(--c); } .plot :is(.ring, .triangle) { fill: var(--paper); }
.plot .contour { stroke-width: 1.25; } .plot .marks { stroke-dasharray: none; } .drawn .plot-key { display: flex; flex-wrap: wrap; gap: 0 1em; padding: 0; }
.drawn .plot-key li { display: flex; align-items: center; list-style: none; }
.plot-key svg { flex: none; margin-right: .4em; } .drawn figcaption { flex: 1 1 100%; }
</style>"""


class Differs(Exception):
    """A number is not the one on the page, or a cell cannot be run: what and where."""

    def _render_traceback_(self) -> list[str]:  # IPython shows this instead of the engine's frames
        return [f"{type(self).__name__}: {self}"]


class CellError(Differs):
    """A cell that cannot be run."""


def load_ipython_extension(shell: Any) -> None:
    """Register the three magics; IPython calls this."""
    rendered.in_memory()
    notebook = Notebook(shell)
    for magic in (notebook.key, notebook.part, notebook.solution):
        shell.register_magic_function(magic, "cell", magic.__name__)


class Notebook:
    """The parts of a running notebook: the key of each, and its givens as they are now."""

    def __init__(self, shell: Any):
        self.shell = shell
        self.keys: dict[str, Mapping[str, Any]] = {}
        self.givens: dict[str, str] = {}

    def key(self, part: str, body: str) -> None:
        """%%key: the page's own givens, and the digits that its solution must show."""
        self.keys[part.strip()] = tomllib.loads(body, parse_float=Decimal)

    def part(self, part: str, body: str) -> None:
        """%%part: the givens, exact; their names can be used in other cells as well."""
        self.givens[part.strip()] = body
        self.shell.push(givens(part.strip(), body))

    def solution(self, part: str, body: str) -> None:
        """%%solution: the working, and whether every number is the one of the key."""
        id_ = part.strip()
        key = self.keys.get(id_, {})
        solved = solve(id_, self.givens.get(id_, key.get("givens", "")), body, key)
        changed = list(changes(id_, key.get("givens", ""), solved.run)) if key else []
        wrong = list(hold(solved, compared=not changed))
        self.shell.push({item.name: item.value if isinstance(item.value, Trace) else item.value.value
                         for item in solved.run.items})  # fmt: skip
        show(solved)
        if wrong:
            raise Differs(f"part {id_} is not what its page shows:\n" + "\n".join(f"  {why}" for why in wrong))
        tell(", ".join(rows.answers(solved)), changed, bool(key))


def givens(id_: str, body: str) -> dict[str, Any]:
    """The givens of a cell. Raises CellError with its line."""
    return _run(lambda section, file: blocks.givens(section, file), _section(id_, body, ""))


def solve(id_: str, given: str, body: str, key: Mapping[str, Any]) -> Part:
    """Run a solution on its givens. Raises CellError with the line of the cell."""
    section = _section(id_, given, body)
    tables = {name: key.get(name, {}) for name in ("answer", "lines")}
    record = Record(id_, 1, "", "", (), "", "", **tables)
    return Part(section, record, _run(blocks.run, section), f"part {id_}", "key")


def _section(id_: str, given: str, body: str) -> Section:
    fences = [Fence(kind, id_, text.rstrip("\n"), 1, 1) for kind, text in (("part", given), ("solution", body))]
    return Section(id_, 1, fences[0], solution=fences[1])


def _run(what: Any, section: Section) -> Any:
    try:
        with sandbox.unchanged():
            return what(section, f"part {section.part}")
    except BlockError as error:
        raise CellError(f"part {section.part}, line {error.line} of the cell: {error}") from None


def changes(id_: str, body: str, run: Run) -> Iterator[str]:
    """Which givens are not the page's own, in words."""
    own = givens(id_, body)
    for name in dict.fromkeys([*own, *run.givens]):
        if name not in own or name not in run.givens:
            yield f"{name} is {'new' if name in run.givens else 'gone'}"
        elif not _same(own[name], run.givens[name]):
            yield f"{name} is {_text(run.givens[name])}, the page has {_text(own[name])}"


def _same(a: Any, b: Any) -> bool:
    return getattr(a, "shape", None) == getattr(b, "shape", None) and elements(a) == elements(b)


def _text(value: Any) -> str:
    return render.write_value(value, render.WORDS)


def hold(part: Part, compared: bool) -> Iterator[str]:
    """Compare each number with its digits and fill in what is shown for it; yield what differs."""
    answered = {source: label for label, source in part.run.answers.items()}
    for source, line in part.run.lines.items():
        label = answered.get(source, source)
        digits = part.record.answer.get(label, part.record.lines.get(label)) if compared else None
        try:
            if digits is not None:
                compare(line.value, digits, part.run.givens)
        except Exception as error:  # what it is compared with may be of another kind
            yield f"{label}: {error}"
            digits = None
        if digits is None and is_finite(line.value):
            digits = propose(line.value)
        part.shown[source] = line.value if digits is None else shown(line.value, digits)
    part.shown |= {label: part.shown[source] for label, source in part.run.answers.items()}
    if compared:
        yield from _left_out(part)


def _left_out(part: Part) -> Iterator[str]:
    ticked = part.record.answer.get("right", ())
    for label, right in part.run.choices.items():
        if right != (label in ticked):
            yield f"option {label}: computed as {'right' if right else 'wrong'}, the key says otherwise"
    for label in part.record.answer:
        if label not in part.run.answers and label != "right":
            yield f"{label}: the solution leaves this answer out"


def show(part: Part) -> None:
    """The working: lines, tables, programs, figures."""
    put(rows.derivation(part), "\n".join(render.text_of(part)).strip())
    for table in rows.tables(part):
        put(table)
    for program in part.run.listings:
        put(f"```python\n{program}\n```", program)
    for figure in part.run.figures:
        words = _described(figure, part)
        try:
            put(STYLE + drawing.draw(figure, part), words, "text/html")
        except ImportError:  # matplotlib is not installed: the description has the numbers
            put(rows.plain(words), words)


def put(text: str, words: str = "", kind: str = "text/markdown") -> None:
    """Show a text in the notebook, and in a terminal the words."""
    from IPython.display import display

    if text:
        display({kind: text, "text/plain": words or text.replace("**", "")}, raw=True)


def _described(figure: Any, part: Part) -> str:
    plots = figure.plots if isinstance(figure, Panels) else [figure] if isinstance(figure, Plot) else []
    return " ".join(plotdata.fill(f"{plot.title}. {plot.alt}", part) for plot in plots) or figure.title


def tell(answers: str, changed: list[str], known: bool) -> None:
    """The answers, and what they were compared with."""
    why = "✓ every number is the one that the page shows" if known else "no key to compare with"
    if changed:
        why = f"not compared with the key, because givens were changed: {'; '.join(changed)}"
    put(f"**Answer.** {answers} — {why}." if answers else f"{why[0].upper()}{why[1:]}.")
