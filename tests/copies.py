"""Sites of many times the real papers, to measure and to test at their size. `python tests/copies.py <folder> 1 3 10`.

The first of the papers is as it is. Every copy has an id of its own and, where its parts offer new numbers, other givens:
those of a draw, with the digits that follow from them as its key and no published key. A part that offers none, or whose
words do not stand another number, is copied as it is. From the thirteenth copy on the draws begin again. Every formula
in a copied text is made different from that of every other copy, by a space that nobody sees, so that no cache of
formulas knows it. What stays the same in all copies: words, symbols, the code of solutions.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FENCED = re.compile(r"(?ms)(^[ \t]*(?:`{3,}|~{3,}).*?^[ \t]*(?:`{3,}|~{3,})[ \t]*$\n?)")
OWN = ("exam", "list", "show", "check", "part", "solution")  # the fences of this site
OF_THE_PUBLISHED_KEY = ("printed", "slips", "conventions", "rounding", "unexplained", "readings")
DRAWS = 12
PRUNED = 200  # as in solvers/site/hook.py


def many(folder: Path, times: int, executed: bool = True) -> Path:
    """Write a site with `times` as many papers into a folder; not `executed`: its blocks are shown as Python."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=shutil.ignore_patterns("__pycache__"))
    papers = sorted(file.parent for file in (ROOT / "docs" / "papers").glob("*/key.toml"))
    for paper in papers:
        for number in range(1, times):
            _write(folder / "docs" / "papers" / copied(paper, number), number, *_drawn(paper, (number - 1) % DRAWS))
    configuration = with_copies((ROOT / "mkdocs.yml").read_text("utf-8"), papers, times)
    (folder / "mkdocs.yml").write_text(elsewhere(configuration, executed), "utf-8")
    if not executed:
        inert(folder / "docs")
        if len([*folder.joinpath("docs").rglob("*.md")]) > PRUNED:  # what the hook does where it runs
            file = folder / "mkdocs.yml"
            text = file.read_text("utf-8").replace("  features:\n", "  features:\n    - navigation.prune\n")
            file.write_text(text, "utf-8")
    return folder


def elsewhere(configuration: str, executed: bool) -> str:
    """The configuration for a site that lies elsewhere; its labs are left out by LABS=false."""
    text = re.sub(r"\nwatch:\n  - .*", f"\nwatch:\n  - {ROOT}/solvers", configuration)
    text = text.replace("custom_dir: solvers/", f"custom_dir: {ROOT}/solvers/")
    text = text.replace("- solvers/site/hook.py", f"- {ROOT}/solvers/site/hook.py")
    if not executed:
        text = re.sub(r"  - solvers\.site:\n.*\n", "", text)
        text = re.sub(r"\nhooks:\n  - .*", "", text)
    return text


def with_copies(configuration: str, papers: list[Path], times: int) -> str:
    """The navigation with every copy below its paper."""
    for paper in papers:
        entry = re.search(rf"      - [^\n]*:\n(?:          - papers/{paper.name}/.*\n)+", configuration)
        assert entry is not None, f"{paper.name} stands in mkdocs.yml"
        title, _, pages = entry[0].partition("\n")
        copies = [f"{title[:-1]} {n}:\n" + pages.replace(f"papers/{paper.name}/", f"papers/{copied(paper, n)}/")
                  for n in range(1, times)]  # fmt: skip
        quoted = [re.sub(r"^      - (.*):\n", r'      - "\1":\n', copy) for copy in copies]
        configuration = configuration.replace(entry[0], entry[0] + "".join(quoted))
    return configuration


def copied(paper: Path, number: int) -> str:
    """The id of a copy."""
    return f"{paper.name}-copy-{number}"


def inert(docs: Path) -> None:
    """The same pages with nothing to execute: the floor of what a build takes."""
    for page in docs.rglob("*.md"):
        page.write_text(plain_blocks(page.read_text("utf-8")), "utf-8")


def plain_blocks(text: str) -> str:
    """A page whose blocks are shown as Python."""
    return re.sub(rf"(?m)^``` ({'|'.join(OWN)})\b.*", "``` python", text)


def _write(folder: Path, number: int, pages: Mapping[str, str], key: str) -> None:
    folder.mkdir()
    (folder / "key.toml").write_text(key.replace("COPY", str(number)), "utf-8")
    for name, text in pages.items():
        (folder / name).write_text(told_apart(text, number), "utf-8")


def told_apart(text: str, number: int) -> str:
    """A page whose formulas are those of no other copy."""
    from solvers.site.source import prose

    pieces = FENCED.split(text)
    for at in range(0, len(pieces), 2):
        pieces[at] = "".join(
            re.sub(r"(\s*\${1,2})$", rf" \\kern{number}sp\1", piece) if kind in ("math", "display") else piece
            for kind, piece, _ in prose(pieces[at])
        )
    return "".join(pieces)


