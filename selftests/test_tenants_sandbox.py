"""The sandbox's tenants, from outside: their server starts when it is asked, TLS only, and each for itself."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from selftests.running_sandbox import Sandbox, family, sandbox
from selftests.tenant_fleet import fleet

SLUGS = ("atoll-charter", "breaker-surf-school", "caros-own")


@pytest.fixture(scope="module")
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        yield started


def host_of(slug: str) -> str:
    return f"ep-{slug}.eu-central-1.aws.neon.example"


def asked(ocean: Sandbox, slug: str, query: str, **more: Any) -> list[Any]:
    """As the login that looks, over verified TLS."""
    known = ocean.variables
    address, _, port = known["TENANT_ADDRESS"].rpartition(":")
    usual = {
        "host": host_of(slug), "hostaddr": address, "port": port, "user": "seatrial_reader", "dbname": "neondb",
        "passfile": known["TENANT_PGPASSFILE"], "sslmode": "verify-full", "sslrootcert": known["TENANT_CA"],
    }  # fmt: skip
    with psycopg.connect(**{**usual, **more}) as connection:
        return connection.execute(query.encode()).fetchall()


def postgres_servers(ocean: Sandbox) -> int:
    """Those of the sandbox: the one that has the folder of the data as an argument."""
    lines = []
    for number in family(ocean.process.pid):
        try:
            lines.append(Path(f"/proc/{number}/cmdline").read_bytes())
        except OSError:
            continue
    return sum(b"\0-D\0" in line for line in lines)


def test_the_server_is_started_when_somebody_asks() -> None:
    with sandbox() as ocean:
        assert postgres_servers(ocean) == 1

        assert {asked(ocean, slug, "select current_setting('neon.project_id')")[0] for slug in SLUGS} == {
            (f"seed-{slug}",) for slug in SLUGS
        }

        assert postgres_servers(ocean) == 2


def test_each_has_a_password_of_its_own_and_nobody_else_may_read_them(ocean: Sandbox) -> None:
    file = Path(ocean.variables["TENANT_PGPASSFILE"])
    lines = file.read_text(encoding="utf-8").splitlines()
    passwords = [line.rpartition(":")[2] for line in lines]

    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert [line.rpartition(":")[0] for line in lines] == [
        f"{host_of(slug)}:*:neondb:seatrial_reader" for slug in SLUGS
    ]
    assert len(set(passwords)) == len(SLUGS)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        asked(ocean, SLUGS[0], "select 1", password=passwords[1])
    assert not any(secret in "\n".join(ocean.lines) for secret in passwords)


@pytest.mark.parametrize("query", ["select * from public.boats", "select * from public.charters"])
def test_the_login_that_looks_sees_no_row_of_a_customer(ocean: Sandbox, query: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        asked(ocean, SLUGS[0], query)


def test_it_cannot_write(ocean: Sandbox) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        asked(ocean, SLUGS[0], "create table public.mine (id int)")


def test_no_other_database_of_the_server_is_reached(ocean: Sandbox) -> None:
    line = Path(ocean.variables["TENANT_PGPASSFILE"]).read_text(encoding="utf-8").splitlines()[0]
    for name in ("postgres", "template1", f"{SLUGS[1]}/neondb"):
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            asked(ocean, SLUGS[0], "select 1", dbname=name, password=line.rpartition(":")[2])


def test_without_tls_nobody_comes_in(ocean: Sandbox) -> None:
    with pytest.raises(psycopg.OperationalError, match="connection is insecure"):
        asked(ocean, SLUGS[0], "select 1", sslmode="disable")


def test_a_name_that_nobody_has(ocean: Sandbox) -> None:
    with pytest.raises(psycopg.OperationalError, match="requested endpoint could not be found"):
        asked(ocean, "nobody", "select 1")


def test_the_certificate_is_for_these_names_alone(ocean: Sandbox) -> None:
    with pytest.raises(psycopg.OperationalError, match="does not match host name"):
        asked(ocean, SLUGS[0], "select 1", host="ep-atoll-charter.elsewhere.example")


def test_every_database_has_the_migrations_of_the_checkout(ocean: Sandbox) -> None:
    folder = Path(ocean.variables["OCEAN_CHECKOUT"], "tenant", "migrations")
    versions = [(file.name.partition("_")[0],) for file in sorted(folder.glob("*.sql"))]

    for slug in SLUGS:
        assert asked(ocean, slug, "select version from public.schema_migrations order by 1") == versions


def test_a_fleet_leaves_nothing() -> None:
    with fleet(2) as running:
        folder = Path(running.passfile).parent
        assert running.counted()["served"] == 0
        running.process.wait(20)

    assert not folder.exists()
