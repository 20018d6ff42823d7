"""What the sandbox shows under a fault: looked at once, kept, and judged by checks and mutants as often as needed."""

import json
import tempfile
import threading
import tomllib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sandbox.faults import FOLDER, SETS, Fault
from selftests import judged_by_mutants
from selftests.fault_reach import FAMILIES, all_faults
from selftests.judged_by_mutants import BLIND, VIOLATED
from selftests.ran import digest
from selftests.voyage import Slipway

HEALTHY = "healthy"
"""The sandbox without a fault."""
OBSERVATIONS = "observations.json"
NOTHING = Fault(name=HEALTHY, breaks="nothing", violates=[], blinds=[])
Rows = Mapping[str, frozenset[str]]
"""By row, the checks that it shows something to."""


@dataclass(frozen=True)
class Looked:
    """A row's name, the mutants that judged, each with the cases that it judges otherwise, and what went wrong."""

    row: str
    noticed: Mapping[str, list[str]]
    trouble: str = ""


def rows_for(checks: set[str]) -> Rows:
    """By row, which of these checks it shows something to: the healthy sandbox first, and all to that."""
    faults, near = all_faults(), _near_misses()
    found = {HEALTHY: frozenset(checks)}
    for name, fault in faults.items():
        named = {case.partition("[")[0] for case in fault.violates} or near.get(name, set())
        if shown := named & checks:
            found[name] = frozenset(shown)
    return found


def _near_misses() -> dict[str, set[str]]:
    """By quiet row, the checks that rows of the same file violate: what it nearly does."""
    faults, found = all_faults(), {}
    for file in FOLDER.glob("*.toml"):
        rows = [] if file.name == SETS else [*tomllib.loads(file.read_text(encoding="utf-8"))]
        checks = {case.partition("[")[0] for row in rows for case in faults[row].violates}
        found.update({row: checks for row in rows if not (faults[row].violates or faults[row].blinds)})
    return found


class Looker(ExitStack):
    """Looks at rows, each thread from a slipway of its own; what is seen stays in `seen`. Use it with `with`."""

    def __init__(self, seen: Path, jobs: int = 1) -> None:
        super().__init__()
        self._seen, self._jobs = seen, jobs
        self._faults = {HEALTHY: NOTHING, **all_faults()}
        self._own = threading.local()

    def judge(self, rows: Rows) -> list[Looked]:
        """Judge rows with checks and mutants. What is kept and says something else by now is looked at again."""
        self._look({row: checks for row, checks in rows.items() if not self._kept(row).exists()})
        found = self._judged(rows)
        if stale := {looked.row: rows[looked.row] for looked in found if looked.trouble}:
            self._look(stale)
            again = {looked.row: looked for looked in self._judged(stale)}
            found = [again.get(looked.row, looked) for looked in found]
        return found

    def _kept(self, row: str) -> Path:
        return self._seen / f"{row}-{digest(self._faults[row])}.json"

    def _look(self, rows: Rows) -> None:
        self._seen.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(self._jobs) as threads:
            list(threads.map(self._look_at, rows, rows.values()))

    def _look_at(self, row: str, checks: Iterable[str]) -> None:
        with tempfile.TemporaryDirectory() as name:
            self._slipway.sail(Path(name), *_files(checks), faults=[] if row == HEALTHY else [row])
            seen = Path(name) / OBSERVATIONS
            self._kept(row).write_bytes(seen.read_bytes() if seen.exists() else b"")

    def _judged(self, rows: Rows) -> list[Looked]:
        """In one process: what takes time is to begin."""
        asked = {row: {"seen": str(self._kept(row)), "checks": sorted(checks)} for row, checks in rows.items()}
        words = _files({check for checks in rows.values() for check in checks})
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "rows.json").write_text(json.dumps(asked), encoding="utf-8")
            voyage = self._slipway.run(
                folder / "run",
                "-p",
                judged_by_mutants.__name__,
                f"--rows={folder / 'rows.json'}",
                f"--replay={self._kept(next(iter(rows)))}",
                *words,
                seconds=1200,
            )
            file = folder / "run" / judged_by_mutants.FILE
            if not file.exists():
                raise RuntimeError(f"nothing was judged: {voyage.output}")
            told = json.loads(file.read_text(encoding="utf-8"))
        return [
            Looked(row, told[row]["noticed"], _trouble(self._faults[row], checks, told[row]["right"]))
            for row, checks in rows.items()
        ]

    @property
    def _slipway(self) -> Slipway:
        if not hasattr(self._own, "slipway"):
            self._own.slipway = self.enter_context(Slipway())
        slipway: Slipway = self._own.slipway
        return slipway


def _files(checks: Iterable[str]) -> list[str]:
    return sorted(f"checks/{FAMILIES[check]}/{check}.py" for check in checks)


def _trouble(fault: Fault, checks: Iterable[str], right: Mapping[str, str]) -> str:
    """Why what was judged is not what the row says; empty when it is."""
    for outcome, named in ((VIOLATED, fault.violates), (BLIND, fault.blinds)):
        expected = {case for case in named if case.partition("[")[0] in checks}
        other = expected ^ {case for case, came_to in right.items() if came_to == outcome}
        if other:
            return f"{fault.name}: not what the row says, in {', '.join(sorted(other)[:5])}"
    return "" if right else f"{fault.name}: nothing was judged"
