"""What ``seatrial.sarif`` says of its run: what could not be seen, and what it has no place for."""

from datetime import UTC, datetime
from typing import Any

from reports.blocks import Block, blocks
from reports.plain_text import cut, joined, one_line, printable
from reports.verdicts import Report

LONGEST = 1_000  # characters of one text
CASES = 20  # that one notification names
REASONS = 200  # for not having seen something, each a notification
DESCRIPTORS = [
    {"id": name, "shortDescription": {"text": text}, "fullDescription": {"text": text}, "help": {"text": what_to_do}}
    for name, text, what_to_do in (
        (
            "blind",
            "Could not look: says nothing about the application, good or bad.",
            "Do what the message says, and run again.",
        ),
        (
            "crashed",
            "A fault of the suite itself: says nothing about the application.",
            "Run again with --tb=short, which shows where, and report it.",
        ),
        (
            "missing",
            "Expected by the lane's manifest, but it reached no verdict.",
            "Run the whole lane again; a case that is gone on purpose leaves checks/manifest.json.",
        ),
        (
            "elsewhere",
            "Broken promises that are about something else than a file of the application.",
            "Look into the report.",
        ),
        ("left-out", "Results beyond the number that code scanning keeps.", "Mend those that are shown first."),
    )
]


def notifications(report: Report, in_files: set[str], left_out: int) -> list[dict[str, Any]]:
    """The run's notifications. `in_files` are the cases with a place in a file; `left_out` counts results.

    A warning where something was not seen, an error where the suite itself failed, else a note.
    """
    unseen = [block for block in blocks(report) if block.outcome != "violated"]
    told = [_unseen(block) for block in unseen[:REASONS]]
    if len(unseen) > REASONS:
        text = f"not seen for {len(unseen) - REASONS} more reasons; verdicts.json has them all"
        told.append(_told("blind", "warning", text))
    if report.missing:
        told.append(_told("missing", "warning", f"no verdict on {_named(report.missing)}"))
    if report.run.reason:
        told.append(_told("blind", "warning", report.run.reason))
    elsewhere = [row.id for row in report.verdicts if row.outcome == "violated" and row.id not in in_files]
    if elsewhere:
        text = f"broken elsewhere than in a file of the application: {_named(elsewhere)}; verdicts.json has them"
        told.append(_told("elsewhere", "note", text))
    if left_out:
        told.append(_told("left-out", "note", f"{left_out} more results did not fit here; verdicts.json has them all"))
    return told


def utc(instant: str) -> str:
    """An ISO 8601 instant as SARIF writes it (2.1.0, 3.9): in UTC, ending in Z."""
    moment = datetime.fromisoformat(instant)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _unseen(block: Block) -> dict[str, Any]:
    level = "error" if block.outcome == "crashed" else "warning"
    text = f"{_named(block.ids)}: {block.message or 'no reason was given'}"
    return _told(block.outcome, level, text) | {"associatedRule": {"id": block.first.check}}


def _told(kind: str, level: str, text: str) -> dict[str, Any]:
    return {"descriptor": {"id": kind}, "level": level, "message": {"text": cut(printable(text), LONGEST)}}


def _named(cases: list[str] | tuple[str, ...]) -> str:
    return joined([one_line(case, 200) for case in cases], CASES)
