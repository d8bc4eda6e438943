"""One part: run it, hold every number against the key, re-run it with each slip. `check`, tests and build call this."""

from __future__ import annotations

from typing import Any

from solvers.exact import elements, is_array, is_exact, is_finite
from solvers.notation import tex_name
from solvers.site import blocks, hints, ranges, sandbox, twice, verdicts
from solvers.site.agreement import Disagreement, compare, short, shown
from solvers.site.part import Part
from solvers.site.problems import Problem, shown_path
from solvers.site.records import Paper
from solvers.site.runs import BlockError, Run
from solvers.site.source import Section
from solvers.traces import suggestion

Solved = dict[tuple[str, str], tuple[Section, Paper, Part | None]]  # by the file and the id of the part


def solve(section: Section, paper: Paper, file: str) -> Part | None:
    """Run and check one section; None when its key has no valid record (the key's own problems say why)."""
    record = paper.records.get(section.part)
    if record is None:
        return None
    key = shown_path(paper.file)
    with sandbox.part():
        try:
            result = blocks.run(section, file)
        except BlockError as error:
            failed = Part(section, record, Run(), file, key)
            failed.problems.append(Problem(file, error.line, f"part {record.id}: {error}"))
            return failed
        part = Part(section, record, result, file, key)
        _Check(part, paper).everything()
    return part


def solve_once(known: Solved, section: Section, paper: Paper, file: str) -> Part | None:
    """The same, from what is known of a part that another page has shown, in this build or in an earlier one.

    A part follows from its section, its key and the code: the first two are compared, and who keeps `known` forgets it when
    a file of the package has changed.
    """
    place = file, section.part
    kept = known.get(place)
    if kept is None or kept[0] != section or kept[1] is not paper:  # a key is read once for every content of its file
        kept = known[place] = section, paper, solve(section, paper, file)
    return kept[2]


def no_record(section: Section, paper: Paper, file: str) -> Problem | None:
    """The problem of a section whose part the key does not know."""
    if section.part in paper.records or not section.part:
        return None
    if any(f"part {section.part}:" in problem.text for problem in paper.problems):
        return None
    key = shown_path(paper.file)
    text = f"part {section.part} has no record in {key}{suggestion(section.part, list(paper.records))}"
    return Problem(
        file,
        section.line,
        f"{text if text.endswith('?') else text + '.'} Add one with: python -m solvers new {paper.id} {section.part}",
    )


