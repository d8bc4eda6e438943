"""The workflows keep to the rules that let strangers' pull requests run: read by YAML, each rule with what breaks it."""

from __future__ import annotations

import re

import pytest
import yaml
from sites import ROOT

FOLDER = ROOT / ".github/workflows"
FILES = {file.stem: file.read_text(encoding="utf-8") for file in sorted(FOLDER.glob("*.y*ml"))}
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
VERSIONED = re.compile(r"(?m)^\s*(?:- )?uses: (\S+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+$")
PRIVILEGED = {"workflow_run", "pull_request_target", "issue_comment", "issues"}  # these run with what main may do
# Every right to write that any job has. Another one is a decision, not a detail.
WRITES = {("publish", "deploy"): {"pages", "id-token"}, ("comment", "post"): {"pull-requests"}}


def problems(name, text):
    """The rules that a workflow breaks."""
    flow = yaml.safe_load(text)
    jobs = flow.get("jobs", {})
    found = []
    if flow.get("permissions") != {}:
        found.append("the workflow takes rights for all its jobs")
    if "group" not in (flow.get("concurrency") or {}):
        found.append("no concurrency")
    if "pull_request_target" in triggers(flow):
        found.append("pull_request_target")
    if "secrets" in text:
        found.append("a secret")
    if len(VERSIONED.findall(text)) != len(re.findall(r"(?m)^\s*(?:- )?uses:", text)):
        found.append("an action without its version")
    for id_, job in jobs.items():
        found += [f"{id_}: {problem}" for problem in of_job(name, id_, job, triggers(flow) & PRIVILEGED)]
    return found


def triggers(flow):
    on = flow[True] if True in flow else flow["on"]  # YAML reads a bare `on` as true
    return {on} if isinstance(on, str) else set(on)


def of_job(name, id_, job, privileged):
    rights = job.get("permissions")
    if not isinstance(job.get("timeout-minutes"), int):
        yield "no time limit"
    if not isinstance(rights, dict):
        yield "no rights of its own"
        rights = {}
    writes = {right for right, level in rights.items() if level != "read"}
    if not writes <= WRITES.get((name, id_), set()):
        yield f"may write {sorted(writes)}"
    if writes and "actions" in rights:
        yield "may write and fetches the data of strangers"
    if "uses" in job or "container" in job or "services" in job:
        yield "runs what has no hash"
    for step in job.get("steps", []):
        yield from of_step(step, privileged)


def of_step(step, privileged):
    action, given, script = step.get("uses", ""), step.get("with", {}), str(step.get("run", ""))
    if "name" not in step:
        yield "a step without a name"
    if action and not PINNED.fullmatch(action):
        yield f"{action} is no commit"
    if action.startswith("actions/checkout@"):
        if given.get("persist-credentials") is not False:
            yield "the checkout keeps its token"
        if privileged and given.get("ref") != "main":
            yield "a privileged job checks out what is not main"
    if "${{" in script:
        yield "an expression in a script"
    if "pip install" in script and "--require-hashes" not in script:
        yield "a package without its hash"
    if script.count("curl") > len(re.findall(r"sha256sum --check|recomputed\.github\.io", script)):
        yield "a download without its hash"


def test_there_are_workflows():
    assert {"check", "comment", "publish"} <= set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_workflow_keeps_to_the_rules(name):
    assert problems(name, FILES[name]) == []


def test_one_action_is_pinned_to_one_commit():
    found = {}
    for text in FILES.values():
        for action, commit in VERSIONED.findall(text):
            found.setdefault(action, set()).add(commit)
    assert all(len(commits) == 1 for commits in found.values()), found


