"""The comment on a pull request: which one it belongs to, what is fetched, and that there is one only. The forge is a program
that answers as GitHub's `gh api` would, from a file, and notes what it was asked."""

from __future__ import annotations

import base64
import json
import os
import sys

import pytest
from sites import ROOT, run
from test_changes import ENTRIES, archive, data

from solvers.site.changes import pull_request
from solvers.site.changes.pull_request import MARKER

HEAD = "a" * 40
BOT = {"login": "github-actions[bot]", "type": "Bot"}
EVENT = {
    "id": 77, "event": "pull_request", "head_sha": HEAD, "head_branch": "fix&base=x", "conclusion": "success",
    "head_repository": {"id": 5, "full_name": "stranger/fork", "owner": {"login": "stranger"}},
}  # fmt: skip
PULL = {
    "number": 12, "head": {"sha": HEAD, "repo": {"id": 5}},
    "base": {"ref": "main", "repo": {"full_name": "recomputed/recomputed", "default_branch": "main"}},
}  # fmt: skip
GH = """#!{python}
import base64, json, sys
state = json.load(open({state!r}))
_, path, *options = sys.argv[1:]
given = sys.stdin.read() if "--input" in options else ""
state["asked"].append([path, options, given])
json.dump(state, open({state!r}, "w"))
for key, answer in state["answers"].items():
    if path.startswith("repos/recomputed/recomputed/" + key):
        sys.stdout.buffer.write(base64.b64decode(answer["bytes"]) if "bytes" in answer else json.dumps(answer["json"]).encode())
        sys.exit(0)
sys.exit("HTTP 404: " + path)
"""


@pytest.fixture
def forge(tmp_path, monkeypatch):
    """Answer by the beginning of a path; the requests made so far are in `asked`."""
    state = tmp_path / "state.json"
    program = tmp_path / "bin/gh"
    program.parent.mkdir()
    program.write_text(GH.format(python=sys.executable, state=str(state)), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")

    class Forge:
        def answers(self, **by_kind):
            paths = {"pulls": "pulls?", "artifacts": "actions/runs/77/artifacts?", "zip": "actions/artifacts/9/zip",
                     "comments": "issues/12/comments", "edit": "issues/comments/"}  # fmt: skip
            made = {
                paths[kind]: {"bytes": base64.b64encode(answer).decode()}
                if isinstance(answer, bytes)
                else {"json": answer}
                for kind, answer in by_kind.items()
            }
            state.write_text(json.dumps({"answers": made, "asked": []}), encoding="utf-8")

        @property
        def asked(self):
            return json.loads(state.read_text(encoding="utf-8"))["asked"]

        @property
        def written(self):
            return [(path, options[1], json.loads(given)["body"]) for path, options, given in self.asked if given]

    return Forge()


def changed(original, **changes):
    return {**original, **changes}


# Which pull request


NOT_IT = {
    "another commit is its head by now": changed(PULL, head={"sha": "b" * 40, "repo": {"id": 5}}),
    "another repository's branch of that name": changed(PULL, head={"sha": HEAD, "repo": {"id": 6}}),
    "its repository is gone": changed(PULL, head={"sha": HEAD, "repo": None}),
    "it goes into another branch": changed(PULL, base={**PULL["base"], "ref": "old"}),
    "it is another repository's": changed(
        PULL, base={"ref": "main", "repo": {"full_name": "stranger/fork", "default_branch": "main"}}
    ),
}


def test_the_pull_request_is_the_one_whose_head_is_the_commit(forge):
    forge.answers(pulls=[*(changed(one, number=1) for one in NOT_IT.values()), PULL])
    assert pull_request.pull_request("recomputed/recomputed", EVENT) == 12
    # The name of a branch is a stranger's: it cannot add to what is asked.
    assert forge.asked[0][0].endswith("pulls?state=open&head=stranger%3Afix%26base%3Dx&per_page=100")


@pytest.mark.parametrize("pull", NOT_IT.values(), ids=NOT_IT)
def test_no_other_pull_request_is_written_to(forge, tmp_path, pull):
    forge.answers(pulls=[pull], comments=[[]])
    comment = tmp_path / "comment.md"
    comment.write_text(MARKER, encoding="utf-8")
    assert "nothing is posted" in pull_request.post("recomputed/recomputed", EVENT, comment)
    assert forge.written == []


@pytest.mark.parametrize(
    "event", [changed(EVENT, event="push"), changed(EVENT, head_repository=None)], ids=["a push", "no repository"]
)
def test_a_run_of_no_pull_request_asks_nothing(forge, event):
    forge.answers(pulls=[PULL])
    assert pull_request.pull_request("recomputed/recomputed", event) is None
    assert forge.asked == []


def test_a_number_in_the_data_is_not_read(forge, tmp_path):
    """A forged number has nowhere to stand: an archive that brings one is refused whole."""
    forge.answers(**fetched(archive({**ENTRIES, "number": b"1"})))
    assert "refused: the archive holds other files" in written(tmp_path)


# One comment


def comments(*bodies):
    """A page of comments for each list of (author, body)."""
    return [[{"id": 100 + n, "user": user, "body": body} for n, (user, body) in enumerate(page)] for page in bodies]


def posted(forge, tmp_path, *pages):
    forge.answers(pulls=[PULL], comments=comments(*pages), edit={})
    comment = tmp_path / "comment.md"
    comment.write_text(f"{MARKER}\n\nnew\n", encoding="utf-8")
    return pull_request.post("recomputed/recomputed", EVENT, comment)


def test_the_first_comment_is_made(forge, tmp_path):
    posted(forge, tmp_path, [])
    assert forge.written == [("repos/recomputed/recomputed/issues/12/comments", "POST", f"{MARKER}\n\nnew")]


def test_the_next_one_takes_its_place(forge, tmp_path):
    other = [({"login": "reader", "type": "User"}, "hello")]
    posted(forge, tmp_path, other, [*other, (BOT, f"{MARKER}\n\nold")])
    assert forge.written == [("repos/recomputed/recomputed/issues/comments/101", "PATCH", f"{MARKER}\n\nnew")]


def test_the_same_again_is_not_written(forge, tmp_path):
    assert "says this already" in posted(forge, tmp_path, [(BOT, f"{MARKER}\n\nnew")])
    assert forge.written == []


STRANGERS = {
    "a reader with the marker": ({"login": "reader", "type": "User"}, MARKER),
    "a reader of that name": ({"login": "github-actions[bot]", "type": "User"}, MARKER),
    "another bot": ({"login": "dependabot[bot]", "type": "Bot"}, MARKER),
    "ours without the marker": (BOT, "Thank you"),
    "ours, that quotes the marker": (BOT, f"> {MARKER}"),
    "someone who left": (None, MARKER),
}


@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=STRANGERS)
def test_a_comment_of_another_is_never_written_over(forge, tmp_path, stranger):
    posted(forge, tmp_path, [stranger])
    assert [method for _, method, _ in forge.written] == ["POST"]


