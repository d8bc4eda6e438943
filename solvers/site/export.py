"""The public data set: every part with its answer and verdict, in full as `answers.json`, a row each as `answers.csv`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from solvers.site.citations import plain as without_links
from solvers.site.project import Project
from solvers.site.records import Paper, Record
from solvers.site.whole import replace

COLUMNS = ("id", "paper", "title", "marks", "kind", "topics", "verdict", "answer", "words", "url")


def data(project: Project) -> dict[str, Any]:
    """The data set as plain objects; digits are text, as the key writes them."""
    return {"parts": {f"{p.id}/{id_}": part(project, p, r) for p in project.papers() for id_, r in p.records.items()}}


def write(project: Project, folder: Path) -> Path:
    """Write answers.json into the folder, whole or not at all."""
    file = folder / "answers.json"
    replace(file, json.dumps(data(project), ensure_ascii=False, indent=1) + "\n")
    return file


def rows(project: Project) -> Iterator[dict[str, str]]:
    """The data set as a table: of every part what fits into a cell, from the same objects."""
    for id_, part in data(project)["parts"].items():
        paper = project.paper(id_.partition("/")[0])
        yield row_of(id_, part, str(paper.facts.get("title", paper.id)) if paper else "")


def row_of(id_: str, part: Mapping[str, Any], paper: str) -> dict[str, str]:
    """One part as a row. Values are joined by semicolons, as "label = digits"."""
    right = [label for label, option in part.get("options", {}).items() if option["right"]]
    answer = [f"right = {', '.join(right) or 'none'}"] if "options" in part else []
    answer += [f"{label} = {_cell(value)}" for label, value in part["answer"].items()]
    own = {"id": id_, "paper": paper, "topics": "; ".join(part["topics"]), "answer": "; ".join(answer),
           "words": part.get("text", "")}  # fmt: skip
    return {name: own[name] if name in own else str(part[name]) for name in COLUMNS}


def write_table(project: Project, folder: Path) -> Path:
    """Write answers.csv into the folder: UTF-8, one line of column names."""
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(rows(project))
    file = folder / "answers.csv"
    replace(file, out.getvalue())
    return file


def _cell(value: Any) -> str:
    return f"[{', '.join(_cell(one) for one in value)}]" if isinstance(value, list) else str(value)


def part(project: Project, paper: Paper, record: Record) -> dict[str, Any]:
    """One part, as the data set has it; made once for the pages, the files and the search engines, and changed by none."""
    id_ = f"{paper.id}/{record.id}"
    if id_ not in project.exported:
        project.exported[id_] = _part(project, paper, record)
    return project.exported[id_]


def _part(project: Project, paper: Paper, record: Record) -> dict[str, Any]:
    page, section = project.where(paper.id).get(record.id, (None, None))
    address = page.relative_to(project.docs).with_suffix("").as_posix() if page else f"papers/{paper.id}"
    values = project.values(paper, record)

    def plain(text: str) -> str:
        return filled([(record.line, row) for row in text.split("\n")])

    def filled(lines: list[tuple[int, str]]) -> str:
        return cited(project, "\n".join(values.fill(lines, solved=True)).strip())

    made = {
        "title": record.title, "url": f"{address}/#{record.id}", "marks": record.marks, "kind": record.kind,
        "topics": list(record.topics), "verdict": record.verdict, "because": plain(record.because),
        "answer": _digits(record.answer), "printed": _digits(record.printed),
        "slips": [{"text": plain(s.text), "lands": {k: _text(record.printed[k]) for k in s.lands if k in record.printed}}
                  for s in (*record.slips, *record.conventions)],
    }  # fmt: skip
    words = filled(section.answer) if section is not None and section.answer else plain(record.text)
    options = {
        option.label: {"text": filled(option.text), "right": option.right, "reason": filled(option.reason)}
        for option in (section.options if section is not None else ())
    }
    return made | ({"text": words} if words else {}) | ({"options": options} if options else {})


def cited(project: Project, text: str) -> str:
    """A text with its citations as authors and year."""
    return without_links(text, project.bibliography())


def _digits(table: Mapping[str, Any]) -> dict[str, Any]:
    return {label: _text(value) for label, value in table.items()}


def _text(value: Any) -> Any:
    if isinstance(value, list):
        return [_text(cell) for cell in value]
    return f"{value:f}" if isinstance(value, Decimal) and -20 < value.adjusted() < 20 else str(value)
