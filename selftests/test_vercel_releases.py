"""What Vercel says of releases: what can be gone back to, what is not served, and what deployments answer."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
import respx

from fixtures import Secret, Unobservable
from fixtures.engine.http import Http
from fixtures.variables import Variable
from fixtures.vercel.deployments import Plan, candidate_of, read_deployments
from fixtures.vercel.expected import Commit, declared_commit
from fixtures.vercel.project import commit_in, read_project
from fixtures.vercel.served import BYPASS, Restored, read_restored, read_served_commit
from selftests.vercel_answers import LAST, NOW, PROJECT, answers, api, deployment, deployments


@respx.mock
@pytest.mark.parametrize(
    ("more", "obstacle"),
    [
        ({"readyState": "DELETED"}, "is DELETED, not READY"),
        ({"readySubstate": "STAGED"}, "has never served production"),
        ({"isRollbackCandidate": None}, "is no rollback candidate, says Vercel"),
        ({"softDeletedByRetention": True}, "is deleted"),
        ({"expiration": int((NOW + timedelta(hours=23)).timestamp() * 1000)}, "expires on 2026-11-23 11:00:00+00:00"),
    ],
)
def test_what_stands_in_the_way(more: dict[str, Any], obstacle: str) -> None:
    assert deployments(deployment("dpl_before", 5, **more)) == {"dpl_before": (obstacle,)}


@respx.mock
def test_nothing_stands_in_the_way() -> None:
    later = int((NOW + timedelta(hours=25)).timestamp() * 1000)

    assert deployments(deployment("dpl_before", 5, expiration=later)) == {"dpl_before": ()}


@respx.mock
def test_going_back_never_leads_forward() -> None:
    seen = deployments(deployment("dpl_newer", 1), deployment("dpl_live", 2), deployment("dpl_before", 3))

    assert seen["dpl_newer"] == ("is newer than the live one",)
    assert seen["dpl_before"] == ()


@respx.mock
@pytest.mark.parametrize("plan", ["pro", "enterprise", None])
def test_any_earlier_deployment_will_do_on_other_plans(plan: Plan | None) -> None:
    before, older = deployment("dpl_before", 3, isRollbackCandidate=False), deployment("dpl_older", 9)

    assert deployments(deployment("dpl_live", 2), before, older, plan=plan)["dpl_older"] == ()


@respx.mock
def test_on_hobby_only_the_deployment_before_will_do() -> None:
    never = deployment("dpl_never", 2.5, readySubstate="STAGED")
    before, older = deployment("dpl_before", 3), deployment("dpl_older", 9)

    seen = deployments(deployment("dpl_live", 2), never, before, older, plan="hobby")

    assert seen["dpl_before"] == ()
    assert seen["dpl_older"] == ("is more than one step back, and the Hobby plan goes one",)


@respx.mock
@pytest.mark.parametrize(
    ("more", "unserved"),
    [
        ({"readyState": "ERROR", "errorMessage": "exit 1"}, "is ERROR: exit 1"),
        ({"readyState": "BLOCKED"}, "is BLOCKED: no reason given"),
        ({"readyState": "READY"}, "is READY and serves no production domain"),
        ({"readyState": "BUILDING"}, "is BUILDING for 90 minutes"),
        ({"readyState": "CANCELED"}, None),
        ({"readyState": "READY", "readySubstate": "ROLLING"}, None),
    ],
)
def test_a_newer_deployment_that_is_not_live(more: dict[str, Any], unserved: str | None) -> None:
    items = [deployment("dpl_new", 1.5, **more), deployment("dpl_live", 2)]
    answers("/v7/deployments", {"deployments": items, "pagination": LAST})

    seen = asyncio.run(read_deployments(api(), PROJECT, NOW))

    assert [one.unserved for one in seen] == [unserved, None]


@respx.mock
@pytest.mark.parametrize("state", ["READY", "BUILDING", "QUEUED"])
def test_what_is_under_way_is_waited_for_and_hides_what_failed_before(state: str) -> None:
    items = [deployment("dpl_new", 0.05, readyState=state), deployment("dpl_red", 1, readyState="ERROR")]
    answers("/v7/deployments", {"deployments": items, "pagination": LAST})

    seen = {one.uid: one.unserved for one in asyncio.run(read_deployments(api(), PROJECT, NOW))}

    assert seen["dpl_new"] is None
    assert (seen["dpl_red"] is None) == (state != "READY")


def test_without_a_deployment_to_go_back_to_nothing_is_seen_of_it() -> None:
    with pytest.raises(Unobservable, match="no deployment to go back to"):
        candidate_of(())


@respx.mock
@pytest.mark.parametrize(
    ("target", "request_", "rolled_back"),
    [
        (None, None, False),
        ({"id": "dpl"}, {"type": "rollback", "jobStatus": "succeeded"}, True),
        ({"id": "dpl"}, None, True),
        ({"id": "dpl"}, {"type": "promote", "jobStatus": "failed"}, True),
        ({"id": "dpl"}, {"type": "promote", "jobStatus": "succeeded"}, False),
    ],
)
def test_when_a_project_is_rolled_back(target: Any, request_: Any, rolled_back: bool) -> None:
    known = {"id": "prj", "name": "ocean", "lastRollbackTarget": target, "lastAliasRequest": request_}
    answers("/v9/projects/prj", known)

    assert asyncio.run(read_project(api(), "prj")).rolled_back is rolled_back


@pytest.mark.parametrize("key", ["githubCommitSha", "gitlabCommitSha", "bitbucketCommitSha", "gitCommitSha"])
def test_the_commit_is_found_whoever_hosts_the_repository(key: str) -> None:
    assert commit_in({key: "abc", "githubCommitRef": "main"}) == "abc"
    assert commit_in({"githubCommitRef": "main"}) is None


@pytest.mark.parametrize(("one", "other", "same"), [("abcdef1", "ABCDEF123", True), ("abcdef1", "abcdef2", False)])
def test_a_shortened_commit_is_the_same(one: str, other: str, same: bool) -> None:
    assert Commit(sha=one, known_by="").is_of(other) is same


@pytest.mark.parametrize("text", ["main", "v4.7.0", "abc", "refs/heads/main"])
def test_a_branch_is_no_commit(text: str) -> None:
    with pytest.raises(Unobservable, match=r"GITHUB_SHA.*is no commit"):
        declared_commit(Variable("GITHUB_SHA", text))


def restored(bypass: Secret | None) -> Restored:
    named = Restored(uid="dpl", commit="abcdef1234", pages=())
    return asyncio.run(read_restored(Http(), "https://dpl.vercel.app", ("/health",), bypass, named))


@respx.mock
def test_a_deployment_is_asked_with_the_secret_that_passes_its_protection() -> None:
    well = httpx.Response(200, json={"status": "ok", "commit": "abcdef1"})
    route = respx.get("https://dpl.vercel.app/health").mock(return_value=well)

    seen = [restored(Secret("BYPASS", text)) for text in ("passing-secret", None)]

    assert [(one.unhealthy, one.other_commits) for one in seen] == [((), ())] * 2
    assert [call.request.headers.get(BYPASS) for call in route.calls] == ["passing-secret", None]
    assert b"passing-secret" not in msgspec.json.encode(seen)


@respx.mock
@pytest.mark.parametrize(
    ("answer", "bypass", "sentence"),
    [
        (httpx.Response(401, html="<title>Login"), None, "protection_bypass"),
        (httpx.Response(403), Secret("BYPASS", None), "BYPASS is not set"),
        (httpx.Response(401), Secret("BYPASS", "old"), "does not take the secret in BYPASS"),
        (httpx.Response(302, headers={"location": "https://vercel.com/sso-api?url=x"}), None, "protection_bypass"),
    ],
)
def test_a_login_in_the_way_says_which_setting_passes_it(
    answer: httpx.Response, bypass: Secret | None, sentence: str
) -> None:
    respx.get("https://dpl.vercel.app/health").mock(return_value=answer)

    with pytest.raises(Unobservable, match=sentence):
        restored(bypass)


@respx.mock
@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, json={"status": "ok"}),
        httpx.Response(500, json={"status": "ok"}),
        httpx.Response(200, html="<div id=root>"),
        httpx.Response(200, json={"status": "degraded"}),
        httpx.Response(308, headers={"location": "https://ocean.example/health"}),
    ],
    ids=["404", "500", "html", "degraded", "redirected"],
)
def test_a_deployment_that_is_not_well(answer: httpx.Response) -> None:
    respx.get("https://dpl.vercel.app/health").mock(return_value=answer)

    assert [page.url for page in restored(None).unhealthy]


@respx.mock
@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, html="<div id=root>"),
        httpx.Response(200, json={"status": "ok"}),
        httpx.Response(200, json=[]),
    ],
    ids=["html", "no-commit", "list"],
)
def test_a_page_without_commit_says_nothing(answer: httpx.Response) -> None:
    respx.get("https://ocean.example/health").mock(return_value=answer)

    with pytest.raises(Unobservable, match="names no commit"):
        asyncio.run(read_served_commit(Http(), "https://ocean.example/health", None))
