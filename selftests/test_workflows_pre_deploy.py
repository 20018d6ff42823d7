"""The gate as a called workflow: shards, their merge, and what the pull request is told."""

import base64
import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from selftests.github_shell import Event, GitHub, Job
from selftests.github_shell_actions import Store
from selftests.github_shell_gh import Gh
from selftests.github_shell_project import branch, commit, old_project

pytestmark = pytest.mark.skipif(not shutil.which("jq"), reason="gh has jq built in; its stand-in here needs one")
PULL = {"pull_request": {"number": 7, "head": {"repo": {"full_name": "sample/ocean"}}}}
FORK = {"pull_request": {"number": 7, "head": {"repo": {"full_name": "mallory/ocean"}}}}
MIGRATIONS = "supabase/migrations"
INPUTS: dict[str, Any] = {"lanes": "migrations", "shards": 2}
LOCAL = '[environment]\nname = "local"\nkind = "local"\n\n[application]\n'
MENDED = """\
set lock_timeout = '2s';
alter table public.countries enable row level security;
create policy "everybody reads countries" on public.countries for select to anon, authenticated using (true);
revoke insert, update, delete, truncate, references, trigger on public.countries from anon, authenticated;
"""


class World:
    """A repository at a GitHub of its own."""

    def __init__(self, folder: Path) -> None:
        self.gh = Gh(folder / "gh")
        self.gh.say()
        self.store = Store(folder, old_project(folder / "application"))
        self.github = GitHub(self.store, more={"PATH": self.gh.path})

    def call(self, event: Event | None = None, **inputs: Any) -> dict[str, Job]:
        return self.github.call("pre-deploy.yml", event or Event("pull_request", PULL), {**INPUTS, **inputs}, {})


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("github"))


@pytest.fixture(scope="module")
def red(world: World) -> dict[str, Job]:
    """The first run, on the project as it is."""
    return world.call(sarif=True)


def results(jobs: dict[str, Job]) -> dict[str, str]:
    return {name: job.result for name, job in jobs.items()}


def test_what_one_shard_finds_makes_the_verdict_red(red: dict[str, Job]) -> None:
    assert results(red) == {"plan": "success", "judge": "failure", "verdict": "failure", "tell": "success"}
    assert (red["verdict"].outputs["word"], red["verdict"].outputs["exit"]) == ("HOLD", "1"), red["verdict"].output


def test_the_shards_are_one_report(red: dict[str, Job], world: World) -> None:
    kept = world.store.artefacts
    shards = [
        json.loads((kept / f"seatrial-pre-deploy-local-shard-{n}-of-2" / "verdicts.json").read_text()) for n in "12"
    ]
    merged = json.loads((kept / "seatrial-pre-deploy-local" / "verdicts.json").read_text())

    judged = [{(row["check"], row["case"]) for row in shard["verdicts"]} for shard in shards]
    assert all(judged)
    assert not judged[0] & judged[1]
    assert {(row["check"], row["case"]) for row in merged["verdicts"]} == judged[0] | judged[1]
    assert merged["missing"] == []
    assert (kept / "seatrial-pre-deploy-local" / "index.html").stat().st_size > 10_000


def test_only_the_merged_report_is_summed_up(red: dict[str, Job]) -> None:
    assert red["judge"].summary == ""
    assert "HOLD" in red["verdict"].summary


def test_the_pull_request_is_told_once(red: dict[str, Job], world: World) -> None:
    (comment,) = [asked for asked in world.gh.asked("POST") if asked["path"].endswith("/comments")]

    assert comment["path"] == "repos/sample/ocean/issues/7/comments"
    assert comment["token"] == "ghs_sample"
    assert comment["fields"]["body"].startswith("<!-- seatrial:seatrial-pre-deploy-local -->\n")
    assert "HOLD" in comment["fields"]["body"]


def test_findings_in_files_go_to_code_scanning(red: dict[str, Job], world: World) -> None:
    (sent,) = [asked for asked in world.gh.asked("POST") if asked["path"].endswith("/code-scanning/sarifs")]
    sarif = json.loads(gzip.decompress(base64.b64decode(sent["fields"]["sarif"])))

    assert sarif["version"] == "2.1.0"
    assert sarif["runs"][0]["automationDetails"]["id"] == "seatrial/seatrial-pre-deploy-local/"
    assert (sent["fields"]["commit_sha"], sent["fields"]["ref"]) == ("0" * 40, "refs/heads/main")


