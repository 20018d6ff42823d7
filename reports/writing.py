"""Writes the files of a run and its closing lines. A file that cannot be written stops no other."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from fixtures.engine import ENVIRONMENT, observations_of
from fixtures.engine.redacting import REDACTOR
from fixtures.engine.redactor import Redactor
from fixtures.engine.stored import write_store
from reports.allure import write_allure
from reports.enclosures import ENCLOSED, write_enclosures
from reports.json_file import write_json
from reports.junit import write_junit
from reports.summary import write_summary
from reports.terminal import closing_lines
from reports.verdicts import Report, Verdict

Writer = Callable[[Report, Path], Path]
WRITERS: tuple[Writer, ...] = (write_json, write_junit, write_allure, write_summary)
STEP_SUMMARY = "GITHUB_STEP_SUMMARY"


def tell(config: pytest.Config, report: Report, started: str) -> None:
    """Write every file, then the closing lines, the last of which says what to do."""
    redactor = config.stash[REDACTOR]
    report = _cleaned(report, redactor)
    complaints = [] if config.option.collectonly else list(_write_files(config, report, started))
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    colour = bool(reporter and reporter.hasmarkup)
    verdicts = os.path.relpath(Path(config.getoption("--report"), "verdicts.json"))
    lines = closing_lines(report, shutil.get_terminal_size((100, 24)).columns, colour, verdicts)
    for line in [*complaints, *lines]:
        _say(reporter, redactor.clean(line))


def forget_last_run(config: pytest.Config) -> None:
    """A run that dies without a word must not leave the verdicts of another one behind as its own."""
    if not config.option.collectonly:
        for pattern in ("verdicts.json", "summary.md", "junit.xml", *ENCLOSED):
            for left in Path(config.getoption("--report")).glob(pattern):
                with suppress(OSError):
                    left.unlink()


def _cleaned(report: Report, redactor: Redactor) -> Report:
    """Without secrets before anything is wrapped or cut, which could hide part of one from the redactor."""
    run = replace(
        report.run,
        reason=redactor.clean(report.run.reason or "") or None,
        notes=tuple(map(redactor.clean, report.run.notes)),
    )
    verdicts = tuple(_cleaned_verdict(verdict, redactor) for verdict in report.verdicts)
    return Report(run=run, verdicts=verdicts, missing=tuple(map(redactor.clean, report.missing)))


def _cleaned_verdict(verdict: Verdict, redactor: Redactor) -> Verdict:
    return replace(
        verdict,
        case=redactor.clean(verdict.case),
        message=redactor.clean(verdict.message),
        subjects=tuple(map(redactor.clean, verdict.subjects)),
        evidence=redactor.clean_values(verdict.evidence),
    )


def _say(reporter: "pytest.TerminalReporter | None", line: str) -> None:
    if reporter is None:
        print(line, flush=True)
    else:
        reporter.write_line(line)


def _write_files(config: pytest.Config, report: Report, started: str) -> Iterator[str]:
    directory = Path(config.getoption("--report"))
    redactor = config.stash[REDACTOR]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory, prefix=".making-") as folder:
            yield from _write_all(config, report, started, Path(folder), redactor)
            _move(Path(folder), directory)
    except OSError as problem:
        yield f"the report could not be written to {directory}: {problem}"
        return
    _step_summary(directory / "summary.md")


def _write_all(config: pytest.Config, report: Report, started: str, folder: Path, redactor: Redactor) -> Iterator[str]:
    for write in WRITERS:
        try:
            write(report, folder)
        except Exception as problem:
            yield f"{write.__name__} failed: {type(problem).__name__}: {problem}"
    name = config.stash[ENVIRONMENT].name
    seen = redactor.clean_values(msgspec.to_builtins(observations_of(config)))
    write_store(folder / "observations.json", name, started, seen)
    write_enclosures(seen, folder)


def _move(made: Path, directory: Path) -> None:
    """Each file takes its predecessor's place at once; nothing of an earlier run is left beside it."""
    for path in made.iterdir():
        target = directory / path.name
        if target.is_dir():
            shutil.rmtree(target)
        os.replace(path, target)


def _step_summary(summary: Path) -> None:
    place = os.environ.get(STEP_SUMMARY)
    if place and summary.exists():
        try:
            with open(place, "a", encoding="utf-8") as file:
                file.write(summary.read_text(encoding="utf-8"))
        except OSError as problem:
            print(f"{STEP_SUMMARY} cannot be written: {problem}", file=sys.stderr)
