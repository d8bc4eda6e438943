"""Run notebooks in one IPython shell, in a process of their own: `python notebook_runner.py a.ipynb b.ipynb`.

Prints as JSON, for each notebook, every code cell by its id: {"error": text or null, "printed": text, "outputs": [...]}.
BLOCKED names modules that must not be importable, as where they are not installed. A cell that fails ends its notebook.
"""

import json
import os
import sys
import time

for name in os.environ.get("BLOCKED", "").split():
    sys.modules[name] = None  # type: ignore[assignment]

from IPython.core.interactiveshell import InteractiveShell  # noqa: E402
from IPython.utils.capture import capture_output  # noqa: E402
from traitlets.config import Config  # noqa: E402


def run(shell, file):
    shell.reset(new_session=False)
    shell.extension_manager.loaded.clear()  # a new notebook loads the magics anew
    ran = {}
    start = time.perf_counter()
    with open(file, encoding="utf-8") as text:
        cells = json.load(text)["cells"]
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        with capture_output() as captured:
            result = shell.run_cell("".join(cell["source"]))
        error = result.error_before_exec or result.error_in_exec
        ran[cell["id"]] = {
            "error": error and f"{type(error).__name__}: {error}",
            "printed": captured.stdout,
            "outputs": [output.data for output in captured.outputs],
        }
        if error:
            break
    return {"cells": ran, "seconds": time.perf_counter() - start}


if __name__ == "__main__":
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config)
    json.dump([run(shell, file) for file in sys.argv[1:]], sys.stdout)
