"""Which runs tell the chat, once each; whatever it does changes no exit code, and its address is found nowhere."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from selftests.canaries import Canaries
from selftests.planted_house import Ended, build, start
from selftests.slack import PATH, Slack, slack
from selftests.small_house import ROOT, House

SECRET = Canaries(SLACK_WEBHOOK_URL=PATH.rpartition("/")[2], PATH=PATH)
VIOLATED = 'raise Finding("no sound", ["a"])'
PATIENCE = 60.0
TOKEN = "a-token-that-is-not-in-any-message"


def environment(when: str = 'when = "not-green"', kind: str = "staging") -> str:
    chat = f'[chat]\nurl = {{ env = "SLACK_WEBHOOK_URL" }}\n{when}\n'
    return f'[environment]\nname = "local"\nkind = "{kind}"\nallows = ["read", "send"]\n\n[small]\n\n{chat}'


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house on staging, with a check that is violated, and a chat to be told of runs that are not GO."""
    house = build(tmp_path / "house", tmp_path.parent / "timber")
    shutil.copytree(ROOT / "fixtures/chat", house.root / "fixtures/chat", ignore=shutil.ignore_patterns("__pycache__"))
    house.environment(environment()).check("bad", VIOLATED).check("ok")
    return house.manifest({"bad": ["pre-deploy"], "ok": ["pre-deploy"]})


def run(house: House, served: Slack, *arguments: str, **variables: str) -> Ended:
    """A run that knows the chat's address, and whose artefacts do not have it."""
    known = {"SLACK_WEBHOOK_URL": served.address, "GITHUB_STEP_SUMMARY": str(house.root / "step.md"), **variables}
    ended = start(house, *arguments, variables=known).wait(PATIENCE)

    assert SECRET.found_in(ended.artefacts()) == {}
    return ended


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "workers"])
def test_a_run_is_told_once(house: House, workers: list[str]) -> None:
    house.check("leaky", 'raise Finding(os.environ["SLACK_WEBHOOK_URL"], [os.environ["SLACK_WEBHOOK_URL"][-12:]])')
    with slack() as served:
        ended = run(house, served, *workers)

    assert (ended.exit, len(served.bodies)) == (1, 1)
    assert "no sound" in json.dumps(served.bodies)
    assert SECRET.found_in({"message": json.dumps(served.bodies)}) == {}


def test_other_secrets_are_not_told_either(house: House) -> None:
    house.check("leaky", 'raise Finding(os.environ["API_TOKEN"], [os.environ["API_TOKEN"]])')
    with slack() as served:
        run(house, served, API_TOKEN=TOKEN)

    assert "[secret]" in json.dumps(served.bodies)
    assert Canaries(API_TOKEN=TOKEN).found_in({"message": json.dumps(served.bodies)}) == {}


def test_a_green_run_is_told_where_that_is_wanted(house: House) -> None:
    with slack() as served:
        quiet = run(house, served, "-k", "test_ok")
        house.environment(environment('when = "always"'))
        told = run(house, served, "-k", "test_ok")

    assert (quiet.exit, told.exit, len(served.bodies)) == (0, 0, 1)
    assert served.bodies[0]["text"] == "GO on local: ship it"


def test_a_local_environment_tells_nobody_unless_it_says_when(house: House) -> None:
    with slack() as served:
        run(house.environment(environment("", "local")), served)
        silent = len(served.bodies)
        run(house.environment(environment(kind="local")), served)

    assert (silent, len(served.bodies)) == (0, 1)


def test_a_chat_that_is_declared_inapplicable_is_not_told(house: House) -> None:
    with slack() as served:
        run(house.environment(environment() + '\n[inapplicable]\nchat = "we have none"\n'), served)

    assert served.bodies == []


@pytest.mark.parametrize(
    "arguments",
    [["--collect-only"], ["--setup-only"], ["--subject=a"], ["--shard=1/1"], ["-k", "nonesuch"], ["--replay=o.json"]],
    ids=" ".join,
)
def test_a_run_that_tells_nobody(house: House, arguments: list[str]) -> None:
    house.file("o.json", '{"version":1,"environment":"local","started":"","observations":[]}')
    with slack() as served:
        run(house, served, *arguments)

    assert served.bodies == []


@pytest.mark.parametrize("status", [403, 500])
def test_a_chat_that_refuses_is_a_note_and_nothing_else(house: House, status: int) -> None:
    with slack((status, "no such webhook", {})) as served:
        ended = run(house, served)

    note = f"chat: not told, it answered {status}: no such webhook"
    assert (ended.exit, ended.report["run"]["notes"]) == (1, [note])
    assert f"note: {note}" in ended.output
    assert note in (house.root / "reports-out/summary.md").read_text(encoding="utf-8")
    assert (house.root / "step.md").read_text(encoding="utf-8").count("HOLD: do not ship") == 1
    assert len(json.loads((house.root / "reports-out/history.json").read_bytes())["runs"]) == 1


def test_a_variable_that_is_not_set_is_a_note(house: House) -> None:
    """A pull request from a fork has no secrets."""
    ended = run(house, Slack())

    assert ended.exit == 1
    assert ended.report["run"]["notes"][0].startswith("chat: not told, SLACK_WEBHOOK_URL is not set")


def test_a_run_that_hangs_is_told_all_the_same(house: House) -> None:
    house.environment(environment().replace("allows", "within = 1\nallows"))
    house.check("hangs", "import re\nre.match('(a+)+b', 'a' * 99)\nraise Finding")
    with slack() as served:
        ended = run(house, served)

    assert ended.exit in (1, 10)
    assert len(served.bodies) == 1
    assert "the run's deadline of 1 s passed" in json.dumps(served.bodies)


def test_a_wrong_table_is_refused_with_its_line(house: House) -> None:
    with slack() as served:
        ended = run(house.environment(environment('when = "sometimes"')), served)

    assert ended.exit == 4
    assert "when is wrong" in ended.output
    assert "changes" in ended.output


def test_shards_tell_nobody_and_the_whole_is_told(house: House) -> None:
    """The stand-in is a secret of the merging process too."""
    with slack() as served:
        for part in (1, 2):
            run(house, served, f"--shard={part}/2")
            (house.root / "reports-out").rename(house.root / f"part-{part}")
        silent = len(served.bodies)
        merging = [sys.executable, "-m", "reports.merge", "part-1", "part-2", "--report=whole", "--env=local"]
        known = {**os.environ, "SLACK_WEBHOOK_URL": served.address}
        done = subprocess.run(merging, cwd=house.root, env=known, capture_output=True, text=True, timeout=60)
        house.environment(environment().replace('"local"', '"another"'), "another")
        strange = subprocess.run(
            [*merging[:-1], "--env=another"], cwd=house.root, env=known, capture_output=True, text=True, timeout=60
        )

    assert (done.returncode, silent, len(served.bodies)) == (1, 0, 1), done.stderr
    assert served.bodies[0]["text"] == "HOLD on local: do not ship; start with bad"
    assert (strange.returncode, strange.stderr) == (1, "")
    assert "chat: not told, --env names another, and what was merged is local" in strange.stdout
    left = {path.name: path.read_text("utf-8") for path in (house.root / "whole").iterdir() if path.is_file()}
    assert SECRET.found_in({"terminal": done.stdout + done.stderr, **left}) == {}


def test_nothing_of_it_is_loaded_by_a_run_that_tells_nobody() -> None:
    code = "import sys, fixtures.engine, reports.hooks, reports.ending; sys.exit('httpx' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60).returncode == 0
