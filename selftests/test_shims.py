"""Every stand-in extension installs as the real one does, and says in the database what it only pretends."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from selftests.stand_in_servers import ENGINES, asked, connected, hosted, scratch
from selftests.voyage import HOUSE

EXTENSIONS = HOUSE / "baseline" / "extensions"
NAMES = sorted(path.stem for path in EXTENSIONS.glob("*.control"))
NEEDED = {
    "hypopg", "http", "index_advisor", "pg_cron", "pg_graphql", "pg_hashids", "pg_jsonschema", "pg_net", "pg_tle",
    "pgcrypto", "pgjwt", "pgmq", "pgsodium", "plpgsql_check", "supabase_vault", "timescaledb", "uuid-ossp", "wrappers",
}  # fmt: skip
"""What real projects ask for and a plain server lacks."""
FIXED = ("pg_graphql", "pg_tle", "pgmq", "pgsodium", "supabase_vault")
"""Those that insist on a schema of their own, as the real ones."""


Connection = psycopg.Connection[Any]


@pytest.fixture(scope="module", params=ENGINES)
def both(request: pytest.FixtureRequest) -> Iterator[tuple[Connection, Connection]]:
    """Connections to one database with the baseline: as a project's owner, no superuser, and as the platform."""
    with (
        hosted(request.param) as server,
        scratch(server) as owner,
        connected(server, "supabase_admin", "scratch") as admin,
    ):
        yield owner, admin


@pytest.fixture
def owner(both: tuple[Connection, Connection]) -> Iterator[Connection]:
    with both[0].transaction(force_rollback=True):
        yield both[0]


@pytest.fixture
def admin(both: tuple[Connection, Connection]) -> Iterator[Connection]:
    with both[1].transaction(force_rollback=True):
        yield both[1]


def scripts(name: str) -> list[Path]:
    return sorted(EXTENSIONS.glob(f"{name}--*.sql"))


def ours(owner: Connection, name: str) -> bool:
    comment = asked(owner, f"select comment from pg_available_extensions where name = '{name}'")
    return str(comment).startswith("stand-in")


def test_there_is_a_stand_in_for_what_projects_ask_for() -> None:
    assert set(NAMES) >= NEEDED


@pytest.mark.parametrize("name", FIXED)
def test_it_insists_on_a_schema_of_its_own(name: str, admin: Connection) -> None:
    admin.execute(f'drop extension if exists "{name}" cascade'.encode())

    with pytest.raises(psycopg.errors.FeatureNotSupported, match="must be installed in schema"):
        admin.execute(f'create extension "{name}" with schema extensions'.encode())


@pytest.mark.parametrize(
    ("name", "where"),
    [(name, "") for name in NAMES]
    + [(name, " with schema extensions") for name in NAMES if name not in FIXED]
    + [("pg_cron", " with schema pg_catalog"), ("pg_net", " with schema public")],
)
def test_it_installs(name: str, where: str, owner: Connection) -> None:
    owner.execute(f'create extension if not exists "{name}"{where} cascade'.encode())

    assert asked(owner, f"select count(*) from pg_extension where extname = '{name}'") == 1


@pytest.mark.parametrize("name", NAMES)
def test_it_goes_again_without_a_trace(name: str, admin: Connection) -> None:
    admin.execute(f'drop extension if exists "{name}" cascade'.encode())
    places = "select array_agg(nspname::text order by nspname) from pg_namespace where nspname !~ '^pg_'"
    before = asked(admin, places)

    admin.execute(f'create extension "{name}" cascade; drop extension "{name}" cascade'.encode())

    # as with the real ones: CREATE EXTENSION makes the schema that the control file names, and DROP leaves it
    assert set(asked(admin, places)) - set(before) <= {"pgmq", "pgtle"}


@pytest.mark.parametrize("name", NAMES)
def test_what_it_pretends_is_said_beside_the_object(name: str, owner: Connection) -> None:
    if not ours(owner, name):
        pytest.skip("the server has the real one")
    owner.execute(f'create extension if not exists "{name}" cascade'.encode())
    said = asked(
        owner,
        "select count(*) from pg_description d join pg_depend m on m.classid = d.classoid and m.objid = d.objoid"
        f" join pg_extension e on e.oid = m.refobjid and m.deptype = 'e' and e.extname = '{name}'"
        " where d.description like 'pretends: %'",
    )
    admits = any(re.search(r"\bpretends\b", path.read_text()) for path in scripts(name))

    assert bool(said) == admits


@pytest.mark.parametrize("name", ["pgmq", "pgsodium"])
def test_its_own_schema_may_be_there_before(name: str, owner: Connection) -> None:
    owner.execute(
        f"create schema if not exists {name}; create extension if not exists {name} with schema {name}".encode()
    )

    assert asked(owner, f"select extnamespace::regnamespace::text from pg_extension where extname = '{name}'") == name


@pytest.mark.parametrize(("name", "schema"), [("pg_cron", "cron"), ("pg_net", "net")])
def test_a_schema_that_the_script_makes_goes_with_the_extension(name: str, schema: str, admin: Connection) -> None:
    admin.execute(f"drop extension if exists {name}; create extension {name}".encode())
    member = f"select d.deptype::text from pg_depend d where d.objid = '{schema}'::regnamespace and d.deptype = 'e'"

    assert asked(admin, member) == "e"


def test_what_is_neither_there_nor_stood_in_for_fails_in_postgres_s_words(owner: Connection) -> None:
    with pytest.raises(psycopg.errors.FeatureNotSupported, match='extension "plv8" is not available'):
        owner.execute("create extension plv8")


def test_an_installed_tle_is_listed(owner: Connection) -> None:
    owner.execute("create extension pg_tle; select pgtle.install_extension('sails', '0.1', 'Sails', 'select 1')")

    assert asked(owner, "select default_version from pgtle.available_extensions() where name = 'sails'") == "0.1"
    with pytest.raises(psycopg.errors.DuplicateObject, match="control file already exists for the sails extension"):
        owner.execute("select pgtle.install_extension('sails', '0.1', 'Sails', 'select 1')")


def test_a_wrapper_s_server_and_table_can_be_made_and_not_read(admin: Connection) -> None:
    admin.execute(
        "create extension wrappers with schema extensions;"
        "create foreign data wrapper stripe_wrapper handler extensions.stripe_fdw_handler"
        " validator extensions.stripe_fdw_validator;"
        "create server stripe foreign data wrapper stripe_wrapper options (api_key_id 'key', api_url 'https://x.example');"
        "create foreign table public.products (id text) server stripe options (object 'products')"
    )

    with pytest.raises(psycopg.Error, match="user mapping not found"):
        admin.execute("select * from public.products")


def test_a_hypertable_stays_a_table(owner: Connection) -> None:
    owner.execute(
        "create extension timescaledb with schema extensions; create table public.winds (at timestamptz, mps float)"
    )

    assert asked(owner, "select table_name from extensions.create_hypertable('public.winds', 'at')") == "winds"
    day = asked(
        owner, "select time_bucket('1 day', timestamptz '2026-03-04 15:00+00')::timestamptz = '2026-03-04 00:00+00'"
    )
    assert day is True
