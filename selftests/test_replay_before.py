"""Before the first migration, the vault's secrets and `roles.sql` are there, as with the Supabase CLI."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from fixtures import Unobservable
from fixtures.migrations.files import read_sources
from fixtures.workbench.replaying.before import read_before
from fixtures.workbench.replaying.failure import Failure
from fixtures.workbench.replaying.replay import run_files
from selftests.scratch import asked, checkout, scratch
from selftests.throwaway import running

CONFIGURATION = "[db.vault]\napi_key = 'env(KEY)'\n\"it's\" = 'plain'\n"


@pytest.fixture
def database() -> Iterator[str]:
    with running() as server, scratch(server) as conninfo:
        yield conninfo


async def replayed(conninfo: str, place: Path) -> Failure | None:
    connection = await psycopg.AsyncConnection.connect(conninfo, autocommit=True)
    try:
        return await run_files(connection, [*read_before(place), *read_sources(place)])
    finally:
        await connection.close()


def test_roles_and_names_of_secrets_are_there_and_no_value(database: str, tmp_path: Path) -> None:
    place = checkout(
        tmp_path,
        {
            "./config.toml": CONFIGURATION,
            "./roles.sql": "create role of_roles_sql;\n",
            "1_a.sql": "create table public.seen as select name from vault.secrets; grant of_roles_sql to anon;",
        },
    )
    assert asyncio.run(replayed(database, place)) is None
    assert asked(database, "select name from public.seen order by 1") == [("api_key",), ("it's",)]
    assert asked(database, "select version from supabase_migrations.schema_migrations") == [("1",)]
    assert not [source for source in read_before(place) if "plain" in source.text or "KEY" in source.text]


def test_roles_that_fail_are_named(database: str, tmp_path: Path) -> None:
    place = checkout(tmp_path, {"./roles.sql": "select 1;\ngrant nobody_here to postgres;", "1_a.sql": "select 1"})
    failure = asyncio.run(replayed(database, place))
    assert failure is not None
    assert (failure.subject, failure.sqlstate) == ("supabase/roles.sql:2", "42704")


def test_without_these_files_nothing_comes_first(tmp_path: Path) -> None:
    assert read_before(checkout(tmp_path, {"1_a.sql": "select 1"})) == ()


def test_a_broken_configuration_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unobservable, match="mend it"):
        read_before(checkout(tmp_path, {"./config.toml": "[db"}))
