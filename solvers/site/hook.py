"""For MkDocs and ProperDocs: insert finished HTML late, put the data set and the notebooks into the site."""

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
    """The site is built: add answers.json, and beside every page with parts its notebook."""
    from solvers.site import export, notebooks
    from solvers.site.project import Project

    project, folder = Project(Path(config["docs_dir"])), Path(config["site_dir"])
    export.write(project, folder)
    notebooks.write(project, folder, notebooks.site(config))
