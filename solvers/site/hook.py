"""For MkDocs and ProperDocs: insert finished HTML late, execute the labs, put into the site what is taken along."""

from pathlib import Path
from typing import Any

from solvers.site import extension

_labs: Any = None  # those of the build that runs


def on_config(config: Any, **_kwargs: Any) -> None:
    """A build begins: hold finished HTML back, so that no plugin spends its time on parsing it."""
    extension.insert_late()


def on_files(files: Any, config: Any, **_kwargs: Any) -> None:
    """Execute the labs while the pages before them are made."""
    global _labs
    extension.refresh()
    _labs = extension.engine("labs.execution").begin(config, files)


def on_pre_page(page: Any, **_kwargs: Any) -> Any:
    """After the plugin that executes notebooks: a lab is rendered like every page."""
    _labs.take(page)
    return page


def on_post_page(output: str, page: Any, **_kwargs: Any) -> str:
    """The last step of a page."""
    _labs.publish(page)
    return extension.inserted(output)


def on_build_error(**_kwargs: Any) -> None:
    """A page was refused: no lab is started any more."""
    if _labs is not None:
        _labs.end()


def on_post_build(config: Any, **_kwargs: Any) -> None:
    """The site is built: add what a reader takes along, the data set, the notebooks, the deck and the copy of it all."""
    from solvers.site import notebooks, take_along
    from solvers.site.project import Project

    _labs.end()
    take_along.write(Project(Path(config["docs_dir"])), Path(config["site_dir"]), notebooks.site(config))
