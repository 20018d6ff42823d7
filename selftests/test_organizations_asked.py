"""What people are shown as their organizations: their own, others', nothing; and who is turned away at the door."""

import asyncio
from typing import Any

import httpx
import pytest
import respx

from fixtures import Unobservable
from fixtures.engine.http import Http
from fixtures.graphql.asking import Graphql
from fixtures.sessions.accounts import Accounts, Refusal
from fixtures.sessions.organizations import Asked, ask_for_organizations, visible
from fixtures.sessions.people import Person
from fixtures.sessions.traces import Row

URL = "https://ocean.example"
OWN = {"ada": "0a0a0a0a-0000-4000-8000-000000000001", "bo": "0b0b0b0b-0000-4000-8000-000000000002"}
THIRD = "0c0c0c0c-0000-4000-8000-000000000003"
DENIED = httpx.Response(200, json={"data": None, "errors": [{"message": "Sign in first"}]})


def person(name: str) -> Person:
    key = {"id": OWN[name]}
    return Person(f"{name}@ocean.example", name, name, rows=[Row("public.organizations", key, key)])


def shown(*ids: str) -> httpx.Response:
    return httpx.Response(200, json={"data": {"my_organizations": [{"id": one} for one in ids]}})


def asked(stranger: httpx.Response, **answers: httpx.Response | list[httpx.Response]) -> tuple[Asked, ...]:
    """Ada and Bo sign in with their names as tokens; a list is answered one by one."""
    waiting = {f"Bearer {name}": iter(it if isinstance(it, list) else [it] * 3) for name, it in answers.items()}

    def graphql(request: httpx.Request) -> httpx.Response:
        said = request.headers.get("authorization")
        return stranger if said is None else next(waiting[said])

    def token(request: httpx.Request) -> httpx.Response:
        name = request.content.decode().partition("@")[0].rpartition('"')[2]
        return httpx.Response(200, json={"access_token": name, "refresh_token": "x"})

    respx.post(f"{URL}/auth/v1/token").mock(side_effect=token)
    respx.post(f"{URL}/api/graphql").mock(side_effect=graphql)
    server = Accounts(Http(), URL, "sb_publishable_x", "sb_secret_x")
    people = {name: person(name) for name in answers}
    return asyncio.run(ask_for_organizations(server, Graphql(Http(), f"{URL}/api/graphql", {}, None), "{ x }", people))


def counts(seen: tuple[Asked, ...]) -> list[tuple[int, int]]:
    return [(one.own, one.others) for one in seen]


@respx.mock
@pytest.mark.parametrize(
    "stranger",
    [DENIED, shown(), httpx.Response(401, json={"code": "UNAUTHORIZED_NO_AUTH_HEADER"})],
    ids=["error", "none", "401"],
)
def test_everybody_is_shown_their_own_and_a_stranger_nothing(stranger: httpx.Response) -> None:
    seen = asked(stranger, ada=shown(OWN["ada"]), bo=shown(OWN["bo"]))

    assert counts(seen) == [(0, 0), (1, 0), (1, 0)]
    assert visible(seen, "others") == seen


@respx.mock
def test_an_organization_of_nobody_that_is_known_is_another_s() -> None:
    seen = asked(shown(THIRD), ada=shown(OWN["ada"], THIRD), bo=shown(OWN["bo"]))

    assert counts(seen) == [(0, 1), (1, 1), (1, 0)]


@respx.mock
def test_an_answer_that_is_wrong_once_is_wrong() -> None:
    """A cache shows itself in the second round at the latest: nobody's answer is asked for once only."""
    seen = asked(DENIED, ada=[shown(OWN["ada"]), shown(OWN["ada"]), shown(OWN["bo"])], bo=shown(OWN["bo"]))

    assert counts(seen) == [(0, 0), (0, 1), (1, 0)]


@respx.mock
def test_where_nobody_is_shown_anything_nothing_is_proved() -> None:
    seen = asked(DENIED, ada=shown(), bo=DENIED)

    assert visible(seen, "own") == seen
    with pytest.raises(Unobservable, match="Sign in first"):
        visible(seen, "others")


@respx.mock
def test_who_could_not_sign_up_asks_nothing() -> None:
    refused: Any = person("ada")
    refused.refusal = Refusal(500, "unexpected_failure")
    server = Accounts(Http(), URL, "sb_publishable_x", "sb_secret_x")

    with pytest.raises(Unobservable, match="nobody can be signed up"):
        asyncio.run(ask_for_organizations(server, Graphql(Http(), URL, {}, None), "{ x }", {"ada": refused}))
