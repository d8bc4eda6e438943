"""Where a page stands, and how finished HTML is kept out of the Markdown parser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from solvers.site.linking import address
from solvers.site.problems import shown_path
from solvers.site.project import Project

Keep = Callable[..., str]  # (html, late=True): late HTML is unseen by the generator's plugins


@dataclass
class Context:
    """Where a page stands: the project, its file, the repository's address, and how finished HTML is kept."""

    project: Project
    file: Path
    repository: str
    keep: Keep

    @property
    def name(self) -> str:
        return shown_path(self.file)

    @cached_property
    def _resolved(self) -> tuple[Path, Path]:
        """The docs folder and this page, links followed."""
        return self.project.docs.resolve(), self.file.resolve()

    def to(self, page: str) -> str:
        """The address of another page of the docs folder, from this one."""
        docs, here = self._resolved
        return address(docs / page, here)
