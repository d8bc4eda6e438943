"""Lists that write themselves from the keys: papers, the parts of a paper, errata, counts. Nothing is run here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from solvers.site import downloads, errata, exam, reading, study, tally
from solvers.site.citations import cited
from solvers.site.key import VERDICTS
from solvers.site.linking import address, cell, link, ordered
from solvers.site.project import Project

Badge = Callable[[str], str]


def write(what: str, project: Project, page: Path, badge: Badge) -> list[str]:
    """The Markdown of one list. Raises ValueError for a list that does not exist."""
    lists = {"papers": _papers, "parts": _parts, "errata": errata.listed, "counts": _counts, "verdicts": _verdicts,
             "topics": _topics, "topic": _topic, "sources": _sources, "random": _random, "stored": _stored,
             "downloads": downloads.listed, "example": downloads.example, "figures": tally.listed}  # fmt: skip
    if what not in lists:
        near = get_close_matches(what, lists, 1)
        fix = f"did you mean {near[0]!r}?" if near else f"there is {', '.join(lists)}"
        raise ValueError(f"unknown list {what!r}; {fix}")
    if any(paper.problems for paper in project.papers()):
        return []  # the keys' own problems are reported; a list of half of them would be wrong
    return ["", *lists[what](project, page, badge), ""]


def _papers(project: Project, page: Path, badge: Badge) -> list[str]:
    rows = ["| paper | year | parts solved | keys with a slip |", "|---|---|---|---|"]
    for paper in project.papers():
        facts = paper.facts
        overview = address(paper.file.parent / "index.md", page)
        total = facts.get("parts", len(paper.records))
        slips = sum(record.verdict == "slip" for record in paper.records.values())
        rows.append(
            f"| [{cell(facts.get('title', paper.id))}]({overview}) | {facts.get('year', '')} | {len(paper.records)} of {total} | {slips} |"
        )
    return rows


def _parts(project: Project, page: Path, badge: Badge) -> list[str]:
    paper = project.paper_of(page)
    if paper is None:
        raise ValueError("``` list parts stands on the index.md of a paper, beside its key.toml")
    titles = project.topics()
    facts = [paper.facts[name] for name in ("institution", "course", "year") if name in paper.facts]
    sit = paper.file.parent / exam.NAME
    offer = [f"[Sit this paper as a mock exam]({address(sit, page)}){{: .md-button }}", ""] if sit.exists() else []
    head = ["| part | question | marks | topics | published key |", "|---|---|---|---|---|"]
    rows = [" · ".join(facts), "", *offer, *head]
    for record in ordered(project, paper):
        topics = ", ".join(titles.get(topic, topic) for topic in record.topics)
        rows.append(
            f"| [{record.id}]({link(project, page, paper, record.id)}) | {cell(record.title)} | {record.marks} | {topics} "
            f"| {badge(record.verdict)} |"
        )
    rest = paper.facts.get("parts", 0) - len(paper.records)
    if rest > 0:
        rows += [
            "",
            f"{rest} more {'part' if rest == 1 else 'parts'} of this paper {'is' if rest == 1 else 'are'} not solved here yet.",
        ]
    return rows


def _topics(project: Project, page: Path, badge: Badge) -> list[str]:
    """The tree: branches, their topics, and how many parts use each."""
    used = Counter(topic for paper in project.papers() for record in paper.records.values() for topic in record.topics)
    out: list[str] = []
    branch = ""
    for topic in project.topic_tree().known.values():
        if topic.branch != branch:
            branch = topic.branch
            out += ["", f"## {branch}", ""]
        also = f": {', '.join(topic.also)}" if topic.also else ""
        many = f"{used[topic.id]} {'part' if used[topic.id] == 1 else 'parts'}"
        out.append(f"- [{topic.title}]({address(project.docs / 'topics' / f'{topic.id}.md', page)}){also} ({many})")
    return out


def _topic(project: Project, page: Path, badge: Badge) -> list[str]:
    """Every part of the topic that this page is about, with its marks and verdict."""
    topic = project.topic_of(page)
    if topic is None:
        raise ValueError("``` list topic stands on the page of a topic, docs/topics/<topic>.md")
    rows = ["| part | question | marks | published key |", "|---|---|---|---|"]
    for paper in project.papers():
        short = cell(paper.facts.get("short", paper.id))
        for record in ordered(project, paper):
            if topic.id in record.topics:
                place = f"[{record.id}]({link(project, page, paper, record.id)}) {short}"
                sign = study.seen(f"{paper.id}/{record.id}")
                rows.append(f"| {place} | {cell(record.title)} {sign} | {record.marks} | {badge(record.verdict)} |")
    return [*rows, "", study.random_of_topic()] if len(rows) > 2 else ["No part solved here uses it yet."]


def _random(project: Project, page: Path, badge: Badge) -> list[str]:
    return [study.random_part()]


def _stored(project: Project, page: Path, badge: Badge) -> list[str]:
    return [study.forget()]


def _sources(project: Project, page: Path, badge: Badge) -> list[str]:
    """The bibliography, each source with the pages that cite it."""
    pages = [*project.pages(), *(paper.file for paper in project.papers())]
    users: dict[str, list[Path]] = {}
    for file in pages:
        for key in dict.fromkeys(key for key, _, _ in cited(reading.read(file).text)):
            users.setdefault(key, []).append(file if file.suffix == ".md" else file.parent / "index.md")
    out: list[str] = []
    for source in sorted(project.bibliography().sources.values(), key=lambda s: s.cite):
        where = ", ".join(
            f"[{_page_title(file)}]({address(file, page)})" for file in dict.fromkeys(users.get(source.key, []))
        )
        web = f"[{source.url.partition('://')[2]}]({source.url})"
        out += [f"**{source.cite}.** {source.text} {web}. Cited in {where}.", f"{{: #{source.key} .source }}", ""]
    return out


def _page_title(file: Path) -> str:
    """The page's first heading, or its name."""
    match = re.search(r"^# (.+)$", reading.read(file).text, re.M)
    return match[1] if match else file.stem


def _counts(project: Project, page: Path, badge: Badge) -> list[str]:
    papers = project.papers()
    records = [record for paper in papers for record in paper.records.values()]
    numbers = sum(_numbers(table) for r in records for table in (r.answer, r.lines))
    verdicts = Counter(record.verdict for record in records)
    keyed = len(records) - verdicts["unkeyed"]
    return [
        '<div class="counts" markdown="1">', "",
        f"- **{len(papers)}** papers", f"- **{len(records)}** parts solved", f"- **{numbers}** values recomputed at every build",
        f"- **{verdicts['slip']}** of {keyed} published keys with a slip", "", "</div>",
    ]  # fmt: skip


def _numbers(table: Any) -> int:
    return sum(len(_flat(value)) for value in table.values())


def _flat(value: Any) -> list[Any]:
    return [cell for item in value for cell in _flat(item)] if isinstance(value, list) else [value]


def _verdicts(project: Project, page: Path, badge: Badge) -> list[str]:
    counted = Counter(record.verdict for paper in project.papers() for record in paper.records.values())
    rows = ["| verdict | parts |", "|---|---|"]
    return rows + [f"| {badge(verdict)} | {counted[verdict]} |" for verdict in VERDICTS]
