"""One case: damage one file of a sample, check it as the command line and as a build do, and judge what they say."""

from __future__ import annotations

import re
import shutil
import traceback
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from random import Random

import damage_keys  # noqa: F401
import damage_pages  # noqa: F401
import samples
from damage import ANY, DAMAGES, EXPRESSIONS, NOTHING, REPORT
from judging import Slow, limit, misplaced
from samples import Sample

from solvers.site.assemble import Context, page
from solvers.site.blocks import BlockError
from solvers.site.check import check
from solvers.site.part import Part
from solvers.site.parts import solve
from solvers.site.problems import Problem, shown_path
from solvers.site.project import Project, front_matter
from solvers.site.records import Rerun
from solvers.site.render import text_of

SECONDS = 30  # for one case, where the machine is not busy with others


@dataclass(frozen=True)
class Case:
    """One damaged sample: `name` of its class, the file (empty for a re-run), its new content."""

    name: str
    sample: Sample
    file: str = ""
    content: bytes = b""
    follows: str = ANY
    rerun: Rerun | None = None


FILES = ("is a folder", "is missing", "leads in a circle", "leads nowhere", "cannot be read")
RERUNS = "re-run"


def names() -> list[str]:
    """Every class of case."""
    return [*(damage.name for damage in DAMAGES), *FILES, RERUNS]


def draw(random: Random, sample: Sample, name: str) -> Case | None:
    """A case of this class; None where the sample has nothing to damage in this way."""
    if name == RERUNS:
        return Case(name, sample, rerun=_rerun(random, sample))
    if name in FILES:
        return Case(name, sample, random.choice((sample.key, sample.page)), follows=REPORT)
    way = next(damage for damage in DAMAGES if damage.name == name)
    file = _file(random.choice(way.of), sample)
    text = sample.files[file].decode()
    new = way.apply(random, text, sample)
    content = new.encode("utf-8", errors="surrogatepass") if isinstance(new, str) else new
    if content is None or content == sample.files[file]:
        return None
    return Case(name, sample, file, content, way.follows)


def _file(kind: str, sample: Sample) -> str:
    return {"key": sample.key, "page": sample.page}.get(kind, f"{kind}.toml")


def _rerun(random: Random, sample: Sample) -> Rerun:
    """A slip that replaces lines or givens by something that may be anything."""
    part = _part(sample.id)
    labels = [*part.run.lines, "x", "y.1", ""]
    formulas = [_unparsed(line) for line in part.run.lines.values()]
    numbers: list = [0, 1, -1, 10**400, [1, 2], [], [[1], [2, 3]], "", *EXPRESSIONS]

    def change(label: str) -> object:
        own = label.rpartition(".")[2]
        mixed = re.findall(r"\w+|\W", random.choice(formulas or ["1"]))
        random.shuffle(mixed)
        ways = (
            random.choice(numbers),
            f"{own} + 1",
            random.choice(formulas or ["1"]),
            "".join(mixed),
            f"{label}({own})",
        )
        return random.choice(ways)

    chosen = random.sample(labels, min(len(labels), random.randint(0, 2)))
    given = random.sample(list(part.run.givens), min(len(part.run.givens), random.randint(0, 1)))
    rounding = random.choice((None, None, 0, 2, -3, 400, -400, 10**6, -(10**6)))
    return Rerun("A slip.", {label: change(label) for label in chosen}, {name: change(name) for name in given},
                 tuple(part.record.printed)[:1], part.record.line,
                 **{random.choice(("decimals", "significant")): rounding})  # fmt: skip


def _unparsed(line: object) -> str:
    import ast

    return ast.unparse(line.formula)


@lru_cache(maxsize=256)
def _part(id_: str) -> Part:
    paper, _, part = id_.partition("/")
    project = samples.real()
    file, section = project.where(paper)[part]
    solved = solve(section, project.paper(paper), shown_path(file))
    assert solved is not None and not solved.problems
    return solved


