"""Put values into an author's text: `@{name}` is a given, after the solution also a line or an answer."""

from __future__ import annotations

from typing import Any

from solvers.derivation import suggestion
from solvers.exact import elements, is_array
from solvers.formula import TEX, WORDS, write_value
from solvers.site.parts import Part
from solvers.site.problems import Problem
from solvers.site.source import VALUE, prose


class Values:
    """Fills the text of one part and collects what it cannot fill."""

    def __init__(self, part: Part):
        self.part = part
        self.problems: list[Problem] = []

    def fill(self, lines: list[tuple[int, str]], solved: bool) -> list[str]:
        """The lines with their values; `solved` allows computed ones. Code is left as it is."""
        if not any("@{" in line for _, line in lines):
            return [line for _, line in lines]
        first = lines[0][0]
        text = "\n".join(line for _, line in lines)
        pieces = []
        for kind, piece, offset in prose(text):
            if kind in ("text", "math", "display"):
                at = first + text.count("\n", 0, offset)
                piece = VALUE.sub(lambda m, k=kind, n=at, p=piece: self.value(m[1], k, n + p.count("\n", 0, m.start()), solved), piece)
            pieces.append(piece)
        return "".join(pieces).split("\n")

    def value(self, name: str, kind: str, line: int, solved: bool) -> str:
        name = name.strip()
        value = self.find(name, line, solved)
        if value is None:
            return ""
        return in_text(value) if kind == "text" else write_value(value, TEX)

    def find(self, name: str, line: int, solved: bool) -> Any:
        part = self.part
        if name in part.run.givens:
            return part.run.givens[name]
        if name in part.shown and solved:
            return part.shown[name]
        if name in part.shown:
            text = f"@{{{name}}} is computed; the question and its hints may name givens only"
        else:
            known = [*part.run.givens, *(part.shown if solved else ())]
            text = f"@{{{name}}}: no such value{suggestion(name, known)}"
        self.problems.append(Problem(part.file, line, f"part {part.record.id}: {text}"))
        return None


def in_text(value: Any) -> str:
    """A value inside a sentence: a vector as (0.5, 0.6)."""
    if is_array(value) or isinstance(value, list | tuple):
        return f"({', '.join(write_value(cell, WORDS) for cell in elements(value))})"
    return write_value(value, WORDS)