@cache
def _solved(paper: Path) -> dict[str, list[Any]]:
    """The draws of every part of a paper."""
    from solvers.site import draws
    from solvers.site.project import Project

    parts = draws.parts_of(Project(paper.parent.parent), paper.name)
    return {part.record.id: draws.of(part, paper.name)[0] for _, part in parts}


@cache
def _drawn(paper: Path, number: int) -> tuple[dict[str, str], str]:
    """The pages and the key of a paper with the givens of one draw, of every part that holds with them."""
    changed = {id_: taken[number] for id_, taken in _solved(paper).items() if taken}
    while True:
        made = _with_numbers(paper, changed)
        wrong = _wrong(paper, changed, *made)
        if not wrong:
            return made
        changed = {id_: part for id_, part in changed.items() if id_ not in wrong}


def _wrong(paper: Path, changed: Mapping[str, Any], pages: Mapping[str, str], key: str) -> set[str]:
    """The parts of a copy that do not hold, or, where their numbers were changed, offer too few draws."""
    from solvers.site import draws
    from solvers.site.check import check
    from solvers.site.project import Project

    with tempfile.TemporaryDirectory() as docs:
        for name in ("topics.toml", "bibliography.toml", "about"):
            copy = shutil.copytree if name == "about" else shutil.copy
            copy(paper.parent.parent / name, Path(docs, name))
        Path(docs, "papers").mkdir()
        _write(Path(docs, "papers", paper.name), 0, pages, key)
        project, wrong = Project(Path(docs)), set()
        for id_ in project.paper(paper.name).records:
            project.problems.clear()
            for part in check(project, f"{paper.name}/{id_}"):
                project.problems += draws.of(part, paper.name)[1] if id_ in changed and not part.problems else []
            wrong |= {id_ for problem in project.problems if f"part {id_}:" in problem.text}
        return wrong


def _with_numbers(paper: Path, drawn: Mapping[str, Any]) -> tuple[dict[str, str], str]:
    """Pages and key with the givens of these parts."""
    pages = {page.name: page.read_text("utf-8") for page in sorted(paper.glob("*.md"))}
    key = tomllib.loads(paper.joinpath("key.toml").read_text("utf-8"), parse_float=Decimal)
    key["paper"]["title"] += ", copy COPY"
    key["paper"]["short"] += " · COPY"
    for id_, part in drawn.items():
        for name, text in pages.items():
            pages[name] = _with_givens(text, part)
        _unkeyed(key["parts"][id_], part)
    return pages, _toml(key)


def _with_givens(text: str, part: Any) -> str:
    """The page with the givens of a part replaced where each stands on a line of its own."""
    from solvers.site import ranges

    fence = part.section.givens
    body = fence.body
    for name in ranges.declared(fence).values:
        value = part.run.givens[name]
        written = f'"{value}"' if isinstance(value, str) else _given(value)
        body = re.sub(rf"(?m)^{name} = (?:\".*?\"|[^#\n]*?)(\s*#.*)?$", rf"{name} = {written}\1", body)
    opening = f"``` part {part.record.id}\n"
    return text.replace(f"{opening}{fence.body}\n", f"{opening}{body}\n")


def _given(value: Any) -> str:
    return f"[{', '.join(map(_given, value))}]" if hasattr(value, "__iter__") else str(value)


def _unkeyed(record: dict[str, Any], part: Any) -> None:
    """The record of a part with the digits of a draw and no published key."""
    from solvers.site import proposals

    for table in OF_THE_PUBLISHED_KEY:
        record.pop(table, None)
    record["verdict"], record["because"] = "unkeyed", "A copy with other numbers."
    values = {label: part.run.value(label) for label in part.run.lines}
    held = part.record
    record["answer"] = {
        label: proposals.repeat(values[source], held.answer.get(label)) for label, source in part.run.answers.items()
    }
    record["lines"] = {
        label: proposals.repeat(value, held.lines.get(label))
        for label, value in values.items() if label not in part.run.answers.values()
    }  # fmt: skip


def _toml(key: Mapping[str, Any]) -> str:
    """A key as TOML: every table of a record inline."""
    rows = ["[paper]", *(f"{name} = {_inline(value)}" for name, value in key["paper"].items())]
    for id_, record in key["parts"].items():
        rows += ["", f'[parts."{id_}"]', *(f"{name} = {_inline(value)}" for name, value in record.items())]
    return "\n".join(rows) + "\n"


def _inline(value: Any) -> str:
    from solvers.site.edit import toml

    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{toml(name)} = {_inline(entry)}' for name, entry in value.items())} }}"
    if isinstance(value, list) and any(isinstance(cell, Mapping) for cell in value):
        return f"[{', '.join(map(_inline, value))}]"
    return toml(value)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))  # before tests/, whose folder `solvers` is not the package
    for size in sys.argv[2:]:
        many(Path(sys.argv[1], f"x{size}"), int(size))
        many(Path(sys.argv[1], f"inert-x{size}"), int(size), executed=False)
