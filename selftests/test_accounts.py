"""The authentication server's answers: refusals with their code, answers of others, and old refresh tokens."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import respx

from fixtures import Unobservable
from fixtures.engine.http import Http
from fixtures.keys.accepting import Gateway
from fixtures.sessions.accounts import Accounts, Refusal, Tokens
from fixtures.sessions.session import Session, seen_at, watch_session
from selftests.broken_answers import BROKEN, THROTTLED, said

URL = "https://ocean.example"
ADMIN = f"{URL}/auth/v1/admin/users"


def accounts() -> Accounts:
    return Accounts(Http(), URL, "sb_publishable_x", "sb_secret_x")


Ask = Callable[[Accounts], Any]
ASKED: dict[str, tuple[str, str, Ask]] = {
    "create": ("POST", ADMIN, lambda server: server.create("a@b.example", "x", {})),
    "delete": ("DELETE", f"{ADMIN}/one", lambda server: server.delete("one")),
    "newest": ("GET", ADMIN, lambda server: server.newest()),
    "sign-in": ("POST", f"{URL}/auth/v1/token", lambda server: server.sign_in("a@b.example", "x")),
    "refresh": ("POST", f"{URL}/auth/v1/token", lambda server: server.refresh("x")),
    "knows": ("GET", f"{URL}/auth/v1/user", lambda server: server.knows("x")),
}
REFUSALS = ("401", "403", "404")
"""Broken answers that may as well be the server's own refusal of a question."""


@respx.mock
@pytest.mark.parametrize("broken", [each for each in [*BROKEN, *THROTTLED] if each.id not in REFUSALS])
@pytest.mark.parametrize("asked", ASKED)
def test_an_answer_that_is_not_the_server_s_leaves_nothing_to_say(asked: str, broken: Any) -> None:
    method, url, ask = ASKED[asked]
    respx.route(method=method, url__startswith=url).mock(**said(broken))
    if asked == "delete" and getattr(broken, "status_code", 0) in (200, 204):
        return  # it answers {}, and only says that it is done

    with pytest.raises(Unobservable, match=r"/auth/v1/"):
        asyncio.run(ask(accounts()))


@respx.mock
@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_may_not_manage_accounts_is_named(status: int) -> None:
    respx.post(ADMIN).mock(
        return_value=httpx.Response(status, json={"code": status, "error_code": "not_admin", "msg": "no"})
    )

    with pytest.raises(Unobservable, match=r"is \[keys\] secret this project's"):
        asyncio.run(accounts().create("a@b.example", "x", {}))


@respx.mock
def test_a_refusal_is_told_with_its_code() -> None:
    answer = httpx.Response(500, json={"code": 500, "error_code": "unexpected_failure", "msg": "Database error"})
    respx.post(ADMIN).mock(return_value=answer)

    assert str(asyncio.run(accounts().create("a@b.example", "x", {}))) == "500 unexpected_failure (Database error)"


class Forgiving:
    """GoTrue's two generations of refresh tokens, told by counting: what it forgives, and for how long."""

    def __init__(self, strict: bool) -> None:
        self.current = 0
        self.strict = strict
        self.shown: list[int] = []

    async def sign_in(self, email: str, password: str) -> Tokens:
        return Tokens("access", "0")

    async def refresh(self, token: str) -> Tokens | Refusal:
        number = int(token)
        self.shown.append(number)
        if number == self.current:
            self.current += 1
        elif self.strict and self.current - number > 1:
            return Refusal(400, "refresh_token_already_used")
        return Tokens("access", str(self.current))

    async def knows(self, token: str) -> None:
        return None


@pytest.mark.parametrize(("strict", "reused"), [(True, False), (False, True)])
@respx.mock
def test_the_token_before_the_current_one_is_not_shown_again_since_it_is_forgiven(strict: bool, reused: bool) -> None:
    respx.get(url__startswith=f"{URL}/rest/v1/").mock(return_value=httpx.Response(404, json={"code": "PGRST205"}))
    server: Any = Forgiving(strict)
    person: Any = type("Person", (), {"email": "a@b.example", "password": "x"})
    seen = asyncio.run(watch_session(server, Gateway(Http(), URL, "sb_publishable_x"), person, 0.0))

    assert server.shown == [0, 1, 0]
    assert seen == Session(refreshed="", reused=reused, waited=0.5, refused_by_auth="", refused_by_api=False)


def test_a_step_that_was_not_come_to_is_not_judged() -> None:
    with pytest.raises(Unobservable, match="cannot be refreshed"):
        seen_at(Session(refreshed="400 x"), "accepted-by-api")
    with pytest.raises(Unobservable, match="a second time"):
        seen_at(Session(refreshed="", refused_by_auth="", refused_by_api=False), "old-refused")
