"""Which release an event is about: nobody is believed who is not Vercel, and nothing that Vercel does not say too."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from selftests.github_shell_vercel import BOT, COMMIT, DEPLOYMENT, Vercel, vercel_server

PROGRAM = Path(__file__).parents[1] / ".github" / "actions" / "release" / "release.py"
PROMOTED = {
    "action": "vercel.deployment.promoted",
    "sender": BOT,
    "client_payload": {"id": "dpl_Sample1", "url": "https://evil.example", "git": {"sha": COMMIT}},
}
STATUS = {
    "action": "created",
    "sender": BOT,
    "deployment": {"sha": COMMIT},
    "deployment_status": {"state": "success", "environment_url": "https://ocean-abc123.vercel.app"},
}
NAMES = {"repository_dispatch": PROMOTED, "deployment_status": STATUS}


@pytest.fixture
def vercel() -> Iterator[Vercel]:
    with vercel_server() as server:
        yield server


def asked(
    folder: Path, vercel: Vercel, name: str, event: Mapping[str, Any], **more: str
) -> tuple[int, dict[str, str], str]:
    """Exit code, outputs, and what was printed."""
    (folder / "event.json").write_text(json.dumps(event))
    (folder / "outputs").write_text("")
    variables = {
        "PATH": os.environ["PATH"], "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(folder / "event.json"),
        "GITHUB_OUTPUT": str(folder / "outputs"), "VERCEL_TOKEN": "sample-token", "VERCEL_PROJECT_ID": "prj_sample",
        "VERCEL_TEAM_ID": "", "GITHUB_REPOSITORY": "sample/ocean",
        "VERCEL_API_URL": f"http://127.0.0.1:{vercel.server_port}", **more,
    }  # fmt: skip
    done = subprocess.run([sys.executable, PROGRAM], env=variables, capture_output=True, text=True, timeout=60)
    outputs = dict(line.split("=", 1) for line in (folder / "outputs").read_text().splitlines())
    return done.returncode, outputs, done.stdout + done.stderr


def changed(event: Mapping[str, Any], path: str, value: object) -> dict[str, Any]:
    """The event with one value in it changed."""
    made = copy.deepcopy(dict(event))
    inside = made
    *way, last = path.split(".")
    for key in way:
        inside = inside[key]
    inside[last] = value
    return made


@pytest.mark.parametrize("name", NAMES)
def test_a_release_is_what_vercel_says_of_it(name: str, tmp_path: Path, vercel: Vercel) -> None:
    code, outputs, _ = asked(tmp_path, vercel, name, NAMES[name], VERCEL_TEAM_ID="team_1")

    assert code == 0
    assert outputs == {"judge": "true", "commit": COMMIT, "url": "https://ocean-abc123.vercel.app"}
    wanted = "dpl_Sample1" if name == "repository_dispatch" else "ocean-abc123.vercel.app"
    assert vercel.asked == [(f"/v13/deployments/{wanted}?teamId=team_1", "Bearer sample-token")]


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("repository_dispatch", "sender", {"login": "mallory", "id": 1, "type": "User"}),
        ("repository_dispatch", "sender", {**BOT, "id": 36}),  # who took a login that was given up
        ("repository_dispatch", "sender", {**BOT, "type": "User"}),
        ("repository_dispatch", "sender", None),
        ("deployment_status", "sender", {"login": "github-actions[bot]", "id": 41898282, "type": "Bot"}),
        ("repository_dispatch", "client_payload.id", "../v2/user"),
        ("repository_dispatch", "client_payload.id", "dpl_1?teamId=x"),
        ("repository_dispatch", "client_payload.id", "dpl_1\n::error::x"),
        ("repository_dispatch", "client_payload", None),
        ("repository_dispatch", "client_payload", "dpl_Sample1"),
        ("repository_dispatch", "client_payload.git", [COMMIT]),
        ("repository_dispatch", "client_payload.git.sha", "f" * 40),
        ("deployment_status", "deployment.sha", "f" * 40),
        ("deployment_status", "deployment_status.environment_url", "https://[::1"),
        ("deployment_status", "deployment_status.environment_url", None),
    ],
)
def test_an_event_that_claims_something_else_is_not_believed(
    name: str, path: str, value: object, tmp_path: Path, vercel: Vercel
) -> None:
    code, outputs, said = asked(tmp_path, vercel, name, changed(NAMES[name], path, value))

    assert (code, outputs) == (4, {})
    assert said.startswith("::error title=")
    assert said.count("\n") == 1, "one line, and no traceback"
    assert "sample-token" not in said


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("projectId", "prj_of_somebody_else"),
        ("readyState", "BUILDING"),
        ("target", None),
        ("meta", {}),
        ("meta.githubCommitOrg", "mallory"),  # a fork's, which a member allowed to be deployed
        ("meta.githubCommitRepo", None),
        ("meta.githubCommitSha", "main\njudge=true"),
        ("url", "ocean\nurl=https://evil.example"),
        ("url", None),
    ],
)
def test_what_vercel_says_otherwise_is_not_believed(path: str, value: object, tmp_path: Path, vercel: Vercel) -> None:
    vercel.deployment = changed(DEPLOYMENT, path, value)

    code, outputs, said = asked(tmp_path, vercel, "repository_dispatch", PROMOTED)

    assert (code, outputs, said.count("\n")) == (4, {}, 1)


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_vercel_that_does_not_answer_is_named(status: int, tmp_path: Path, vercel: Vercel) -> None:
    vercel.status = status

    code, outputs, said = asked(tmp_path, vercel, "repository_dispatch", PROMOTED)

    assert (code, outputs) == (4, {})
    assert f"({status}: " in said


@pytest.mark.parametrize("missing", ["VERCEL_TOKEN", "VERCEL_PROJECT_ID"])
def test_what_is_needed_to_ask_vercel_is_named(missing: str, tmp_path: Path, vercel: Vercel) -> None:
    code, _, said = asked(tmp_path, vercel, "repository_dispatch", PROMOTED, **{missing: ""})

    assert code == 4
    assert f"{missing} is not set" in said


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("repository_dispatch", "action", "vercel.deployment.failed"),
        ("deployment_status", "deployment_status.state", "pending"),
    ],
)
def test_where_nothing_was_released_there_is_nothing_to_judge(
    name: str, path: str, value: object, tmp_path: Path, vercel: Vercel
) -> None:
    code, outputs, _ = asked(tmp_path, vercel, name, changed(NAMES[name], path, value))

    assert (code, outputs["judge"], vercel.asked) == (0, "false", [])


@pytest.mark.parametrize(("target", "judged"), [("production", "false"), ("preview", "true"), ("", "true")])
def test_a_preview_is_nothing_for_who_waits_for_production(
    target: str, judged: str, tmp_path: Path, vercel: Vercel
) -> None:
    vercel.deployment = changed(DEPLOYMENT, "target", None)

    code, outputs, _ = asked(tmp_path, vercel, "deployment_status", STATUS, TARGET=target)

    assert (code, outputs["judge"]) == (0, judged)


@pytest.mark.parametrize("name", ["push", "pull_request", "schedule", "workflow_dispatch", "merge_group"])
def test_other_events_name_no_release(name: str, tmp_path: Path, vercel: Vercel) -> None:
    code, outputs, _ = asked(tmp_path, vercel, name, {"ref": "refs/heads/main"})

    assert (code, outputs, vercel.asked) == (0, {"judge": "true", "commit": "", "url": ""}, [])
