"""Runs workflow files of this repository here as GitHub would: jobs in order, steps in order, the same shell.

Each job gets a workspace of its own and leaves nothing but outputs, artefacts and caches. What is not simulated:
permissions, concurrency and time limits (zizmor and check-jsonschema read those).
"""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from selftests.github_shell_actions import ACTIONS, Failed, Store
from selftests.github_shell_expressions import Functions, Known, fill, holds, shown

HOUSE = Path(__file__).resolve().parents[1]
SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
"""What GitHub starts for `shell: bash`."""
SECONDS = 400.0
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


def read_yaml(path: Path) -> Any:
    """A workflow or an action (YAML 1.2, in which `on` is a text)."""
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Event:
    """What started the caller."""

    name: str = "push"
    content: Mapping[str, Any] = field(default_factory=dict)
    run: int = 1


@dataclass
class Job:
    """One job, or all of a matrix. `steps` are conclusions by the step's name or action."""

    result: str = "success"
    outputs: dict[str, str] = field(default_factory=dict)
    steps: list[tuple[str, str]] = field(default_factory=list)
    output: str = ""
    summary: str = ""


@dataclass
class GitHub:
    """A GitHub for one repository. `environments` holds secrets by the name of an environment; `more` is added to
    what every step finds in its environment: where stand-ins are.
    """

    store: Store
    environments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, str] = field(default_factory=dict)
    repository: str = "sample/ocean"
    token: str = "ghs_sample"

    def call(
        self, workflow: str, event: Event, inputs: Mapping[str, Any], secrets: Mapping[str, str]
    ) -> dict[str, Job]:
        """Every job of a reusable workflow, by its id."""
        content = read_yaml(HOUSE / ".github" / "workflows" / workflow)
        declared = content["on"]["workflow_call"]
        unknown = (inputs.keys() - declared["inputs"].keys()) | (secrets.keys() - declared["secrets"].keys())
        assert not unknown, f"{workflow} does not take {unknown}"
        given = Known({name: inputs.get(name, about.get("default")) for name, about in declared["inputs"].items()})
        jobs: dict[str, Job] = {}
        for name, job in content["jobs"].items():
            contexts = {"inputs": given, "github": self._github(event), "vars": self.variables}
            jobs[name] = self._job(name, job, contexts, event, secrets, jobs)
        return jobs

    def run(self, text: str, event: Event, secrets: Mapping[str, str]) -> dict[str, Job]:
        """Every job of a workflow of the application's own, by its id."""
        jobs: dict[str, Job] = {}
        for name, job in YAML(typ="safe", pure=True).load(text)["jobs"].items():
            contexts = {"github": self._github(event), "vars": self.variables}
            jobs[name] = self._job(name, job, contexts, event, secrets, jobs)
        return jobs

    def action(self, path: str, event: Event, given: Mapping[str, str], environment: Mapping[str, str]) -> Job:
        """A job that uses one of our actions and nothing else. `path` is its folder in this repository."""
        steps = [{"id": "one", "uses": f"$/{path}" if path else "$root", "with": dict(given), "env": dict(environment)}]
        outputs = {name: f"${{{{ steps.one.outputs.{name} }}}}" for name in read_action(path)["outputs"]}
        job = {"steps": [CHECKOUT, *steps], "outputs": outputs}
        return self._job("one", job, {"inputs": {}, "github": self._github(event), "vars": {}}, event, {}, {})

    def _github(self, event: Event) -> dict[str, Any]:
        return {
            "event_name": event.name, "event": event.content, "repository": self.repository, "token": self.token,
            "run_id": event.run, "run_attempt": 1, "ref": "refs/heads/main",
        }  # fmt: skip

    def _job(
        self,
        name: str,
        job: Any,
        contexts: dict[str, Any],
        event: Event,
        secrets: Mapping[str, str],
        jobs: dict[str, Job],
    ) -> Job:
        needs = job.get("needs", [])
        needed = {one: jobs[one] for one in ([needs] if isinstance(needs, str) else needs)}
        contexts["needs"] = Known({one: {"result": was.result, "outputs": was.outputs} for one, was in needed.items()})
        well = all(was.result == "success" for was in needed.values())
        status: Functions = {"success": lambda: well, "always": lambda: True, "failure": lambda: not well}
        done = Job()
        if not holds(job.get("if", "success()"), contexts, status):
            done.result = "skipped"
            return done
        place = fill((job.get("environment") or {}).get("name", ""), contexts, status)
        # A called workflow has only what its caller names; the environment's take their place (actions/runner#1490).
        own = self.environments.get(place, {})
        called = {one: own.get(one, value) for one, value in secrets.items()}
        contexts["secrets"] = called if "inputs" in contexts else {**secrets, **own}
        for matrix in _matrix(job, contexts):
            _Machine(self, f"{name}-{event.run}", event, {**contexts, "matrix": matrix}, done).run(job)
        return done


