"""Every fault of the sandbox makes exactly the cases red that it says, blinds exactly those it says, and no other.

The rows are data in sandbox/faults/*.toml. What they do not name must be verified, or inapplicable where there is
nothing to look at: an exact comparison, both ways. What a fault of its kind cannot change is not run with it
(fault_reach.py says by which rules); a row that names such a case fails. They start from the slipway, and one of each
family as a user's run does.
"""

import ast
import tomllib
from pathlib import Path

import pytest

from sandbox.faults import FOLDER, SETS, Fault
from selftests.fault_reach import MANIFEST, all_faults, inapplicable, reaches
from selftests.voyage import HOUSE, Slipway, sail

FAULTS = all_faults()
REACHES = reaches(FAULTS.values())
AS_A_USER = {next(iter(tomllib.loads(file.read_text("utf-8")))) for file in FOLDER.glob("*.toml") if file.name != SETS}
"""The first row of each file."""
NO_FAULT = Fault(name="none", breaks="nothing", violates=[], blinds=[])


@pytest.mark.parametrize("name", FAULTS)
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
