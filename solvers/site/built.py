"""The commands around what was built: `compare`, `smoke`, `measure`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from solvers.site import measures, smoke
from solvers.site.changes import comment, compare, reading


def add_to(commands: Any) -> None:
    """Name the commands to the parser of the command line."""
    command = commands.add_parser("compare", help="tell what differs between two answers.json")
    command.add_argument("old", type=Path)
    command.add_argument("new", type=Path)
    command.set_defaults(command=_compare)
    command = commands.add_parser("smoke", help="look whether a built site has everything that readers need")
    command.add_argument("folder", type=Path, nargs="?", default=Path("site"))
    command.add_argument("--published", type=Path, help="the answers.json that it would replace")
    command.set_defaults(command=_smoke)
    command = commands.add_parser("measure", help="write the size of a built site, and its times, into measures.json")
    command.add_argument("folder", type=Path)
    command.add_argument("--check", type=float, required=True, metavar="SECONDS")
    command.add_argument("--build", type=float, required=True, metavar="SECONDS")
    command.set_defaults(command=_measure)


def _compare(_project: Any, options: argparse.Namespace) -> int:
    try:
        old, new = (_answers(file) for file in (options.old, options.new))
    except reading.Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    print(comment.told(compare.changes(old, new)))
    return 0


def _answers(file: Path) -> Any:
    try:
        return reading.data(file.read_bytes(), "answers")
    except OSError:
        raise reading.Refused(f"{file}: there is no such file") from None
    except reading.Refused as refused:
        raise reading.Refused(f"{file}: {refused}") from None


def _smoke(_project: Any, options: argparse.Namespace) -> int:
    found = smoke.problems(options.folder, options.published)
    for problem in found:
        print(f"{options.folder}: {problem}", file=sys.stderr)
    if not found:
        print(f"{options.folder}: a whole site")
    return 1 if found else 0


def _measure(_project: Any, options: argparse.Namespace) -> int:
    print(measures.write(options.folder, {"check": options.check, "build": options.build}))
    return 0
