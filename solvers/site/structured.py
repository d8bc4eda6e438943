"""A page with parts as schema.org JSON-LD: a Quiz whose parts are Questions, for search engines.

A block of data, which no browser executes. It says what answers.json says, from the same functions; the hook puts it into
the page (MkDocs, ProperDocs).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solvers.site import export
from solvers.site.plaintext import plain
from solvers.site.project import Project
from solvers.site.records import Paper, Record

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# What could end the block, or begin another, is written as an escape of JSON.
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def script(project: Project, file: Path, address: str, root: str, meta: Mapping[str, Any]) -> str:
    """The element for the head of a page; nothing for a page without parts. `root` is the address of the site."""
    paper = project.paper_of(file)
    if paper is None or not root:
        return ""
    data = quiz(project, paper, file, address, root, meta)
    if not data["hasPart"]:
        return ""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return f'<script type="application/ld+json">{written}</script>'


def quiz(
    project: Project, paper: Paper, file: Path, address: str, root: str, meta: Mapping[str, Any]
) -> dict[str, Any]:
    """The page, with the part of each section that its key has."""
    placed = project.where(paper.id).items()
    records = [paper.records[id_] for id_, (page, _) in placed if page == file and id_ in paper.records]
    topics = dict.fromkeys(topic for record in records for topic in record.topics)
    facts = paper.facts
    exam = {"@type": "CreativeWork", "name": facts["title"],
            "sourceOrganization": {"@type": "Organization", "name": facts["institution"]}}  # fmt: skip
    whole = {"@type": "LearningResource", "name": facts["short"], "url": f"{root}papers/{paper.id}/", "isBasedOn": exam}
    return {
        "@context": "https://schema.org", "@type": "Quiz", "@id": address, "url": address,
        "name": f"{meta.get('title', file.stem)} · {facts['short']}", "description": meta.get("description", ""),
        "inLanguage": "en", "isAccessibleForFree": True, "license": LICENCE, "educationalLevel": "University",
        "learningResourceType": "Exam questions with worked solutions", "isPartOf": whole,
        "about": [_topic(project, topic, root) for topic in topics],
        "hasPart": [question(project, paper, record, address) for record in records],
    }  # fmt: skip


def question(project: Project, paper: Paper, record: Record, address: str) -> dict[str, Any]:
    """One part: what is asked, the answer in words and values, and the options that are wrong."""
    part = export.part(project, paper, record)
    _, section = project.where(paper.id)[record.id]
    asked = "\n".join(project.values(paper, record).fill(section.question, solved=False))
    titles = project.topics()
    made = {
        "@type": "Question", "@id": f"{address}#{record.id}", "name": f"{record.id} · {record.title}",
        "text": plain(export.cited(project, asked)), "eduQuestionType": _format(part),
        "about": [{"@type": "Thing", "name": titles.get(topic, topic)} for topic in record.topics],
        "acceptedAnswer": _accepted(part),
    }  # fmt: skip
    wrong = [_answer(option["text"]) for option in part.get("options", {}).values() if not option["right"]]
    made |= {"suggestedAnswer": wrong} if wrong else {}
    return {name: value for name, value in made.items() if value}


def _topic(project: Project, id_: str, root: str) -> dict[str, str]:
    return {"@type": "Thing", "name": project.topics().get(id_, id_), "url": f"{root}topics/{id_}/"}


def _format(part: Mapping[str, Any]) -> str:
    """Of the words that schema.org names, and Checkbox for more than one right option."""
    if "options" not in part:
        return "Open ended"
    right = sum(option["right"] for option in part["options"].values())
    return "Multiple choice" if right == 1 else "Checkbox"


def _accepted(part: Mapping[str, Any]) -> Any:
    """The right options, or the own words of the answer and its values."""
    if "options" in part:
        right = [_answer(option["text"]) for option in part["options"].values() if option["right"]]
        return right[0] if len(right) == 1 else right or _answer("None of the options.")
    values = [f"{label} = {_written(value)}" for label, value in part["answer"].items()]
    words = plain(part.get("text", ""))
    return _answer(" ".join(filter(None, (words, "; ".join(values)))))


def _written(value: Any) -> str:
    return f"({', '.join(map(_written, value))})" if isinstance(value, list) else str(value)


def _answer(text: str) -> dict[str, str]:
    return {"@type": "Answer", "text": plain(text)}
