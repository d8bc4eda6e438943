"""For MkDocs and ProperDocs: put the data set into the site that was just built. Pages do not depend on it."""

from pathlib import Path
from typing import Any


def on_post_build(config: Any, **_kwargs: Any) -> None:
    from solvers.site.export import write
    from solvers.site.project import Project

    write(Project(Path(config["docs_dir"])), Path(config["site_dir"]))
