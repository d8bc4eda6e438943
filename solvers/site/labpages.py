"""From a lab to its page: mkdocs-jupyter executes it, the site's own Markdown renders it.

Of mkdocs-jupyter's rendering nothing is left: its template is replaced by one that hands over the executed notebook.
So a lab has no styles or scripts of its own, its formulas are KaTeX, its admonitions boxes, and its headings are in the
contents and the search like those of every page. A lab is executed in every build; a server that runs on executes it
again when its text, its digits or a file of the package has changed.
"""

from __future__ import annotations

import ast
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

from solvers.dialects import WORDS, write_value
from solvers.site import citations, extension, listings, render
from solvers.site.agreement import equals_shown, shown
from solvers.site.labfiles import LabFile, LabKey, disagreements, load, problems
from solvers.site.labs import HELD, KEY_VARIABLE, SVG, decode, words
from solvers.site.problems import Problem, build_error

PLUGIN = "mkdocs-jupyter"
SETTINGS = {"execute": True, "allow_errors": False, "cache": False}  # without these a wrong lab could be published
TEMPLATES = Path(__file__).parent / "jupyter"
PACKAGE = Path(__file__).resolve().parents[1]
LONGEST = 60  # seconds that one cell may take
FRAME = re.compile(r"Cell In\[(\d+)\], line (\d+)")
POWER = re.compile(r"·10\^(-?\d+)")
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
            notebook = json.loads(self.results[lab.file].result())
            page.meta = {**page.meta, **lab.head}
            text = "\n\n".join(markdown(notebook, lab, load(self.docs)))
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
        why = f"{error.ename}: {error.evalue}" if error.ename != "NotHeld" else error.evalue
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


def markdown(notebook: dict[str, Any], lab: LabFile, key: LabKey) -> list[str]:
    """The Markdown of a lab's page, its code and its outputs as finished HTML.

    Raises the build's error for a cell that was not executed, for an output that no key holds, and where a number
    differs from the key: what the kernel compared is compared again.
    """
    found = [cell for cell in lab.cells if cell.source or cell.kind == "code"]
    if [_text(cell["source"]).strip() for cell in notebook["cells"]] != [cell.source.strip() for cell in found]:
        raise build_error(
            [Problem(lab.shown, 1, "jupytext reads other cells than this site does: begin each with # %%")]
        )
    out, wrong, values = [], [], {}
    for cell, executed in zip(found, notebook["cells"]):
        if cell.kind == "markdown":
            out.append(cell.source)
            continue
        if cell.source and executed["execution_count"] is None:
            wrong.append(Problem(lab.shown, cell.line, "this cell was not executed"))
        out.append(extension.mark(_code(cell.source)))
        for output in executed["outputs"]:
            data = output.get("data", {})
            if HELD in data:
                held = {label: decode(value) for label, value in data[HELD]["values"].items()}
                values |= held
                out.append(extension.mark(_numbers(data[HELD]["caption"], held, key.labs.get(lab.name, {}))))
            elif SVG in data and "alt" in output["metadata"]:
                out.append(extension.mark(_figure(_text(data[SVG]), output["metadata"]["alt"])))
            else:
                text = _text(output.get("text") or data.get("text/plain") or output["output_type"])
                why = f"this cell writes {' '.join(text.split())[:80]!r}, which no key holds: show it by lab.hold(…)"
                wrong.append(Problem(lab.shown, cell.line, why))
    wrong += disagreements(lab, values, key)
    if wrong:
        raise build_error(wrong)
    title, _, rest = out[0].partition("\n")
    return [title, extension.mark(_files(lab)), rest, *out[1:]]


def _code(source: str) -> str:
    """The code of a cell; closed where it only draws."""
    draws = any(
        getattr(node, "attr", "") == "figure" for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)
    )
    code = render.code(source)
    return f'<details class="reveal code"><summary>How the figure is drawn</summary>{code}</details>' if draws else code


def _numbers(caption: str, values: dict[str, Any], digits: dict[str, Any]) -> str:
    """What one `hold` shows: a table of columns for lists of one length, otherwise a row for each label."""
    head = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    told = {label: shown(value, digits[label]) for label, value in values.items() if label in digits}
    lengths = {len(value) if isinstance(value, list) else 0 for value in told.values()}
    if len(told) > 1 and len(lengths) == 1 and lengths != {0}:
        heads = "".join(f'<th scope="col">{html.escape(words(label))}</th>' for label in told)
        rows = "".join(f"<tr>{''.join(f'<td>{_told(cell)}</td>' for cell in row)}</tr>" for row in zip(*told.values()))
        body = f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
    else:
        rows = (f'<tr><th scope="row">{html.escape(words(label))}</th><td>{_sign(values[label], what)} {_told(what)}</td></tr>'
                for label, what in told.items())  # fmt: skip
        body = f"<tbody>{''.join(rows)}</tbody>"
    return f'<div class="wide" {render.SCROLLS}><table class="held">{head}{body}</table></div>'


def _sign(value: Any, what: Any) -> str:
    return "" if isinstance(value, str) else "=" if equals_shown(value, what) else "≈"


def _told(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_told, value))
    return POWER.sub(
        lambda power: f"·10<sup>{power[1].replace('-', '−')}</sup>", html.escape(write_value(value, WORDS))
    )


def _figure(svg: str, alt: str) -> str:
    label = f' role="img" aria-label="{html.escape(alt)}"'
    return f'<figure class="lab-figure">{svg.replace("<svg", f"<svg{label}", 1)}</figure>'


def _files(lab: LabFile) -> str:
    links = (("Notebook", f"{lab.name}.ipynb"), ("Python source", lab.file.name))
    row = " · ".join(f'<a href="{name}" download>{text}</a>' for text, name in links)
    run = f"<code>pip install -e '.[site]' jupyterlab</code>, then <code>jupyter lab docs/labs/{lab.file.name}</code>"
    return f'<p class="lab-files">Download: {row}. To run it in a checkout of the source: {run}</p>'


def notebook_of(lab: LabFile) -> str:
    """The notebook that a reader downloads: without outputs, the same from build to build."""
    import jupytext

    notebook = jupytext.read(lab.file)
    notebook.metadata.pop("jupytext", None)
    for number, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"cell-{number}"
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _text(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def _digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(str(file).encode() + file.read_bytes())
    return total.hexdigest()
