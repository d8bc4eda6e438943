"""Does a drift of one digit get noticed? Run `python tests/mutation.py [class …]` (make mutation); it takes some minutes.

One thing at a time is changed in a copy of the repository, and `check`, a test or the verification of the built site
has to fail, and to name the place:

    keys      every digit, sign and word of every value that a key holds, the labs' key too
    givens    every number among a part's givens
    verdicts  what a record claims of a published key, and what a page ticks and decides
    solvers   operators, constants, conditions and statements of the solvers (and a sample of the engine)
    pages     every digit of a derivation, an answer or a published key on a built page

What no change can show is listed in tests/mutants/exempt.toml, each entry with its reason.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from mutants import exempt, givens, keys, pages, solvers, verdicts, workshop  # noqa: E402
from mutants.report import Mutant, Score  # noqa: E402

from solvers.site.labs import files  # noqa: E402
from solvers.site.project import Project  # noqa: E402

GOALS = {"keys": 1.0, "givens": 1.0, "verdicts": 1.0, "solvers": 0.95, "engine": 0.0, "pages": 1.0}
PAGES, DIGITS = 1000, 31_000  # so many digits are tried, of about so many
ENGINE = 60  # of its mutants are tried when nothing else is said: each runs every part
OF_A_PART: dict[str, Callable[[workshop.Place], Iterator[Mutant]]] = {
    "keys": keys.mutants, "givens": givens.mutants, "verdicts": verdicts.mutants,
}  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Run some classes or all; 0 when every goal is met."""
    options = _parser().parse_args(arguments)
    scores, stale = [], list(exempt.stale())
    print("\n".join(stale), end="\n" if stale else "")
    for name in options.classes or GOALS:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
            score = SCORERS[name](name, options, Path(folder))
        scores.append(score)
        for mutant in score.survivors:
            print(f"survived: {mutant}")
        print(f"{score}, {time.monotonic() - begun:.0f} s", flush=True)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(
        json.dumps({score.name: score.as_data() for score in scores}, indent=1, ensure_ascii=False) + "\n"
    )
    return 0 if not stale and all(score.met for score in scores) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("classes", nargs="*", metavar="class", choices=[*GOALS, []], help=", ".join(GOALS))
    parser.add_argument("--paper", action="append", default=[], help="only this paper (more than once for several)")
    parser.add_argument("--module", action="append", default=[], help="only this module of the solvers, as optimizers")
    parser.add_argument("--site", type=Path, help="the built site whose pages are read back (default: it is built)")
    parser.add_argument("--limit", type=int, default=0, help="of every class a sample of so many")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="processes at a time")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "mutation.json", help="where the scores go")
    return parser


def _of_parts(name: str, options: argparse.Namespace, folder: Path) -> Score:
    """A class whose mutants belong to parts: each process breaks a copy of its own."""
    score = Score(name, GOALS[name])
    tasks = [place.id for place in workshop.parts(ROOT / "docs", options.paper)]
    if name == "keys" and not options.paper:
        tasks += [f"labs/{lab.name}" for lab in files.labs(ROOT / "docs")]
    if options.limit:
        tasks = random.Random(options.seed).sample(tasks, min(options.limit, len(tasks)))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.jobs, context, _copy, (folder,)) as pool:
        for mutants in pool.map(_of_part, [name] * len(tasks), tasks):
            score.add(mutants)
    return score


def _copy(folder: Path) -> None:
    """A process begins: its own copy of the docs, in its own folder, so that messages name files as in the repository."""
    own = folder / str(os.getpid())
    shutil.copytree(ROOT / "docs", own / "docs")
    os.chdir(own)


def _of_part(name: str, task: str) -> list[Mutant]:
    docs = Path.cwd() / "docs"
    paper, _, part = task.partition("/")
    if paper == "labs":
        return list(keys.lab_mutants(docs, part))
    place = next(one for one in workshop.parts(docs, [paper]) if one.part == part)
    sound = workshop.problems(place, place.text, run=True)
    assert not sound, f"{task} has problems before anything is changed: {sound[0]}"
    return list(OF_A_PART[name](place))


def _of_solvers(name: str, options: argparse.Namespace, folder: Path) -> Score:
    """The subjects, all or a sample; beside them a sample of the engine, which every part and page goes through."""
    score = Score(name, GOALS[name])
    subjects = solvers.every(ROOT, solvers.modules(ROOT, engine=name == "engine"))
    if options.module:
        subjects = [(file, edit) for file, edit in subjects if Path(file).stem in options.module]
    score.sampled_from = len(subjects)
    limit = options.limit or (ENGINE if name == "engine" else 0)
    chosen = sorted(
        random.Random(options.seed).sample(range(len(subjects)), min(limit or len(subjects), len(subjects)))
    )
    tasks = [subjects[at] for at in chosen]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.jobs, context, _copy_package, (folder,)) as pool:
        for mutant in pool.map(solvers.tried, *zip(*tasks)):
            score.add([mutant])
    return score


def _copy_package(folder: Path) -> None:
    solvers.copy(ROOT, folder / str(os.getpid()))


def _of_pages(name: str, options: argparse.Namespace, folder: Path) -> Score:
    """A sample of the digits of every page of the papers: each is a reading of a whole page."""
    score = Score(name, GOALS[name])
    site = options.site.resolve() if options.site else pages.build(ROOT, folder / "site")
    papers = [paper.id for paper in Project(ROOT / "docs").papers() if not options.paper or paper.id in options.paper]
    share = min(1.0, (options.limit or PAGES) / DIGITS)
    with ProcessPoolExecutor(options.jobs, multiprocessing.get_context("spawn")) as pool:
        for found in pool.map(
            _of_a_paper, papers, [site] * len(papers), [share] * len(papers), [options.seed] * len(papers)
        ):
            score.sampled_from += sum(one for one in found if isinstance(one, int))
            score.add(one for one in found if isinstance(one, Mutant))
    return score


def _of_a_paper(paper: str, site: Path, share: float, seed: int) -> list[Mutant | int]:
    os.chdir(ROOT)
    return list(pages.mutants(Path("docs"), site, paper, share, seed))


SCORERS: dict[str, Callable[[str, argparse.Namespace, Path], Score]] = {
    **dict.fromkeys(OF_A_PART, _of_parts),
    "solvers": _of_solvers,
    "engine": _of_solvers,
    "pages": _of_pages,
}

if __name__ == "__main__":
    sys.exit(main())
