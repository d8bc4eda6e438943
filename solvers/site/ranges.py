"""New numbers: what the givens of a part may be instead, declared beside them as comments.

    x, y = 3.5, 0.5
    # vary x in 0.5..5 step 0.5; y in {0.2, 0.5, 0.8}
    # where x > y

An array takes a new value in every place, or another array as a whole where the set holds lists. A part whose numbers cannot
be changed says why: `# fixed: the options are printed numbers`. Nothing is drawn here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from solvers.exact import HOOKS, elements, is_moderate, is_number, is_symbolic, read
from solvers.instrument import exact_code, expression
from solvers.site.source import Fence
from solvers.traces import suggestion

DECLARED = re.compile(r"^#[ \t]*(vary|where|fixed)\b(?P<colon>:?)[ \t]*(?P<rest>.*)$")
VARIED = re.compile(r"^(?P<name>\w+)\s+in\s+(?P<values>.+)$")
STEPPED = re.compile(r"^(?P<first>\S+?)\s*\.\.\s*(?P<last>\S+)(?:\s+step\s+(?P<step>\S+))?$")
MOST = 10_000  # values of one range


@dataclass(frozen=True)
class Ranges:
    """What one part declares."""

    values: Mapping[str, tuple[Any, ...]] = field(
        default_factory=dict
    )  # given -> what it, or each of its places, may be
    where: tuple[tuple[int, str], ...] = ()  # (line, condition that a draw has to meet)
    fixed: str = ""  # why its numbers stay as they are
    line: int = 0  # of the first declaration
    problems: tuple[tuple[int, str], ...] = ()


@lru_cache(maxsize=4096)
def declared(fence: Fence) -> Ranges:
    """What the comments of a `part` fence declare, with everything that is wrong in them."""
    values: dict[str, tuple[Any, ...]] = {}
    where, fixed, problems, first = [], "", [], 0
    for line, kind, rest in _declarations(fence):
        first = first or line
        try:
            if kind == "vary":
                for name, found in _varied(rest):
                    if name in values:
                        raise ValueError(f"{name} is varied twice; keep one range")
                    values[name] = found
            elif kind == "where":
                where.append((line, _condition(rest)))
            elif not rest:
                raise ValueError("say why the numbers stay: # fixed: the options are printed numbers")
            else:
                fixed = rest
        except ValueError as error:
            problems.append((line, f"{kind}: {error}"))
    if fixed and (values or where):
        problems.append((first, "fixed: a part is either fixed or varied; take one of the two out"))
    if where and not values and not problems:
        problems.append((first, "where: nothing is varied; add # vary x in 1..5"))
    return Ranges(values, tuple(where), fixed, first, tuple(problems))


def without(body: str) -> str:
    """The givens without their declarations: the program that is shown."""
    return "\n".join(row for row in body.split("\n") if not DECLARED.match(row))


def unfit(ranges: Ranges, givens: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """(line, what is wrong) in the declarations, and where they do not fit the givens."""
    yield from ranges.problems
    for name, values in ranges.values.items():
        if name not in givens:
            yield ranges.line, f"vary: no given {name!r}{suggestion(name, list(givens))}"
        elif is_symbolic(givens[name]):
            yield ranges.line, f"vary: {name} is the symbol {givens[name]}, which has no numbers"
        elif len(set(map(str, values))) < 2:
            yield ranges.line, f"vary: {name} has one value only; give it two or more"


def missing(ranges: Ranges, givens: Mapping[str, Any]) -> bool:
    """Are there numbers among the givens, and neither a range for one of them nor a reason why they stay?"""
    return not (ranges.values or ranges.fixed) and any(map(_has_numbers, givens.values()))


def _has_numbers(value: Any) -> bool:
    return any(is_number(scalar) for scalar in elements(value))


def _declarations(fence: Fence) -> Iterator[tuple[int, str, str]]:
    """(line, kind, text)."""
    for line, row in enumerate(fence.body.split("\n"), start=fence.line + 1):
        match = DECLARED.match(row)
        if match:
            yield line, match[1], match["rest"].strip()


def _varied(text: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for one in _split(text, ";"):
        match = VARIED.match(one)
        if match is None:
            raise ValueError(f"{one!r} is no range; write x in 0.5..5 step 0.5, or x in {{0.2, 0.5}}")
        yield match["name"], _values(match["values"].strip())


def _values(text: str) -> tuple[Any, ...]:
    if text.startswith("{") and text.endswith("}"):
        return tuple(_literal(one) for one in _split(text[1:-1], ","))
    match = STEPPED.match(text)
    if match is None:
        raise ValueError(f"{text!r} is no range; write 0.5..5 step 0.5, or {{0.2, 0.5, 0.8}}")
    return _stepped(match["first"], match["last"], match["step"])


def _stepped(*texts: str | None) -> tuple[Any, ...]:
    """first, first + step, … up to last, each with the decimals that were typed."""
    try:
        first, last, step = (Decimal("1" if text is None else text) for text in texts)
    except InvalidOperation:
        raise ValueError(f"{' '.join(filter(None, texts))} are no numbers") from None
    if not all(is_moderate(number) for number in (first, last, step)):
        raise ValueError(f"{' '.join(filter(None, texts))}: no number so large or so small can be worked with")
    places = max(0, *(-int(number.as_tuple().exponent) for number in (first, last, step)))
    if texts[2] is None and places:
        raise ValueError(f"{texts[0]}..{texts[1]} has decimals; say the step: {texts[0]}..{texts[1]} step 0.1")
    count = int((last - first) / step) + 1 if step > 0 else 0
    if not 0 < count <= MOST or first + (count - 1) * step != last:
        raise ValueError(f"{texts[0]}..{texts[1]} is not reached in whole steps of {step}")
    return tuple(read(f"{first + number * step:.{places}f}") for number in range(count))


def _literal(text: str) -> Any:
    """A number, a list of numbers, or a word."""
    if re.fullmatch(r"[A-Za-z][\w ]*", text):
        return text
    try:
        tree = expression(text, "a value")
    except SyntaxError as error:
        raise ValueError(f"{text!r} is no value: {error.msg}") from None
    allowed = (ast.Expression, ast.List, ast.Tuple, ast.Constant, ast.UnaryOp, ast.USub, ast.BinOp, ast.Div, ast.Load)
    if not all(isinstance(node, allowed) for node in ast.walk(tree)):
        raise ValueError(f"{text!r} is no value; write numbers, or lists of numbers")
    try:
        return eval(exact_code(tree, text, "a value"), {**HOOKS, "__builtins__": {}})
    except Exception as error:
        raise ValueError(f"{text!r} is no value: {type(error).__name__}: {error}") from None


def _condition(text: str) -> str:
    try:
        expression(text, "a condition")
    except SyntaxError as error:
        raise ValueError(f"{text!r} is no condition: {error.msg}") from None
    return text


def _split(text: str, mark: str) -> list[str]:
    """The pieces between marks that stand outside of brackets."""
    pieces, depth = [""], 0
    for sign in text:
        depth += (sign in "([{") - (sign in ")]}")
        if sign == mark and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += sign
    return [piece.strip() for piece in pieces if piece.strip()]
