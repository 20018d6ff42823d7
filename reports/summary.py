"""``summary.md``: the report for a pull request or a job's summary page, also on a phone at night."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from reports.atomic_file import replace_file
from reports.blocks import Block, blocks, of
from reports.closing_line import advice, result_line
from reports.markdown import ICONS, code, fitting, pre, prose
from reports.past.changes import Changes, standing, told
from reports.plain_text import joined, listed
from reports.telling import Telling
from reports.verdicts import OUTCOMES, Report, Verdict

NAME = "summary.md"
LARGEST = 900_000  # bytes, of those below
STEP = 1024 * 1024
"""Bytes: a larger page of a step is dropped by GitHub as a whole."""
NOTE = 500  # bytes kept for the note about what was cut
SUBJECTS = 50  # in a block


def write_summary(telling: Telling, directory: Path) -> Path:
    """Write ``summary.md``.

    Raises:
        OSError: the directory cannot be written to.
    """
    return replace_file(directory / NAME, summary(telling.report, telling.changes).encode())


def summary(report: Report, changes: Changes | None = None) -> str:
    """The report as GitHub Flavored Markdown, at most 900,000 bytes, most urgent parts first."""
    text, cut_parts = fitting(_parts(report, changes or Changes()), LARGEST - NOTE)
    if cut_parts:
        text += f"\n*{cut_parts} more entries did not fit here; verdicts.json has them all.*\n"
    return text


def shortened(text: str, room: int) -> str:
    """A summary in at most `room` bytes: its first whole parts, and a note about the rest; nothing if none fits."""
    if len(text.encode()) <= room:
        return text
    note = "\n\n*The rest did not fit here; verdicts.json has it all.*\n"
    whole = text.encode()[: max(room - len(note), 0)].decode("utf-8", "ignore").rpartition("\n### ")[0]
    return whole + note if whole else ""


def _parts(report: Report, changes: Changes) -> Iterator[str]:
    word, known = report.run.word, standing(changes)
    yield f"## {ICONS[word]} {word}: {prose(advice(report))}\n\n{prose(result_line(report))}\n"
    yield _counts(report)
    yield from _changed(changes, report.run.started)
    for block in blocks(report):
        yield _violated(block.first, known.get(block.first.id)) if block.outcome == "violated" else _unseen(block)
    yield from _list("Missing: expected in this lane, but without a verdict", map(code, report.missing))
    for title, rows in (("Mended", changes.mended), ("No longer looked for", changes.unasked)):
        yield from _list(title, (code(row.case) for row in rows))
    yield from _list("Waived", map(_waived, of("waived", report.verdicts)))
    yield from _list("Unsteady", (_unsteady(verdict) for verdict in report.verdicts if verdict.unsteady))
    yield from _list("Notes", map(prose, filter(None, (report.run.reason, *report.run.notes))))


def _counts(report: Report) -> str:
    names = [*OUTCOMES, "missing"]
    numbers = [*(report.totals[outcome] for outcome in OUTCOMES), len(report.missing)]
    rows = (names, ["---:"] * len(names), map(str, numbers))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _changed(changes: Changes, now: str) -> Iterator[str]:
    line = told(changes, now)
    if line is not None:
        yield f"{prose(line[:1].upper() + line[1:])}\n"


def _violated(verdict: Verdict, known: str | None) -> str:
    lines = [_heading(verdict.outcome, verdict.severity, [verdict.id], verdict.runbook, known)]
    lines += [f"Promise: {prose(verdict.promise)}\n"] if verdict.promise else []
    lines += [f"**{prose(verdict.message or 'the promise is broken')}**\n"]
    lines += pre("", "\n".join(listed(verdict.subjects, SUBJECTS)))
    return "\n".join(lines + pre("Contain", verdict.contain) + pre("Fix", verdict.fix))


def _unseen(block: Block) -> str:
    runbook = sorted({entry for verdict in block.verdicts for entry in verdict.runbook})
    lines = [_heading(block.outcome, block.severity, block.ids, runbook)]
    lines += [f"**{prose(block.message or 'no reason was given')}**\n"]
    lines += pre("", "\n".join(listed(block.ids, SUBJECTS))) if len(block.ids) > 1 else []
    return "\n".join(lines)


def _heading(outcome: str, severity: str, ids: list[str], runbook: Iterable[str], known: str | None = None) -> str:
    subject = code(ids[0]) if len(ids) == 1 else f"{len(ids)} cases"
    entries = joined([prose(entry) for entry in runbook], SUBJECTS)
    return f"### {' · '.join(filter(None, (outcome.upper(), severity, subject, entries, prose(known or ''))))}\n"


def _waived(verdict: Verdict) -> str:
    if verdict.waiver is None:
        return f"{code(verdict.id)}: {prose(verdict.message)}"
    subjects = prose(joined(verdict.waiver.subjects, SUBJECTS))
    return f"{code(verdict.id)} until {prose(verdict.waiver.until)}: {subjects} ({prose(verdict.waiver.reason)})"


def _unsteady(verdict: Verdict) -> str:
    return f"{code(verdict.id)}: {verdict.outcome} after {verdict.attempts} attempts"


def _list(title: str, rows: Iterable[str]) -> Iterator[str]:
    """A heading with its first row, then each row by itself, so that a long list is cut between two rows."""
    for number, row in enumerate(rows):
        yield f"- {row}" if number else f"\n### {title}\n\n- {row}"
