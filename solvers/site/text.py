"""Put values into an author's text: `@{name}` is a given, after the solution also a line or an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from solvers.dialects import TEX, WORDS, write_value
from solvers.exact import Shape, elements, is_array
from solvers.site.part import Part
from solvers.site.problems import Problem
from solvers.site.source import VALUE, prose
from solvers.traces import suggestion

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass
class Values:
    """What the text of one part may name: givens everywhere, lines and answers (`shown`) once it is solved.

    Collects what it cannot fill; `file` and `part` say where that is.
    """

    givens: Mapping[str, Any]
    shown: Mapping[str, Any]
    file: str
    part: str
    problems: list[Problem] = field(default_factory=list)

    def fill(self, lines: Sequence[tuple[int, str]], solved: bool, file: str = "") -> list[str]:
        """The lines with their values; `solved` allows computed ones. Code is left as it is."""
        if not any("@{" in line for _, line in lines):
            return [line for _, line in lines]
        text = "\n".join(line for _, line in lines)
        pieces = []
        for kind, piece, offset in prose(text):
            if kind in ("text", "math", "display"):
                piece = VALUE.sub(self._writer(kind, lines, text, offset, solved, file), piece)
            pieces.append(piece)
        return "".join(pieces).split("\n")

    def _writer(
        self, kind: str, lines: Sequence[tuple[int, str]], text: str, offset: int, solved: bool, file: str
    ) -> Any:
        def write(match: re.Match[str]) -> str:
            row = text.count("\n", 0, offset + match.start())
            value = self.find(match[1].strip(), lines[min(row, len(lines) - 1)][0], solved, file)
            return "" if value is None else in_text(value) if kind == "text" else write_value(value, TEX)

        return write

    def find(self, name: str, line: int, solved: bool, file: str = "") -> Any:
        """The value of a name; None, and a problem, when the text may not name it."""
        if name in self.givens:
            return self.givens[name]
        if name in self.shown and solved:
            return self.shown[name]
        if name in self.shown:
            text = f"@{{{name}}} is computed; the question and its hints may name givens only"
        else:
            known = [*self.givens, *(self.shown if solved else ())]
            text = f"@{{{name}}}: no such value{suggestion(name, known)}"
        self.problems.append(Problem(file or self.file, line, f"part {self.part}: {text}"))
        return None


def of(part: Part) -> Values:
    """The values of a part that ran."""
    return Values(part.run.givens, part.shown, part.file, part.record.id)


def in_text(value: Any) -> str:
    """A value inside a sentence: a vector as (0.5, 0.6)."""
    if isinstance(value, Shape):
        return " × ".join(write_value(size, WORDS) for size in value)
    if is_array(value) or isinstance(value, list | tuple):
        return f"({', '.join(write_value(cell, WORDS) for cell in elements(value))})"
    return re.sub(r"(?:(?<![\d.])1)?·10\^(-?\d+)", _power_of_ten, write_value(value, WORDS))


def _power_of_ten(match: re.Match[str]) -> str:
    """What follows a mantissa, or stands alone where that is 1: 2.5 × 10⁻⁹, 10⁻⁹."""
    power = f"10{match[1].translate(SUPERSCRIPTS)}"
    return power if match[0].startswith("1") else f" × {power}"
