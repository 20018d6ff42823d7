"""Read-only mode: switched on when nobody else is at work, and off again whatever happens."""

import asyncio
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from fixtures import Unobservable
from fixtures.readonly.last import LastOfAll
from fixtures.readonly.mode import SETTING, Mode, made_readonly
from selftests.running_sandbox import Sandbox, sandbox


@pytest.fixture(scope="module")
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        yield started


def shown(ocean: Sandbox) -> str:
    """What a new login of the API's is bound by."""
    return str(ocean.rows(f"show {SETTING}", "AUTHENTICATOR_DATABASE_URL")[0][0])


def test_new_logins_are_refused_every_write_and_then_no_longer(ocean: Sandbox) -> None:
    async def drill() -> None:
        async with made_readonly(Mode(ocean.variables["OWNER_DATABASE_URL"])):
            assert shown(ocean) == "on"
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                ocean.rows("create table public.nothing ()", "OWNER_DATABASE_URL")

    asyncio.run(drill())

    assert shown(ocean) == "off"
    assert ocean.rows("select count(*) from pg_db_role_setting where setdatabase <> 0") == [(0,)]


def test_writes_are_allowed_again_when_the_drill_is_cancelled(ocean: Sandbox) -> None:
    async def drill() -> None:
        task = asyncio.ensure_future(forever())
        while shown(ocean) != "on":
            await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert shown(ocean) == "off"

    async def forever() -> None:
        async with made_readonly(Mode(ocean.variables["OWNER_DATABASE_URL"])):
            await asyncio.sleep(60)

    asyncio.run(drill())


def test_the_end_of_the_run_allows_writes_too(ocean: Sandbox) -> None:
    async def drill() -> None:
        mode = Mode(ocean.variables["OWNER_DATABASE_URL"])
        await mode.on()
        await mode.off()
        await mode.off()

    asyncio.run(drill())

    assert shown(ocean) == "off"


def test_who_was_connected_before_and_stays_proves_nothing(ocean: Sandbox) -> None:
    async def drill() -> None:
        async with made_readonly(Mode(ocean.variables["OWNER_DATABASE_URL"])):
            raise AssertionError("a pool that still writes was not seen")

    with psycopg.connect(ocean.variables["AUTHENTICATOR_DATABASE_URL"], application_name="pool") as pool:
        pool.execute("select 1")  # it is in a transaction now, and so not disconnected
        with pytest.raises(Unobservable, match="authenticator was connected before"):
            asyncio.run(drill())
        assert pool.execute(f"show {SETTING}").fetchone() == ("off",)

    assert shown(ocean) == "off"


def test_a_pool_that_is_idle_is_disconnected_and_comes_back_bound(ocean: Sandbox) -> None:
    async def drill() -> None:
        async with made_readonly(Mode(ocean.variables["OWNER_DATABASE_URL"])):
            with pytest.raises(psycopg.OperationalError):
                pool.execute("select 1")
            assert shown(ocean) == "on"

    url = ocean.variables["AUTHENTICATOR_DATABASE_URL"]
    pool = psycopg.connect(url, application_name="pool", autocommit=True)
    asyncio.run(drill())
    pool.close()

    assert shown(ocean) == "off"


def test_who_connected_meanwhile_is_not_left_bound(ocean: Sandbox) -> None:
    async def drill() -> psycopg.Connection[Any]:
        async with made_readonly(Mode(ocean.variables["OWNER_DATABASE_URL"])):
            return psycopg.connect(
                ocean.variables["AUTHENTICATOR_DATABASE_URL"], application_name="pool", autocommit=True
            )

    bound = asyncio.run(drill())
    with pytest.raises(psycopg.OperationalError):
        bound.execute("select 1")
    bound.close()

    assert shown(ocean) == "off"


def test_who_does_not_own_the_database_cannot_switch_it(ocean: Sandbox) -> None:
    with pytest.raises(Unobservable, match="must be owner of database"):
        asyncio.run(Mode(ocean.variables["AUTHENTICATOR_DATABASE_URL"]).on())

    assert shown(ocean) == "off"


def test_the_last_waits_for_all_others_and_is_done_once() -> None:
    order: list[str] = []

    async def others() -> None:
        await asyncio.sleep(0.3)
        order.append("others")

    async def disturbing() -> str:
        order.append("last")
        return "done"

    async def run() -> list[str]:
        everybody: set[asyncio.Task[None]] = set()
        last = LastOfAll(disturbing, everybody)

        async def waits() -> None:
            outcomes.append(await last.outcome())

        outcomes: list[str] = []
        everybody |= {asyncio.ensure_future(waits()), asyncio.ensure_future(others()), asyncio.ensure_future(waits())}
        await asyncio.gather(*everybody)
        return outcomes

    assert asyncio.run(run()) == ["done", "done"]
    assert order == ["others", "last"]


def test_the_last_is_ended_with_the_run_and_puts_everything_back() -> None:
    order: list[str] = []

    async def disturbing() -> None:
        try:
            order.append("on")
            await asyncio.sleep(60)
        finally:
            order.append("off")

    async def run() -> None:
        last = LastOfAll(disturbing, set())
        waiting = asyncio.ensure_future(last.outcome())
        while not order:
            await asyncio.sleep(0.01)
        await last.close()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(run())

    assert order == ["on", "off"]
