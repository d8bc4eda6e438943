"""The thin adapter to Python-Markdown: finds out which page this is, hands it to the engine, keeps the HTML.

Works the same under MkDocs, ProperDocs and Zensical. The engine behind it is imported anew whenever a file of the
package has changed, so that a server that runs for hours never shows the numbers of an old solver.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import sys
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

PACKAGE = "solvers"
FOLDER = Path(__file__).resolve().parent.parent
STAYS = {PACKAGE, f"{PACKAGE}.site", __name__}
_sources: dict[str, int] = {}

# Finished HTML of a page is large, and the search plugin of the theme would parse every tag of it to index nothing. Where
# the hook of this site runs (MkDocs, ProperDocs) a page carries a mark in its place until it is written.
MARK = re.compile(r"<!--kept:(\d+)-->")
_late: dict[str, str] | None = None
_project: Any = None  # where the hook runs, everything of one build reads one project
_last: Any = None  # that of the build before, under a server
_preview = False


def insert_late(preview: bool = False) -> None:
    """Called by the hook when a build begins: from now on finished HTML waits for `inserted`.

    `preview`: a server shows this build to an author, so what readers take along is left out.
    """
    global _late, _project, _last, _preview
    _late, _project, _last, _preview = {}, None, _project, preview


def inserted(page: str) -> str:
    """A page with its finished HTML in place of the marks."""
    return MARK.sub(lambda mark: (_late or {})[mark[1]], page)


def keep(md: Markdown, html: str, late: bool = True) -> str:
    """Store finished HTML out of the parser's sight; what stands for it in the text until then."""
    if not html:
        return ""
    return md.htmlStash.store(mark(html) if late and _late is not None else html)


def mark(html: str) -> str:
    """A comment that stands for finished HTML until the page is written; only where `insert_late` was called."""
    assert _late is not None
    name = str(len(_late))
    _late[name] = html
    return f"<!--kept:{name}-->"


def refresh() -> None:
    """Forget the engine and the solvers when one of their files has changed, so that the next import reads them."""
    sources = {entry.path: entry.stat().st_mtime_ns for entry in _modules(FOLDER)}
    if _sources and sources != _sources:
        for path in sources:  # Python trusts a compiled file of the same second and size
            if sources[path] != _sources.get(path):
                Path(importlib.util.cache_from_source(path)).unlink(missing_ok=True)
        for name in [name for name in sys.modules if name.startswith(f"{PACKAGE}.") and name not in STAYS]:
            del sys.modules[name]
            parent, _, child = name.rpartition(".")
            if hasattr(sys.modules.get(parent), child):  # or `from parent import child` would find the old one
                delattr(sys.modules[parent], child)
        importlib.invalidate_caches()
    _sources.clear()
    _sources.update(sources)


def _modules(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """The Python files of a folder and of those in it."""
    for entry in os.scandir(folder):
        if entry.name.endswith(".py"):
            yield entry
        elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
            yield from _modules(entry.path)


def project(docs: Path) -> Any:
    """The project of this build, or one of this page's own where nothing says when a build begins."""
    global _project
    kind = engine("project").Project
    if _late is None:
        return kind(docs)
    if _project is None or not _fits(_project, kind, docs):
        kept = _last.solved if _fits(_last, kind, docs) else {}  # parts that are as they were need not be solved again
        _project = kind(docs, preview=_preview, solved=kept)
    return _project


def _fits(known: Any, kind: Any, docs: Path) -> bool:
    """Not of another folder, and not of an engine or solvers that were forgotten since."""
    return type(known) is kind and known.docs == docs


def engine(module: str) -> Any:
    """A module of the engine as it is now; every page begins with `refresh`."""
    return importlib.import_module(f"{PACKAGE}.site.{module}")


def page_path(md: Markdown, docs: str) -> tuple[Path, Path] | None:
    """(docs folder, file) of the page that this Markdown instance converts, or None when it is no page."""
    if "relpath" in md.treeprocessors:  # MkDocs and ProperDocs
        file = md.treeprocessors["relpath"].file
        path = Path(file.abs_src_path)
        return Path(str(path)[: -len(file.src_uri)]), path
    if "rendering_context" in md.preprocessors:  # Zensical
        context = md.preprocessors["rendering_context"]
        root = Path(context.config.get("docs_dir") or docs).resolve()
        path = Path(context.page.path)
        return root, path if path.is_absolute() else root / path
    return None


class SolvePage(Preprocessor):
    """Runs before the fences (25) and after white space is normalized (30): sees the page in order."""

    def __init__(self, md: Markdown, config: dict[str, Any]):
        super().__init__(md)
        self.config = config

    def run(self, lines: list[str]) -> list[str]:
        located = page_path(self.md, self.config["docs"])
        if located is None:
            return lines
        docs, file = located
        if file.suffix != ".md":  # a lab: its text is checked, cell by cell, before it gets here
            return lines
        refresh()
        assemble, problems = engine("assemble"), engine("problems")
        written = file.read_text(encoding="utf-8", errors="replace").rstrip().split("\n")
        skipped = max(0, len(written) - len("\n".join(lines).rstrip().split("\n")))
        context = assemble.Context(project(docs), file, self.config["repository"], partial(keep, self.md))
        out, found = assemble.page(lines, skipped, context)
        if found:
            raise problems.build_error([*found, *engine("check").everything(docs)])
        return out


class SetMaths(Treeprocessor):
    """Replaces the formulas that arithmatex found by their HTML, after all inline patterns have run."""

    def run(self, root: etree.Element) -> None:
        found = [element for element in root.iter() if element.get("class") == "arithmatex" and element.text]
        if found:
            maths = engine("maths")
            for element in found:
                self.set(element, maths)

    def set(self, element: etree.Element, maths: Any) -> None:
        text = (element.text or "").strip()
        display = text.startswith(r"\[")
        try:
            html = maths.to_html(text[2:-2].strip(), display)
        except maths.MathsError as error:
            located, problems = page_path(self.md, "docs"), engine("problems")
            name = problems.shown_path(located[1]) if located else "text"
            found = engine("check").everything(located[0]) if located else []
            raise problems.build_error(found or [problems.Problem(name, 1, f"TeX: {error}")]) from None
        element.text = keep(self.md, html)
        element.set("class", "maths-display" if display else "maths-inline")


class SolversExtension(Extension):
    """Options: `repository` (its address, for the links of a part) and `docs` (the folder, for Zensical)."""

    def __init__(self, **kwargs: Any):
        self.config = {"repository": ["", "address of the repository"], "docs": ["docs", "the docs folder"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(SolvePage(md, self.getConfigs()), "solve_page", 27)
        md.treeprocessors.register(SetMaths(md), "set_maths", 5)