def test_a_comment_that_is_there_is_changed_and_no_other(tmp_path: Path) -> None:
    world = World(tmp_path)
    ours, theirs = {"login": "github-actions[bot]"}, {"login": "mallory"}
    body, other = "<!-- seatrial:seatrial-pre-deploy-local -->\nGO", "<!-- seatrial:seatrial-of-another-app -->\nGO"
    world.gh.say(
        {"id": 1, "user": theirs, "body": body},
        {"id": 2, "user": ours, "body": other},
        {"id": 3, "user": ours, "body": body},
    )

    world.call()

    assert [asked["path"] for asked in world.gh.asked("PATCH")] == ["repos/sample/ocean/issues/comments/3"]
    assert not world.gh.asked("POST")


def test_a_shard_that_left_nothing_makes_the_verdict_red(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.store.lost.add("seatrial-pre-deploy-local-shard-2-of-2")

    jobs = world.call(sarif=True)

    merged = json.loads((world.store.artefacts / "seatrial-pre-deploy-local" / "verdicts.json").read_text())
    assert jobs["verdict"].result == "failure"
    assert len(merged["missing"]) > 5
    assert int(jobs["verdict"].outputs["blind"]) >= len(merged["missing"])
    assert jobs["tell"].result == "success", "what is known is told"
    told = [asked["path"].rpartition("/")[2] for asked in world.gh.asked("POST")]
    assert told == ["comments"], "an upload would close under code scanning what was not looked at"


def test_all_shards_lost_make_the_verdict_red(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.store.lost.add("gate-shard-1-of-1")

    jobs = world.call(shards=1, name="gate")

    assert (jobs["verdict"].result, jobs["verdict"].outputs["word"]) == ("failure", "CANNOT SEE")
    assert jobs["tell"].result == "skipped", "there is nothing to tell"
    assert "Traceback" not in jobs["verdict"].output


def test_a_project_that_is_well_gets_a_green_verdict(tmp_path: Path) -> None:
    world = World(tmp_path)
    commit(
        branch(world.store.application, "feature"),
        {"seatrial/local.toml": accepted(world), f"{MIGRATIONS}/20240401080000_mend.sql": MENDED},
    )

    jobs = world.call(Event("pull_request", FORK, run=2), name="gate", sarif=True)

    assert results(jobs) == dict.fromkeys(("plan", "judge", "verdict", "tell"), "success"), jobs["judge"].output
    assert (jobs["verdict"].outputs["word"], jobs["verdict"].outputs["blind"]) == ("GO", "0")
    report = json.loads((world.store.artefacts / "gate" / "verdicts.json").read_text())
    assert "pending migrations: 1, " in str(report["run"]["notes"]), "the new one, beside the base branch"
    assert not world.gh.asked("POST"), "the token of a fork's pull request may not write"


def accepted(world: World) -> str:
    """An environment file that accepts what is wrong with the project besides what MENDED mends."""
    rows = [
        ("nothing_around[replayed-default-privileges]", "default privileges of postgres in public"),
        ("tenants_apart[replayed-truncate]", "default privileges of postgres in public"),
        ("policies_fast[replayed-per-row-call]", "public.notes"),
    ]
    waiver = '[[waiver]]\ncheck = "{}"\nsubject = "{}"\nreason = "known"\nuntil = 2999-01-01\n'
    return LOCAL + "".join(waiver.format(check, subject) for check, subject in rows)


@pytest.mark.parametrize("shards", [0, 21, 1.5, "two", "2; id"])
def test_a_number_of_shards_that_is_none_is_refused(shards: object, tmp_path: Path) -> None:
    jobs = World(tmp_path).call(shards=shards)

    assert results(jobs) == {"plan": "failure", "judge": "skipped", "verdict": "failure", "tell": "skipped"}
    assert "say a whole number from 1 to 20" in jobs["plan"].output


def test_who_is_not_vercel_is_not_believed_and_the_verdict_is_red(tmp_path: Path) -> None:
    forged = {"action": "vercel.deployment.promoted", "sender": {"login": "mallory", "id": 1, "type": "User"}}

    jobs = World(tmp_path).call(Event("repository_dispatch", forged))

    assert (jobs["plan"].result, jobs["judge"].result, jobs["verdict"].result) == ("failure", "skipped", "failure")
    assert "mallory" in jobs["plan"].output


def test_where_nothing_was_released_nothing_is_judged(tmp_path: Path) -> None:
    vercel = {"login": "vercel[bot]", "id": 35613825, "type": "Bot"}
    pending = {"sender": vercel, "deployment_status": {"state": "pending"}}

    jobs = World(tmp_path).call(Event("deployment_status", pending))

    assert results(jobs) == {"plan": "success", "judge": "skipped", "verdict": "skipped", "tell": "skipped"}
