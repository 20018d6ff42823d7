"""What every workflow and action here keeps to, read from their files. zizmor and check-jsonschema know much of it too;
what they do not know is why this repository exists: production's secrets pass through here.
"""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures.engine.settings import named_variables
from selftests.github_shell import HOUSE, read_yaml

WORKFLOWS = sorted((HOUSE / ".github" / "workflows").glob("*.yml"))
ACTIONS = [HOUSE / "action.yml", *sorted((HOUSE / ".github" / "actions").glob("*/action.yml"))]
CALLED = [path for path in WORKFLOWS if "workflow_call" in read_yaml(path)["on"]]
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+(\.\d+){2}")
OCEANS = {"OCEAN_URL", "OCEAN_COMMIT"}
"""Names of Ocean's own; an adopting team's are APPLICATION_URL and APPLICATION_COMMIT."""
FILES = {"TENANT_PGPASSFILE"}
"""Files: a called workflow cannot be handed one. The action can: its caller writes it."""


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(HOUSE)) for path in paths]


def jobs(path: Path) -> Iterator[tuple[str, Any]]:
    yield from read_yaml(path)["jobs"].items()


def steps(path: Path) -> Iterator[Any]:
    content = read_yaml(path)
    for job in content.get("jobs", {"": content.get("runs")}).values():
        yield from job.get("steps", [])


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=names([*WORKFLOWS, *ACTIONS]))
def test_actions_are_pinned_and_shells_hold_no_expression(path: Path) -> None:
    for step in steps(path):
        assert "${{" not in step.get("run", ""), "a value becomes part of a script: hand it over in env"
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
    for line in path.read_text().splitlines():
        if re.match(r"\s*(- )?uses: (?!\$/)", line):
            assert PINNED.search(line), line


@pytest.mark.parametrize("path", WORKFLOWS, ids=names(WORKFLOWS))
def test_jobs_have_the_least_rights_and_an_end(path: Path) -> None:
    content = read_yaml(path)

    assert content["permissions"] == {}
    assert "github.workflow" not in content["concurrency"]["group"]
    for name, job in jobs(path):
        assert "permissions" in job, name
        assert "uses" in job or job["timeout-minutes"], name
        if "secrets." in str(job) or "vars." in str(job):
            assert job["environment"]["deployment"] is False, "looking is no deployment"
            assert "write" not in job["permissions"].values(), "what holds secrets may not write"


def test_our_own_build_calls_the_gate_as_others_do() -> None:
    job = read_yaml(HOUSE / ".github" / "workflows" / "ci.yml")["jobs"]["called"]
    called = read_yaml(HOUSE / job["uses"].removeprefix("$/"))

    assert job["with"].keys() <= called["on"]["workflow_call"]["inputs"].keys()
    assert job["permissions"] == {
        name: right for one in called["jobs"].values() for name, right in one["permissions"].items()
    }


def test_a_smoke_that_has_begun_is_never_cancelled() -> None:
    content = read_yaml(HOUSE / ".github" / "workflows" / "prod-smoke.yml")

    assert content["concurrency"]["cancel-in-progress"] is False


@pytest.mark.parametrize("path", CALLED, ids=names(CALLED))
def test_secrets_are_named_and_each_is_used(path: Path) -> None:
    declared = read_yaml(path)["on"]["workflow_call"]["secrets"].keys()

    assert set(re.findall(r"secrets\.(\w+)", path.read_text())) == declared


@pytest.mark.parametrize("name", ["staging", "production"])
def test_every_variable_of_our_environments_comes_through(name: str) -> None:
    """Of both, because a team copies its own file from them."""
    file = HOUSE / "fixtures" / "environments" / f"{name}.toml"
    named = named_variables(tomllib.loads(file.read_text(encoding="utf-8")))
    given = {variable for path in CALLED for step in steps(path) for variable in step.get("env", {})} | {
        "GITHUB_REPOSITORY"
    }

    assert named - OCEANS - FILES <= given


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=names([*WORKFLOWS, *ACTIONS]))
def test_every_shell_can_be_read_by_bash(path: Path) -> None:
    for step in steps(path):
        done = subprocess.run(["bash", "-n"], input=step.get("run", ""), capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
