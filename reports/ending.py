"""The end of a run: what was found becomes files, history and the closing lines."""

import os
from pathlib import Path

import msgspec
import pytest

from fixtures.engine import APP, ENVIRONMENT, observations_of, options
from fixtures.engine.inherited import inherited
from fixtures.engine.redacting import REDACTOR
from reports import expectation
from reports.annotations import annotation_lines
from reports.chat.address import Chat, chat_of
from reports.chat.posting import PATIENCE, send
from reports.check_files import readable_checks
from reports.cleaning import cleaned, cleaned_checks
from reports.delivering import closing, deliver
from reports.gathering import Gathering
from reports.link import linked
from reports.past.applications import identity, own
from reports.past.keeping import counts, known
from reports.telling import Telling
from reports.verdicts import Report

UNSAID = (2, 4, 5)
"""Exit codes of runs that nobody is told of: interrupted, misused, nothing selected."""
LAST_WORD = 1.5
"""Seconds for the chat when the process is about to be ended."""


def tell(config: pytest.Config, gathering: Gathering, report: Report, hanging: bool = False) -> None:
    """Write every file, then the closing lines, the last of which says what to do.

    `hanging`: the run is about to be ended, so that nothing is begun that could hang as well.
    """
    redactor = config.stash[REDACTOR]
    complaints: list[str] = []
    telling = _telling(config, gathering, report, hanging, complaints)
    chat = _chat(config, report)
    written = not config.option.collectonly
    if written:
        history = options.history(config) if _keeps(config, report) else None
        chat_now = None if hanging else chat
        telling = deliver(telling, complaints, history, gathering.whole, chat_now, _left(config, report))
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    colour = bool(reporter and reporter.hasmarkup)
    # What annotates lines of code for GitHub's runner comes first: the closing line stays the last.
    for line in [*complaints, *annotation_lines(telling), *closing(telling, colour, written)]:
        _say(reporter, redactor.clean(line))
    if hanging and chat:
        send(chat, telling, LAST_WORD)


def _telling(
    config: pytest.Config, gathering: Gathering, report: Report, hanging: bool, complaints: list[str]
) -> Telling:
    redactor = config.stash[REDACTOR]
    application = identity(config.stash[APP])
    past = known(options.history(config), _keeps(config, report), complaints)
    return Telling(
        report=cleaned(report, redactor),
        observations=tuple(redactor.clean_values(msgspec.to_builtins(observations_of(config)))),
        past=own(past, application, report.run.commit),
        directory=Path(config.getoption("--report")),
        runbook=cleaned_checks(readable_checks(expectation.MANIFEST.parents[1], imported_only=hanging), redactor),
        checkout=config.stash[APP],
        application=application,
        url=linked(os.environ, redactor, complaints),
    )


def _left(config: pytest.Config, report: Report) -> float:
    """Seconds that a chat can have: the watchdog must not take a run that waits for it for one that hangs."""
    return min(PATIENCE, max(LAST_WORD, config.stash[ENVIRONMENT].heading.within - report.run.seconds))


def _keeps(config: pytest.Config, report: Report) -> bool:
    """Whether this run is one that later runs should know of."""
    return counts(report.run) and _looked(config) and not config.getoption("--subject")


def _looked(config: pytest.Config) -> bool:
    option = config.option
    return not (option.collectonly or option.setuponly or option.setupplan or config.getoption("--replay"))


def _chat(config: pytest.Config, report: Report) -> Chat | None:
    """The chat that is to hear of this run: not of a part of one, and not of one that said nothing."""
    if not _looked(config) or config.getoption("--subject") or report.run.shard or report.run.exit in UNSAID:
        return None
    return chat_of(config.stash[ENVIRONMENT], inherited())


def _say(reporter: "pytest.TerminalReporter | None", line: str) -> None:
    if reporter is None:
        print(line, flush=True)
    else:
        reporter.write_line(line)
