"""What Lighthouse says of the longest page, as a phone on a slow line sees it: `make lighthouse`.

Needs Node 18 or newer with npm, and Chromium or Chrome (BROWSER=/path/to/it when it is not on the PATH). The version of
Lighthouse is the one that tests/lighthouse/package-lock.json pins; it is installed into build/. The site is served as
GitHub Pages serves it: compressed, kept for ten minutes, below the path of its address.

    python tests/lighthouse.py             # site/ as it was built
    python tests/lighthouse.py folder about  # another folder, another page
"""

from __future__ import annotations

import argparse
import functools
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PINNED, INSTALLED = ROOT / "tests/lighthouse", ROOT / "build/lighthouse"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
GOALS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
SHIFT, MOST_SHIFT = "cumulative-layout-shift", 0.01
METRICS = ("first-contentful-paint", "largest-contentful-paint", "speed-index", "total-blocking-time", SHIFT)
BASE = "/recomputed/"  # the path of site_url
TEXTS = (".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".ipynb", ".csv")


class Pages(SimpleHTTPRequestHandler):
    """As GitHub Pages answers: text compressed, everything kept for ten minutes, 404.html for what is not there."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path.removeprefix(BASE.rstrip("/"))))
        path = path / "index.html" if path.is_dir() else path
        found = path.is_file() and self.path.startswith(BASE)
        self.answer(200 if found else 404, path if found else Path(self.directory) / "404.html")

    def answer(self, status: int, path: Path) -> None:
        body = path.read_bytes()
        packed = path.suffix in TEXTS and "gzip" in self.headers.get("Accept-Encoding", "")
        body = gzip.compress(body, 6) if packed else body
        self.send_response(status)
        for name, value in {
            "Content-Type": f"{self.guess_type(path)}{'; charset=utf-8' if path.suffix in TEXTS else ''}",
            "Content-Length": str(len(body)),
            "Cache-Control": "max-age=600",
            **({"Content-Encoding": "gzip"} if packed else {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.copyfile(BytesIO(body), self.wfile)

    def log_message(self, *_arguments: Any) -> None:
        """The report is what counts."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Pages, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{BASE}"
    finally:
        server.shutdown()


def install() -> Path:
    """Lighthouse at the pinned version."""
    lock = (PINNED / "package-lock.json").read_bytes()
    if not (INSTALLED / "done").is_file() or (INSTALLED / "done").read_bytes() != lock:
        INSTALLED.mkdir(parents=True, exist_ok=True)
        for file in PINNED.iterdir():
            shutil.copy(file, INSTALLED)
        subprocess.run(["npm", "ci", "--no-fund", "--no-audit", "--ignore-scripts"], cwd=INSTALLED, check=True)
        (INSTALLED / "done").write_bytes(lock)
    return INSTALLED / "node_modules/lighthouse/cli/index.js"


def measure(program: Path, address: str, browser: str) -> dict[str, Any]:
    """One report, with the settings for a phone, which are Lighthouse's own."""
    flags = "--headless=new --no-sandbox"
    command = ["node", str(program), address, "--output=json", "--quiet", f"--chrome-flags={flags}",
               f"--only-categories={','.join(GOALS)}"]  # fmt: skip
    done = subprocess.run(command, env={**os.environ, "CHROME_PATH": browser}, capture_output=True, check=True)
    return json.loads(done.stdout)


def longest(site: Path) -> str:
    """The solution page that has most to transfer."""
    pages = site.glob("papers/*/*/index.html")
    page = max(pages, key=lambda file: len(gzip.compress(file.read_bytes(), 6)))
    return f"{page.parent.relative_to(site).as_posix()}/"


def figures(reports: list[dict[str, Any]]) -> tuple[dict[str, float], dict[str, float]]:
    """Scores and metrics: the median of the runs, since a machine with other work gives other times."""
    scores = {name: 100 * statistics.median(one["categories"][name]["score"] for one in reports) for name in GOALS}
    metrics = {name: statistics.median(one["audits"][name]["numericValue"] for one in reports) for name in METRICS}
    return scores, metrics


def below(scores: dict[str, float], metrics: dict[str, float]) -> list[str]:
    """The goals that were missed."""
    missed = [f"{name} {scores[name]:.0f}, the goal is {goal}" for name, goal in GOALS.items() if scores[name] < goal]
    shift = metrics[SHIFT]
    return missed + ([f"layout shift {shift:.3f}, the goal is below {MOST_SHIFT}"] if shift >= MOST_SHIFT else [])


def failed(report: dict[str, Any]) -> Iterator[str]:
    """The audits that count towards a score and did not pass."""
    for category in report["categories"].values():
        for one in category["auditRefs"]:
            audit = report["audits"][one["id"]]
            if one["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                yield f"{category['title']}: {audit['title']} ({audit.get('displayValue', one['id'])})"


def main() -> int:
    parser = argparse.ArgumentParser(description="Lighthouse on the longest page of a built site.")
    parser.add_argument("site", nargs="?", type=Path, default=ROOT / "site", help="a built site (site/)")
    parser.add_argument("page", nargs="?", help="a page of it (the longest solution page)")
    parser.add_argument("--runs", type=int, default=3, help="how many times to measure; the median counts (3)")
    parser.add_argument("--report", type=Path, help="where to keep the last report, as JSON")
    asked = parser.parse_args()
    browser = next(filter(None, map(shutil.which, filter(None, (os.environ.get("BROWSER"), *BROWSERS)))), None)
    if not (asked.site / "index.html").is_file():
        sys.exit(f"{asked.site} holds no site; build it with: make site")
    if browser is None or not shutil.which("npm"):
        sys.exit("Lighthouse needs Node with npm, and Chromium or Chrome")
    program, page = install(), asked.page or longest(asked.site)
    with served(asked.site) as address:
        reports = [measure(program, address + page, browser) for _ in range(asked.runs)]
    if asked.report:
        asked.report.write_text(json.dumps(reports[-1]), encoding="utf-8")
    scores, metrics = figures(reports)
    speed = statistics.median(one["environment"]["benchmarkIndex"] for one in reports)
    print(f"{page}, median of {asked.runs}, on a machine of speed {speed:.0f} (below 1500 the times say little)")
    for name, value in {**scores, **metrics}.items():
        print(f"  {name:26}{value:8.3f}" if name == SHIFT else f"  {name:26}{value:8.0f}")
    print("".join(f"  {line}\n" for line in failed(reports[-1])), end="")
    missed = below(scores, metrics)
    print("\n".join(f"missed: {line}" for line in missed))
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
