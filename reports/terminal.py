"""The end of the terminal's output: only what is not green, and the closing line. Nothing is printed here."""

import itertools
import textwrap
from collections.abc import Iterator, Mapping, Sequence

from reports.blocks import Block, blocks, of
from reports.closing_line import closing_line
from reports.past.changes import Changes, standing, told
from reports.plain_text import cut, joined, one_line, printable
from reports.verdicts import OUTCOMES, Outcome, Report, Verdict, Word

SUBJECTS = 10  # lines of subjects in a block
IDS = 40  # cases listed in a block of equal reasons
MISSING = 20  # cases listed that have no verdict
MARGIN = 95
"""Characters: a line of a docstring that is as long was broken because the file's lines end there."""
LINES = 20  # lines of one text from outside
NARROWEST = 40  # columns
BOLD, RED, GREEN, YELLOW, MAGENTA, CYAN = "1", "31", "32", "33", "35", "36"
OUTCOME_COLOUR: dict[Outcome, str] = {"violated": RED, "blind": YELLOW, "crashed": MAGENTA, "waived": CYAN}
WORD_COLOUR: dict[Word, str] = {"GO": GREEN, "HOLD": RED, "CANNOT SEE": YELLOW}


def closing_lines(
    report: Report,
    width: int,
    colour: bool,
    verdicts_file: str = "reports/out/verdicts.json",
    changes: Changes | None = None,
    page: str = "",
) -> list[str]:
    """The lines to print when all is judged; the last one alone says what to do.

    Args:
        report: what the run found.
        width: columns of the terminal; only the last line may be longer.
        colour: whether to use ANSI colours. Nothing else in the lines steers a terminal.
        verdicts_file: where a reader finds the subjects that are not shown.
        changes: what is otherwise than before.
        page: where the page of the report is, if it is anywhere.
    """
    changes = changes or Changes()
    end = _End(max(width, NARROWEST), colour, verdicts_file, standing(changes))
    lines = [line for block, opens, ends in _in_turn(blocks(report)) for line in [*end.block(block, opens, ends), ""]]
    since = told(changes, report.run.started)
    quiet = [*end.asides(report), *end.notes(report), *([since] if since else [])]
    where = [_inert(f"report: {one_line(page)}")] if page else []
    return [*lines, *quiet, *([""] if quiet else []), *where, end.last(report)]


