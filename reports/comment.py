"""``comment.md``: a run as one comment of a pull request, whose place the next run of the environment takes.

Its first line is a hidden marker, by which a workflow finds its own comment. What comes after is at most a screen; the
rest is folded. As long as it is, GitHub takes it: a comment has 65,536 characters.
"""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from reports.atomic_file import replace_file
from reports.blocks import Block, blocks, of
from reports.closing_line import advice, result_line
from reports.markdown import ICONS, code, fitting, pre, prose, rest_of
from reports.past.changes import Change, Changes, standing, told
from reports.places import Place, places
from reports.plain_text import one_line
from reports.telling import Telling
from reports.verdicts import Verdict

NAME = "comment.md"
LARGEST = 65_000  # bytes, of which no character has less than one
NOTE = 500  # bytes kept for the note about what was cut
BROKEN = 20  # broken promises that are shown
CASES = 10  # that one line names
PLACES = 5  # of one broken promise
SUBJECTS = 10  # of one broken promise
LONGEST = 500  # characters of one text
SAFE = ":/?#[]@!$&'()*+,;=%~"  # in an address, besides letters and digits


def write_comment(telling: Telling, directory: Path) -> Path:
    """Write ``comment.md``.

    Raises:
        OSError: the directory cannot be written to.
    """
    return replace_file(directory / NAME, comment(telling).encode())


def marker(environment: str) -> str:
    """The first line: ``<!-- seatrial:production -->``, with nothing in it that ends a comment of HTML."""
    name = re.sub(r"[^A-Za-z0-9._]+", "-", environment)[:100].strip("-")
    return f"<!-- seatrial:{name or 'unnamed'} -->"


def comment(telling: Telling) -> str:
    """The comment as GitHub Flavored Markdown, at most 65,000 bytes, most urgent parts first."""
    text, cut_parts = fitting(_parts(telling), LARGEST - NOTE)
    return text + (f"\n*{cut_parts} more parts did not fit here; the report has them.*\n" if cut_parts else "")


def _parts(telling: Telling) -> Iterator[str]:
    report, changes = telling.report, telling.changes
    word = report.run.word
    head = [marker(report.run.environment), f"## {ICONS[word]} {word}: {prose(advice(report))}\n"]
    yield "\n".join([*head, f"{prose(result_line(report))}\n", *_whole(telling)])
    yield from _changes(changes, report.run.started)
    urgent = blocks(report)
    broken = [block for block in urgent if block.outcome == "violated"]
    known = standing(changes)
    for block in broken[:BROKEN]:
        yield _broken(block.first, known.get(block.first.id), places(block.first, telling.checkout))
    yield from rest_of(len(broken) - BROKEN, "broken promises")
    yield from _folded("not seen", list(_unseen(telling, urgent)))
    yield from _folded("waived", [_waived(verdict) for verdict in of("waived", report.verdicts)])
    notes = [prose(note, LONGEST) for note in (report.run.reason, *report.run.notes) if note]
    yield from _folded("to know about this run", notes)


def _whole(telling: Telling) -> Iterator[str]:
    """Where the whole report is, and of which commit."""
    known = [f"[The whole report](<{quote(telling.url, safe=SAFE)}>)"] if telling.url else []
    known += [f"commit {code(telling.report.run.commit[:12])}"] if telling.report.run.commit else []
    if known:
        yield f"{' · '.join(known)}\n"


def _changes(changes: Changes, now: str) -> Iterator[str]:
    """What is otherwise than before, and by name what the findings below do not show."""
    line = told(changes, now)
    if line is None:
        return
    yield f"{prose(line[:1].upper() + line[1:])}\n"
    named = (
        ("Mended", changes.mended), ("Now waived", changes.waived), ("No longer looked for", changes.unasked),
        ("No longer seen", changes.unseen),
    )  # fmt: skip
    for title, rows in named:
        if rows:
            yield f"{title}: {_cases(rows)}\n"


def _cases(rows: tuple[Change, ...]) -> str:
    rest = len(rows) - CASES
    return ", ".join(code(row.case, 200) for row in rows[:CASES]) + (f" and {rest} more" if rest > 0 else "")


def _broken(verdict: Verdict, known: str | None, found: tuple[Place, ...]) -> str:
    entries = [prose(entry) for entry in verdict.runbook]
    name = [f"**{verdict.severity}**", code(verdict.id, 200), *entries, *([f"**{prose(known)}**"] if known else [])]
    steps = [*_instead(found), *pre("Contain", verdict.contain, 4 * LONGEST), *pre("Fix", verdict.fix, 4 * LONGEST)]
    lines = [f"### {' · '.join(name)}\n", *_found(verdict, found), "", *_details("What to do", steps)]
    return "\n".join(lines)


def _found(verdict: Verdict, found: tuple[Place, ...]) -> Iterator[str]:
    """What is wrong, where: places in files say it themselves; of what is in none, the message and the subjects."""
    if not found or not any(place.says in verdict.message for place in found):
        yield f"{prose(verdict.message or 'the promise is broken', LONGEST)}\n"
    for place in found[:PLACES]:
        waived = " (waived)" if place.waived else ""
        yield f"- {code(f'{place.path}:{place.line}', 200)}{waived}: {prose(place.told, LONGEST)}"
    subjects = () if found else verdict.subjects
    yield from (f"- {code(subject, 200)}" for subject in subjects[:SUBJECTS])
    yield from (f"- {row}" for row in rest_of(len(found) - PLACES, "places"))
    yield from (f"- {row}" for row in rest_of(len(subjects) - SUBJECTS, "subjects"))


def _instead(found: tuple[Place, ...]) -> Iterator[str]:
    for place in found[:PLACES]:
        yield from pre(f"Instead, in line {place.line}", place.instead, 4 * LONGEST)


def _unseen(telling: Telling, urgent: list[Block]) -> Iterator[str]:
    for block in urgent:
        if block.outcome != "violated":
            cases = code(block.first.id, 200) if len(block.ids) == 1 else f"{len(block.ids)} cases"
            yield f"{block.outcome}: {cases}: {prose(block.message or 'no reason was given', LONGEST)}"
    for case in telling.report.missing:
        yield f"missing: {code(case, 200)}: expected in this lane, but it reached no verdict"


def _waived(verdict: Verdict) -> str:
    until = f" until {prose(verdict.waiver.until)}: {prose(verdict.waiver.reason, LONGEST)}" if verdict.waiver else ""
    return f"{code(verdict.id, 200)}{until}"


def _folded(title: str, rows: list[str]) -> Iterator[str]:
    if rows:
        shown = [f"- {row}" for row in (*rows[:BROKEN], *rest_of(len(rows) - BROKEN, "more"))]
        yield "\n".join(_details(f"{len(rows)} {title}", [*shown, ""]))


def _details(title: str, lines: list[str]) -> list[str]:
    """A folded part. The empty lines let Markdown begin and end in it."""
    summary = f"<details><summary>{html.escape(one_line(title))}</summary>"
    return [summary, "", *lines, "</details>\n"] if lines else []
