"""The options of a choice question: `- [x] a. text`, then its reason, indented. The tick says that the option is right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

Lines = list[tuple[int, str]]

OPTION = re.compile(r"^[-*] \[([ xX])\][ \t]+(.*)$")
LABEL = re.compile(r"^(\w+)[.)][ \t]+(.*)$")


@dataclass
class Option:
    """One option as its author wrote it: the text stands in the question, the reason in the answer."""

    label: str
    right: bool
    line: int
    text: Lines
    reason: Lines = field(default_factory=list)


def split(lines: Sequence[tuple[int, str]], problems: list[tuple[int, str]]) -> tuple[Lines, list[Option]]:
    """The question without its options, and the options. A line of an option that is not well formed is a problem."""
    rest: Lines = []
    options: list[Option] = []
    inside = False
    for number, line in lines:
        opening = OPTION.match(line)
        if opening:
            inside = True
            options.append(_begin(number, opening, [option.label for option in options], problems))
        elif inside and (not line.strip() or line[:1] in " \t"):
            _go_on(options[-1], number, line)
        else:
            inside = False
            rest.append((number, line))
    for option in options:
        if not any(line.strip() for _, line in option.reason):
            why = f"option {option.label} has no reason; leave a blank line and indent it by four spaces"
            problems.append((option.line, why))
    return rest, options


def _begin(number: int, opening: re.Match[str], known: list[str], problems: list[tuple[int, str]]) -> Option:
    labelled = LABEL.match(opening[2])
    label, text = (labelled[1], labelled[2]) if labelled else ("", opening[2])
    if not label:
        problems.append((number, "an option begins with its letter: - [ ] a. text"))
    elif label in known:
        problems.append((number, f"option {label} stands here twice; give each its own letter"))
    return Option(label, opening[1] != " ", number, [(number, text)])


def _go_on(option: Option, number: int, line: str) -> None:
    """The text goes on until the first blank line; what follows is the reason, without its indentation."""
    if option.reason or not line.strip():
        option.reason.append((number, line[4:] if line.startswith("    ") else line.lstrip()))
    else:
        option.text.append((number, line.strip()))
