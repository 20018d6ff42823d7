"""Collects the verdicts of one run, on the process that the user started, and makes the report of them."""

import platform
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import msgspec
import pytest

from fixtures.engine import ENVIRONMENT, LANES_ASKED, commit_of, plan, remarks_of
from fixtures.engine.options import HOUSE, allowed_lanes
from reports import expectation
from reports.replaying import replayed_from, said_of_replay
from reports.sharding import share_of
from reports.verdicts import CANNOT_SEE, GO, Outcome, Report, Run, Verdict, exit_code, word
from reports.waivers import expired, unused

CARRIED = "seatrial_verdict"
"""The attribute of a pytest report that carries a verdict, also from a worker to the controller."""
EMPTIED = pytest.StashKey[bool]()
"""Set when cases were collected, and all of them fall to other shards."""
OWN_CODES = (2, 3, 4)
"""Exit codes of pytest's own that stand: interrupted, internal error, usage error."""


class Gathering:
    """The verdicts of a run so far. `selected` holds the ids of the cases that were collected to be judged."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.selected: dict[str, str] = {}
        self.notes: list[str] = []
        self._manifest = expectation.read_manifest()
        expectation.refuse_unknown_names(config.stash[ENVIRONMENT], self._manifest)
        self._share = share_of(config)
        self._verdicts: dict[str, Verdict] = {}
        self._started = datetime.now(UTC)
        self._clock = time.monotonic()

    @property
    def started(self) -> str:
        """When the run began, or of a replay when it was looked, ISO 8601 in UTC."""
        return replayed_from(self.config) or self._started.isoformat(timespec="milliseconds")

    def select(self, items: Iterable[tuple[str, str]]) -> None:
        """Note what is to be judged: pairs of node id and case id."""
        self.selected.update(items)

    def add(self, report: Any) -> None:
        """Take the verdict that a pytest report carries. A worker that died carries none."""
        carried = getattr(report, CARRIED, None)
        if carried is not None:
            self._keep(report.nodeid, msgspec.convert(carried, type=Verdict))
        elif report.failed and report.when not in ("setup", "call", "teardown"):
            self._keep(report.nodeid, bare(report.nodeid, "crashed", f"its process died: {_last_line(report)}"))

    def add_uncollected(self, report: pytest.CollectReport) -> None:
        """A file that skipped itself while being collected was not looked at; one that failed is our bug."""
        if report.failed:
            failed = f"the file cannot be collected: {_last_line(report)}"
            self._keep(report.nodeid, bare(report.nodeid, "crashed", failed))
            return
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        self._keep(report.nodeid, bare(report.nodeid, "blind", f"the whole file was skipped: {reason}"))

    def report(self, status: int, reason: str | None = None) -> Report:
        """The report as things stand. `status` is pytest's own exit code, `reason` why the run was cut short."""
        verdicts = [*self._verdicts.values(), *(self._unreached(reason) if reason else [])]
        if not self.config.getoption("--subject"):
            verdicts += unused(verdicts, self.config.stash[ENVIRONMENT], self._possible())
        missing = () if reason else self._missing(verdicts)
        code = self._code(status, verdicts, missing)
        if reason and code == GO:
            code = CANNOT_SEE  # what was cut off after the last verdict is not known
        environment = self.config.stash[ENVIRONMENT]
        run = Run(
            environment=environment.name,
            kind=environment.heading.kind,
            lanes=self.config.stash[LANES_ASKED],
            shard=str(self._share) if self._share else None,
            commit=commit_of(self.config),
            started=self.started,
            replayed=replayed_from(self.config) is not None,
            seconds=round(time.monotonic() - self._clock, 2),
            versions=_versions(),
            exit=code,
            word=word(code),
            reason=reason or self._why(status),
            notes=(*said_of_replay(self.config), *self.notes, *remarks_of(self.config), *expired(environment)),
        )
        return Report(run=run, verdicts=tuple(verdicts), missing=missing)

    def _keep(self, nodeid: str, verdict: Verdict) -> None:
        worse = {"verified": 0, "inapplicable": 0, "waived": 1, "violated": 2, "blind": 3, "crashed": 4}
        held = self._verdicts.get(nodeid)
        if held is None or worse[verdict.outcome] >= worse[held.outcome]:
            self._verdicts[nodeid] = verdict

    def _unreached(self, reason: str) -> list[Verdict]:
        return [bare(node, "blind", reason) for node in self.selected if node not in self._verdicts]

    def _missing(self, verdicts: Iterable[Verdict]) -> tuple[str, ...]:
        reached = {verdict.id for verdict in verdicts}
        wanted = set(self.selected.values()) | self._expected()
        return tuple(sorted(wanted - reached))

    def _possible(self) -> set[str]:
        """Every case that this environment could be asked for."""
        lanes = allowed_lanes(self.config.stash[ENVIRONMENT])
        return expectation.expected(self._manifest, "", lanes)

    @property
    def whole(self) -> bool:
        """Whether everything was asked for that the manifest expects in these lanes, or a shard of it."""
        config = self.config
        narrowed = (config.option.keyword, config.option.deselect, config.getoption("lf", False))
        whole = config.args_source == pytest.Config.ArgsSource.TESTPATHS or config.args == [str(HOUSE / "checks")]
        return whole and not any(narrowed) and expectation.speaks_of_lanes_only(config.option.markexpr)

    def _expected(self) -> set[str]:
        if not self.whole:
            return set()
        lanes = self.config.stash[LANES_ASKED]
        cases = expectation.expected(self._manifest, self.config.option.markexpr, lanes)
        return {case for case in cases if self._share is None or self._share.holds(case)}

    def _code(self, status: int, verdicts: list[Verdict], missing: tuple[str, ...]) -> int:
        if self._share and status in (0, 5) and not missing and _nothing_wrong(verdicts):
            # Whether anything was verified at all is said of the whole, when the shards are merged.
            return GO if verdicts or self._emptied() else status
        if status in OWN_CODES or (status == 5 and not verdicts and not missing):
            return status
        code = exit_code(verdicts, missing)
        return CANNOT_SEE if code == 0 and status != 0 else code

    def _emptied(self) -> bool:
        """Whether nothing was left because it all falls to other shards."""
        return EMPTIED in self.config.stash or (self.whole and not self._expected())

    def _why(self, status: int) -> str | None:
        if self.config.option.collectonly:
            return "collected only: nothing was looked at"
        if self.config.option.setuponly or self.config.option.setupplan:
            return "set up only: nothing was judged"
        if self._share and status == 5 and self._emptied():
            return f"shard {self._share}: no check falls to it, so nothing was looked at here"
        return {2: "interrupted", 3: "internal error", 4: "usage error", 5: "no case was selected"}.get(status)


def _nothing_wrong(verdicts: Iterable[Verdict]) -> bool:
    return all(verdict.outcome in ("verified", "waived", "inapplicable") for verdict in verdicts)


def bare(nodeid: str, outcome: Outcome, message: str) -> Verdict:
    """A verdict of which only the node id is known: its check never came to be judged."""
    check, case = plan.parts_of(nodeid)
    path = nodeid.partition("::")[0]
    return Verdict(check=check, case=case, severity="critical", outcome=outcome, message=message, file=path, line=1)


def _last_line(report: Any) -> str:
    return (str(report.longrepr).strip().splitlines() or ["no word"])[-1]


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), "pytest": version("pytest"), "seatrial": "0.1.0"}
