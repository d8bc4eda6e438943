"""For the workflow that comments on pull requests: `write` makes the comment of a run, `post` puts it where it belongs.

Which pull request that is, nobody says but the forge: the run's event names a repository, a branch and a commit, and the
open pull request of that branch counts only while that commit is its head. Nothing in the data is asked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

MARKER = "<!-- recomputed: what this pull request changes -->"
AUTHOR = "github-actions[bot]"
ARTIFACT = "data"


def main(arguments: list[str]) -> int:
    """`write <answers.json> <measures.json> <comment>`, the published files and the file to write; `post <comment>`."""
    command, *files = arguments
    repository = os.environ["GITHUB_REPOSITORY"]
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))["workflow_run"]
    paths = [Path(file) for file in files]
    print({"write": write, "post": post}[command](repository, event, *paths))
    return 0


def write(repository: str, event: Mapping[str, Any], answers: Path, measures: Path, comment: Path) -> str:
    """Write the comment on one run; without a number of a pull request in it."""
    sections = [
        MARKER,
        f"**What commit {event['head_sha'][:10]} changes**, compared with the published site",
        compared(repository, event["id"], answers, measures),
        f"[The run](https://github.com/{repository}/actions/runs/{int(event['id'])}) keeps the preview of the site: "
        "a zip to unpack and open. It is made by the code of this pull request.",
    ]
    comment.write_text("\n\n".join(sections) + "\n", encoding="utf-8")
    return "written"


def compared(repository: str, run: int, answers: Path, measures: Path) -> str:
    """The middle of the comment; says so when there is nothing to compare."""
    from solvers.site.changes import comment, compare, reading  # `post` needs no library

    try:
        new = reading.archive(_artifact(repository, run))
    except reading.Refused as refused:
        return f"Nothing is compared, because the data of this run was refused: {refused}."
    old = {}
    for kind, file in {"answers": answers, "measures": measures}.items():
        try:
            old[kind] = reading.data(file.read_bytes(), kind) if file.is_file() else None
        except reading.Refused as refused:
            return f"Nothing is compared, because the published data was refused: {refused}."
    if old["answers"] is None:
        return "Nothing is compared: no published data was found."
    told = comment.told(compare.changes(old["answers"], new["answers"]))
    return comment.cut(f"{told}\n\n{comment.measured(old['measures'], new['measures'])}")


def _artifact(repository: str, run: int) -> bytes:
    """The archive that the run uploaded last, unless it says that it is too large."""
    from solvers.site.changes.reading import LARGEST_ARCHIVE, Refused

    found = api(f"repos/{repository}/actions/runs/{int(run)}/artifacts?name={ARTIFACT}&per_page=100")["artifacts"]
    found = [one for one in found if one["name"] == ARTIFACT and not one["expired"]]
    if not found:
        raise Refused("it has none")
    newest = max(found, key=lambda one: one["id"])
    if newest["size_in_bytes"] > LARGEST_ARCHIVE:
        raise Refused("the archive is too large")
    return gh(f"repos/{repository}/actions/artifacts/{int(newest['id'])}/zip")


def post(repository: str, event: Mapping[str, Any], comment: Path) -> str:
    """Write the comment to its pull request, over the one that stands there."""
    number = pull_request(repository, event)
    if number is None:
        return "no open pull request has this commit as its head: nothing is posted"
    body = comment.read_text(encoding="utf-8")
    mine = [one for one in comments(repository, number) if is_ours(one)]
    if mine and mine[0]["body"] == body.strip():
        return "the comment says this already"
    path = f"issues/comments/{mine[0]['id']}" if mine else f"issues/{number}/comments"
    method = "PATCH" if mine else "POST"
    gh(f"repos/{repository}/{path}", "--method", method, "--input", "-", given=json.dumps({"body": body.strip()}))
    return f"posted to pull request {number}"


def pull_request(repository: str, event: Mapping[str, Any]) -> int | None:
    """The number of the open pull request whose head is the commit of the run, asked of the forge."""
    source = event.get("head_repository") or {}
    if event["event"] != "pull_request" or not source:
        return None
    branch = quote(f"{source['owner']['login']}:{event['head_branch']}", safe="")
    for one in api(f"repos/{repository}/pulls?state=open&head={branch}&per_page=100"):
        head, base = one["head"], one["base"]
        ours = base["repo"]["full_name"] == repository and base["ref"] == base["repo"]["default_branch"]
        if ours and head["sha"] == event["head_sha"] and (head["repo"] or {}).get("id") == source["id"]:
            return int(one["number"])
    return None


def comments(repository: str, number: int) -> list[Mapping[str, Any]]:
    """All comments on a pull request."""
    pages = api(f"repos/{repository}/issues/{number}/comments?per_page=100", "--paginate", "--slurp")
    return [one for page in pages for one in page]


def is_ours(comment: Mapping[str, Any]) -> bool:
    """Anyone can write the marker; only the workflow is its author as well."""
    user = comment["user"] or {}
    return comment["body"].startswith(MARKER) and (user.get("login"), user.get("type")) == (AUTHOR, "Bot")


def api(path: str, *options: str) -> Any:
    """What the forge answers, as data."""
    return json.loads(gh(path, *options))


def gh(path: str, *options: str, given: str = "") -> bytes:
    """What the forge answers; `gh` holds the token, and keeps it from other hosts when it is sent to one."""
    return subprocess.run(
        ["gh", "api", path, *options], input=given.encode(), stdout=subprocess.PIPE, check=True
    ).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
