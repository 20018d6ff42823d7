"""Every fault of the sandbox makes exactly the cases red that it says, blinds exactly those it says, and no other.

The rows are data in sandbox/faults/*.toml. What they do not name must be verified, or inapplicable where there is
nothing to look at: an exact comparison, both ways. What a fault of its kind cannot change is not run with it
(fault_reach.py says by which rules); a row that names such a case fails. They start from the slipway, and one of each
family as a user's run does. Rows that expect silence share voyages (quiet_rows.py); where one is not silent, each of
them is run alone, and named. `make sweep` runs every row alone.
"""

import ast
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from sandbox.faults import FOLDER, SETS, Fault
from selftests.fault_reach import MANIFEST, Reach, all_faults, inapplicable, reaches
from selftests.quiet_rows import Together, is_quiet, voyages
from selftests.voyage import HOUSE, Slipway, Voyage, sail

FAULTS = all_faults()
REACHES = reaches(FAULTS.values())
AS_A_USER = {next(iter(tomllib.loads(file.read_text("utf-8")))) for file in FOLDER.glob("*.toml") if file.name != SETS}
"""The first row of each file."""
ALONE = [name for name, fault in FAULTS.items() if name in AS_A_USER or not is_quiet(fault)]
TOGETHER = voyages({name: fault for name, fault in FAULTS.items() if name not in ALONE}, REACHES)
NO_FAULT = Fault(name="none", breaks="nothing", violates=[], blinds=[])


@pytest.mark.parametrize("name", ALONE)
def test_fault(name: str, slipway: Slipway, tmp_path: Path) -> None:
    fault, reach = FAULTS[name], REACHES[name]
    assert _named(fault) <= reach.cases

    start = sail if name in AS_A_USER else slipway.sail
    voyage = start(tmp_path, *reach.arguments, faults=[name])

    assert voyage.ids("violated") == set(fault.violates), voyage.output
    assert voyage.ids("blind") == set(fault.blinds), voyage.output
    assert voyage.ids("inapplicable") == inapplicable(fault) & reach.cases, voyage.output
    assert voyage.ids("verified", "violated", "blind", "inapplicable") == reach.cases, voyage.output
    assert voyage.exit == (1 if fault.violates else 10 if fault.blinds else 0)


@pytest.mark.parametrize("crew", TOGETHER, ids=lambda crew: " ".join(crew.names))
def test_quiet_rows_are_silent_together(crew: Together, slipway: Slipway, tmp_path: Path) -> None:
    voyage = slipway.sail(tmp_path / "together", *crew.reach.arguments, faults=crew.names)

    if not _silent(voyage, crew.names, crew.reach):
        loud = [name for name in crew.names if not _silent_alone(name, slipway, tmp_path / name)]
        what = f"not silent: {', '.join(loud)}" if loud else "each is silent alone: keep them apart (quiet_rows.py)"
        raise AssertionError(f"{what}\n{voyage.output}")


def _silent_alone(name: str, slipway: Slipway, folder: Path) -> bool:
    reach = REACHES[name]
    return _silent(slipway.sail(folder, *reach.arguments, faults=[name]), [name], reach)


def _silent(voyage: Voyage, names: Iterable[str], reach: Reach) -> bool:
    absent = {case for name in names for case in inapplicable(FAULTS[name])} & reach.cases
    seen = voyage.ids("verified") == reach.cases - absent and voyage.ids("inapplicable") == absent
    return seen and voyage.verdicts.keys() == reach.cases and voyage.exit == 0


def test_every_row_is_run_once() -> None:
    run = [*ALONE, *(name for crew in TOGETHER for name in crew.names)]

    assert sorted(run) == sorted(FAULTS)
    assert all(REACHES[name].cases <= crew.reach.cases for crew in TOGETHER for name in crew.names)


def test_the_healthy_stack_is_silent(tmp_path: Path) -> None:
    voyage = sail(tmp_path)

    assert voyage.ids("inapplicable") == inapplicable(NO_FAULT), voyage.output
    assert voyage.ids("verified") == set(MANIFEST) - inapplicable(NO_FAULT), voyage.output
    assert voyage.exit == 0
    assert voyage.output.splitlines()[-1].endswith("GO, ship it")


@pytest.mark.parametrize("case", MANIFEST)
def test_each_case_has_a_fault_that_violates_it_and_one_that_blinds_it(case: str) -> None:
    assert [name for name, fault in FAULTS.items() if case in fault.violates], f"no fault violates {case}"
    assert [name for name, fault in FAULTS.items() if case in fault.blinds], f"no fault blinds {case}"


def test_faults_name_cases_that_there_are() -> None:
    named = {case for fault in FAULTS.values() for case in _named(fault)}

    assert named <= set(MANIFEST)


def test_switches_that_faults_turn_are_read_by_the_sandbox() -> None:
    turned = {name for fault in FAULTS.values() for name in fault.switch}
    trees = [ast.parse(file.read_text("utf-8")) for file in (HOUSE / "sandbox").rglob("*.py")]
    known = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}

    assert turned
    assert {name for name in turned if name not in known and not name.startswith("tenant-")} == set()


def _named(fault: Fault) -> set[str]:
    return {*fault.violates, *fault.blinds}
