"""The programs that read what a run leaves (`make readers`), and a run to be written, for the self-tests."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from reports.telling import Telling
from reports.verdicts import Report

FOLDER = Path(__file__).parents[1] / "readers"
MODULES = FOLDER / "node_modules"
SARIF = MODULES / "@microsoft" / "sarif-multitool-linux" / "Sarif.Multitool"
SARIF_SCHEMA = MODULES / "@microsoft" / "sarif-multitool-linux" / "sarif-2.1.0.json"
PATIENCE = 120  # seconds

needs_readers = pytest.mark.skipif(
    not (MODULES / "allure").exists(), reason="the readers of reports are not installed here: `make readers`"
)
needs_sarif_validator = pytest.mark.skipif(
    not SARIF.exists(), reason="Microsoft's SARIF validator is not installed here (`make readers`, on Linux)"
)


def telling(report: Report, directory: Path, **fields: Any) -> Telling:
    """A run that was looked at nowhere in particular: no checkout, no history."""
    return Telling(report=report, directory=directory, **fields)


def node(program: str, *arguments: str, cwd: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a program of the readers with Node, in a folder, offline as far as it goes."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = kept | {"NO_COLOR": "1", "ALLURE_NO_ANALYTICS": "1"} | variables
    command = ["node", str(MODULES / ".bin" / program), *arguments]
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def script(code: str, *arguments: str, given: str = "") -> Any:
    """What a script of JavaScript prints as JSON; it can load what is installed for the readers."""
    command = ["node", "-e", code, *arguments]
    ended = subprocess.run(
        command, cwd=FOLDER, input=given, capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    return json.loads(ended.stdout)


def validated(path: Path) -> list[tuple[str, str]]:
    """Rule and text of each error and warning that Microsoft's validator has for a SARIF file, with GitHub's rules."""
    if not os.access(SARIF, os.X_OK):
        SARIF.chmod(0o755)  # npm sets this only while running scripts of packages, which we do not
    found = path.with_name("validation.sarif")
    command = [str(SARIF), "validate", str(path), "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"]
    command += ["--output", str(found), "--log", "ForceOverwrite"]
    environment = {"PATH": os.environ["PATH"], "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "HOME": str(path.parent)}
    subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE, check=False)
    [run] = json.loads(found.read_text("utf-8-sig"))["runs"]
    return [(row["ruleId"], json.dumps(row["message"])) for row in run.get("results", [])]


def rendered(markdown: str) -> str:
    """As a renderer of CommonMark shows it that lets HTML pass and makes links of addresses, as GitHub's does."""
    code = "const {text} = JSON.parse(require('fs').readFileSync(0)); const make = require('markdown-it');"
    code += "console.log(JSON.stringify(make({html: true, linkify: true}).render(text)))"
    return str(script(code, given=json.dumps({"text": markdown})))
