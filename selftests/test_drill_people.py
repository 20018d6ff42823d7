"""People of drills: made, looked at, and gone, whatever happens; and what the authentication server may answer."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from fixtures import Unobservable
from fixtures.engine.http import Http
from fixtures.sessions.accounts import Accounts, Refusal
from fixtures.sessions.people import DOMAIN, People, Person
from fixtures.sessions.traces import Traces, traces
from selftests.running_sandbox import Sandbox, sandbox
from selftests.voyage import HOUSE, run, variables

URL = "https://ocean.example"
ADMIN = f"{URL}/auth/v1/admin/users"
CREATES = ("public.profiles", "public.organizations", "public.memberships", "public.provisioning_events")
DRILLS = (
    "checks/authentication/signup_real.py", "checks/authentication/session_refreshes.py",
    "checks/security/queries_apart.py", "checks/recovery/read_only_served.py",
)  # fmt: skip
HERE = f"select count(*) from auth.users where email like '%{DOMAIN}'"
LEFT = """
select json_build_object('users', (select count(*) from auth.users), 'sessions', (select count(*) from auth.sessions),
  'profiles', (select count(*) from public.profiles), 'organizations', (select count(*) from public.organizations),
  'memberships', (select count(*) from public.memberships),
  'events', (select count(*) from public.provisioning_events), 'tokens', (select count(*) from auth.refresh_tokens),
  'settings', (select count(*) from pg_db_role_setting where setdatabase <> 0))
"""


@pytest.fixture(scope="module")
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        yield started


@asynccontextmanager
async def server_of(ocean: Sandbox) -> AsyncIterator[Accounts]:
    """The sandbox's authentication server, asked over real connections."""
    http, said = Http(), ocean.variables
    try:
        yield Accounts(http, said["SUPABASE_URL"], said["SUPABASE_PUBLISHABLE_KEY"], said["SUPABASE_SECRET_KEY"])
    finally:
        await http.close()


@asynccontextmanager
async def people_of(ocean: Sandbox) -> AsyncIterator[tuple[People, Traces]]:
    """Nobody yet, and whoever is still there at the end is told by the tests."""
    async with server_of(ocean) as server, traces(ocean.variables["OWNER_DATABASE_URL"], CREATES) as watched:
        made = People(server, {"organization": "Drill"})
        try:
            yield made, watched
        finally:
            await made.sweep()


def test_a_person_s_rows_are_found_and_nobody_else_s_and_all_is_taken_away(ocean: Sandbox) -> None:
    async def drill() -> tuple[Person, Person]:
        async with people_of(ocean) as (made, watched), made.somebody(watched) as one, made.somebody(watched) as other:
            return one, other

    before = ocean.rows(LEFT)
    one, other = asyncio.run(drill())

    assert [row.table for row in one.rows] == [row.table for row in other.rows] == list(CREATES)
    assert not [row for row in one.rows if row in other.rows]
    assert ocean.rows(LEFT) == before


def test_a_person_is_taken_away_when_the_drill_fails(ocean: Sandbox) -> None:
    async def drill() -> None:
        async with people_of(ocean) as (made, watched), made.somebody(watched):
            assert ocean.rows(HERE) == [(1,)]
            raise Unobservable("the drill's own")

    before = ocean.rows(LEFT)
    with pytest.raises(Unobservable, match="the drill's own"):
        asyncio.run(drill())

    assert ocean.rows(LEFT) == before


def test_a_person_is_taken_away_when_the_drill_is_cancelled(ocean: Sandbox) -> None:
    async def drill() -> None:
        async with people_of(ocean) as (made, watched):
            task = asyncio.ensure_future(forever(made, watched))
            while ocean.rows(HERE) != [(1,)]:
                await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert ocean.rows(HERE) == [(0,)]

    async def forever(made: People, watched: Traces) -> None:
        async with made.somebody(watched):
            await asyncio.sleep(60)

    before = ocean.rows(LEFT)
    asyncio.run(drill())

    assert ocean.rows(LEFT) == before


def test_a_person_whose_answer_got_lost_is_found_again(ocean: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Accounts.create

    async def lost(self: Accounts, *given: Any) -> str | Refusal:
        await real(self, *given)
        assert ocean.rows(HERE) == [(1,)]
        raise Unobservable("the connection was closed")

    async def drill() -> None:
        async with people_of(ocean) as (made, watched), made.somebody(watched):
            raise AssertionError("nobody was made")

    monkeypatch.setattr(Accounts, "create", lost)
    with pytest.raises(Unobservable, match="connection was closed"):
        asyncio.run(drill())

    assert ocean.rows(HERE) == [(0,)]


def test_who_could_not_be_taken_away_is_told_by_address(ocean: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stays(self: Accounts, account: str) -> Refusal | None:
        return Refusal(500, "unexpected_failure")

    async def drill() -> None:
        async with people_of(ocean) as (made, watched):
            with monkeypatch.context() as patched:
                patched.setattr(Accounts, "delete", stays)
                with pytest.raises(Unobservable, match=rf"drill-\w+@{DOMAIN} could not be taken away .*auth\.users"):
                    async with made.somebody(watched):
                        pass

    asyncio.run(drill())

    assert ocean.rows(HERE) == [(0,)]  # the end of the run tried once more


def test_a_whole_run_of_drills_leaves_nothing(ocean: Sandbox, tmp_path: Path) -> None:
    before = ocean.rows(LEFT)
    command = [
        sys.executable,
        "-m",
        "pytest",
        *DRILLS,
        "--report",
        str(tmp_path),
        "-o",
        f"cache_dir={tmp_path / 'cache'}",
    ]

    voyage = run(command, tmp_path, 120, ocean.variables)

    assert len(voyage.ids("verified")) == 14, voyage.output
    assert voyage.exit == 0, voyage.output
    assert ocean.rows(LEFT) == before


def test_a_run_that_is_interrupted_takes_its_people_away(ocean: Sandbox, tmp_path: Path) -> None:
    declared = (HOUSE / "fixtures" / "environments" / "local.toml").read_text(encoding="utf-8")
    patient = tmp_path / "patient.toml"
    patient.write_text(declared.replace("reuse_interval = 1 ", "reuse_interval = 50 "), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", DRILLS[1], "--env-file", str(patient), "--report", str(tmp_path)]
    before = ocean.rows(LEFT)

    with subprocess.Popen(command, cwd=HOUSE, env={**variables(), **ocean.variables}, stdout=subprocess.DEVNULL) as run:
        while ocean.rows("select count(*) from auth.refresh_tokens") < [(3,)] and run.poll() is None:
            time.sleep(0.1)
        assert ocean.rows(HERE) == [(1,)]
        run.send_signal(signal.SIGINT)
        assert run.wait(30) == 2

    assert ocean.rows(LEFT) == before
