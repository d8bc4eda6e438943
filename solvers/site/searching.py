"""The search index of Material (MkDocs, ProperDocs) with the names that people type: a paper's, a topic's other names, sizes.

A result shows its paper as a tag. The field `also` is searched and never shown; nothing of an answer gets into it, since it
is made of the key's facts, the topics and the question.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from solvers.site.project import Project
from solvers.site.records import Paper, Record
from solvers.site.whole import replace

FIELDS = {"tags": {"boost": 1e3}, "also": {"boost": 1e3}}
# Words end at white space, at any dash and at punctuation, but not at the point of a number or at the × of a size.
SEPARATOR = r"[\s\-‐‑–—·,:;!?()\[\]\"“”/]+|\.(?!\d)|&[lg]t;"
SIZE = re.compile(r"(?<!\w)(\w+)\s*(?:×|\\times)\s*(?=(\w+))")
FACTS = ("title", "short", "institution", "course", "year")


def write(project: Project, folder: Path) -> Path | None:
    """Complete the index of a built site; None where the theme has made none."""
    file = folder / "search" / "search_index.json"
    if not file.exists():
        return None
    index = json.loads(file.read_text(encoding="utf-8"))
    replace(file, json.dumps(complete(index, project), separators=(",", ":")))
    return file


def complete(index: dict[str, Any], project: Project) -> dict[str, Any]:
    """The index with the paper of each page as its tag, and with its other names."""
    config = index["config"]
    config = {**config, "separator": SEPARATOR, "fields": {**config["fields"], **FIELDS}}
    return {"config": config, "docs": [_entry(entry, project) for entry in index["docs"]]}


def _entry(entry: Mapping[str, Any], project: Project) -> dict[str, Any]:
    page, _, anchor = entry["location"].partition("#")
    kind, _, rest = page.removesuffix("/").removesuffix(".html").partition("/")
    made = dict(entry)
    if kind == "papers" and (paper := project.paper(rest.partition("/")[0])) is not None:
        record = paper.records.get(anchor)
        if not anchor:
            made["tags"] = [paper.facts["short"]]
        made["also"] = _joined(_of_paper(paper, record, project))
    elif kind == "topics" and not anchor and rest in project.topic_tree().known:
        made["also"] = _joined(project.topic_tree().known[rest].also)
    return made


def _joined(names: Iterable[str]) -> str:
    """Each name once; the field is one text."""
    return " · ".join(dict.fromkeys(filter(None, names)))


def _of_paper(paper: Paper, record: Record | None, project: Project) -> Iterator[str]:
    yield from (str(paper.facts.get(name, "")) for name in FACTS)
    yield paper.id
    if record is None:
        return
    yield f"{paper.id}/{record.id}"
    tree = project.topic_tree().known
    for topic in (tree[id_] for id_ in record.topics if id_ in tree):
        yield from (topic.title, *topic.also)
    yield from _sizes(project, paper, record)


def _sizes(project: Project, paper: Paper, record: Record) -> Iterator[str]:
    """The sizes of the question as they are typed: 3x3 and 3×3 for 3 × 3, also out of a formula."""
    _, section = project.where(paper.id).get(record.id, (None, None))
    if section is None:
        return
    values = project.values(paper, record)
    asked = [section.question, *(option.text for option in section.options)]
    for text in ("\n".join(values.fill(lines, solved=False)) for lines in asked):
        for match in SIZE.finditer(text):
            yield from (f"{match[1]}{sign}{match[2]}" for sign in "x×")
