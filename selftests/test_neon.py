"""Neon: client and stand-in agree with the published shapes; no odd answer is a pass, and none is taken for the end."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]  # it has no types
import pytest
import respx

from fixtures import Unobservable
from sandbox.services.neon.state import ORGANIZATION
from selftests.answered_here import Serve, once
from selftests.broken_answers import BROKEN, THROTTLED, said
from selftests.neon_asked import ATOLL, HOST, LOOKS, SHAPES, at_once, deleted, look, look_into, standing_in

LOCKED = pytest.param(httpx.Response(423, json={"request_id": "1", "code": "", "message": "locked"}), id="423")


@pytest.fixture
def stand_in() -> Iterator[Serve]:
    with standing_in() as serve:
        yield serve


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits before asking again."""
    monkeypatch.setattr("fixtures.engine.api.eventually", at_once)
    monkeypatch.setattr("fixtures.neon.projects.eventually", at_once)


def documented(call: Any) -> dict[str, Any]:
    """The shape of what was asked."""
    path = call.request.url.path.removeprefix("/api/v2").replace(ATOLL, "{project_id}")
    named = (each for each in SHAPES.values() if isinstance(each, dict))
    shape: dict[str, Any] = next(each for each in named if each.get("path") == path)
    return shape


def as_sent(value: str, rule: dict[str, Any]) -> object:
    """A parameter of the query as the value that it stands for."""
    readers: dict[str, Callable[[str], object]] = {"integer": int, "boolean": lambda said: said == "true"}
    return readers.get(rule["type"], str)(value)


ASKING = [
    pytest.param(lambda: look("projects"), id="projects"),
    pytest.param(lambda: look("project"), id="project"),
    pytest.param(lambda: look_into(ATOLL), id="branches-and-endpoints"),
    pytest.param(deleted, id="deleted"),
]


@pytest.mark.parametrize("ask", ASKING)
def test_the_client_sends_what_is_documented_and_the_stand_in_answers_so(ask: Any, stand_in: Any) -> None:
    router = stand_in()

    ask()

    assert router.calls
    for call in router.calls:
        shape, sent = documented(call), call.request.url.params
        assert set(sent) <= set(shape["parameters"])
        for name, value in sent.items():
            jsonschema.validate(as_sent(value, shape["parameters"][name]), shape["parameters"][name])
        jsonschema.validate(call.response.json(), shape["response"])
        assert call.request.method == "GET"


