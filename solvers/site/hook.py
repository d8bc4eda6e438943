"""For MkDocs and ProperDocs: insert finished HTML late, execute the labs, tell search engines what a page holds and
browsers what it may load, complete the frame that the theme makes and the index of the search, put into the site what is
taken along."""

import contextlib
from pathlib import Path
from typing import Any

from solvers.site import extension

_labs: Any = None  # those of the build that runs
_serving = False

PRUNED = 200  # pages: with more of them, the navigation of each page leaves out what is folded up


def on_startup(command: str, **_kwargs: Any) -> None:
    """Called once, however often a server builds again."""
    global _serving
    _serving = command == "serve"


def on_config(config: Any, **_kwargs: Any) -> None:
    """A build begins: hold finished HTML back, so that no plugin spends its time on parsing it."""
    extension.insert_late(preview=_serving)


def on_files(files: Any, config: Any, **_kwargs: Any) -> None:
    """Execute the labs while the pages before them are made."""
    global _labs
    extension.refresh()
    if len(files.documentation_pages()) > PRUNED:  # all pages named on all pages would grow with their square
        config.theme["features"] = list(dict.fromkeys([*config.theme.get("features", []), "navigation.prune"]))
    _labs = extension.engine("labs.execution").begin(config, files)


def on_env(env: Any, **_kwargs: Any) -> Any:
    """The templates of the theme are compiled once, not in every build; a template that changes is another entry."""
    from jinja2 import FileSystemBytecodeCache

    folder = Path.cwd() / ".cache" / "templates"
    with contextlib.suppress(OSError):  # a folder that cannot be written: they are compiled again
        folder.mkdir(parents=True, exist_ok=True)
        env.bytecode_cache = FileSystemBytecodeCache(str(folder))
    return env


def on_pre_page(page: Any, **_kwargs: Any) -> Any:
    """After the plugin that executes notebooks: a lab is rendered like every page."""
    _labs.take(page)
    return page


def on_page_context(context: Any, page: Any, config: Any, **_kwargs: Any) -> Any:
    """The theme names the paper beside the title of a page."""
    paper = _project(config).paper_of(Path(page.file.abs_src_path))
    context["paper"] = paper.facts["short"] if paper is not None and page.file.name != "index" else ""
    return context


def on_post_page(output: str, page: Any, config: Any, **_kwargs: Any) -> str:
    """The last step of a page."""
    _labs.publish(page)
    file, root = Path(page.file.abs_src_path), config["site_url"] or ""
    data = extension.engine("structured").script(_project(config), file, page.canonical_url or "", root, page.meta)
    whole = extension.engine("frame").completed(extension.inserted(output))
    return _guarded(whole.replace("</head>", f"{data}</head>", 1), config)


def on_post_template(output: str, template_name: str, config: Any, **_kwargs: Any) -> str:
    """The page of a server's error is no page of the docs; its frame and its policy are the same."""
    return _guarded(extension.engine("frame").completed(output), config) if template_name == "404.html" else output


def on_build_error(**_kwargs: Any) -> None:
    """A page was refused: no lab is started any more."""
    if _labs is not None:
        _labs.end()


def on_post_build(config: Any, **_kwargs: Any) -> None:
    """The site is built: add what a reader takes along, the data set, the notebooks, the deck and the copy of it all."""
    from solvers.site import notebooks, searching, take_along, variants
    from solvers.site.problems import ProblemsFound, build_error

    _labs.end()
    project, folder = _project(config), Path(config["site_dir"])
    searching.write(project, folder)  # before the copy of the site is packed
    try:
        variants.write(project, folder)
    except ProblemsFound as error:
        raise build_error(error.problems) from None
    take_along.write(project, folder, notebooks.site(config))


def _project(config: Any) -> Any:
    """What the build that runs reads, the same for its pages and for what is made of them."""
    return extension.project(Path(config["docs_dir"]))


def _guarded(html: str, config: Any) -> str:
    """With its policy, unless a server shows it: that puts an inline script of its own into every page, to load it again."""
    return html if _serving else extension.engine("policy").guarded(html, config["theme"].dirs)
