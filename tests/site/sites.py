"""Small sites for the tests to break, and the commands that have to notice.

The sample site has one paper with two parts: 1a is a sigmoid neuron whose published key carries a slip, 1b is exact
and agrees. Everything a test breaks in it is one replacement in one file.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEY, PAGE, INDEX, HOME = (
    "docs/papers/sample/key.toml",
    "docs/papers/sample/q1.md",
    "docs/papers/sample/index.md",
    "docs/index.md",
)
ERRATA = "docs/errata.md"

KEY_TEXT = r"""# The sample paper
[paper]
title = "A sample paper"
short = "Sample"
institution = "Nowhere"
course = "Testing"
year = "2024"
parts = 2

[parts.1a]
title = "A sigmoid neuron"
marks = 3
kind = "numeric"          # a comment that has to stay
topics = ["adam"]
verdict = "slip"
because = "The key leaves the input out, where $x = @{x}$ is given."

[parts.1a.answer]
y_hat = 0.0001234  # the prediction
loss = 4.500

[parts.1a.printed]
y_hat = 0.0180
neuron.z = -9
neuron.dL_db = -0.482

[parts.1a.lines]
neuron.z = -9
neuron.dL_dz = -0.4999
neuron.dL_dw = -1.750
neuron.dL_db = -0.4999

[[parts.1a.slips]]
text = "The input $x$ is left out of the sigmoid."
replace = { "neuron.y_hat" = "sigmoid(w + b)" }
lands = ["y_hat", "neuron.dL_db"]

[parts.1b]
title = "A mean"
kind = "numeric"
topics = []
verdict = "agrees"
because = "The key is right."

[parts.1b.answer]
mean = 1.5

[parts.1b.printed]
mean = 1.5

[parts.1b.lines]
total = 3
"""

PAGE_TEXT = r"""---
title: "Question 1"
description: Two parts to break.
---

# Question 1

Some text before the first part, with $e^{i}$.

``` part 1a
x, y = 3.5, 0.5  # input and target
w, b = -2.0, -2.0
```

A neuron reads $x = @{x}$ and has the weight @{w}. Which output $\hat{y}$ follows?

??? hint
    Weigh the input: $z = w x + b$ with $x = @{x}$.

``` solution
# The neuron
neuron = sigmoid_neuron.trace(x, y, w, b)
answer(y_hat=neuron["y_hat"], loss=neuron["loss"])
```

The output is $@{y_hat}$, since $\sigma$ is small far to the left.

``` part 1b
a, c = 1, 2
```

What is the mean of @{a} and @{c}?

??? hint
    Add, then halve.

``` solution
total = a + c  # add
mean = total / 2  # halve
answer(mean=mean)
```

!!! answer
    It is $@{mean}$.

Half of $@{total}$.
"""

CONFIG = """site_name: Sample
site_url: https://sample.example/
docs_dir: docs
exclude_docs: "*.toml"
{theme}
plugins: {plugins}
markdown_extensions:
  - admonition
  - attr_list
  - md_in_html
  - tables
  - pymdownx.arithmatex:
      generic: true
  - pymdownx.details
  - pymdownx.superfences
  - solvers.site:
      repository: https://github.com/sample/sample
"""
BARE = "theme: {name: null, custom_dir: bare}"  # no theme at all: such a build takes half a second
MATERIAL = "theme: {name: material, font: false}"


@dataclass
class Ran:
    """A command that ended: its exit status and everything it wrote."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


