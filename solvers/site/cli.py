"""`python -m solvers check | certify | show | accept | new | draws | export | verify | pack | compare | smoke | measure`: thin
commands around the engine."""

from __future__ import annotations

import argparse
from pathlib import Path

from solvers.site import built, looking, writing
from solvers.site.edit import EditError
from solvers.site.project import Project
from solvers.site.terminal import fail


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when all is well, 1 when something disagrees, 2 for a command that cannot be read."""
    options = _parser().parse_args(arguments)
    project = Project(options.docs)
    if not project.docs.is_dir():
        return fail(f"{options.docs}: there is no such docs folder; run this where mkdocs.yml lies, or give --docs")
    try:
        return options.command(project, options)
    except EditError as error:
        return fail(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m solvers", description=__doc__.split(":")[1].strip())
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the docs folder (default: docs)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("check", help="recompute every part without building the site; list all problems")
    command.add_argument(
        "id", nargs="?", help="one part only, as <paper>/<part>, or one lab, as labs/<name>, which is run"
    )
    command.add_argument(
        "--jobs", type=_jobs, metavar="N", help="how many processes (default: one, for a large site one for each core)"
    )
    command.set_defaults(command=looking.check)
    command = commands.add_parser("certify", help="prove every digit of parts in interval arithmetic")
    command.add_argument("ids", nargs="*", metavar="id", help="some parts only, as <paper>/<part>")
    command.add_argument("--write", action="store_true", help="leave the figures for the next build (all parts only)")
    command.set_defaults(command=looking.certify)
    command = commands.add_parser("show", help="print the derivation of a part")
    command.add_argument("id", help="<paper>/<part>")
    command.set_defaults(command=looking.show)
    command = commands.add_parser(
        "accept", help="write the computed digits of a part or a lab into its key.toml; print the diff"
    )
    command.add_argument("id", help="<paper>/<part>, or labs/<name>")
    command.set_defaults(command=writing.accept)
    command = commands.add_parser("new", help="add a record to a paper's key and a section to a page")
    command.add_argument("paper")
    command.add_argument("part")
    command.add_argument("--page", help="file name in the paper's folder (default: by the part's number, as q4.md)")
    command.set_defaults(command=writing.new)
    command = commands.add_parser("draws", help="draw the new numbers of a part, of a paper or of all; print them")
    command.add_argument("id", nargs="?", default="", help="<paper>/<part>, or <paper>")
    command.set_defaults(command=looking.draws)
    command = commands.add_parser(
        "export", help="write the data set, the notebooks, the deck and the copy to take along into a built site"
    )
    command.add_argument("folder", type=Path, nargs="?", default=Path("site"))
    command.set_defaults(command=writing.export)
    command = commands.add_parser(
        "verify", help="read a built site back and compare its numbers with the keys and solvers"
    )
    command.add_argument("folder", type=Path, nargs="?", default=Path("site"))
    command.set_defaults(command=looking.verify)
    command = commands.add_parser("pack", help="write a built site as one zip that opens from disk")
    command.add_argument("folder", type=Path)
    command.add_argument("file", type=Path)
    command.set_defaults(command=writing.pack)
    built.add_to(commands)
    return parser


def _jobs(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes")
    return int(text)
