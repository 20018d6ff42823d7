"""The same verdicts as a page of ours, of Allure 3, and of pytest-html."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.kept_peers import from_npm, from_pypi
from benchmarks.voyage import ROOT
from reports.allure import write_allure
from reports.check_files import check_files
from reports.page import write_page
from reports.verdicts import Outcome, Verdict
from selftests.page_samples import telling
from selftests.report_samples import verdict, waived

ALLURE, PYTEST_HTML = "3.18.0", "4.2.0"
NEEDED = ("pytest-metadata==3.1.1", "jinja2==3.1.6", "markupsafe==3.0.3")
"""By pytest-html, beside pytest itself."""
HUNDRED: Sequence[Outcome] = ("violated",) * 4 + ("blind",) * 3 + ("waived",) * 2 + ("inapplicable",)
"""Of each hundred verdicts, the ones that are not verified."""
CASES = 20
"""Of a check."""
MESSAGE = "row-level security is off"
AS_TESTS = """
import json, pytest
ROWS = json.load(open("rows.json"))
@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_case(row):
    if row["outcome"] in ("waived", "inapplicable"):
        pytest.skip(row["message"])
    if row["outcome"] != "verified":
        raise AssertionError(row["message"] + ": " + ", ".join(row["subjects"]))
"""
SECONDS = 900


def verdicts(count: int) -> tuple[Verdict, ...]:
    """`count` of them, most verified, ten of a hundred not; twenty cases a check."""
    return tuple(_verdict(number) for number in range(count))


def _verdict(number: int) -> Verdict:
    fields: dict[str, Any] = {"check": f"promise_{number // CASES}", "case": f"case-{number % CASES}"}
    place = number % 100
    outcome = HUNDRED[place // 10] if place % 10 == 3 else "verified"
    if outcome == "verified":
        return verdict(**fields)
    if outcome == "waived":
        return waived(**fields)
    return verdict(outcome, message=MESSAGE, subjects=("public.invoices", f"public.t{number}"), **fields)


def ours(count: int, folder: Path) -> Path:
    """``index.html``."""
    folder.mkdir()
    return write_page(telling(*verdicts(count), runbook=tuple(check_files(ROOT))), folder)


def allure(count: int, folder: Path) -> Path:
    """Allure's page in one file, of the results that we write for it. Raises NotHere, subprocess.CalledProcessError."""
    programs = from_npm("allure", ALLURE)
    folder.mkdir()
    results = write_allure(telling(*verdicts(count)).report, folder)
    command = [str(programs / "allure"), "awesome", "--single-file", "--output", "page", str(results)]
    _run(command, folder, {"HOME": str(folder)})
    return folder / "page" / "index.html"


def pytest_html(count: int, folder: Path) -> Path:
    """pytest-html's page in one file, of a run with as many tests. Raises NotHere, RuntimeError."""
    path = from_pypi("pytest-html", PYTEST_HTML, *NEEDED)
    folder.mkdir()
    rows = [
        {"id": f"{one.check}-{one.case}", "outcome": one.outcome, "message": one.message, "subjects": one.subjects}
        for one in verdicts(count)
    ]
    (folder / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    (folder / "test_cases.py").write_text(AS_TESTS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "pytest_metadata.plugin", "-p", "pytest_html.plugin"]
    command += [
        "--disable-plugin-autoload",
        "--html=page.html",
        "--self-contained-html",
        "-c",
        os.devnull,
        "--rootdir=.",
    ]
    _run(command, folder, {"PYTHONPATH": str(path)}, allowed=(0, 1))
    return folder / "page.html"


def _run(command: Sequence[str], folder: Path, more: dict[str, str], allowed: Sequence[int] = (0,)) -> None:
    environment = {**os.environ, **more}
    ran = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    if ran.returncode not in allowed:
        raise RuntimeError(f"{Path(command[0]).name} failed: {(ran.stdout + ran.stderr)[-500:]}")
