"""What a lab calls: `hold` shows numbers and compares them with the labs' key, `figure` shows a plot.

    lab = Lab("optimizers")
    lab.hold("Steps until the distance is a thousandth", gradient_descent=173, momentum=38)
    lab.figure(fig, "Distance against steps: momentum needs {momentum}, gradient descent {gradient_descent}.")

A label is held under its name in `docs/labs/key.toml`; its digits are its precision, as in the key of a paper. The same
in Jupyter, where nothing else is needed, and when the site is built, where a number that differs stops the build.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from solvers.dialects import WORDS, write_value
from solvers.exact import is_finite, is_symbolic, to_fraction
from solvers.site.agreement import Disagreement, compare, shown
from solvers.site.proposals import propose

KEY_VARIABLE = "SOLVERS_LABS_KEY"  # the file that a build compares with; otherwise the one of this checkout
KEY = Path(__file__).resolve().parents[3] / "docs" / "labs" / "key.toml"
HELD = "application/vnd.recomputed.held+json"  # what a build finds in a cell's output, beside the text for Jupyter
SVG = "image/svg+xml"

# A figure is drawn in these colours only; each is a variable of the style sheet, so it follows the reader's palette.
PALETTE = {
    "#1c1f24": "--ink", "#dcdbd2": "--rule",
    "#1d4f80": "--accent", "#a3232a": "--bad", "#1b683d": "--good", "#68409c": "--part", "#7a5000": "--near", "#575d66": "--muted",
}  # fmt: skip
INK, RULE, *SERIES = PALETTE
MUTED = SERIES[-1]
DASHES = [
    "-",
    (0, (5, 2)),
    (0, (1, 1.5)),
    (0, (6, 2, 1, 2)),
    (0, (3, 1, 1, 1, 1, 1)),
    ":",
]  # tells series apart in print
DIGITS = re.compile(r"[0-9]")
FIELD = re.compile(r"\{[^{}]*\}")


class NotHeld(ValueError):
    """A number or a figure that cannot be shown, with the reason."""


class Lab:
    """One lab: its table of the key, and what it has shown so far."""

    recorder: dict[str, Any] | None = None  # set while `accept` runs a lab: label -> value, compared with nothing

    def __init__(self, name: str):
        self.name = name
        self.shown: dict[str, Any] = {}
        self.figures = 0
        self.file = Path(os.environ.get(KEY_VARIABLE) or KEY)
        found = tomllib.loads(self.file.read_text("utf-8"), parse_float=Decimal) if self.file.exists() else None
        self.key = None if found is None else found.get(name, {})
        _style(name)

    def hold(self, caption: str = "", /, **values: Any) -> None:
        """Show numbers, words or lists of them under their labels, each as its digits in the key.

        Several lists of one length become the columns of a table. Raises NotHeld for a value that the key does not hold, that
        it holds otherwise, or that was shown before.
        """
        self.shown |= {label: self._digits(label, value) for label, value in values.items()}
        rows = [f"{words(label)} = {_text(self.shown[label])}" for label in values]
        data = {"caption": caption, "values": {label: encode(value) for label, value in values.items()}}
        self._display({"text/plain": "\n".join([caption, *rows] if caption else rows), HELD: data})

    def figure(self, figure: Any, alt: str) -> None:
        """Show a figure of matplotlib. `alt` tells it in words; {label} in it is a number that was held before.

        Raises NotHeld for a digit in `alt` that is no such number, and for a colour beside C0 to C5 and black.
        """
        if DIGITS.search(FIELD.sub("", alt)):
            raise NotHeld(f"the text {alt!r} types a digit: hold the number and write {{its_label}}")
        try:
            told = alt.format(**{label: _parts(value) for label, value in self.shown.items()})
        except (KeyError, IndexError) as error:
            raise NotHeld(f"the text {alt!r} names {error}: no number with that label was shown before") from None
        self.figures += 1
        svg = tidy(_drawn(figure), f"{self.name}-{self.figures}")
        self._display({"text/plain": told, SVG: svg}, {"alt": told, SVG: {"needs_background": "light"}})

    def _digits(self, label: str, value: Any) -> Any:
        if label in self.shown:
            raise NotHeld(f"{label} was shown before: give this one a label of its own")
        value = plain(value)
        if not is_finite(value):
            raise NotHeld(f"{label} is {value}: a number must be finite")
        if Lab.recorder is not None:
            Lab.recorder[label] = value
            return shown(value, propose(value))
        if self.key is None:  # a notebook far from its checkout: there is nothing to compare with
            return shown(value, propose(value))
        return held(self.name, label, value, self.key)

    def _display(self, data: dict[str, Any], metadata: dict[str, Any] | None = None) -> None:
        if Lab.recorder is not None:
            return
        ipython = sys.modules.get("IPython")
        if ipython is None or ipython.get_ipython() is None:  # run as a plain program
            print(data["text/plain"])
        else:
            ipython.display.display(data, raw=True, metadata=metadata or {})


def held(lab: str, label: str, value: Any, key: dict[str, Any]) -> Any:
    """The value as the key's digits show it. Raises NotHeld when the key has none, or others."""
    if label not in key:
        raise NotHeld(f"no key holds {label}: python -m solvers accept labs/{lab} writes it")
    try:
        compare(value, key[label], {})
    except Disagreement as error:
        raise NotHeld(f"{label}: {error}") from None
    return shown(value, key[label])