def sample(folder: Path, theme: str = BARE, plugins: str = "[]") -> Path:
    """Write the sample site into a folder."""
    for name, text in {
        "mkdocs.yml": CONFIG.format(theme=theme, plugins=plugins),
        "bare/main.html": "{{ page.content }}",
        "docs/topics.toml": '[optimization]\ntitle = "Optimization"\n\n[optimization.adam]\ntitle = "Adam"\n',
        "docs/topics/adam.md": "# Adam\n\n``` list topic\n```\n",
        HOME: "# Home\n\n``` list counts\n```\n",
        ERRATA: "# Errata\n\n``` list errata\n```\n",
        INDEX: "# A sample paper\n\n``` list parts\n```\n",
        KEY: KEY_TEXT,
        PAGE: PAGE_TEXT,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def copy_repository(folder: Path, source: Path = ROOT) -> Path:
    """Copy what a build reads: pages, keys, configuration, solvers. Nothing compiled comes along."""
    for name in ("docs", "solvers"):
        shutil.copytree(source / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    shutil.copy(source / "mkdocs.yml", folder)
    return folder


def copy_solvers(folder: Path) -> Path:
    """Put a copy of the package beside a sample site, for a test that changes it."""
    shutil.copytree(ROOT / "solvers", folder / "solvers", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def run(folder: Path, *arguments: str, **environment: str) -> Ran:
    """Run `python -m …` in a folder, with the package of that folder or else the one under test."""
    package = folder if (folder / "solvers").is_dir() else ROOT
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SOLVERS_"))},
        "PYTHONPATH": str(package),
        "PYTHONDONTWRITEBYTECODE": "1",
        "NO_MKDOCS_2_WARNING": "1",
        "NO_COLOR": "1",
        **environment,
    }
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env=env,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


# What a build imports before it reads the first page.
WARM = multiprocessing.get_context("forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn")
LOADED = """
numpy sqlite3 quickjs pygments.formatters.html pygments.lexers.python mkdocs.commands.build mkdocs.commands.serve
mkdocs.commands.get_deps mkdocs.commands.gh_deploy markdown.extensions.admonition markdown.extensions.attr_list
markdown.extensions.md_in_html markdown.extensions.tables markdown.extensions.toc pymdownx.arithmatex pymdownx.details
pymdownx.superfences solvers.site.cli solvers.site.extension solvers.site.assemble solvers.neurons
"""
WARM.set_forkserver_preload(LOADED.split())


def quick(folder: Path, *arguments: str, **environment: str) -> Ran:
    """The same as `run` in a process that has the libraries loaded already: a third of the time."""
    with tempfile.TemporaryDirectory() as pipes:
        out, err = Path(pipes, "out"), Path(pipes, "err")
        process = WARM.Process(target=_run_here, args=(folder, arguments, environment, out, err))
        process.start()
        process.join(120)
        process.kill()
        process.join()
        return Ran(process.exitcode or 0, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))


def _run_here(folder: Path, arguments: tuple[str, ...], environment: dict[str, str], out: Path, err: Path) -> None:
    for file, stream in ((out, 1), (err, 2)):
        handle = os.open(file, os.O_WRONLY | os.O_CREAT)
        os.dup2(handle, stream)
    package = folder if (folder / "solvers").is_dir() else ROOT
    os.chdir(folder)
    os.environ.update(NO_MKDOCS_2_WARNING="1", NO_COLOR="1", **environment)
    sys.path[:0] = [str(folder), str(package)]
    sys.dont_write_bytecode = True
    loaded = getattr(sys.modules.get("solvers"), "__file__", None)
    if environment or loaded != str(package / "solvers/__init__.py"):  # another package, or other settings of it
        for name in [name for name in sys.modules if name == "solvers" or name.startswith("solvers.")]:
            del sys.modules[name]
    sys.argv = list(arguments)
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)


def check(folder: Path, *arguments: str, **environment: str) -> Ran:
    return quick(folder, "solvers", "check", *arguments, **environment)


def build(folder: Path, *arguments: str, **environment: str) -> Ran:
    """`mkdocs build` without --strict: a page that disagrees must stop it all the same."""
    return quick(folder, "mkdocs", "build", *arguments, **environment)


def change(file: Path, old: str, new: str) -> None:
    """Replace a text that stands in the file exactly once."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def line_of(file: Path, text: str, which: int = 1) -> int:
    """The number of the which-th line that contains a text."""
    lines = file.read_text(encoding="utf-8").split("\n")
    return [number for number, line in enumerate(lines, start=1) if text in line][which - 1]


def until(page, condition, argument=None, seconds=15):
    """Wait until an expression of JavaScript, or a function of the argument, is true on a page.

    Playwright's own way evaluates a text inside of the page, which the policy of the page forbids from the second time on.
    """
    end = time.monotonic() + seconds
    while not page.evaluate(condition, argument):
        assert time.monotonic() < end, f"never true: {condition}"
        page.wait_for_timeout(50)
