"""The history as a run uses it: a file that cannot be used is said, and stops nothing."""

from collections.abc import Iterator
from pathlib import Path

from reports.past.history import BadHistory, Past, read_history
from reports.past.remembering import remember, set_aside
from reports.telling import Telling
from reports.verdicts import Run

NO_RUN = (2, 3, 4, 5)
"""Exit codes that say nothing of the application: interrupted, an error of ours, misused, nothing selected."""


def counts(run: Run) -> bool:
    """Whether later runs should know of this one. A shard is known by what all of them came to together."""
    return run.shard is None and run.exit not in NO_RUN


def known(path: Path, keeps: bool, complaints: list[str]) -> Past:
    """What is known of earlier runs of all applications; adds to `complaints`.

    `keeps`: a damaged file may be set aside.
    """
    try:
        return read_history(path)
    except BadHistory as problem:
        complaints.append(f"history: {problem}")
        if problem.damaged and keeps:
            complaints += _set_aside(path)
        return Past()


def _set_aside(path: Path) -> Iterator[str]:
    try:
        yield f"history: it is kept as {set_aside(path)}; a new one begins with this run"
    except OSError as problem:
        yield f"history: it cannot be set aside: {problem}"


def kept(path: Path, telling: Telling, whole: bool) -> Iterator[str]:
    """Add a run to the history; yields a sentence when that cannot be done."""
    try:
        remember(path, telling, whole)
    except BadHistory:
        return  # said when it was read
    except OSError as problem:  # a TimeoutError is one
        yield f"history: this run could not be added to it: {problem}"