class _Check:
    """Holds one part's values against its record; every problem is collected."""

    def __init__(self, part: Part, paper: Paper):
        self.part, self.run, self.record = part, part.run, part.record
        self.key = part.key
        self.id = f"{paper.id}/{part.record.id}"
        self.lines = self.run.lines
        self.line = part.section.at

    def problem(self, text: str, line: int | None = None) -> None:
        self.part.problems.append(Problem(self.part.file, line or self.line, f"part {self.record.id}: {text}"))

    def in_key(self, table: str, label: str, text: str) -> None:
        line = self.record.line_of(table, label)
        self.part.problems.append(Problem(self.key, line, f"part {self.record.id}: {table}.{label}: {text}"))

    def everything(self) -> None:
        self.symbols()
        self.answered()
        self.answers()
        self.derivation_lines()
        self.operands()
        self.unknown_labels()
        self.tables()
        self.options()
        declared = ranges.declared(self.part.section.givens)
        for line, text in ranges.unfit(declared, self.run.givens):
            self.problem(text, line)
        self.part.problems += twice.unequal(self.part)
        if not self.part.problems:
            self.part.problems += verdicts.hold(self.part)
            self.part.problems += hints.problems(self.part)

    def symbols(self) -> None:
        """Two givens are two symbols, or their reader cannot tell them apart."""
        known: dict[str, str] = {}
        for name in self.run.givens:
            other = known.setdefault(tex_name(name), name)
            if other != name:
                self.problem(f"the givens {other} and {name} are both written ${tex_name(name)}$; rename one",
                             self.part.section.givens.line)  # fmt: skip

    def answered(self) -> None:
        """A part whose answer is a number or an expression computes it; others may answer in words or with options."""
        section = self.part.section
        due = self.record.kind in ("numeric", "symbolic") or not (section.answer or section.options or self.record.text)
        if self.run.answers or not due:
            return
        if section.solution is None:
            self.problem(f"no solution fence follows; a {self.record.kind} part computes its answer; add ``` solution")
        else:
            self.problem("the solution calls answer(…) 0 times; once is due", self.line + 1)

    def options(self) -> None:
        """What the blocks decide of an option must be what the page ticks."""
        ticks = {option.label: option.right for option in self.part.section.options}
        for label, right in self.run.choices.items():
            if label not in ticks:
                self.problem(f"choices names no option {label!r}{suggestion(label, list(ticks))}")
            elif ticks[label] != right:
                line = next(option.line for option in self.part.section.options if option.label == label)
                now, due = ("ticked", "wrong") if ticks[label] else ("not ticked", "right")
                self.problem(f"option {label} is {now}, but the computation finds it {due}", line)
        for reading in self.record.readings:
            for label in reading.right:
                if label not in ticks:
                    text = f"a reading names no option {label!r}{suggestion(label, list(ticks))}"
                    self.part.problems.append(Problem(self.key, reading.line, f"part {self.record.id}: {text}"))

    def answers(self) -> None:
        for label, source in self.run.answers.items():
            if label not in self.record.answer:
                line = self.lines[source]
                self.problem(
                    f"answer {label} = {short(line.value)} is not in the key; add it under [parts.{self.record.id}.answer] "
                    f"in {self.key}, or run: python -m solvers accept {self.id}"
                )
                continue
            self.hold("answer", label, self.lines[source].value, source)
        for label in self.record.answer:
            if label not in self.run.answers:
                self.in_key(
                    "answer",
                    label,
                    f"the page leaves this answer out; add it to answer(…) in {self.part.file}:{self.line}",
                )

    def derivation_lines(self) -> None:
        answered = set(self.run.answers.values())
        for item in self.run.items:
            for label, line in item.labelled():
                if label in answered:
                    continue
                if label in self.record.lines:
                    self.hold("lines", label, line.value, label, item.line)
                else:
                    self.problem(
                        f"line {label} = {short(line.value)} is not in the key; run: python -m solvers accept {self.id}",
                        item.line,
                    )

    def unknown_labels(self) -> None:
        answered = {source: label for label, source in self.run.answers.items()}
        for label in self.record.lines:
            if label in answered:
                self.in_key("lines", label, f"this line is the answer {answered[label]!r}; keep its digits there alone")
            elif label not in self.lines:
                self.in_key("lines", label, f"the derivation has no such line{suggestion(label, list(self.lines))}")
        for label in self.record.unasked:
            if label not in self.run.answers:
                self.in_key("unasked", label, f"the page has no such answer{suggestion(label, list(self.run.answers))}")
        for label in self.record.printed:
            if label not in self.lines and label not in self.run.answers:
                known = [*self.run.answers, *self.lines]
                self.in_key("printed", label, f"the page has no such answer or line{suggestion(label, known)}")

    def hold(self, table: str, label: str, value: Any, source: str, line: int | None = None) -> None:
        """Compare one value with its digits and remember what the page writes for it."""
        digits = getattr(self.record, table)[label]
        at = f"{self.key}:{self.record.line_of(table, label)}"
        if not is_finite(value):
            self.problem(f"{source} is {short(value)}, where a finite number is due ({at} says {digits})", line)
            return
        try:
            compare(value, digits, self.run.givens)
        except Disagreement as error:
            name = f"line {source}" if table == "lines" else f"answer {label} (line {source})"
            self.problem(f"{name}: {error} at {at}. Mend the page or the solver; if they are right: "
                         f"python -m solvers accept {self.id}", line)  # fmt: skip
        except Exception as error:
            self.in_key(table, label, f"cannot be compared with {short(value)}: {error}")
        else:
            self.part.shown[source] = self.part.shown[label] = shown(value, digits)

    def operands(self) -> None:
        """A rounded number may enter a formula only if it is a line of its own: then the key holds it."""
        known = {id(scalar) for line in self.lines.values() for scalar in [line.value, *elements(line.value)]}
        for item in self.run.items:
            for label, line in item.labelled():
                for name, value in line.operands.items():
                    if not is_exact(value) and id(value) not in known and not _made_of(value, known):
                        self.problem(f"line {label} uses {name} = {short(value)}, which is no line of the derivation; "
                                     "give it a name of its own", item.line)  # fmt: skip

    def tables(self) -> None:
        if not self.run.tables:
            return
        known = {**self.run.givens, **{label: line.value for label, line in self.lines.items()}}
        known |= {label: known[source] for label, source in self.run.answers.items() if source in known}
        for table in self.run.tables:
            missing = [(title, label) for title, label in table.items() if label not in known]
            for title, label in missing:
                self.problem(f"table column {title}: no line {label!r}{suggestion(label, list(known))}")
            lengths = {title: len(elements(known[label])) for title, label in table.items() if label in known}
            if not missing and len(set(lengths.values())) > 1:
                self.problem(f"table: its columns have different lengths: {lengths}")


def _made_of(value: Any, known: set[int]) -> bool:
    """True for an array or list whose elements are all lines, or elements of lines."""
    if not (is_array(value) or isinstance(value, list | tuple)):
        return False
    return all(is_exact(scalar) or id(scalar) in known for scalar in elements(value))