CHECKOUT = re.search(r"actions/checkout@\w+", FILES["check"])[0]
BROKEN = {
    "rights for all": ("check", "permissions: {}", "permissions: read-all", "the workflow takes rights"),
    "a tag": ("check", CHECKOUT, "actions/checkout@v7", "is no commit"),
    "a short commit": ("check", CHECKOUT, CHECKOUT[:-1], "is no commit"),
    "a branch": ("publish", CHECKOUT, "actions/checkout@main", "is no commit"),
    "no version": ("check", " # v7.0.1", "", "an action without its version"),
    "a token kept": ("check", "persist-credentials: false", "persist-credentials: true", "keeps its token"),
    "more rights": ("check", "contents: read", "contents: write", "may write ['contents']"),
    "all rights": ("check", "    permissions:\n      contents: read # to check the change out\n", "", "no rights of its own"),
    "other rights": ("comment", "pull-requests: write", "issues: write", "may write ['issues']"),
    "both": ("comment", "pull-requests: write", "pull-requests: write\n      actions: read", "may write and fetches"),
    "no limit": ("check", "    timeout-minutes: 45\n", "", "no time limit"),
    "no concurrency": ("check", "concurrency:", "env:", "no concurrency"),
    "a target": ("check", "  pull_request:", "  pull_request_target:", "pull_request_target"),
    "the stranger's code": (
        "comment", "ref: main", "ref: ${{ github.event.workflow_run.head_sha }}", "checks out what is not main"),
    "the default": ("comment", "          ref: main\n", "", "checks out what is not main"),
    "an expression": (
        "check", "run: bash .ci/run", "run: echo ${{ github.event.pull_request.title }}", "an expression in a script"),
    "in many lines": (
        "check", "run: bash .ci/run", "run: |\n          echo \"${{ github.head_ref }}\"", "an expression in a script"),
    "a package": ("check", "--require-hashes ", "", "a package without its hash"),
    "a download": ("check", "sha256sum --check", "true", "a download without its hash"),
    "a secret": ("check", "persist-credentials: false", "token: ${{ secrets.TOKEN }}", "a secret"),
    "another's workflow": ("check", "runs-on: ubuntu-latest", "uses: other/flow/.github/workflows/x.yml@main", "no hash"),
}  # fmt: skip


@pytest.mark.parametrize("name, old, new, says", BROKEN.values(), ids=BROKEN)
def test_a_rule_that_is_broken_is_noticed(name, old, new, says):
    assert old in FILES[name]
    found = problems(name, FILES[name].replace(old, new, 1))
    assert any(says in problem for problem in found), found


def test_the_published_site_is_asked_where_it_is():
    class Loader(yaml.SafeLoader):
        """mkdocs.yml has tags of its own."""

    Loader.add_multi_constructor("!", lambda loader, suffix, node: None)
    root = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Loader)["site_url"]
    asked = re.findall(r"https://recomputed\.github\.io\S*?(?=\$name|answers)", FILES["comment"] + FILES["publish"])
    assert asked == [root, root]


def test_a_check_runs_only_where_there_is_nothing_to_steal():
    """The job that runs a stranger's code: a plain trigger, the right to read, no token in its surroundings."""
    flow = yaml.safe_load(FILES["check"])
    assert triggers(flow) == {"pull_request", "push"}
    assert "github.token" not in FILES["check"] and "GITHUB_TOKEN" not in FILES["check"]
    assert all(job["permissions"] == {"contents": "read"} for job in flow["jobs"].values())


def test_a_deployment_waits_for_everything():
    flow = yaml.safe_load(FILES["publish"])
    assert triggers(flow) == {"push"} and flow[True]["push"]["branches"] == ["main"]
    assert flow["jobs"]["deploy"]["needs"] == "check"
    steps = [str(step.get("run", step.get("uses", ""))) for step in flow["jobs"]["check"]["steps"]]
    order = [next(n for n, step in enumerate(steps) if word in step) for word in (".ci/run", "smoke", "upload-pages")]
    assert order == sorted(order)
    assert not any("continue-on-error" in step for step in flow["jobs"]["check"]["steps"])


def test_dependabot_stays_below_what_cannot_build_the_site():
    (pip,) = [
        one
        for one in yaml.safe_load((ROOT / ".github/dependabot.yml").read_text(encoding="utf-8"))["updates"]
        if one["package-ecosystem"] == "pip"
    ]
    assert {one["dependency-name"]: one["versions"] for one in pip["ignore"]} == {
        "mkdocs": [">=2"],
        "mkdocs-material": [">=10"],
    }


@pytest.mark.parametrize("name", ["compare", "lint"])
def test_what_a_workflow_installs_is_locked_by_hash(name):
    folder = ROOT / ".github/requirements"
    lock = (folder / f"{name}.txt").read_text(encoding="utf-8")
    packages = re.findall(r"(?m)^([\w.-]+)==\S+ (?:; .*)?\\\n    --hash=sha256:[0-9a-f]{64}", lock)
    assert len(packages) == len(re.findall(r"(?m)^[\w.-]+==", lock)) > 0
    wanted = re.findall(r"(?m)^[\w.-]+", (folder / f"{name}.in").read_text(encoding="utf-8"))
    assert set(wanted) <= set(packages)