def judge(case: Case, folder: Path, seconds: float = SECONDS) -> str:
    """What is wrong with what the engine says of a case; nothing when all is well. `folder` is left empty."""
    try:
        with limit(seconds):
            return _judge_rerun(case) if case.rerun else _judge_folder(case, folder)
    except Slow:
        return f"took longer than {seconds:g} s"
    except Exception as error:
        return f"traceback: {type(error).__name__}: {str(error)[:300]}\n{traceback.format_exc()[-3000:]}"
    finally:
        if folder.is_symlink() or folder.exists():
            shutil.rmtree(folder)


def _judge_folder(case: Case, folder: Path) -> str:
    samples.write(case.sample, folder)
    before = _meaning(_checked(folder)[0]) if case.follows == NOTHING else None
    _break(folder / case.file, case)
    parts, told = _checked(folder)
    written = _built(case, folder)
    wrong = [why for problem in (*told, *written) if (why := misplaced(problem))]
    if wrong:
        return wrong[0]
    if case.follows == REPORT and not told:
        return "nothing is told"
    if case.follows == NOTHING and (told or before != _meaning(parts)):
        return f"told: {told[0]}" if told else "the part means something else"
    later = re.compile("nothing cites it|TeX: ")  # of no page; told when the generator sets the formulas of a page
    told = [problem for problem in told if not later.search(problem.text)]
    written = [problem for problem in written if not later.search(problem.text)]
    if bool(told) != bool(written):
        return f"only {'check' if told else 'the page'} tells: {(told or written)[0]}"
    return ""


def _checked(folder: Path) -> tuple[list[Part], list[Problem]]:
    project = Project(folder)
    return list(check(project)), sorted(set(project.problems))


def _meaning(parts: list[Part]) -> list[object]:
    """What a part says, but for white space."""
    found = []
    for part in parts:
        record = {k: v for k, v in asdict(part.record).items() if k not in ("places", "line")}
        texts = [line.split() for lines, _ in part.section.texts() for _, line in lines if line.strip()]
        found.append((re.sub(r"'line': \d+|\s+", "", repr(record)), repr(part.shown), texts))
    return found


def _built(case: Case, folder: Path) -> list[Problem]:
    """What a build says, page by page; a generator refuses a page that it cannot read by itself."""
    found = []
    for file in sorted(folder.rglob("*.md")):
        try:
            lines = file.read_text(encoding="utf-8-sig").split("\n")
        except (OSError, UnicodeDecodeError):
            found.append(Problem(file.as_posix(), 1, "the generator cannot read it"))
            continue
        skipped = front_matter(lines)
        context = Context(Project(folder), file, "", lambda html, late=True: html)
        found += page(lines[skipped:], skipped, context)[1]
    return found


def _break(file: Path, case: Case) -> None:
    if case.name not in FILES:
        file.write_bytes(case.content)
        return
    file.unlink()
    if case.name == "is a folder":
        file.mkdir()
    elif case.name == "leads in a circle":
        file.symlink_to(file)
    elif case.name == "leads nowhere":
        file.symlink_to(file.with_name("nowhere"))
    elif case.name == "cannot be read":
        file.symlink_to("/proc/self/mem")  # also for root, who may read everything else


def _judge_rerun(case: Case) -> str:
    """A re-run that is anything ends with problems, or with lines that can be written."""
    part = _part(case.sample.id)
    paper = samples.real().paper(case.sample.id.partition("/")[0])
    record = replace(part.record, slips=(case.rerun,), conventions=(), rounding=None)
    again = solve(part.section, replace(paper, records={record.id: record}), part.file)
    for problem in again.problems:
        if misplaced(problem):
            return misplaced(problem)
    for _, run in again.reruns:
        with suppress(ValueError, BlockError):  # a page says so at the line of the part
            text_of(replace(again, run=run))
    return ""