# What it says


def fetched(content, **artifact):
    one = {"id": 9, "name": "data", "expired": False, "size_in_bytes": 100, **artifact}
    return {"artifacts": {"artifacts": [{**one, "id": 8}, one]}, "zip": content}


def written(tmp_path, published=ENTRIES["answers.json"], measures=ENTRIES["measures.json"]):
    for name, content in {"answers.json": published, "measures.json": measures}.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
    files = [tmp_path / name for name in ("answers.json", "measures.json", "comment.md")]
    pull_request.write("recomputed/recomputed", EVENT, *files)
    return files[-1].read_text(encoding="utf-8")


def test_the_comment_in_full(forge, tmp_path):
    new = json.dumps(data(a={"answer": {"w": "0.6"}})).encode()
    forge.answers(**fetched(archive({**ENTRIES, "answers.json": new})))
    text = written(tmp_path)
    assert text.startswith(f"{MARKER}\n\n**What commit aaaaaaaaaa changes**, compared with the published site\n\n")
    assert "**Numbers: 1**\n\n```text\np/a  w: 0.5 -> 0.6\n```" in text
    assert "| build | 40.0 s | 40.0 s | same |" in text
    assert "https://github.com/recomputed/recomputed/actions/runs/77" in text
    assert [path for path, _, _ in forge.asked][1].endswith("actions/artifacts/9/zip")  # the newest


def test_nothing_to_tell_is_told(forge, tmp_path):
    forge.answers(**fetched(archive(ENTRIES)))
    assert "Nothing changed: all 1 parts have the same" in written(tmp_path)


UNREAD = {
    "no data": ({"artifacts": {"artifacts": []}}, {}, "was refused: it has none"),
    "data that is gone": (fetched(b"", expired=True), {}, "was refused: it has none"),
    "data of another name": (fetched(b"", name="data2"), {}, "was refused: it has none"),
    "too much": (fetched(b"", size_in_bytes=10**9), {}, "was refused: the archive is too large"),
    "no archive": (fetched(b"hello"), {}, "was refused: the archive is damaged"),
    "hostile data": (fetched(archive({**ENTRIES, "answers.json": b'["@all"]'})), {}, "rule of its schema: type"),
    "nothing published": (fetched(archive(ENTRIES)), {"published": None}, "no published data was found"),
    "broken published": (fetched(archive(ENTRIES)), {"published": b"<html>"}, "published data was refused: answers.json"),
}  # fmt: skip


@pytest.mark.parametrize("answers, given, says", UNREAD.values(), ids=UNREAD)
def test_what_cannot_be_compared_is_told_without_a_word_of_the_data(forge, tmp_path, answers, given, says):
    forge.answers(**answers)
    text = written(tmp_path, **given)
    assert "Nothing is compared" in text and says in text
    assert "@all" not in text and "hello" not in text


def test_a_published_site_without_measures_is_compared_without_them(forge, tmp_path):
    forge.answers(**fetched(archive(ENTRIES)))
    assert "Speed and size are not compared" in written(tmp_path, measures=None)


def test_the_commands_of_the_workflow(forge, tmp_path):
    """As the workflow starts them: what is asked comes from the event that GitHub wrote down."""
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"workflow_run": EVENT}), encoding="utf-8")
    told = {"GITHUB_EVENT_PATH": str(event), "GITHUB_REPOSITORY": "recomputed/recomputed"}
    module, comment = "solvers.site.changes.pull_request", str(tmp_path / "comment.md")
    forge.answers(pulls=[PULL], comments=[[]], **fetched(archive(ENTRIES)))
    ran = run(ROOT, module, "write", str(tmp_path / "no.json"), str(tmp_path / "no.json"), comment, **told)
    assert ran.code == 0, ran.text
    ran = run(ROOT, module, "post", comment, **told)
    assert (ran.code, ran.out) == (0, "posted to pull request 12\n"), ran.text
    assert "no published data was found" in forge.written[0][2]