class _Machine:
    """One job's runner."""

    def __init__(self, github: GitHub, name: str, event: Event, contexts: dict[str, Any], job: Job) -> None:
        number = len(list(github.store.folder.glob("machine-*")))
        self.folder = github.store.folder / f"machine-{number}-{name}"
        self.workspace, self.temp = self.folder / "workspace", self.folder / "temp"
        for folder in (self.workspace, self.temp):
            folder.mkdir(parents=True)
        (self.temp / "event.json").write_text(json.dumps(event.content))
        self.github, self.event, self.job, self.well = github, event, job, True
        self.contexts = {**contexts, "runner": {"os": "Linux", "arch": "X64", "temp": str(self.temp)}}

    def run(self, job: Any) -> None:
        environment = {name: shown(fill(value, self.contexts, {})) for name, value in job.get("env", {}).items()}
        steps = self.steps(job["steps"], self.contexts, environment)
        outputs = {**self.contexts, "steps": steps}
        for name, value in job.get("outputs", {}).items():
            self.job.outputs[name] = shown(fill(value, outputs, {}))
        if not self.well:
            self.job.result = "failure"

    def steps(self, steps: list[Any], contexts: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
        """The `steps` context after the last one."""
        known = Known({step["id"]: {} for step in steps if "id" in step})
        for number, step in enumerate(steps):
            inside = {**contexts, "steps": known}
            functions: Functions = {"success": lambda: self.well, "always": lambda: True, "hashFiles": self._hash}
            outputs: dict[str, str] = {}
            conclusion = "skipped"
            if holds(step.get("if", "success()"), inside, functions):
                conclusion = "success"
                own = {name: shown(fill(value, inside, functions)) for name, value in step.get("env", {}).items()}
                try:
                    outputs = self._step(step, inside, {**environment, **own})
                except Failed as problem:
                    self.job.output += f"{problem}\n"
                    conclusion, self.well = "failure", False
                    outputs = problem.outputs
            known[step.get("id", str(number))] = {"outputs": outputs, "conclusion": conclusion}
            self.job.steps.append((step.get("name") or step.get("uses") or step.get("id"), conclusion))
        return known

    def _step(self, step: Any, contexts: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, str]:
        if "run" in step:
            return self._shell(step["run"], environment)
        given = {name: shown(fill(value, contexts, {})) for name, value in step.get("with", {}).items()}
        uses = re.sub(
            r"^sample/seatrial(?:/(.+))?@.*", lambda found: f"$/{found[1]}" if found[1] else "$root", step["uses"]
        )
        if uses.startswith("$"):
            return self._composite("" if uses == "$root" else uses[2:], given, environment)
        return ACTIONS[uses.partition("@")[0]](self.github.store, self.workspace, given)

    def _composite(self, path: str, given: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
        action = read_action(path)
        unknown = given.keys() - action["inputs"].keys()
        assert not unknown, f"{path} does not take {unknown}"
        inputs = Known({name: given.get(name, about.get("default", "")) for name, about in action["inputs"].items()})
        github = {**self.contexts["github"], "action_path": str(HOUSE / path)}
        # A composite action knows no secrets, no needs and no matrix.
        contexts = {"inputs": inputs, "github": github, "runner": self.contexts["runner"]}
        before = self.well
        steps = self.steps(action["runs"]["steps"], contexts, environment)
        outputs = {
            name: shown(fill(about["value"], {**contexts, "steps": steps}, {}))
            for name, about in action["outputs"].items()
        }
        if before and not self.well:
            raise Failed(f"{path or 'the action'} failed", outputs)
        return outputs

    def _shell(self, script: str, environment: Mapping[str, str]) -> dict[str, str]:
        file, answers, summary = self.temp / "step.sh", self.temp / "outputs", self.temp / "summary"
        file.write_text(script)
        answers.write_text("")
        summary.write_text("")
        done = subprocess.run(
            [*SHELL, str(file)], cwd=self.workspace, env={**self._variables(), **environment}, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS,
        )  # fmt: skip
        self.job.output += done.stdout
        self.job.summary += summary.read_text()
        outputs = dict(line.split("=", 1) for line in answers.read_text().splitlines())
        if done.returncode:
            raise Failed(f"exit {done.returncode}", outputs)
        return outputs

    def _variables(self) -> dict[str, str]:
        return {
            **{name: os.environ[name] for name in KEPT if name in os.environ}, **self.github.more,
            "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_OUTPUT": str(self.temp / "outputs"), "GITHUB_STEP_SUMMARY": str(self.temp / "summary"),
            "GITHUB_EVENT_NAME": self.event.name, "GITHUB_EVENT_PATH": str(self.temp / "event.json"),
            "GITHUB_REPOSITORY": self.github.repository, "GITHUB_REF": "refs/heads/main", "GITHUB_SHA": "0" * 40,
            "GITHUB_SERVER_URL": "https://github.com", "GITHUB_RUN_ID": str(self.event.run),
            "RUNNER_TEMP": str(self.temp), "RUNNER_OS": "Linux",
        }  # fmt: skip

    def _hash(self, pattern: str) -> str:
        return "abc" if list(self.workspace.glob(pattern)) else ""


CHECKOUT = {"uses": "actions/checkout@v0", "with": {"persist-credentials": False, "fetch-depth": 0}}


def read_action(path: str) -> Any:
    """The action in a folder of this repository; the one at the root has none."""
    return read_yaml(HOUSE / path / "action.yml")


def _matrix(job: Any, contexts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    rows = job.get("strategy", {}).get("matrix")
    if not rows:
        yield {}
        return
    ((name, values),) = rows.items()
    for value in fill(values, contexts, {"success": lambda: True}):
        yield {name: value}
