"""What the pictures of runs share."""

from collections.abc import Mapping

from reports.page.states import SIGNS
from reports.past.history import PastRun

MOST_IDS = 200
"""Ids of each kind that history keeps of a run."""


def worst(counts: Mapping[str, int]) -> str:
    """The most urgent state that was counted; "not-run" for none."""
    return next((state for state in SIGNS if counts.get(state)), "not-run")


def address(run: PastRun | None) -> str | None:
    """Where its report is, when that is a page; nothing else becomes a link."""
    return run.url if run and run.url and run.url.startswith(("https://", "http://")) else None
