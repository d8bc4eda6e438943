"""`answers.json`: the public data set, every part with its answer, verdict and the published digits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from solvers.site.citations import plain as without_links
from solvers.site.edit import replace
from solvers.site.project import Project
from solvers.site.records import Paper, Record


def data(project: Project) -> dict[str, Any]:
    """The data set as plain objects; digits are text, as the key writes them."""
    return {"parts": {f"{p.id}/{id_}": part(project, p, r) for p in project.papers() for id_, r in p.records.items()}}


def write(project: Project, folder: Path) -> Path:
    """Write answers.json into the folder, whole or not at all."""
    file = folder / "answers.json"
    replace(file, json.dumps(data(project), ensure_ascii=False, indent=1) + "\n")
    return file


def part(project: Project, paper: Paper, record: Record) -> dict[str, Any]:
    """One part, as the data set has it."""
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
