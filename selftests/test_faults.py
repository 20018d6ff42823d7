"""Every fault of the sandbox makes exactly the cases red that it says, blinds exactly those it says, and no other.

The rows are data in sandbox/faults/*.toml. What they do not name must be verified: an exact comparison, both ways.
"""

import json
from pathlib import Path

import pytest

from sandbox.faults import Fault, load_faults
from selftests.voyage import HOUSE, sail

FAULTS = {fault.name: fault for fault in load_faults().values()}
MANIFEST = json.loads((HOUSE / "checks" / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str, tmp_path: Path) -> None:
    fault = FAULTS[name]

    voyage = sail(tmp_path, faults=[name])

    assert voyage.ids("violated") == set(fault.violates), voyage.output
    assert voyage.ids("blind") == set(fault.blinds), voyage.output
    assert voyage.ids("verified", "violated", "blind") == set(MANIFEST), voyage.output
    assert voyage.exit == (1 if fault.violates else 10 if fault.blinds else 0)


def test_the_healthy_stack_is_silent(tmp_path: Path) -> None:
    voyage = sail(tmp_path)

    assert voyage.ids("verified") == set(MANIFEST)
    assert voyage.exit == 0
    assert voyage.output.splitlines()[-1].endswith("GO, ship it")


@pytest.mark.parametrize("case", MANIFEST)
def test_each_case_has_a_fault_that_violates_it_and_one_that_blinds_it(case: str) -> None:
    assert [name for name, fault in FAULTS.items() if case in fault.violates], f"no fault violates {case}"
    assert [name for name, fault in FAULTS.items() if case in fault.blinds], f"no fault blinds {case}"


def test_faults_name_cases_that_there_are() -> None:
    named: set[str] = set()
    for fault in FAULTS.values():
        named |= _cases(fault)

    assert named <= set(MANIFEST)


def _cases(fault: Fault) -> set[str]:
    return {*fault.violates, *fault.blinds}
