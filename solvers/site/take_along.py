"""What a built site offers to take along: the data set, the notebooks, the deck, and a copy of it all that opens from disk."""

from __future__ import annotations

from pathlib import Path

from solvers.site import deck, downloads, export, notebooks, pack
from solvers.site.cells import Site
from solvers.site.project import Project
from solvers.site.whole import replace


def write(project: Project, folder: Path, site: Site) -> list[Path]:
    """Write every file into the built site, then their sizes into the page that lists them.

    The copy comes last, since it holds the others; of its own size it cannot tell. A preview has the data set alone, since its
    author waits for it. Raises ProblemsFound when a part has some.
    """
    if project.preview:
        written = [export.write(project, folder), export.write_table(project, folder)]
        _tell_sizes(folder)
        return written
    (folder / downloads.COPY).parent.mkdir(parents=True, exist_ok=True)
    written = [export.write(project, folder), export.write_table(project, folder)]
    written.append(deck.write(project, folder / downloads.DECK, site))
    written += notebooks.write(project, folder, site)
    _tell_sizes(folder)
    if (folder / "index.html").is_file():  # a folder that holds no site has nothing to open
        written.append(pack.write(folder, folder / downloads.COPY, site.address))
        _tell_sizes(folder)
    return written


def _tell_sizes(folder: Path) -> None:
    page = folder / downloads.PAGE
    if page.is_file():
        html = page.read_text(encoding="utf-8")
        filled = downloads.sized(html, lambda path, _: downloads.size_of(folder / path))
        replace(page, filled)
