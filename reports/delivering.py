"""What becomes of a run that is told: its files, its place in the history, its message in a chat, its last lines."""

import os
import shutil
from pathlib import Path

from msgspec.structs import replace

from reports.chat.address import Chat
from reports.chat.posting import PATIENCE, send
from reports.past.keeping import kept
from reports.telling import Telling
from reports.terminal import closing_lines
from reports.verdicts import Report
from reports.writing import step_summary, write_report


def deliver(
    telling: Telling,
    complaints: list[str],
    history: Path | None = None,
    whole: bool = True,
    chat: Chat | None = None,
    patience: float = PATIENCE,
) -> Telling:
    """Deliver a run; returns it with what the chat had to say among its notes.

    Args:
        telling: the run.
        complaints: takes a sentence for everything that cannot be written.
        history: the file that later runs know this one from; None: they are not to know of it.
        whole: whether it judged all that its lanes hold.
        chat: where people are told of it; None: they are not.
        patience: seconds for the chat, in all.
    """
    complaints += write_report(telling)
    if history is not None:
        complaints += kept(history, telling, whole)
    problem = send(chat, telling, patience) if chat else None
    if problem:  # the files were written first: nothing that a chat does may cost us the report
        telling = _noted(telling, problem)
        complaints += write_report(telling)
    step_summary(telling.directory)
    return telling


def _noted(telling: Telling, note: str) -> Telling:
    report = telling.report
    run = replace(report.run, notes=(*report.run.notes, note))
    return replace(telling, report=Report(run=run, verdicts=report.verdicts, missing=report.missing))


def closing(telling: Telling, colour: bool, written: bool = True) -> list[str]:
    """The last lines on the terminal: what is not green, where the page is (if this run wrote one), and what to do."""
    page, verdicts = telling.directory / "index.html", telling.directory / "verdicts.json"
    return closing_lines(
        telling.report,
        shutil.get_terminal_size((100, 24)).columns,
        colour,
        _typed(verdicts),
        telling.changes,
        (telling.url or _typed(page)) if written and page.exists() else "",
    )


def _typed(path: Path) -> str:
    """A path as one would type it here: relative to this folder, unless it lies elsewhere."""
    near = os.path.relpath(path)
    return os.path.abspath(path) if near.startswith(os.pardir) else near
