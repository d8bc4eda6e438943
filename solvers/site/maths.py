"""TeX to HTML while the site is built: KaTeX in an embedded JavaScript engine, cached by TeX."""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path

from solvers.site import reading
from solvers.site.problems import Problem, shown_path
from solvers.site.rendered import rendered
from solvers.site.source import VALUE, prose

KATEX = Path(__file__).parent / "katex" / "katex.min.js"

# The string is cut from a rope before it leaves the engine: the binding reads flat strings only.
SET = """
function set(tex, display, output) {
  return katex.renderToString(tex, {displayMode: display, output: output, throwOnError: true,
    strict: (code) => code === "unicodeTextInMathMode" ? "ignore" : "error"}).slice(0);
}
"""


class MathsError(ValueError):
    """TeX that KaTeX refuses, with its reason."""


def to_html(tex: str, display: bool = False, output: str = "htmlAndMathml") -> str:
    """HTML of a formula; `output` is KaTeX's: html, mathml or htmlAndMathml. Raises MathsError for bad TeX."""
    what = f"KaTeX {_version()} {display} {output}"
    return rendered(what, tex, lambda: _typeset(tex, display, output))


def _typeset(tex: str, display: bool, output: str) -> str:
    import quickjs

    try:
        arguments = ", ".join([json.dumps(tex), json.dumps(display), json.dumps(output)])
        return _engine().eval(f"set({arguments})")
    except quickjs.JSException as error:
        reason = str(error).split("\n")[0].replace("KaTeX parse error: ", "").removeprefix("ParseError: ")
        raise MathsError(f"{reason.replace(chr(0x0332), '')} in ${tex}$") from None


@lru_cache(maxsize=1)
def _engine():
    import quickjs

    engine = quickjs.Context()
    engine.eval(KATEX.read_text(encoding="utf-8"))
    engine.eval(SET)
    return engine


@lru_cache(maxsize=1)
def _version() -> str:
    return hashlib.sha256(KATEX.read_bytes() + SET.encode()).hexdigest()[:12]


def problems_of(page: Path) -> list[Problem]:
    """Formulas of a page's text that KaTeX refuses, each with its line. A value in a formula counts as a 1."""
    name = shown_path(page)
    text = reading.read(page).text
    return [found for tex, display, line in formulas(text) for found in problem(name, line, tex, display)]


def problem(file: str, line: int, tex: str, display: bool) -> list[Problem]:
    """What KaTeX has against one formula of an author, if anything."""
    try:
        to_html(VALUE.sub("1", tex), display)
    except MathsError as error:
        return [Problem(file, line, f"TeX: {error}")]
    return []


def formulas(text: str):
    """(TeX, display, line) of every formula in Markdown text; code is passed over."""
    blanked = re.sub(
        r"(?ms)^[ \t]*(`{3,}+|~{3,}+).*?^[ \t]*\1[`~]*[ \t]*$", lambda m: "\n" * m.group().count("\n"), text
    )
    for kind, piece, offset in prose(blanked):
        if kind in ("math", "display"):
            marks = 1 if kind == "math" else 2
            yield piece[marks:-marks].strip(), kind == "display", blanked.count("\n", 0, offset) + 1
