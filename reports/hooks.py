"""Pytest's hooks through which verdicts become an exit code, a last line and files."""

import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fixtures.engine import ENVIRONMENT, WATCHDOG, is_controller, plan
from fixtures.engine.inherited import inherited
from fixtures.engine.redacting import REDACTOR
from reports import outcomes
from reports.chat import address
from reports.gathering import CARRIED, EMPTIED, Gathering
from reports.made import forget_last_run
from reports.sharding import share_of
from reports.verdicts import Report

GATHERING = pytest.StashKey[Gathering]()
LETTERS = {"verified": ".", "violated": "V", "blind": "B", "crashed": "C", "waived": "w", "inapplicable": "i"}
QUIET = ("waived", "inapplicable")


@pytest.hookimpl(trylast=True)  # when the engine has its watchdog
def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin to gather; leave our last words with the watchdog."""
    config = session.config
    address.hide(address.chat_of(config.stash[ENVIRONMENT], inherited()), config.stash[REDACTOR])
    if not is_controller(config):
        return
    config.stash[GATHERING] = Gathering(config)
    if not config.option.collectonly:
        forget_last_run(Path(config.getoption("--report")))
    config.pluginmanager.register(Listening(config.stash[GATHERING]), "seatrial listening")
    _silence_the_runner(config)
    watchdog = config.stash.get(WATCHDOG, None)
    if watchdog:
        watchdog.last_words = lambda reason: _last_words(session, reason)


def _silence_the_runner(config: pytest.Config) -> None:
    """GitHub's runner obeys what is printed; what is printed until the report is made comes from outside."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("GITHUB_ACTIONS") == "true" and reporter and not config.option.collectonly:
        from reports.annotations import pausing  # only there

        for line in pausing():
            reporter.write_line(line)


@pytest.hookimpl(trylast=True)  # when -k, -m and the environment have had their say
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what falls to other shards."""
    share = share_of(config)
    if share is None:
        return
    others = [item for item in items if not share.holds(plan.check_of(item))]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if share.holds(plan.check_of(item))]
        if not items:
            config.stash[EMPTIED] = True


def pytest_collection_finish(session: pytest.Session) -> None:
    """Note what is to be judged, so that what never gets a verdict is missed."""
    if GATHERING in session.config.stash and not session.config.option.collectonly:
        session.config.stash[GATHERING].select((item.nodeid, plan.id_of(item)) for item in session.items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any, ids: list[str]) -> None:
    """The same, from a worker's collection."""
    node.config.stash[GATHERING].select((nodeid, plan.named(*plan.parts_of(nodeid))) for nodeid in ids)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: "pytest.CallInfo[None]") -> Generator[None, Any, Any]:
    """Attach the verdict to the report of the phase that decides it."""
    report = yield
    verdict = outcomes.verdict_of(item, call)
    if verdict is not None:
        setattr(report, CARRIED, msgspec.to_builtins(verdict))
        if verdict.outcome in QUIET:
            report.outcome = "skipped"
            report.longrepr = (str(item.path), verdict.line, verdict.message)
        elif verdict.outcome != "verified":
            report.outcome = "failed"
            report.longrepr = report.longrepr or verdict.message
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: Any) -> tuple[str, str, str] | None:
    """Our words and letters for pytest's progress line."""
    carried = getattr(report, CARRIED, None)
    if carried is not None:
        outcome = str(carried["outcome"])
        return outcome, LETTERS[outcome], outcome.upper()
    return ("", "", "") if getattr(report, "when", None) in ("setup", "teardown", "call") else None


class Listening:
    """Hooks that pytest calls without the configuration, bound to one run."""

    def __init__(self, gathering: Gathering) -> None:
        self._gathering = gathering

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Gather a verdict."""
        self._gathering.add(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Gather what skipped itself, or failed, while being collected."""
        if not report.passed:
            self._gathering.add_uncollected(report)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call() -> Generator[None, Any, Any]:
    """A check judges; it cannot end the run for the others, as `pytest.exit` would."""
    try:
        return (yield)
    except pytest.exit.Exception as problem:
        raise RuntimeError(f"a check cannot end the run: pytest.exit({problem})") from None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> Generator[None, Any, Any]:
    """Decide the exit code, let pytest finish, then write the files and say what to do."""
    gathering = session.config.stash.get(GATHERING, None)
    if gathering is None:
        return (yield)
    report = _report(session, gathering, int(exitstatus))
    try:
        result = yield
    except Exception as problem:  # a file that pytest was to write cannot be written, say
        gathering.notes.append(f"pytest could not end as it should: {type(problem).__name__}: {problem}")
        session.exitstatus, result = pytest.ExitCode.INTERNAL_ERROR, None
    if report is not None and session.exitstatus != report.run.exit:  # pytest found something since: warnings, say
        report = _report(session, gathering, int(session.exitstatus))
    if report is not None:
        _tell(session, gathering, report)
    return result


def _report(session: pytest.Session, gathering: Gathering, status: int) -> Report | None:
    try:
        report = gathering.report(status)
    except Exception as problem:
        _give_up(session, problem)
        return None
    session.exitstatus = report.run.exit
    if WATCHDOG in session.config.stash:
        session.config.stash[WATCHDOG].code = report.run.exit
    return report


def _tell(session: pytest.Session, gathering: Gathering, report: Report) -> None:
    try:
        from reports import ending  # the writers: nothing is looked at any later for their sake

        ending.tell(session.config, gathering, report)
    except Exception as problem:
        _give_up(session, problem)


def _give_up(session: pytest.Session, problem: Exception) -> None:
    """An error of ours here would end the process with 1, which means that a promise is broken."""
    session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
    redactor = session.config.stash[REDACTOR]
    for line in sys.modules["reports.annotations"].resuming() if "reports.annotations" in sys.modules else ():
        print(line)
    print(
        redactor.clean(f"the report could not be made, CANNOT SEE: {type(problem).__name__}: {problem}"),
        file=sys.stderr,
    )


def _last_words(session: pytest.Session, reason: str) -> None:
    """Called by the watchdog, in a thread of its own, when the run hangs: the process ends right after."""
    from reports import ending

    capture = session.config.pluginmanager.get_plugin("capturemanager")
    if capture is not None:
        capture.suspend_global_capture(in_=True)
    gathering = session.config.stash[GATHERING]
    report = gathering.report(0, reason)
    session.config.stash[WATCHDOG].code = report.run.exit
    ending.tell(session.config, gathering, report, hanging=True)
    sys.stdout.flush()
