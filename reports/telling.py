"""What a writer is given: the report, what was looked at, what was known before, and every promise there is."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from msgspec import Struct

from reports.check_files import CheckFile
from reports.past.changes import Changes, changes, outcomes
from reports.past.history import Past
from reports.verdicts import Report


class Telling(Struct, frozen=True, kw_only=True):
    """One run, as it is told. Everything in it is free of secrets; nothing in it is free of hostile text."""

    report: Report
    observations: tuple[dict[str, Any], ...] = ()
    """As in observations.json: key, sight, facts, reason, began, ms, attempts."""
    past: Past = Past()
    """What was known of this application before this run."""
    directory: Path
    """Where the report will lie when all of it is written."""
    runbook: tuple[CheckFile, ...] = ()
    """Every check, also those that were not run, by family and name."""
    checkout: Path | None = None
    """The application's checkout, where one was named."""
    application: str | None = None
    """Which application that is: a short digest."""
    url: str | None = None
    """Where others find the report: http or https."""

    @property
    def changes(self) -> Changes:
        """What is otherwise than before; nothing of a replay, which is no later than what it would be compared with."""
        if self.report.run.replayed:
            return Changes(judged=len(outcomes(self.report)))
        return changes(self.past, self.report)


Writer = Callable[[Telling, Path], Path]
"""Writes one file (or folder) of the report into a folder, and returns its path.

Raises:
    OSError: the folder cannot be written to.
"""


def from_report(write: Callable[[Report, Path], Path]) -> Writer:
    """The writer of a file that needs no more than the report."""

    @wraps(write)
    def writer(telling: Telling, directory: Path) -> Path:
        return write(telling.report, directory)

    return writer
