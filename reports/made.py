"""The files of a report, by name, and how a run takes away those of an earlier one before it makes its own."""

from contextlib import suppress
from pathlib import Path

from reports.enclosures import ENCLOSED

MADE = (
    "verdicts.json", "summary.md", "junit.xml", "index.html", "comment.md", "ctrf.json", "seatrial.sarif", *ENCLOSED,
)  # fmt: skip
"""Patterns. observations.json is not among them: it is what ``--replay`` judges, and says itself when it was made."""


def forget_last_run(directory: Path) -> None:
    """Take away what a reader could take for this run's, when it dies without a word."""
    for pattern in MADE:
        for left in directory.glob(pattern):
            with suppress(OSError):
                left.unlink()
