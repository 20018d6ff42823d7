"""People of drills: made, looked at, and gone, whatever happens; and what the authentication server may answer."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from fixtures import Unobservable
from fixtures.engine.http import Http
from fixtures.keys.accepting import Gateway
from fixtures.sessions.accounts import Accounts, Refusal, Tokens
from fixtures.sessions.people import DOMAIN, People
from fixtures.sessions.session import Session, seen_at, watch_session
from fixtures.sessions.traces import Traces, traces
from selftests.broken_answers import BROKEN, THROTTLED, said
from selftests.running_sandbox import Sandbox, sandbox
from selftests.voyage import run

URL = "https://ocean.example"
ADMIN = f"{URL}/auth/v1/admin/users"
CREATES = ("public.profiles", "public.organizations", "public.memberships", "public.provisioning_events")
DRILLS = (
    "checks/authentication/signup_real.py", "checks/authentication/session_refreshes.py",
    "checks/security/queries_apart.py", "checks/recovery/read_only_served.py",
)  # fmt: skip
LEFT = """
select json_build_object('users', (select count(*) from auth.users), 'sessions', (select count(*) from auth.sessions),
  'profiles', (select count(*) from public.profiles), 'organizations', (select count(*) from public.organizations),
  'memberships', (select count(*) from public.memberships), 'audit', (select count(*) from public.audit_log),
  'events', (select count(*) from public.provisioning_events), 'tokens', (select count(*) from auth.refresh_tokens),
  'settings', (select count(*) from pg_db_role_setting where setdatabase <> 0))
"""


@pytest.fixture(scope="module")
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        yield started


def accounts_of(ocean: Sandbox) -> Accounts:
    key = ocean.variables["SUPABASE_SECRET_KEY"]
    return Accounts(Http(), ocean.variables["SUPABASE_URL"], ocean.variables["SUPABASE_PUBLISHABLE_KEY"], key)


def accounts() -> Accounts:
    return Accounts(Http(), URL, "sb_publishable_x", "sb_secret_x")


@asynccontextmanager
async def a_person(ocean: Sandbox, made: People) -> AsyncIterator[tuple[str, Traces]]:
    async with traces(ocean.variables["OWNER_DATABASE_URL"], CREATES) as watched, made.somebody(watched) as person:
        yield person.account, watched


def test_a_person_s_rows_are_found_and_nobody_else_s_and_all_is_taken_away(ocean: Sandbox) -> None:
    async def drill() -> list[str]:
        made = People(accounts_of(ocean), {"organization": "Drill"})
        async with traces(ocean.variables["OWNER_DATABASE_URL"], CREATES) as watched:
            async with made.somebody(watched) as one, made.somebody(watched) as other:
                assert {row.table for row in one.rows} == set(CREATES)
                assert not {row.values.get("id") for row in one.rows} & {row.values.get("id") for row in other.rows}
                return [row.table for row in other.rows]

    before = ocean.rows(LEFT)

    assert asyncio.run(drill()) == list(CREATES)
    assert ocean.rows(LEFT) == before


@pytest.mark.parametrize("end", ["error", "cancelled"])
def test_a_person_is_taken_away_when_the_drill_breaks_off(end: str, ocean: Sandbox) -> None:
    async def drill() -> None:
        async with a_person(ocean, People(accounts_of(ocean), {})):
            assert ocean.rows(f"select count(*) from auth.users where email like '%{DOMAIN}'") == [(1,)]
            if end == "error":
                raise Unobservable("the drill's own")
            await asyncio.sleep(60)

    async def run() -> None:
        async with asyncio.timeout(1.5):
            await drill()

    before = ocean.rows(LEFT)
    with pytest.raises(TimeoutError if end == "cancelled" else Unobservable):
        asyncio.run(run())

    assert ocean.rows(LEFT) == before


def test_a_person_whose_answer_got_lost_is_found_again(ocean: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Accounts.create

    async def lost(self: Accounts, *given: Any) -> str | Refusal:
        await real(self, *given)
        raise Unobservable("the connection was closed")

    async def drill() -> None:
        async with a_person(ocean, People(accounts_of(ocean), {})):
            raise AssertionError("nobody was made")

    monkeypatch.setattr(Accounts, "create", lost)
    with pytest.raises(Unobservable, match="connection was closed"):
        asyncio.run(drill())

    assert ocean.rows(f"select count(*) from auth.users where email like '%{DOMAIN}'") == [(0,)]


def test_who_could_not_be_taken_away_is_told_by_address(ocean: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stays(self: Accounts, account: str) -> Refusal | None:
        return Refusal(500, "unexpected_failure")

    async def drill() -> None:
        made = People(accounts_of(ocean), {})
        try:
            with monkeypatch.context() as patched:
                patched.setattr(Accounts, "delete", stays)
                async with a_person(ocean, made):
                    pass
        finally:
            await made.sweep()

    with pytest.raises(Unobservable, match=rf"drill-\w+@{DOMAIN} could not be taken away .*auth\.users"):
        asyncio.run(drill())

    assert ocean.rows(f"select count(*) from auth.users where email like '%{DOMAIN}'") == [(0,)]


def test_a_whole_run_of_drills_leaves_nothing(ocean: Sandbox, tmp_path: Path) -> None:
    before = ocean.rows(LEFT)
    command = [sys.executable, "-m", "pytest", *DRILLS, "--report", str(tmp_path), "-o", f"cache_dir={tmp_path / 'cache'}"]

    voyage = run(command, tmp_path, 120, ocean.variables)

    assert len(voyage.ids("verified")) == 14, voyage.output
    assert voyage.exit == 0, voyage.output
    assert ocean.rows(LEFT) == before


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
    respx.post(ADMIN).mock(return_value=httpx.Response(status, json={"code": status, "error_code": "not_admin", "msg": "no"}))

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

