"""Steps of the checklist: when they are red, when nobody knows, and what is told of the folder in which they ran."""

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import pytest

from fixtures import Inapplicable, Secret, Unobservable, Variable
from fixtures.checklist import Checklist, OnGitHub, Step
from fixtures.checklist.folder import Turn
from fixtures.checklist.running import Ended
from fixtures.checklist.step import looked_up, taken
from fixtures.engine.redactor import Redactor
from fixtures.engine.registry import REGISTRY
from fixtures.github.runs import CheckRun
from fixtures.vercel import Vercel


@pytest.mark.parametrize(
    ("ended", "red"),
    [
        (Ended(0, 1.0, ""), None),
        (Ended(2, 1.5, ""), "exit code 2 after 1.5 s"),
        (Ended(-9, 1.5, ""), "was ended by signal 9 (Killed) after 1.5 s"),
        (Ended(None, 8.0, ""), "did not end within 8 s, and was ended"),
    ],
)
def test_why_a_command_is_red(ended: Ended, red: str | None) -> None:
    step = taken("tests", ["pnpm", "test"], 8, ended, "what it said")

    assert (step.red, step.ran, step.enclosures[0].file) == (red, "pnpm test", "checklist-tests.log")


@pytest.mark.parametrize("code", [126, 127])
def test_a_shell_that_finds_no_program_is_no_red_one(code: int) -> None:
    with pytest.raises(Unobservable, match="vitest: not found"):
        taken("tests", ["pnpm", "test"], 8, Ended(code, 1.0, ""), "x\nsh: 1: vitest: not found\n")


def check(name: str, conclusion: str | None) -> CheckRun:
    return CheckRun(name=name, conclusion=conclusion, status="", url=f"https://github.com/{name}")


@pytest.mark.parametrize(
    ("runs", "red"),
    [
        ([check("test", "success"), check("build", "success")], None),
        ([check("test", "neutral"), check("build", "success"), check("other", "failure")], None),
        ([check("test", "success"), check("build", "success"), check("other", None)], None),
        ([check("test", "failure"), check("build", None)], "test ended with failure for c0ffee"),
        ([check("test", "skipped"), check("build", "success")], "test ended with skipped for c0ffee"),
        ([check("test", "cancelled"), check("build", "success")], "test ended with cancelled for c0ffee"),
        ([check("test", "stale"), check("build", "success")], "test ended with stale for c0ffee"),
        ([check("test", "success")], "build never ran for c0ffee; what ran: test"),
        ([check("Test", "success"), check("build", "success")], "test never ran for c0ffee; what ran: Test, build"),
    ],
)
def test_why_a_step_that_github_ran_is_red(runs: list[CheckRun], red: str | None) -> None:
    assert looked_up("tests", ["test", "build"], runs, "c0ffee").red == red


@pytest.mark.parametrize(
    ("runs", "named"),
    [
        ([check("test", "success"), check("build", None)], "build"),
        ([check("test", None)], "test"),
        ([check("test", "success"), check("first", None)], "build"),
    ],
)
def test_what_is_not_over_is_not_known(runs: list[CheckRun], named: str) -> None:
    with pytest.raises(Unobservable, match=f"not over yet on GitHub for c0ffee: {named}"):
        looked_up("tests", ["test", "build"], runs, "c0ffee")


class Opened:
    """In the place of `Opening`: a checkout."""

    def __init__(self, checkout: Path, commit: str | None = None) -> None:
        self._checkout, self._commit = checkout, commit
        self.remarks: list[str] = []

    async def get(self, name: str, kind: type = object) -> object:
        if name == "vercel" and self._commit is None:
            raise Unobservable("the environment has no [vercel] table")
        return self._checkout if name == "checkout" else self._vercel()

    def _vercel(self) -> Vercel:
        return Vercel(
            token=Secret("T", "t"), project=Variable(None, "p"), commit=Variable("OCEAN_COMMIT", self._commit)
        )


def observed(step: str, checklist: Checklist, folder: Path, redactor: Redactor) -> Step:
    look: Any = REGISTRY.observations["checklist_step"].look

    async def looked() -> Step:
        opened: Any = Opened(folder)
        found: Step = await look(step, checklist, opened, Turn(opened), redactor)
        return found

    return asyncio.run(looked())


def test_secrets_of_the_run_are_taken_out_of_what_is_kept(tmp_path: Path) -> None:
    redactor = Redactor()
    redactor.hide("a-secret-that-somebody-printed")
    said = ("/bin/sh", "-c", "echo leaked: a-secret-that-somebody-printed; exit 1")

    step = observed("tests", Checklist(tests=said), tmp_path, redactor)

    assert step.output == "leaked: [secret]\n"
    assert step.enclosures[0].content == "leaked: [secret]\n"


@pytest.mark.parametrize("none", [(), OnGitHub(())])
def test_a_step_that_is_declared_absent_is_no_blind_one(none: Any, tmp_path: Path) -> None:
    with pytest.raises(Inapplicable, match="has no step lint"):
        observed("lint", Checklist(lint=none), tmp_path, Redactor())


def test_a_step_of_which_nothing_is_said_is_blind(tmp_path: Path) -> None:
    with pytest.raises(Unobservable, match="does not say what lint is"):
        observed("lint", Checklist(), tmp_path, Redactor())


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for command in (["init", "--quiet"], ["commit", "--quiet", "--allow-empty", "--message", "one"]):
        git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.invalid", *command]
        subprocess.run(git, cwd=tmp_path, check=True)
    return tmp_path


def head(repository: Path) -> str:
    command = ["git", "rev-parse", "HEAD"]
    return subprocess.run(command, cwd=repository, check=True, capture_output=True, text=True).stdout.strip()


def test_another_commit_than_the_one_to_be_deployed_is_not_tried(repository: Path) -> None:
    opened: Any = Opened(repository, "c" * 40)

    with pytest.raises(Unobservable, match=rf"is at {head(repository)[:10]}, and {'c' * 10} is to be deployed"):
        asyncio.run(Turn(opened).folder())


def test_the_commit_to_be_deployed_is_tried(repository: Path) -> None:
    opened: Any = Opened(repository, head(repository)[:12])

    assert asyncio.run(Turn(opened).folder()) == repository
    assert opened.remarks == []


def test_changes_that_are_in_no_commit_are_told(repository: Path) -> None:
    (repository / "late.ts").write_text("")
    opened: Any = Opened(repository)

    asyncio.run(Turn(opened).folder())

    assert opened.remarks == ["the checklist ran with changes that are in no commit: late.ts"]
