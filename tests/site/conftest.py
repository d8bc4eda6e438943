"""What several test files read: the real site, built once, a browser to read it with, and a sample site for each test."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sites import copy_repository, run, sample

from solvers.site.check import check
from solvers.site.project import Project

PAGE = "papers/bits-dnn-2022s2-endsem/q4/"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory):
    """The repository as it was when the tests began, so that all tests of the site speak of the same one."""
    return copy_repository(tmp_path_factory.mktemp("snapshot"))  # by this name `make coverage` knows it


@pytest.fixture(scope="session")
def site(snapshot):
    """The site of the snapshot, built once; the date of its sitemap is fixed."""
    built = run(snapshot, "mkdocs", "build", "--strict", "-d", "built", SOURCE_DATE_EPOCH="1700000000")
    assert built.code == 0, built.text
    return snapshot / "built"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The sample site in the working directory, so that messages name its files as a contributor types them."""
    monkeypatch.chdir(tmp_path)
    return sample(tmp_path)


@pytest.fixture
def solved(folder):
    """Solve the sample site in this process: the parts by id, and the problems as text."""

    def solve():
        project = Project(folder / "docs")
        parts = {part.record.id: part for part in check(project)}
        return parts, [str(problem) for problem in sorted(set(project.problems))]

    return solve


def find_browser():
    """The path of a browser that starts; on Ubuntu the command may be a pointer to a package that is not there."""
    for name in filter(None, (os.environ.get("BROWSER"), *NAMES)):
        path = shutil.which(name)
        if path is not None:
            answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
            if answer.returncode == 0 and "Chrom" in answer.stdout:
                return path
    return None


@pytest.fixture(scope="session")  # before the site is built, which takes longer than to find no browser
def browser():
    path = find_browser()
    if path is None:
        reason = f"no browser: none of {', '.join(NAMES)} was found"
        if os.environ.get("BROWSER_REQUIRED") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments):
        """A server for tests writes no log."""


@pytest.fixture(scope="module")
def address(site):
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def context(browser, address):
    """The usual screen; it is kept over the tests, so that the files of the theme are fetched once. Nothing leaves this machine."""
    opened = {}

    def open_context(**options):
        key = str(sorted(options.items()))
        if key not in opened:
            opened[key] = browser.new_context(**options)
            opened[key].set_default_timeout(15_000)
            opened[key].route(
                "**/*",
                lambda route: route.continue_() if route.request.url.startswith(address) else route.abort(),
            )
        return opened[key]

    yield open_context
    for one in opened.values():
        one.close()


@pytest.fixture
def visit(context, address):
    """Open a page and note everything that goes wrong and every request. Each test begins with nothing stored; `script` runs
    in the page before its own."""
    pages = []

    def open_page(path=PAGE, script="", **options):
        page = context(**options).new_page()
        if not pages:
            stored = {"origin": address.rstrip("/"), "storageTypes": "local_storage"}
            page.context.new_cdp_session(page).send("Storage.clearDataForOrigin", stored)
        if script:
            page.add_init_script(script)
        pages.append(page)
        page.requests, page.complaints = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on(
            "console", lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on(
            "response",
            lambda answer: page.complaints.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None,
        )
        page.goto(address + path, wait_until="load")
        return page

    yield open_page
    for page in pages:
        page.close()
