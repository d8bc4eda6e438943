"""From a lab to its page: mkdocs-jupyter executes it, the site's own Markdown renders it.

Of mkdocs-jupyter's rendering nothing is left: its template is replaced by one that hands over the executed notebook.
So a lab has no styles or scripts of its own, its formulas are KaTeX, its admonitions boxes, and its headings are in the
contents and the search like those of every page. A lab is executed in every build; a server that runs on executes it
again when its text, its digits or a file of the package has changed.
"""

from __future__ import annotations

import hashlib
import html
import json
import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import MethodType
from typing import Any

from solvers.site import citations, extension, listings
from solvers.site.labs.files import LabFile, load, problems
from solvers.site.labs.lab import KEY_VARIABLE
from solvers.site.labs.pages import markdown, notebook_of
from solvers.site.labs.values import advised
from solvers.site.problems import Problem, ProblemsFound, build_error

PLUGIN = "mkdocs-jupyter"
SETTINGS = {"execute": True, "allow_errors": False, "cache": False}  # without these a wrong lab could be published
TEMPLATES = Path(__file__).parent / "jupyter"
PACKAGE = Path(__file__).resolve().parents[2]
LONGEST = 60  # seconds that one cell may take
FRAME = re.compile(r"Cell In\[(\d+)\], line (\d+)")
ANSI = re.compile(r"\x1b\[[0-9;]*m")
log = logging.getLogger("mkdocs.hooks.labs")

# lab -> what it was last executed from, and the notebook: for a server that builds again
_executed: dict[Path, tuple[str, str]] = {}


class Labs:
    """The labs of one build: executed side by side, while other pages are made."""

    def __init__(self, docs: Path, files: Iterable[Any], plugin: Any):
        self.docs, self.plugin = docs, plugin
        self.labs = {lab.file: lab for lab in (LabFile(Path(file.abs_src_path)) for file in files)}
        self.results: dict[Path, Future[str]] = {}
        self.pool: ThreadPoolExecutor | None = None
        self.folder: tempfile.TemporaryDirectory[str] | None = None
        self.before: dict[str, str | None] = {}

    def start(self) -> None:
        """Begin to execute what was not executed from the same text, digits and package before."""
        key = load(self.docs)
        package = _digest(sorted(PACKAGE.rglob("*.py")))
        kernels = min(len(self.labs), os.cpu_count() or 1) or 1
        self.pool = ThreadPoolExecutor(kernels)
        for file, lab in self.labs.items():
            what = f"{package} {lab.text} {key.labs.get(lab.name)}"
            if _executed.get(file, ("",))[0] != what:
                self._prepare()
            self.results[file] = self.pool.submit(self._notebook, what, lab)

    def _notebook(self, what: str, lab: LabFile) -> str:
        if _executed.get(lab.file, ("",))[0] != what:
            _executed[lab.file] = (what, execute(lab, self.plugin))
        return _executed[lab.file][1]

    def _prepare(self) -> None:
        """Kernels that import this package, read this key, and know no settings of the user who builds."""
        if self.folder is not None:
            return
        self.folder = tempfile.TemporaryDirectory(prefix="labs-")
        quiet = "--IPKernelApp.log_level=ERROR"  # a kernel warns of its own loopback connection
        settings = {"timeout": LONGEST, "shutdown_kernel": "immediate", "extra_arguments": [quiet]}
        Path(self.folder.name, "jupyter_nbconvert_config.json").write_text(json.dumps({"NotebookClient": settings}))
        self._set(
            JUPYTER_CONFIG_DIR=self.folder.name, JUPYTER_RUNTIME_DIR=self.folder.name,
            IPYTHONDIR=self.folder.name, JUPYTER_PREFER_ENV_PATH="1", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1",
            PYTHONHASHSEED="0", PYDEVD_DISABLE_FILE_VALIDATION="1",
            PYTHONPATH=os.pathsep.join(filter(None, (str(PACKAGE.parent), os.environ.get("PYTHONPATH")))),
            **{KEY_VARIABLE: str((self.docs / "labs" / "key.toml").resolve())},
        )  # fmt: skip

    def _set(self, **variables: str) -> None:
        self.before = {name: os.environ.get(name) for name in variables}
        os.environ.update(variables)

    def end(self) -> None:
        """Wait for the kernels that run, start no others, and leave no trace."""
        if self.pool is not None:
            self.pool.shutdown(cancel_futures=True)
        for name, value in self.before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        self.before = {}
        if self.folder is not None:
            self.folder.cleanup()
            self.folder = None

    def take(self, page: Any) -> None:
        """Let a lab's page be rendered by this module instead of by the plugin."""
        lab = self.labs.get(Path(page.file.abs_src_path or ""))
        if lab is None or lab.file not in self.results:
            return
        plain = type(page).render

        def rendered(page: Any, config: Any, files: Any) -> None:
            try:
                notebook = json.loads(self.results[lab.file].result())
                text = "\n\n".join(markdown(notebook, lab, load(self.docs)))
            except ProblemsFound as error:  # whatever else is wrong is named with it
                raise build_error([*error.problems, *extension.engine("check").everything(self.docs)]) from None
            page.meta = {**page.meta, **lab.head}
            page.markdown = "\n".join(citations.fill(text.split("\n"), self._cite(lab)))
            plain(page, config, files)

        page.render = MethodType(rendered, page)

    def _cite(self, lab: LabFile) -> Callable[[str, str], str]:
        sources = listings.address((self.docs / citations.PAGE).resolve(), lab.file.resolve())
        return citations.linked(citations.load(self.docs / "bibliography.toml"), sources)

    def publish(self, page: Any) -> None:
        """Put the notebook and the plain source beside the page that is written."""
        lab = self.labs.get(Path(page.file.abs_src_path or ""))
        if lab is not None and lab.file in self.results:
            folder = Path(page.file.abs_dest_path).parent
            folder.mkdir(parents=True, exist_ok=True)
            (folder / lab.file.name).write_bytes(lab.file.read_bytes())
            (folder / f"{lab.name}.ipynb").write_text(notebook_of(lab), encoding="utf-8")


