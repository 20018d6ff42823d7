"""The command sees every fault of the catalogue, and says nothing about the good twins.

A run of the whole lane for each side would take minutes. So a fault is shown to the checks of its class only; faults
whose findings name file and line are shown together, each in a file of its own; and the good twins of one table of the
catalogue are one release, for the whole lane.
"""

import fnmatch
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from selftests.migration_catalogue import APPLIED, CLASSES, FOLDER, Files, Row, Side, build, rows, rows_by_file
from selftests.voyage import HOUSE, Slipway, Voyage

ROWS = rows()
SEEDS = [name for name, row in ROWS.items() if isinstance(row.good, Files)]
TOGETHER = ("rewrite", "scan", "index", "no lock_timeout", "held", "lost data", "unbounded")
"""Classes whose findings name the file. `existing rows` is none: the first such fault ends the run of the files."""
SECONDS = 120.0
Run = Callable[..., Voyage]


@pytest.fixture
def run(slipway: Slipway, tmp_path: Path) -> Run:
    def shown(sides: Mapping[str, Side], *checks: str, lane: str = "migrations") -> Voyage:
        """Harbour with these sides, looked at by these checks."""
        arguments = ["-m", lane, f"--app={build(tmp_path / 'app', sides)}", f"--applied={APPLIED}"]
        arguments += [f"--env-file={FOLDER / 'environment.toml'}"]
        return slipway.run(tmp_path / "report", *checks, *arguments, seconds=SECONDS)

    return shown


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.kind not in TOGETHER and not row.unseen])
def test_fault(name: str, run: Run) -> None:
    row = ROWS[name]

    voyage = run({name: row.bad}, *_checks(row.kind))

    assert voyage.exit == 1, voyage.output
    assert [case for case in voyage.ids("violated") if _sees(row, case)], voyage.output
    assert not voyage.ids("crashed"), voyage.output


def test_the_gate_sees_what_hosted_postgres_refuses(run: Run) -> None:
    row = ROWS["A10-not-the-owner"]

    voyage = run({"A10": row.bad}, *_checks(row.kind), lane="pre-deploy")

    assert voyage.exit == 1, voyage.output
    assert "migrations_replay[hosted]" in voyage.ids("violated")


@pytest.mark.parametrize("kind", TOGETHER)
def test_faults_that_are_told_by_file(kind: str, run: Run) -> None:
    faults = {name: row for name, row in ROWS.items() if row.kind == kind}

    voyage = run({name: row.bad for name, row in faults.items()}, *_checks(kind))

    told = "\n".join(str(voyage.verdicts[case]) for case in voyage.ids("violated") if _sees(ROWS[min(faults)], case))
    assert [name for name in faults if f"_{name}.sql" not in told] == [], voyage.output


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.unseen])
def test_what_no_check_sees_yet(name: str, run: Run) -> None:
    voyage = run({name: ROWS[name].bad}, *_checks(ROWS[name].kind))

    assert voyage.ids("violated") == set(), "it is seen now: take `unseen` out of its row"


@pytest.mark.parametrize("name", SEEDS)
def test_good_seed(name: str, run: Run) -> None:
    _silent(run({name: ROWS[name].good}))


@pytest.mark.parametrize("file", rows_by_file())
def test_good_twins(file: str, run: Run) -> None:
    told = {name: row for name, row in rows_by_file()[file].items() if name not in SEEDS and not row.flagged}

    # Two policies for one command cost time, which is no matter of these twins.
    _silent(run({name: row.good for name, row in told.items()}, "-k", "not policies_fast"))


def test_one_good_twin_at_most_is_flagged(run: Run) -> None:
    flagged = [name for name, row in ROWS.items() if row.flagged]

    assert len(flagged) <= 1
    for name in flagged:
        voyage = run({name: ROWS[name].good})
        assert voyage.ids("violated"), "it is silent now: take `flagged` out of its row"


def test_harbour_is_sound(run: Run) -> None:
    _silent(run({}))


def _silent(voyage: Voyage) -> None:
    assert voyage.ids("violated", "blind", "crashed") == set(), voyage.output
    assert voyage.exit == 0, voyage.output


def _sees(row: Row, case: str) -> bool:
    return any(fnmatch.fnmatchcase(case, pattern.replace("[", "[[]")) for pattern in row.cases)


def _checks(kind: str) -> list[str]:
    """The files of the checks that see a class."""
    names = {pattern.partition("[")[0].rstrip("*") for pattern in CLASSES[kind]}
    return [str(file) for name in sorted(names) for file in (HOUSE / "checks").glob(f"*/{name}.py")]
