"""The roads to a database: a real PgBouncer in transaction mode, certificates that are verified, hosts out of reach."""

import asyncio
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from fixtures.activity.counting import read_counting, read_statements
from fixtures.activity.leftovers import read_leftovers
from fixtures.activity.room import read_ages, read_sequences, read_slots
from fixtures.activity.sessions import read_activity
from fixtures.activity.stuck import read_prepared
from fixtures.activity.unfinished import read_constraints, read_indexes
from fixtures.facts import Unobservable
from fixtures.plans.live import read_schema
from fixtures.postgres.limits import Limits
from fixtures.postgres.reading import Reading
from fixtures.postgres.roads import travel
from fixtures.postgres.unreachable import unreachable
from selftests.pooler import Pooler, free_port, needs_pgbouncer, pgbouncer, write_certificate
from selftests.running_sandbox import Sandbox, sandbox
from selftests.voyage import HOUSE, run, variables

T = TypeVar("T")
LOOK_OVER_IPV6 = """
import asyncio
from fixtures import Unobservable
from fixtures.postgres.reading import Reading
try:
    asyncio.run(Reading("host=db.ocean.invalid hostaddr=2001:db8::1 user=postgres", "the database").rows("select 1"))
except Unobservable as problem:
    print(problem)
"""
LOGINS = ("DATABASE_URL", "AUTHENTICATOR_DATABASE_URL", "STAGING_DATABASE_URL")
LIMITS = Limits(statement_calls=0)
LOOKS: dict[str, Callable[[Reading], Awaitable[object]]] = {
    "activity": read_activity,
    "leftovers": lambda reading: read_leftovers(reading, LIMITS),
    "ages": lambda reading: read_ages(reading, LIMITS, multixacts=False),
    "sequences": lambda reading: read_sequences(reading, LIMITS, frozenset()),
    "slots": lambda reading: read_slots(reading, LIMITS),
    "prepared": lambda reading: read_prepared(reading, LIMITS),
    "indexes": read_indexes,
    "constraints": read_constraints,
    "schema": read_schema,
    "counting": read_counting,
}


@pytest.fixture(scope="module")
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        with psycopg.connect(started.variables["ADMIN_DATABASE_URL"], autocommit=True) as admin:
            admin.execute("create role looker login superuser password 'looker'; create table public.t (id integer)")
        yield started


@pytest.fixture(scope="module")
def server(ocean: Sandbox) -> dict[str, str]:
    given = conninfo_to_dict(ocean.variables["ADMIN_DATABASE_URL"])
    return {name: str(value) for name, value in given.items()}


@pytest.fixture(scope="module")
def pooler(server: dict[str, str]) -> Iterator[Pooler]:
    with (
        tempfile.TemporaryDirectory() as folder,
        pgbouncer(Path(folder), int(server["port"]), {"looker": "looker"}) as started,
    ):
        yield started


@pytest.fixture
def through(pooler: Pooler) -> str:
    return pooler.conninfo("looker", "looker")


def seen(reading: Reading, *looks: Callable[[Reading], Awaitable[T]]) -> list[T]:
    """What several looks at one database find, at once and then once more."""

    async def look() -> list[T]:
        try:
            await asyncio.gather(*(each(reading) for each in looks))
            return [await each(reading) for each in looks]
        finally:
            reading.close()

    return asyncio.run(look())


def why_not(conninfo: str) -> str:
    with pytest.raises(Unobservable) as caught:
        seen(Reading(conninfo, "the database"), lambda reading: reading.rows("select 1"))
    return str(caught.value)


@needs_pgbouncer
@pytest.mark.parametrize("name", LOOKS)
@pytest.mark.parametrize("keeps", [True, False], ids=["kept", "each-its-own"])
def test_looks_work_through_a_pooler_in_transaction_mode(name: str, keeps: bool, through: str) -> None:
    direct, pooled = (Reading(through, "it", keeps=keeps) for _ in range(2))

    assert len(seen(pooled, LOOKS[name], LOOKS[name])) == len(seen(direct, LOOKS[name], LOOKS[name])) == 2


@needs_pgbouncer
def test_statements_are_counted_and_planned_through_a_pooler(through: str) -> None:
    async def look(reading: Reading) -> tuple[float, ...]:
        await read_statements(reading, await read_counting(reading), LIMITS)
        by_value = await reading.explained("select id from public.t where id = 1", role="looker")
        generic = await reading.explained("select id from public.t where id = $1", role="looker", generic=True)
        return by_value["Total Cost"], generic["Total Cost"]

    assert all(cost > 0 for costs in seen(Reading(through, "it", keeps=True), look, look) for cost in costs)


def test_too_few_statements_say_nothing(server: dict[str, str]) -> None:
    async def look(reading: Reading) -> object:
        return await read_statements(reading, await read_counting(reading), Limits(statement_calls=10**9))

    with pytest.raises(Unobservable, match="say nothing about which statement is slow"):
        seen(Reading(make_conninfo(**server), "it"), look)


@needs_pgbouncer
def test_what_a_look_sets_is_gone_for_the_pooler_s_next_client(through: str) -> None:
    async def look(reading: Reading) -> dict[str, object]:
        return await reading.explained("select id from public.t", role="anon", claims='{"sub":"x"}', scans=False)

    assert seen(Reading(through, "it", keeps=True), look)
    with psycopg.connect(through, autocommit=True) as client:
        found = client.execute(
            "select current_user::text, current_setting('search_path'), current_setting('enable_seqscan'),"
            " coalesce(current_setting('request.jwt.claims', true), ''), current_setting('transaction_read_only')"
        ).fetchone()
    assert found == ("looker", '"$user", public', "on", "", "off")


