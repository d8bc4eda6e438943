"""The last build's own figures, none typed: counted from keys and pages, or read from what a command measured before."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from solvers.site import ranges, whole
from solvers.site.draws import COUNT
from solvers.site.project import Project, read_page

UNMEASURED = "not measured in this build"
LIBRARIES = ("numpy", "sympy", "mkdocs", "mkdocs-material", "python-flint")
CERTIFIED = Path("build", "certify.json")

Rows = Iterator[tuple[str, str]]


def listed(project: Project, page: Path, badge: Callable[[str], str]) -> list[str]:
    """The tables of ` ``` list figures `."""
    root = project.docs.parent
    out: list[str] = []
    for title, rows in (
        ("What was recomputed", _counted(project)),
        ("What was proved", _proved(project)),
        ("What watches the solvers", _watched(root)),
        ("What it ran on", _ran_on(project.docs)),
    ):
        out += [
            "",
            f"## {title}",
            "",
            "| figure | value |",
            "|---|---|",
            *(f"| {name} | {value} |" for name, value in rows),
        ]
    return out


def fingerprint(project: Project) -> str:
    """What a proof rests on, as a hash: keys, pages, the list of excuses, the package."""
    docs, package = project.docs.resolve(), Path(__file__).resolve().parents[1]
    files = [docs / "uncertified.toml", *sorted(docs.glob("papers/*/*.*")), *sorted(package.rglob("*.py"))]
    found = hashlib.sha256()
    for file in files:
        if file.is_file():
            found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


def write_certified(project: Project, figures: dict[str, int]) -> Path:
    """Leave the figures of a whole proof for the next build."""
    file = project.docs.parent / CERTIFIED
    file.parent.mkdir(parents=True, exist_ok=True)
    whole.replace(file, json.dumps({**figures, "of": fingerprint(project)}, indent=1) + "\n")
    return file


def _counted(project: Project) -> Rows:
    papers = project.papers()
    records = [record for paper in papers for record in paper.records.values()]
    lines = [digits for record in records for table in (record.answer, record.lines) for digits in table.values()]
    sections = [
        section for paper in papers for page in project.pages(paper.id) for section in read_page(page)[0].sections
    ]
    varied = sum(bool(ranges.declared(section.givens).values) for section in sections if section.answered)
    yield "papers", _many(len(papers))
    yield "parts solved", _many(len(records))
    yield "lines compared with the key", _many(len(lines))
    yield "numbers in these lines", _many(sum(_places(digits) for digits in lines))
    yield "slips run again", _many(sum(len(record.slips) for record in records))
    yield "draws of new numbers", _many(COUNT * varied)
    yield "parts that have them", _many(varied)


def _proved(project: Project) -> Rows:
    data = _measured(project.docs.parent / CERTIFIED)
    current = data.get("of") == fingerprint(project)  # figures of other digits say nothing of these
    for name, key in (("numbers proved exactly", "exact"), ("numbers proved by intervals", "enclosed"),
                      ("digits of the latter", "digits"), ("numbers excused", "excused")):  # fmt: skip
        yield name, _many(data[key]) if current and isinstance(data.get(key), int) else UNMEASURED


def _watched(root: Path) -> Rows:
    routes = [file.read_text(encoding="utf-8") for file in sorted(root.glob("tests/routes/*.py"))]
    found = sum(len(re.findall(r"^@route\(", text, re.M)) for text in routes)
    yield "second routes to an answer", _many(found) if found else UNMEASURED
    total = _measured(root / "build" / "coverage.json").get("totals", {})
    percent = total.get("percent_covered")
    yield (
        "branches and lines that the tests take",
        f"{percent:.1f} %" if isinstance(percent, int | float) else UNMEASURED,
    )
    classes = {name: scores for name, scores in _measured(root / "build" / "mutation.json").items()
               if isinstance(scores, dict) and {"killed", "total"} <= {*scores}}  # fmt: skip
    if not classes:
        yield "planted mistakes that the tests find", UNMEASURED
    for name, scores in sorted(classes.items()):
        yield f"planted mistakes that the tests find: {name}", f"{scores['killed']} of {scores['total']}"


def _ran_on(docs: Path) -> Rows:
    yield "Python", platform.python_version()
    for library in LIBRARIES:
        try:
            yield library, metadata.version(library)
        except metadata.PackageNotFoundError:
            continue
    date = _date(docs)
    if date:
        yield "sources of", date


def _date(docs: Path) -> str:
    """The day of the sources, never that of the build: two builds of the same sources are the same."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not seconds:
        try:
            command = ["git", "-C", str(docs), "log", "-1", "--format=%ct"]
            seconds = subprocess.run(command, capture_output=True, text=True, timeout=5).stdout.strip()
        except (OSError, subprocess.TimeoutExpired):
            return ""
    return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%d}" if seconds.isdigit() else ""


def _measured(file: Path) -> dict[str, Any]:
    """What a command wrote; nothing where it has not run or was cut short."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _places(digits: Any) -> int:
    return sum(map(_places, digits)) if isinstance(digits, list) else 1


def _many(count: int) -> str:
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
