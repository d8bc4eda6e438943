"""The changes as Markdown, in which nothing of the data is anything but text.

Every line that holds text of the data stands in a fenced block of code, where no forge makes links, mentions or markup, and
is made of visible signs without a backtick, so that none can end the block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from solvers.site.changes.compare import Changes

MOST_LINES, LONGEST = 100, 160  # of a section; signs of a line
MOST = 60_000  # signs of a comment; GitHub takes 65,536
NOISE = 0.25  # two builds of the same sources may differ by so much on the machines of the forge
SECONDS = {"check": "check", "build": "build"}
BYTES = {"pages": "pages", "scripts": "scripts", "styles": "style sheets", "search": "search index",
         "copy": "copy to take along", "all": "whole site"}  # fmt: skip


def told(found: Changes) -> str:
    """What has changed, a section each; says so when nothing has."""
    if not found:
        return f"Nothing changed: all {found.parts} parts have the same numbers, verdicts and words."
    sections = [
        _section("Numbers", found.numbers) or f"**No number changed** in the {found.parts} parts that both have.",
        _section("Verdicts", found.verdicts) or "**No verdict changed.**",
        _section("Parts added", found.added),
        _section("Parts lost", found.lost),
        _section("Other changes: what of a part", found.rest),
    ]
    return "\n\n".join(filter(None, sections))


def measured(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> str:
    """Speed and size as a table."""
    rows = ["| | main | here | |", "|---|--:|--:|---|"]
    if old is None:
        return "Speed and size are not compared: the published site does not tell its own."
    for key, name in SECONDS.items():
        was, now = old["seconds"][key], new["seconds"][key]
        rows.append(f"| {name} | {was:.1f} s | {now:.1f} s | {_share(was, now, NOISE)} |")
    for key, name in BYTES.items():
        was, now = old["bytes"][key], new["bytes"][key]
        rows.append(f"| {name} | {_size(was)} | {_size(now)} | {_share(was, now)} |")
    return "\n".join([*rows, "", f"Times within {NOISE:.0%} of each other are called the same: machines differ."])


def cut(text: str) -> str:
    """A comment that the forge takes; what is too long ends at the end of a line."""
    if len(text) <= MOST:
        return text
    kept = text[:MOST].rpartition("\n")[0]
    fence = "\n```" if len(re.findall("(?m)^```", kept)) % 2 else ""  # the last block is left open
    return f"{kept}{fence}\n\nThe rest was too long for a comment."


def _section(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    shown = "\n".join(_rows(lines))
    return f"**{title}: {len(lines)}**\n\n```text\n{shown}\n```"


def _rows(lines: Sequence[str]) -> Iterator[str]:
    for line in lines[:MOST_LINES]:
        yield plain(line)
    if len(lines) > MOST_LINES:
        yield f"... and {len(lines) - MOST_LINES} more"


def plain(line: str) -> str:
    """One line of visible signs. The schema has refused the others already; this does not rely on it."""
    visible = "".join(sign if sign.isprintable() and sign != "`" else "?" for sign in line)
    return visible if len(visible) <= LONGEST else visible[: LONGEST - 3] + "..."


def _share(was: float, now: float, noise: float = 0.0) -> str:
    if was == now or (was and abs(now / was - 1) <= noise):
        return "same"
    return f"{100 * (now / was - 1):+.1f} %" if was else "new"


def _size(count: int) -> str:
    return f"{count / 1e6:.2f} MB" if count >= 1e6 else f"{count / 1e3:.1f} kB"
