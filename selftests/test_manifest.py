"""The committed manifest is what the checks say, and what pytest really collects."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reports import manifest
from selftests.small_house import ROOT, House, build

# A plugin that writes down what pytest collected, with the lanes of each case.
LISTING = """\
import json
from pathlib import Path


def pytest_collection_finish(session):
    from fixtures.engine import plan
    cases = {plan.id_of(item): sorted({mark.name for mark in item.iter_markers()} & set(plan.LANES))
             for item in session.items}
    Path(__file__).with_name("collected.json").write_text(json.dumps([len(session.items), cases]))
"""


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with one check and an empty manifest."""
    return build(tmp_path / "house", tmp_path.parent / "timber").check("ok", lanes="pre_deploy, drill")


def make(house: House, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m reports.manifest`` in a house."""
    command = [sys.executable, "-m", "reports.manifest", *arguments]
    return subprocess.run(command, cwd=house.root, capture_output=True, text=True, timeout=60)


def test_it_is_current() -> None:
    assert manifest.main(["--check"]) == 0


def test_it_is_what_pytest_collects(tmp_path: Path) -> None:
    (tmp_path / "listing.py").write_text(LISTING, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "--collect-only", "--env=local", "-p", "listing"]
    variables = os.environ | {"PYTHONPATH": str(tmp_path)}
    subprocess.run([*command, "-p", "no:cacheprovider"], cwd=ROOT, env=variables, capture_output=True, timeout=60)
    number, collected = json.loads((tmp_path / "collected.json").read_text(encoding="utf-8"))

    assert collected == json.loads((ROOT / "checks/manifest.json").read_text(encoding="utf-8"))
    assert number == len(collected) > 20


def test_it_is_made_and_compared(house: House) -> None:
    file = house.root / "checks/manifest.json"

    assert make(house, "--check").returncode == 1
    assert make(house).returncode == 0
    assert json.loads(file.read_text(encoding="utf-8")) == {"ok": ["drill", "pre-deploy"]}
    assert make(house, "--check").returncode == 0


def test_a_case_that_is_missing_from_it_is_noticed(house: House) -> None:
    make(house)
    ended = make(house.check("later"), "--check")

    assert ended.returncode == 1
    assert "make it with python -m reports.manifest" in ended.stderr


def test_a_check_in_no_lane_is_refused(house: House) -> None:
    ended = make(house.check("homeless", lanes=""))

    assert ended.returncode == 2
    assert "homeless.py" in ended.stderr and "in no lane" in ended.stderr


def test_two_checks_of_one_name_are_refused(house: House) -> None:
    text = (house.root / "checks/small/ok.py").read_text(encoding="utf-8")
    ended = make(house.file("checks/tall/ok.py", text))

    assert ended.returncode == 2
    assert "checks/small/ok.py" in ended.stderr and "checks/tall/ok.py" in ended.stderr