def words(label: str) -> str:
    """A label as words: steps_of_momentum is "steps of momentum"."""
    return label.replace("_", " ")


def plain(value: Any) -> Any:
    """A value without numpy or sympy: an array becomes a list, its scalars and a number of sympy Python's own."""
    if is_symbolic(value):
        return Fraction(str(value)) if value.is_Rational else float(value)
    if hasattr(value, "tolist"):
        value = value.tolist()
    return [plain(cell) for cell in value] if isinstance(value, list | tuple) else value


def encode(value: Any) -> Any:
    """A value as JSON; `decode` reads it back. A fraction is the list ["fraction", text]."""
    value = plain(value)
    if isinstance(value, list):
        return ["list", *map(encode, value)]
    return ["fraction", str(to_fraction(value))] if isinstance(value, Fraction | Decimal) else value


def decode(value: Any) -> Any:
    """What `encode` was given."""
    if not isinstance(value, list):
        return value
    return Fraction(value[1]) if value[0] == "fraction" else [decode(cell) for cell in value[1:]]


def _parts(value: Any) -> Any:
    return [_parts(cell) for cell in value] if isinstance(value, list) else write_value(value, WORDS)


def _text(value: Any) -> str:
    return ", ".join(map(_text, value)) if isinstance(value, list) else write_value(value, WORDS)


def _style(name: str) -> None:
    """Plots that look alike, on every machine and in every build."""
    import matplotlib
    from cycler import cycler

    matplotlib.use("agg")
    matplotlib.rcdefaults()
    matplotlib.rcParams.update({
        "svg.hashsalt": name, "svg.fonttype": "none", "path.simplify_threshold": 0.5, "figure.figsize": (5.2, 3.1),
        "figure.constrained_layout.use": True, "font.size": 10, "axes.prop_cycle": cycler(color=SERIES) + cycler(linestyle=DASHES),
        "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK, "axes.edgecolor": MUTED,
        "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.color": RULE, "grid.linewidth": 0.6,
        "axes.titlesize": 10, "axes.axisbelow": True, "legend.frameon": False, "lines.linewidth": 1.6,
        "lines.markersize": 4, "axes.unicode_minus": True, "axes.formatter.use_mathtext": False,
    })  # fmt: skip


def _drawn(figure: Any) -> str:
    from matplotlib import pyplot

    out = io.StringIO()
    figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
    return out.getvalue()


def tidy(svg: str, prefix: str) -> str:
    """An SVG for a page: colours of the palette, the page's own font, no styles for others, few digits, ids of its own.

    Raises NotHeld for a colour that would not follow the reader's palette.
    """
    svg = svg[svg.index("<svg") :]
    for rest in (r"\s*<metadata>.*?</metadata>", r"\s*<style.*?</style>", r"\s*<defs>\s*</defs>", r"<!--.*?-->"):
        svg = re.sub(rest, "", svg, flags=re.S)
    svg = re.sub(r' (?:xmlns:xlink|version|width|height)="[^"]*"', "", svg, count=4).replace("xlink:href", "href")
    svg = re.sub(r"font: ([\d.]+px)[^;\"]*", r"font-size: \1", svg)
    svg = re.sub(r" ?font-family: [^;\"]*;?", "", svg)
    svg = re.sub(r' transform="rotate\(-0 [^"]*"', "", svg)
    svg = re.sub(r'<path d="[^"]*" style="fill: none"/>', "", svg)  # the ground, which is the page's
    named = set(re.findall(r"#([\w-]+)\)|href=\"#([\w-]+)\"", svg))
    named = {name for pair in named for name in pair if name}
    svg = re.sub(r' id="([^"]*)"', lambda m: f' id="{prefix}-{m[1]}"' if m[1] in named else "", svg)
    svg = re.sub(r'(url\(#|href="#)', rf"\g<1>{prefix}-", svg)
    svg = re.sub(r"(?<=\d)\.(\d{2})\d+", r".\1", svg)
    svg = re.sub(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})(?=[;\"])", _colour, svg)
    svg = re.sub(r'(?<= d=")[^"]*', lambda path: " ".join(path[0].split()), svg)
    return re.sub(r"\n\s*", "\n", re.sub(r"<g>\s*</g>\s*", "", svg)).strip()


def _colour(found: re.Match[str]) -> str:
    name = {"#000000": INK}.get(found[0].lower(), found[0].lower())
    if name not in PALETTE:
        raise NotHeld(f"the figure uses the colour {name}: one of C0 to C{len(SERIES) - 1}, which follow the palette")
    return f"var({PALETTE[name]}, {name})"