def begin(config: Any, files: Iterable[Any]) -> Labs:
    """Start the labs of a build. Raises the build's error for labs or a key that are not sound, or wrong settings."""
    docs = Path(config["docs_dir"])
    found = [file for file in files if file.src_uri.startswith("labs/") and file.src_uri.endswith(".py")]
    plugin = config["plugins"].get(PLUGIN)
    labs = Labs(docs, found, plugin)
    if plugin is None:
        if found:
            log.warning(f"{len(found)} labs are not executed, because {PLUGIN} is off: there are no pages of them")
        return Labs(docs, [], None)
    wrong = [
        Problem("mkdocs.yml", 1, f"{PLUGIN}: {name} is {plugin.config[name]}; labs need {name}: {str(value).lower()}")
        for name, value in SETTINGS.items()
        if plugin.config[name] is not value
    ]
    wrong += [
        Problem(labs.labs[Path(file.abs_src_path)].shown, 1, f"{PLUGIN} does not include this lab: see mkdocs.yml")
        for file in found
        if not plugin.should_include(file)
    ]
    wrong += problems(docs)
    if wrong:
        raise build_error([*wrong, *extension.engine("check").everything(docs)])
    if found:
        labs.start()
    return labs


def execute(lab: LabFile, plugin: Any) -> str:
    """The executed notebook as JSON, by mkdocs-jupyter with its own settings. Raises the build's error where a cell does."""
    from mkdocs_jupyter import convert
    from mkdocs_jupyter.config import settings
    from nbclient.exceptions import CellExecutionError

    settings.templates_dir = str(TEMPLATES)
    options = {name: plugin.config[name] for name in ("execute", "allow_errors", "kernel_name")}
    try:
        return html.unescape(convert.nb2html(str(lab.file), **options)).strip()
    except CellExecutionError as error:
        why = f"{error.ename}: {error.evalue}" if error.ename != "NotHeld" else advised(lab, error.evalue)
        raise build_error([Problem(lab.shown, _line(lab, error.traceback), ANSI.sub("", why))]) from None
    except Exception as error:  # no kernel, one that died, a cell that takes too long
        why = " ".join(ANSI.sub("", str(error)).split())
        raise build_error([Problem(lab.shown, 1, f"not executed: {type(error).__name__}: {why[:300]}")]) from None


def _line(lab: LabFile, trace: str) -> int:
    """The line of the lab in which an exception arose: the innermost one that is the lab's own."""
    code = [cell for cell in lab.cells if cell.kind == "code" and cell.source]
    frames = [(int(cell), int(line)) for cell, line in FRAME.findall(ANSI.sub("", trace))]
    inside = [(cell, line) for cell, line in frames if 0 < cell <= len(code)]
    return code[inside[-1][0] - 1].line + inside[-1][1] - 1 if inside else 1


def _digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(str(file).encode() + file.read_bytes())
    return total.hexdigest()