class _End:
    """Lines of one width, in colour or without."""

    def __init__(self, width: int, colour: bool, verdicts_file: str, standing: Mapping[str, str]) -> None:
        self.width = width
        self.colour = colour
        self.verdicts_file = verdicts_file
        self.standing = standing

    def block(self, block: Block, opens: bool = True, ends: bool = True) -> Iterator[str]:
        """One thing to mend. What cases of one check have in common is told where they begin and where they end."""
        yield self.heading(block)
        if block.outcome == "violated":
            yield from self.violated(block.first, opens, ends)
        else:
            yield from self.text("Reason:  ", block.message or "none was given")
            yield from self.text("Cases:   ", joined(block.ids, IDS) if len(block.ids) > 1 else "")
        if block.outcome == "crashed":
            yield from self.text("", "This is a fault of the suite: it says nothing about the application.")

    def last(self, report: Report) -> str:
        """The closing line of `reports.closing_line`, its instruction emphasised."""
        return _inert(closing_line(report, self.painted(report.run.word, WORD_COLOUR[report.run.word])))

    def heading(self, block: Block) -> str:
        """``VIOLATED  critical  rls_enabled[environment]  RLS-1  since 2026-11-20 14:00 UTC``"""
        cases = len(block.verdicts)
        subject = one_line(block.first.id) if cases == 1 else f"{cases} cases"
        runbook = sorted({entry for verdict in block.verdicts for entry in verdict.runbook})
        outcome = self.painted(block.outcome.upper(), OUTCOME_COLOUR[block.outcome])
        since = self.standing.get(block.first.id, "") if block.outcome == "violated" else ""
        return "  ".join(filter(None, (outcome, block.severity, subject, joined(runbook, SUBJECTS), since)))

    def violated(self, verdict: Verdict, opens: bool, ends: bool) -> Iterator[str]:
        """What was promised, what was found, and what to do."""
        yield from self.text("Promise: ", verdict.promise if opens else "")
        yield from self.text("Found:   ", verdict.message)
        yield from self.subjects(verdict)
        if verdict.waiver:
            yield from self.text(
                "Waived:  ", f"until {verdict.waiver.until}, {joined(verdict.waiver.subjects, SUBJECTS)}"
            )
        yield from self.text("Contain: ", verdict.contain if ends else "")
        yield from self.text("Fix:     ", verdict.fix if ends else "")

    def subjects(self, verdict: Verdict) -> Iterator[str]:
        """The first subjects, one a line."""
        for subject in verdict.subjects[:SUBJECTS]:
            yield self.one("           - ", subject)
        rest = len(verdict.subjects) - SUBJECTS
        if rest > 0:
            yield f"           and {rest} more, see {self.verdicts_file}"

    def asides(self, report: Report) -> Iterator[str]:
        """One line for each that needs no mending now, and for each that has no verdict at all."""
        for identifier in report.missing[:MISSING]:
            yield self.aside("MISSING", f"{identifier}: expected in this lane, but it reached no verdict")
        if len(report.missing) > MISSING:
            yield self.aside("MISSING", f"and {len(report.missing) - MISSING} more, see {self.verdicts_file}")
        for verdict in of("waived", report.verdicts):
            yield self.aside("WAIVED", _waiver(verdict))
        for verdict in report.verdicts:
            if verdict.unsteady:
                yield self.aside("UNSTEADY", f"{verdict.id}: {verdict.outcome} after {verdict.attempts} attempts")
        if all(not report.totals[outcome] for outcome in OUTCOMES if outcome != "inapplicable"):
            for verdict in report.verdicts:
                yield self.aside("INAPPLICABLE", f"{verdict.id}: {verdict.message}")

    def notes(self, report: Report) -> Iterator[str]:
        """What the run has to say about itself."""
        for note in filter(None, (report.run.reason, *report.run.notes)):
            yield from self.text("note: ", note, indent="")

    def aside(self, label: str, text: str) -> str:
        """A line with a label in capitals, cut to the width."""
        line = self.one(f"{label}  ", text)
        return self.painted(label, CYAN if label == "WAIVED" else YELLOW) + line.removeprefix(label)

    def one(self, start: str, text: str) -> str:
        """One line, cut to the width."""
        return _inert(start + one_line(text, max(self.width - len(start), NARROWEST // 2)))

    def text(self, label: str, text: str, indent: str = "  ") -> Iterator[str]:
        """A labelled text, wrapped under itself. Its own line ends stay, because a command keeps its lines, but for
        those at the margin of the file it was written in. What is indented is code, and is not wrapped."""
        if not text.strip():
            return
        hanging = indent + " " * len(label)
        starts = itertools.chain([indent + label], itertools.repeat(hanging))
        paragraphs = zip(starts, _paragraphs(printable(text).strip()), strict=False)
        lines = [line for start, paragraph in paragraphs for line in self.wrapped(paragraph, start, hanging)]
        yield from lines[:LINES]
        if len(lines) > LINES:
            yield f"{hanging}…"

    def wrapped(self, paragraph: str, start: str, hanging: str) -> list[str]:
        """The lines of one paragraph. Words are never broken: a reader copies them."""
        if paragraph.startswith(" "):
            return [_inert(start + cut(paragraph, LINES * self.width))]
        wrapper = textwrap.TextWrapper(self.width, break_long_words=False, break_on_hyphens=False)
        wrapper.initial_indent, wrapper.subsequent_indent = start, hanging
        return [_inert(line) for line in wrapper.wrap(cut(paragraph, LINES * self.width))]

    def painted(self, word: str, colour: str) -> str:
        """The word, emphasised on a terminal that has colours."""
        return f"\x1b[{BOLD};{colour}m{word}\x1b[0m" if self.colour else word


def _in_turn(told: Sequence[Block]) -> Iterator[tuple[Block, bool, bool]]:
    """Each block, whether it is the first of its check's, and whether it is the last."""
    for number, block in enumerate(told):
        before = told[number - 1] if number else None
        after = told[number + 1] if number + 1 < len(told) else None
        yield block, not _alike(before, block), not _alike(block, after)


def _alike(first: Block | None, second: Block | None) -> bool:
    if first is None or second is None or {first.outcome, second.outcome} != {"violated"}:
        return False
    one, other = first.first, second.first
    return (one.check, one.promise, one.contain, one.fix) == (other.check, other.promise, other.contain, other.fix)


def _waiver(verdict: Verdict) -> str:
    if verdict.waiver is None:
        return f"{verdict.id}: {verdict.message}"
    subjects = joined(verdict.waiver.subjects, 3)
    return f"{verdict.id} until {verdict.waiver.until}: {subjects} ({verdict.waiver.reason})"


def _paragraphs(text: str) -> list[str]:
    lines: list[str] = []
    for line in text.split("\n"):
        if lines and len(lines[-1]) >= MARGIN and not line.startswith(" "):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return lines


def _inert(line: str) -> str:
    """GitHub's runner obeys a line that starts with ``::``, or has ``##[`` anywhere (workflow commands)."""
    line = line.replace("##[", "## [")
    return line.replace("::", ": :", 1) if line.lstrip().startswith("::") else line