@pytest.mark.parametrize("name", LOOKS)
@pytest.mark.parametrize("broken", [*BROKEN, *THROTTLED, LOCKED])
def test_a_broken_answer_is_never_a_fact(name: str, broken: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fixtures.engine.api.eventually", once)
    monkeypatch.setattr("fixtures.neon.projects.eventually", once)
    with respx.mock:
        respx.route(host="console.neon.tech").mock(**said(broken))

        with pytest.raises(Unobservable, match=r"Neon /projects|neon\.tech/api/v2/projects"):
            look(name)


@pytest.mark.parametrize("broken", [*BROKEN, *THROTTLED, LOCKED])
@pytest.mark.parametrize("part", ["branches", "endpoints"])
def test_what_cannot_be_seen_of_a_project_is_said_of_it(
    part: str, broken: Any, stand_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fixtures.engine.api.eventually", once)
    with respx.mock(assert_all_called=False) as router:
        router.get(path=f"/api/v2/projects/{ATOLL}/{part}").mock(**said(broken))
        router.get(path__regex=".*/branches").respond(json={"branches": []})

        seen = look_into(ATOLL).looked[ATOLL]

    assert part in seen.problem or "console.neon.tech" in seen.problem
    assert not seen.branches


@pytest.mark.parametrize("status", [423, 429, 502, 503, 504])
def test_who_is_busy_is_asked_again(status: int, hasty: None) -> None:
    page: dict[str, Any] = {"projects": [], "applications": {}, "integrations": {}}
    with respx.mock:
        route = respx.get(f"{HOST}/projects").mock(
            side_effect=[httpx.Response(status, json={"code": "", "message": "busy"}), httpx.Response(200, json=page)]
        )

        assert look("projects").by_id == {}

    assert route.call_count == 2


@pytest.mark.parametrize("wait", ["60", "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_who_wants_to_be_left_alone_for_long_is(wait: str, hasty: None) -> None:
    with respx.mock:
        route = respx.get(f"{HOST}/projects").respond(429, headers={"retry-after": wait}, json={"message": "no"})

        with pytest.raises(Unobservable, match="429: the rate limit is used up"):
            look("projects")

    assert route.call_count == 1


def test_the_list_is_read_until_a_page_is_empty(stand_in: Any) -> None:
    router = stand_in({"synthetic_projects": 1200})

    seen = look("projects")

    assert len(seen.by_id) == 1204
    assert [len(call.response.json()["projects"]) for call in router.calls] == [400, 400, 400, 4, 0]
    assert "cursor" in router.calls[3].response.json()["pagination"]
    assert seen.requests == 5


def test_a_page_that_names_no_next_one_is_the_last() -> None:
    with respx.mock:
        route = respx.get(f"{HOST}/projects").respond(json={"projects": [item("a")]})

        assert set(look("projects").by_id) == {"a"}

    assert route.call_count == 1


@pytest.mark.parametrize(
    "pages",
    [
        pytest.param([(["a"], "1"), (["b"], "1"), (["c"], "1")], id="the-same-cursor"),
        pytest.param([(["a", "b"], "1"), (["b", "a"], "2"), (["c"], "3")], id="the-same-projects"),
    ],
)
def test_a_list_that_goes_round_in_a_circle_is_told(pages: list[tuple[list[str], str]]) -> None:
    answers = [
        httpx.Response(200, json={"projects": [item(name) for name in names], "pagination": {"cursor": cursor}})
        for names, cursor in pages
    ]
    with respx.mock:
        respx.get(f"{HOST}/projects").mock(side_effect=answers)

        with pytest.raises(Unobservable, match="leads back to the same one"):
            look("projects")


def test_a_list_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch, stand_in: Any) -> None:
    monkeypatch.setattr("fixtures.neon.projects.MOST_PAGES", 2)
    stand_in({"synthetic_projects": 1200})

    with pytest.raises(Unobservable, match="more than 2 pages"):
        look("projects")


def test_details_that_are_late_are_asked_for_again(stand_in: Any, hasty: None) -> None:
    router = stand_in({"unavailable": [ATOLL], "unavailable_times": 1})

    assert ATOLL in look("projects").by_id
    assert {call.request.url.path for call in router.calls} == {"/api/v2/projects"}


def test_details_that_no_list_has_are_asked_for_by_themselves(stand_in: Any, hasty: None) -> None:
    router = stand_in({"unavailable": [ATOLL]})

    assert ATOLL in look("projects").by_id
    assert router.calls[-1].request.url.path == f"/api/v2/projects/{ATOLL}"


def test_a_page_of_which_nothing_is_available_is_not_the_end(stand_in: Any, hasty: None) -> None:
    late = [f"tenant-{number:05}" for number in range(1, 401)]
    stand_in({"synthetic_projects": 500, "unavailable": late, "projects": dict.fromkeys(SEED)})

    with pytest.raises(Unobservable, match=r"400 projects were listed without their details \(tenant-00001, .*, …\)"):
        look("projects")


def test_what_is_deleted_is_listed_apart(stand_in: Any) -> None:
    stand_in({"projects": {ATOLL: {"deleted_at": "now-60s", "recoverable_until": "now+86400s"}}})

    assert ATOLL not in look("projects").by_id
    assert set(deleted()) == {ATOLL}


def test_branches_are_read_to_their_end(stand_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fixtures.neon.branches.PAGE", 1)
    more = {"id": "br-trying", "name": "trying", "default": False, "created_at": "now-60s", "updated_at": "now-60s"}
    router = stand_in({"branches": {ATOLL: {"br-trying": {**more, "protected": False, "current_state": "ready"}}}})

    seen = look_into(ATOLL).looked[ATOLL]

    assert [branch.id for branch in seen.branches] == ["br-atoll-charter", "br-trying"]
    assert len(router.calls) == 3


@pytest.mark.parametrize(
    ("patch", "told"),
    [
        ({"key": {"kind": "project"}}, "403: does NEON_API_KEY have the scope for it.*belongs to one project"),
        ({"organization": {"id": "org-other"}}, "404: .* is org under .neon. right"),
    ],
)
def test_a_key_that_sees_something_else_is_told(patch: Any, told: str, stand_in: Any) -> None:
    stand_in(patch)

    with pytest.raises(Unobservable, match=told):
        look("projects")


def test_a_person_s_key_needs_the_organization(stand_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in()
    monkeypatch.setattr("selftests.neon_asked.ORGANIZATION", "")

    with pytest.raises(Unobservable, match=r"400: .*Then name the organization: org under \[neon\]"):
        look("projects")


@pytest.mark.parametrize("token", ["", "wrong"])
def test_the_stand_in_demands_its_key(token: str, stand_in: Any) -> None:
    stand_in()

    with pytest.raises(Unobservable, match=r"401: is NEON_API_KEY still valid|NEON_API_KEY is not set"):
        look("projects", token)


SEED = ("seed-atoll-charter", "seed-breaker-surf-school", "seed-caros-own", "still-reef-27105544")


def item(name: str) -> dict[str, Any]:
    """A project with what is needed of it."""
    return {
        "id": name, "name": name, "region_id": "aws-eu-central-1", "pg_version": 17, "org_id": ORGANIZATION,
        "proxy_host": "eu-central-1.aws.neon.tech", "created_at": "2026-01-01T00:00:00Z",
    }  # fmt: skip
