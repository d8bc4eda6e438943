"""Sites that several test files read: the real one, built once, and a sample one for each test."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from sites import copy_repository, run, sample

from solvers.site.check import check
from solvers.site.project import Project

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory):
    """The repository as it was when the tests began, so that all tests of the site speak of the same one."""
    return copy_repository(tmp_path_factory.mktemp("repository"))


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
