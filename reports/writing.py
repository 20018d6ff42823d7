"""Writes the files of a run. One that cannot be written stops no other."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fixtures.engine.stored import write_store
from reports.allure import write_allure
from reports.comment import write_comment
from reports.ctrf import write_ctrf
from reports.enclosures import write_enclosures
from reports.json_file import write_json
from reports.junit import write_junit
from reports.page import write_page
from reports.sarif import write_sarif
from reports.summary import STEP, shortened, write_summary
from reports.telling import Telling, Writer, from_report

OBSERVATIONS = "observations.json"
STEP_SUMMARY = "GITHUB_STEP_SUMMARY"


def write_observations(telling: Telling, folder: Path) -> Path:
    """Write ``observations.json``, which ``--replay`` judges again, and the files that observations enclose.

    Raises:
        OSError: the folder cannot be written to.
    """
    run = telling.report.run
    write_store(folder / OBSERVATIONS, run.environment, run.started, telling.observations)
    write_enclosures(telling.observations, folder)
    return folder / OBSERVATIONS


WRITERS: tuple[Writer, ...] = (
    from_report(write_json),
    write_junit,
    from_report(write_allure),
    write_ctrf,
    write_sarif,
    write_summary,
    write_comment,
    write_page,
    write_observations,
)


def write_report(telling: Telling) -> Iterator[str]:
    """Write every file of the report; yields a sentence for each that cannot be written."""
    directory = telling.directory
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory, prefix=".making-") as folder:
            yield from _write_all(telling, Path(folder))
            _move(Path(folder), directory)
    except OSError as problem:
        yield f"the report could not be written to {directory}: {problem}"


def _write_all(telling: Telling, folder: Path) -> Iterator[str]:
    for write in WRITERS:
        try:
            write(telling, folder)
        except Exception as problem:
            yield f"{write.__name__} failed: {type(problem).__name__}: {problem}"


def _move(made: Path, directory: Path) -> None:
    """Each file takes its predecessor's place at once; nothing of an earlier run is left beside it."""
    for path in made.iterdir():
        target = directory / path.name
        if target.is_dir():
            shutil.rmtree(target)
        os.replace(path, target)


def step_summary(directory: Path) -> None:
    """Append ``summary.md`` to the page of the job, where GitHub Actions names a file for it."""
    place, summary = os.environ.get(STEP_SUMMARY), directory / "summary.md"
    if place and summary.exists():
        try:
            with open(place, "a", encoding="utf-8") as file:  # something of the same step may stand there
                file.write(shortened(summary.read_text(encoding="utf-8"), STEP - file.tell()))
        except OSError as problem:
            print(f"{STEP_SUMMARY} cannot be written: {problem}", file=sys.stderr)
