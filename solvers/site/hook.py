"""For MkDocs and ProperDocs: insert finished HTML late, and put the data set into the site. Pages do not depend on it."""

from pathlib import Path
from typing import Any

from solvers.site import extension


def on_config(config: Any, **_kwargs: Any) -> None:
    """A build begins: hold finished HTML back, so that no plugin spends its time on parsing it."""
    extension.insert_late()


def on_post_page(output: str, **_kwargs: Any) -> str:
    """The last step of a page."""
    return extension.inserted(output)


def on_post_build(config: Any, **_kwargs: Any) -> None:
    """The site is built: add answers.json."""
    from solvers.site.export import write
    from solvers.site.project import Project

    write(Project(Path(config["docs_dir"])), Path(config["site_dir"]))
