"""The smoke as a called workflow, on a sandbox that is declared as a production: its secrets are the environment's."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from selftests.adopting_page import blocks
from selftests.github_shell import HOUSE, Event, GitHub, Job, read_yaml
from selftests.github_shell_actions import Store
from selftests.github_shell_project import commit, head, old_project
from selftests.github_shell_vercel import BOT, DEPLOYMENT, vercel_server
from selftests.running_sandbox import Sandbox, sandbox

KEPT = "seatrial-prod-smoke"
LOCAL = '[environment]\nname = "local"\nkind = "local"\n\n[application]\n'


@pytest.fixture(scope="module")
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        yield started


@pytest.fixture(scope="module")
def github(ocean: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> GitHub:
    """A repository with Ocean's code, and the environment `production` with the sandbox's secrets."""
    folder, known = tmp_path_factory.mktemp("github"), ocean.variables
    application = folder / "application"
    subprocess.run(["git", "clone", "--quiet", known["OCEAN_CHECKOUT"], application], check=True, timeout=60)
    commit(application, {"seatrial/production.toml": declared()})
    named = read_yaml(HOUSE / ".github" / "workflows" / "prod-smoke.yml")["on"]["workflow_call"]["secrets"]
    secrets = {name: value for name, value in known.items() if name in named}
    others = {name: value for name, value in known.items() if name not in named}
    # `others` are there for all steps too: addresses of stand-ins, which a real production has no need of.
    variables = {**others, "APPLICATION_URL": known["OCEAN_URL"]}
    return GitHub(
        Store(folder, application),
        {"production": secrets},
        variables,
        others,
        known["GITHUB_REPOSITORY"],
        known["GITHUB_TOKEN"],
    )


def declared() -> str:
    """The sandbox's environment file as a production's in the application's own checkout."""
    text = (HOUSE / "fixtures" / "environments" / "local.toml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^(start|unless|checkout) = .*\n", "", text).replace('"local"', '"production"')
    text = text.replace(', "write"]', "]").replace("OCEAN_URL", "APPLICATION_URL")
    text = re.sub(r"p50 = \d+, p95 = \d+", "p50 = 10000, p95 = 10000", text)  # nothing here is about how fast
    text = text.replace("[stripe]\n", '[stripe]\nmode = "test"\n')  # the sandbox's account is one
    return text.replace("[vercel]\n", '[vercel]\ncommit = { env = "OCEAN_HEAD" }\n')


@pytest.fixture(scope="module")
def smoke(github: GitHub, ocean: Sandbox) -> Job:
    """The smoke as production's schedule runs it, with every secret of its environment."""
    github.more = {**github.more, "OCEAN_HEAD": head(Path(ocean.variables["OCEAN_CHECKOUT"]))}
    return github.call("prod-smoke.yml", Event("schedule"), {}, dict.fromkeys(github.environments["production"], ""))[
        "smoke"
    ]


def test_the_same_page_comes_out_of_the_workflow(smoke: Job, github: GitHub) -> None:
    report = json.loads((github.store.artefacts / KEPT / "verdicts.json").read_text())
    unseen = [
        (row["check"], row["message"])
        for row in report["verdicts"]
        if row["outcome"] not in ("verified", "inapplicable")
    ]
    assert smoke.result == "success", unseen
    assert (smoke.outputs["word"], smoke.outputs["violated"], smoke.outputs["blind"]) == ("GO", "0", "0")
    assert (report["run"]["environment"], report["run"]["kind"]) == ("production", "production")
    assert len(report["verdicts"]) > 100
    page = (github.store.artefacts / KEPT / "index.html").read_text(encoding="utf-8")
    assert "Keep this release" in page
    assert "GO" in smoke.summary


@pytest.mark.usefixtures("smoke")
def test_no_secret_of_the_environment_is_in_what_is_kept(github: GitHub) -> None:
    secrets = github.environments["production"].values()
    kept = [path for path in (github.store.artefacts / KEPT).rglob("*") if path.is_file()]

    assert kept
    for path in kept:
        content = path.read_text(encoding="utf-8", errors="replace")
        assert not [secret for secret in secrets if secret in content], path.name


def test_a_caller_without_the_environment_is_blind(github: GitHub) -> None:
    poor = GitHub(github.store, {}, {}, {})

    job = poor.call("prod-smoke.yml", Event("schedule", run=2), {"name": "poor"}, {})["smoke"]

    assert (job.result, job.outputs["word"], job.outputs["exit"]) == ("failure", "CANNOT SEE", "10")


def test_the_job_that_adopting_tells_to_write_judges_with_the_secrets_of_its_environment(github: GitHub) -> None:
    (written,) = (block for block in blocks("workflow") if block.name == "smoke")

    job = github.run(written.text, Event("schedule", run=3), {})["smoke"]

    report = json.loads((github.store.artefacts / "seatrial-production" / "verdicts.json").read_text())
    reasons = "\n".join(row["message"] for row in report["verdicts"])
    assert report["run"]["environment"] == "production", job.output
    assert "STRIPE_API_KEY is not set" in reasons, "which the job does not hand over"
    assert not re.search(r"(?m)^DATABASE_URL is not set", reasons)


def test_the_commit_that_vercel_names_is_judged(tmp_path: Path) -> None:
    application = commit(old_project(tmp_path / "application"), {"seatrial/local.toml": LOCAL})
    released = head(application)
    commit(application, {"README.md": "Not released yet.\n"})
    payload = {"id": DEPLOYMENT["id"], "git": {"sha": released}}
    event = {"action": "vercel.deployment.promoted", "sender": BOT, "client_payload": payload}
    inputs = {"environment": "local", "lanes": "migrations"}

    with vercel_server() as vercel:
        vercel.deployment = {**DEPLOYMENT, "meta": {**DEPLOYMENT["meta"], "githubCommitSha": released}}
        more = {"VERCEL_API_URL": f"http://127.0.0.1:{vercel.server_port}"}
        ours = GitHub(
            Store(tmp_path, application), {"local": {"VERCEL_TOKEN": "t"}}, {"VERCEL_PROJECT_ID": "prj_sample"}, more
        )
        jobs = ours.call("prod-smoke.yml", Event("repository_dispatch", event), inputs, {"VERCEL_TOKEN": ""})

    report = json.loads((ours.store.artefacts / KEPT / "verdicts.json").read_text())
    assert report["run"]["commit"] == released, jobs["smoke"].output
    assert jobs["smoke"].outputs["word"] == "HOLD"
