"""``summary.md``: the report for a pull request or a job's summary page, also on a phone at night.

Subjects and messages come from outside. Prose is escaped; what should be copied stands in ``<pre>``, where Markdown,
mentions and links are not read (CommonMark 0.31, 4.6, HTML blocks of kind 1).
"""

import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from reports.atomic_file import replace_file
from reports.blocks import Block, blocks, of
from reports.closing_line import advice, result_line
from reports.plain_text import cut, joined, one_line, printable
from reports.verdicts import OUTCOMES, Report, Verdict

NAME = "summary.md"
LARGEST = 900_000  # bytes; GitHub drops a step summary above 1 MiB whole
NOTE = 500  # bytes kept for the note about what was cut
SUBJECTS = 50  # in a block
LONGEST = 2_000  # characters of one text
# Everywhere; at the start of a line; in a link that GitHub would make by itself; in the number of a list's row.
MEANINGFUL = re.compile(r"[\\`*_\[\]<>&|~#$@]|^[-+=]|:(?=//)|(?<=[wW]{3})\.|(?<=\d)[.)](?= |$)")
ICONS = {"GO": "✅", "HOLD": "🛑", "CANNOT SEE": "🌫️"}


def write_summary(report: Report, directory: Path) -> Path:
    """Write ``summary.md``.

    Raises:
        OSError: the directory cannot be written to.
    """
    return replace_file(directory / NAME, summary(report).encode())


def summary(report: Report) -> str:
    """The report as GitHub Flavored Markdown, at most 900,000 bytes, most urgent parts first."""
    text, cut_parts = _fitting(_parts(report), LARGEST - NOTE)
    if cut_parts:
        text += f"\n*{cut_parts} more entries did not fit here; verdicts.json has them all.*\n"
    return text


def _fitting(parts: Iterable[str], size: int) -> tuple[str, int]:
    """As many of the first parts as fit into `size` bytes, and how many were left out."""
    kept: list[str] = []
    left_out = 0
    for part in parts:
        size -= len(part.encode()) + 1
        if size < 0:
            left_out += 1
        else:
            kept.append(part)
    return "\n".join(kept), left_out


def _parts(report: Report) -> Iterator[str]:
    word = report.run.word
    yield f"## {ICONS[word]} {word}: {_prose(advice(report))}\n\n{_prose(result_line(report))}\n"
    yield _counts(report)
    for block in blocks(report):
        yield _violated(block.first) if block.outcome == "violated" else _unseen(block)
    yield from _list("Missing: expected in this lane, but without a verdict", map(_code, report.missing))
    yield from _list("Waived", map(_waived, of("waived", report.verdicts)))
    yield from _list("Unsteady", (_unsteady(verdict) for verdict in report.verdicts if verdict.unsteady))
    yield from _list("Notes", map(_prose, filter(None, (report.run.reason, *report.run.notes))))


def _counts(report: Report) -> str:
    names = [*OUTCOMES, "missing"]
    numbers = [*(report.totals[outcome] for outcome in OUTCOMES), len(report.missing)]
    rows = (names, ["---:"] * len(names), map(str, numbers))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _violated(verdict: Verdict) -> str:
    lines = [_heading(verdict.outcome, verdict.severity, [verdict.id], verdict.runbook)]
    lines += [f"Promise: {_prose(verdict.promise)}\n"] if verdict.promise else []
    lines += [f"**{_prose(verdict.message or 'the promise is broken')}**\n"]
    lines += _pre("", "\n".join(_shown(verdict.subjects)))
    return "\n".join(lines + _pre("**Contain**", verdict.contain) + _pre("**Fix**", verdict.fix))


def _unseen(block: Block) -> str:
    runbook = sorted({entry for verdict in block.verdicts for entry in verdict.runbook})
    lines = [_heading(block.outcome, block.severity, block.ids, runbook)]
    lines += [f"**{_prose(block.message or 'no reason was given')}**\n"]
    lines += _pre("", "\n".join(_shown(block.ids))) if len(block.ids) > 1 else []
    return "\n".join(lines)


def _heading(outcome: str, severity: str, ids: list[str], runbook: Iterable[str]) -> str:
    subject = _code(ids[0]) if len(ids) == 1 else f"{len(ids)} cases"
    entries = joined([_prose(entry) for entry in runbook], SUBJECTS)
    return f"### {' · '.join(filter(None, (outcome.upper(), severity, subject, entries)))}\n"


def _shown(subjects: Iterable[str]) -> list[str]:
    lines = [one_line(subject, 200) for subject in subjects]
    rest = len(lines) - SUBJECTS
    return lines[:SUBJECTS] + ([f"and {rest} more, see verdicts.json"] if rest > 0 else [])


def _waived(verdict: Verdict) -> str:
    if verdict.waiver is None:
        return f"{_code(verdict.id)}: {_prose(verdict.message)}"
    subjects = _prose(joined(verdict.waiver.subjects, SUBJECTS))
    return f"{_code(verdict.id)} until {_prose(verdict.waiver.until)}: {subjects} ({_prose(verdict.waiver.reason)})"


def _unsteady(verdict: Verdict) -> str:
    return f"{_code(verdict.id)}: {verdict.outcome} after {verdict.attempts} attempts"


def _list(title: str, rows: Iterable[str]) -> Iterator[str]:
    """A heading with its first row, then each row by itself, so that a long list is cut between two rows."""
    for number, row in enumerate(rows):
        yield f"- {row}" if number else f"\n### {title}\n\n- {row}"


def _prose(text: str) -> str:
    """Text of which no sign means anything: Markdown escaped, mentions and issue links broken up."""
    escaped = MEANINGFUL.sub(r"\\\g<0>", one_line(text, LONGEST))
    # GitHub looks for @name and #1 after the escapes are gone; a word joiner (invisible) keeps them apart.
    return re.sub("[@#]", "\\g<0>\u2060", escaped)


def _code(text: str) -> str:
    """An inline code span, fenced by more backticks than it holds."""
    line = one_line(text, LONGEST) or " "
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    padding = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{padding}{line}{padding}{fence}"


def _pre(title: str, text: str) -> list[str]:
    if not text.strip():
        return []
    inner = html.escape(cut(printable(text).strip("\n"), LONGEST * 6), quote=False)
    return [*([f"{title}\n"] if title else []), f"<pre>{inner}</pre>\n"]