@needs_pgbouncer
def test_the_whole_smoke_works_through_a_pooler(tmp_path: Path) -> None:
    with sandbox() as ocean, tempfile.TemporaryDirectory() as folder:
        named = {name: conninfo_to_dict(ocean.variables[name]) for name in LOGINS}
        passwords = {str(each["user"]): str(each["password"]) for each in named.values()}
        port = int(str(conninfo_to_dict(ocean.variables["ADMIN_DATABASE_URL"])["port"]))
        with pgbouncer(Path(folder), port, passwords, pool_size=2) as pooler:
            urls = {
                name: pooler.conninfo(str(each["user"]), str(each["password"]), str(each["dbname"]))
                for name, each in named.items()
            }
            given = [f"{name}={value}" for name, value in {**ocean.variables, **urls}.items()]
            command = ["env", *given, sys.executable, "-m", "pytest", "-m", "prod-smoke", "--env", "local"]
            voyage = run([*command, "--report", str(tmp_path), "-o", f"cache_dir={tmp_path / 'cache'}"], tmp_path, 120)

    assert voyage.ids("blind", "crashed", "violated") == set(), voyage.output
    assert {"connections_free[server]", "live_queries_use_index[busiest]", "no_drift[tables]"} <= voyage.ids("verified")


@needs_pgbouncer
def test_a_verified_certificate_of_a_private_authority(pooler: Pooler, through: str) -> None:
    road = asyncio.run(travel("transaction-pooler", {"transaction-pooler": through}))

    assert (road.is_open, road.encrypted, road.sslmode, road.read_only) == (True, True, "verify-full", True)
    assert road.beyond == "no TLS"  # between the pooler and this Postgres


@needs_pgbouncer
def test_a_certificate_of_another_authority(pooler: Pooler, tmp_path: Path) -> None:
    write_certificate(tmp_path, "127.0.0.1")

    said = why_not(pooler.conninfo("looker", "looker", sslrootcert=str(tmp_path / "authority.pem")))

    assert said.startswith("the database cannot be reached: ")
    assert "certificate verify failed" in said
    assert "name the project's CA" in said


@needs_pgbouncer
def test_a_certificate_that_was_made_out_to_another_host(pooler: Pooler) -> None:
    said = why_not(pooler.conninfo("looker", "looker", host="elsewhere.invalid", hostaddr="127.0.0.1"))

    assert "does not match host name" in said
    assert "is this the host that is meant?" in said


def test_a_server_without_tls(server: dict[str, str]) -> None:
    assert "turn SSL on" in why_not(make_conninfo(**{**server, "sslmode": "require"}))


def test_a_host_with_an_ipv6_address_only_names_the_pooler() -> None:
    network_of_its_own = ["unshare", "--net", "--map-root-user"]  # with no way to anywhere
    if shutil.which("unshare") is None or subprocess.run([*network_of_its_own, "true"], check=False).returncode:
        pytest.skip("no network of one's own can be made here (unshare)")
    ended = subprocess.run(
        [*network_of_its_own, sys.executable, "-c", LOOK_OVER_IPV6],
        cwd=HOUSE, env=variables(), capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip

    assert "its host has only an IPv6 address, and this machine no way there" in ended.stdout
    assert "pooler.supabase.com:5432" in ended.stdout


@pytest.mark.parametrize(("address", "named"), [("2001:db8::1", True), ("192.0.2.1", False), ("", False)])
def test_the_pooler_is_named_for_ipv6_alone(address: str, named: bool) -> None:
    problem = psycopg.OperationalError("connection failed: Network is unreachable\n\tIs the server running?")

    said = asyncio.run(unreachable("the database", f"hostaddr={address or '::1,127.0.0.1'}", problem))

    assert ("only an IPv6 address" in said) is named
    assert said.startswith("the database cannot be reached: connection failed: Network is unreachable")


def test_a_closed_road_is_known_by_another_that_is_open(server: dict[str, str]) -> None:
    open_road, closed = make_conninfo(**server), make_conninfo(**{**server, "port": str(free_port())})

    road = asyncio.run(travel("session-pooler", {"direct": open_road, "session-pooler": closed}))

    assert not road.is_open
    assert "Connection refused" in road.problem


def test_a_server_that_takes_no_more_connections_is_known_to(server: dict[str, str]) -> None:
    with psycopg.connect(make_conninfo(**server), autocommit=True) as admin:
        admin.execute("create role crowded login password 'crowded' connection limit 0")

    crowded = make_conninfo(**{**server, "user": "crowded", "password": "crowded"})
    road = asyncio.run(travel("direct", {"direct": crowded}))

    assert not road.is_open
    assert "too many connections" in road.problem


def test_when_no_road_is_open_nothing_is_known_of_any(server: dict[str, str]) -> None:
    closed = make_conninfo(**{**server, "port": str(free_port())})

    with pytest.raises(Unobservable, match="no other road is open"):
        asyncio.run(travel("direct", {"direct": closed, "session-pooler": closed}))
