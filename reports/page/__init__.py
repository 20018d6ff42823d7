"""``index.html``: the report as a page, for people. One file, which opens anywhere and asks nobody for anything."""

from pathlib import Path
from typing import Any

import msgspec

from reports.atomic_file import replace_file
from reports.page.cases import checks_and_cases
from reports.page.document import document
from reports.page.first import heads
from reports.page.markup import Html, tag
from reports.page.section import Section
from reports.page.sections import SECTIONS
from reports.page.states import SIGNS
from reports.plain_text import one_line
from reports.telling import Telling

NAME = "index.html"
LONGEST = 500  # characters of an error
FAILED = "failed"
"""The slice of a section that could not be made: scripts leave what stands there."""


def write_page(telling: Telling, directory: Path) -> Path:
    """Write ``index.html``.

    Raises:
        OSError: the directory cannot be written to.
    """
    return replace_file(directory / NAME, page(telling).encode())


def page(telling: Telling, sections: tuple[Section, ...] = SECTIONS) -> str:
    """The page as HTML."""
    run = telling.report.run
    title = f"{run.word} · {one_line(run.environment, 80)} · Seatrial"
    made = {section: _made(section, telling) for section in sections}
    bodies = [(section, html) for section, (html, _) in made.items()]
    return document(title, heads(telling, sections), bodies, _data(telling, made))


def _made(section: Section, telling: Telling) -> tuple[Html, Any]:
    """What a section says and knows. One that fails says so in its place: the others are needed all the more."""
    try:
        html = section.html(telling)
        return html, section.data(telling)
    except Exception as problem:
        said = f"This part could not be made, a fault of the suite itself: {type(problem).__name__}: {problem}"
        return tag("p", one_line(said, LONGEST), class_="note"), FAILED


def _data(telling: Telling, made: dict[Section, tuple[Html, Any]]) -> dict[str, Any]:
    """What scripts find as ``seatrial.data``: the run, the signs, all checks and cases, and each section's own."""
    checks, cases = checks_and_cases(telling)
    slices = {section.name: data for section, (_, data) in made.items()}
    run = msgspec.to_builtins(telling.report.run)
    return {"run": run, "signs": SIGNS, "checks": checks, "cases": cases, "sections": slices}
