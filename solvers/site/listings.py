"""Lists that write themselves from the keys: papers, the parts of a paper, errata, counts. Nothing is run here."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from solvers.dialects import TEX, write_value
from solvers.notation import tex_name
from solvers.site import downloads, exam, study
from solvers.site.citations import cited
from solvers.site.key import VERDICTS
from solvers.site.project import Project
from solvers.site.records import Paper, Record
from solvers.site.source import prose
from solvers.site.text import Values

Badge = Callable[[str], str]


def write(what: str, project: Project, page: Path, badge: Badge) -> list[str]:
    """The Markdown of one list. Raises ValueError for a list that does not exist."""
    lists = {"papers": _papers, "parts": _parts, "errata": _errata, "counts": _counts, "verdicts": _verdicts,
             "topics": _topics, "topic": _topic, "sources": _sources, "random": _random, "stored": _stored,
             "downloads": downloads.listed, "example": downloads.example}  # fmt: skip
    if what not in lists:
        near = get_close_matches(what, lists, 1)
        fix = f"did you mean {near[0]!r}?" if near else f"there is {', '.join(lists)}"
        raise ValueError(f"unknown list {what!r}; {fix}")
    if any(paper.problems for paper in project.papers()):
        return []  # the keys' own problems are reported; a list of half of them would be wrong
    return ["", *lists[what](project, page, badge), ""]


def cell(text: str) -> str:
    """A text for one cell of a Markdown table: on one line, and its bars are not column borders."""
    pieces = [
        piece.replace("|", r"\vert ") if kind in ("math", "display") else piece.replace("|", r"\|")
        for kind, piece, _ in prose(" ".join(text.split()))
    ]
    return "".join(pieces)


def link(project: Project, page: Path, paper: Paper, id_: str) -> str:
    """The address of a part's Markdown section, relative to the page."""
    file, _ = project.where(paper.id).get(id_, (paper.file.parent / "index.md", None))
    return f"{address(file, page)}#{id_}"


def address(file: Path, page: Path) -> str:
    """A Markdown file as a page links it; nothing when it is the page itself."""
    return "" if file == page else os.path.relpath(file, page.parent).replace(os.sep, "/")


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
    for record in _ordered(project, paper):
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
        for record in _ordered(project, paper):
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
        for key in dict.fromkeys(key for key, _, _ in cited(file.read_text(encoding="utf-8"))):
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
    match = re.search(r"^# (.+)$", file.read_text(encoding="utf-8"), re.M)
    return match[1] if match else file.stem


def _ordered(project: Project, paper: Paper) -> list[Record]:
    """The records in the order of the pages, then of the sections."""
    placed = list(project.where(paper.id))
    return sorted(paper.records.values(), key=lambda r: placed.index(r.id) if r.id in placed else len(placed))


def _errata(project: Project, page: Path, badge: Badge) -> list[str]:
    out: list[str] = []
    for paper in project.papers():
        entries = [entry for record in _ordered(project, paper) for entry in _erratum(project, page, paper, record)]
        if entries:
            out += ["", f"## {paper.facts.get('short', paper.id)}", "", *entries]
    return out or ["No slip has been found."]


def _erratum(project: Project, page: Path, paper: Paper, record: Record) -> list[str]:
    if record.verdict not in ("slip", "incomplete", "open"):
        return []
    values = project.values(paper, record)
    lines = [
        f"### {record.id} · {record.title}",
        "",
        f"[{paper.id}/{record.id}]({link(project, page, paper, record.id)})",
        "",
    ]
    rows, before = [], ""
    for label, printed in record.printed.items():
        ours = record.answer.get(label, record.lines.get(label))
        if ours is not None and not _same(ours, printed):
            how = cell(_how(record, label, values))
            told = "The same." if how == before else how
            rows.append(f"| ${_symbol(label)}$ | ${_digits(printed)}$ | ${_digits(ours)}$ | {told} |")
            before = how
    if rows:
        lines += ["| value | published | recomputed | the slip |", "|---|---|---|---|", *rows, ""]
    return [*lines, *_filled(record.because, values).split("\n"), ""]


def _filled(text: str, values: Values) -> str:
    """A text of the key with its values; what it cannot fill, the part's own page reports."""
    return "\n".join(values.fill([(1, row) for row in text.split("\n")], solved=True))


def _how(record: Record, label: str, values: Values) -> str:
    for rerun in record.slips:
        if label in rerun.lands:
            return f"{_filled(rerun.text, values)} **Reproduced from the slip.**"
    for rerun in record.conventions:
        if label in rerun.lands:
            return f"{_filled(rerun.text, values)} **Right under that convention.**"
    return "Could not be reconstructed." if label in record.unexplained else ""


def _same(ours: Any, printed: Any) -> bool:
    """True when the two write the same digits; the engine compares values, this only leaves rows out."""
    if isinstance(ours, list) and isinstance(printed, list):
        return len(ours) == len(printed) and all(_same(a, b) for a, b in zip(ours, printed))
    from decimal import Decimal

    from solvers.exact import agrees

    if isinstance(ours, int | Decimal) and isinstance(printed, int | Decimal):
        return agrees(ours, printed)
    return ours == printed


def _symbol(label: str) -> str:
    pieces = label.split(".")
    names = [piece for piece in pieces if not piece.isdigit()]
    return tex_name(names[-1], tuple(int(piece) for piece in pieces if piece.isdigit()))


def _digits(value: Any) -> str:
    if isinstance(value, str):
        return (
            _fraction(value) or rf"\text{{{value.replace('_', ' ')}}}"
            if not any(c in value for c in "*^")
            else _expression(value)
        )
    if isinstance(value, list):
        cells = [_digits(cell) for cell in value]
        return r"\left[" + r",\ ".join(cells) + r"\right]"
    return write_value(value, TEX)


def _fraction(text: str) -> str | None:
    top, slash, bottom = text.partition("/")
    sign, top = ("-", top[1:]) if top.startswith("-") else ("", top)
    return rf"{sign}\frac{{{top}}}{{{bottom}}}" if slash and top.isdigit() and bottom.isdigit() else None


def _expression(text: str) -> str:
    return text.replace("**", "^").replace("*", r"\,")


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
