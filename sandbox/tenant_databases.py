"""The organizations' own databases: a server of their own, built once and kept, with a database and two roles for each.

They are not in Ocean's cluster: roles belong to a server, and Neon's are on others than Supabase's.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from sandbox.account import Account
from sandbox.binaries import wheel_version
from sandbox.cache import kept, trim
from sandbox.cluster import build, connect
from sandbox.keeper import Keeper
from sandbox.migrations import FILE_NAME, migration_files
from sandbox.postgres import SUPERUSER, Server

HERE = Path(__file__).parent
MIGRATIONS = HERE / "ocean" / "tenant" / "migrations"
SEEDED = ("atoll-charter", "breaker-surf-school", "caros-own")
"""Slugs of the organizations in Ocean's seed."""
TEMPLATE = "tenant_template"
OWNERS, READERS = "tenant_owners", "tenant_readers"
"""Groups that a tenant's owner and reader are in: what they may do is the same in each, and is copied with it."""
READER = "seatrial_reader"
"""What every tenant calls the login that looks; the server has one for each of them."""
DATABASE = "neondb"
HISTORY = (
    "create table public.schema_migrations (version text primary key, applied_at timestamptz default now() not null)"
)
RECORD = "insert into public.schema_migrations values (%s, now())"
BUILDERS = ("tenant_databases.py", "cluster.py", "postgres.py")

Connect = Callable[[str], psycopg.Connection[Any]]
"""Opens a superuser's connection to the database of this name."""


def database_of(slug: str, database: str = DATABASE) -> str:
    """A tenant's database, as the server calls it."""
    return f"{slug}/{database}"


def role_of(slug: str, role: str = READER) -> str:
    """A tenant's role, as the server calls it."""
    return f"{slug}/{role}"


def tenant_cluster(programs: Path, account: Account, cache: Path, keeper: Keeper) -> Path:
    """The folder of a finished, stopped cluster with the seeded tenants. Raises PostgresFailed or psycopg.Error."""
    shelf = cache / "tenants"
    place = kept(shelf, _key(), lambda aside: build(programs, aside, account, keeper, _fill))
    trim(shelf)
    return place


def add_tenants(admin: psycopg.Connection[Any], slugs: Iterable[str]) -> None:
    """A database with an owner and a reader for each; 20 ms and 7.5 MB. Raises psycopg.Error."""
    for slug in slugs:
        owner, reader, database = role_of(slug, "owner"), role_of(slug), database_of(slug)
        _run(admin, "create role {} nologin in role {}", owner, OWNERS)
        _run(admin, "create role {} login in role {}", reader, READERS)
        _run(admin, "alter role {} set default_transaction_read_only = on", reader)
        # file_copy: nothing is written to the log, and nothing here is made durable
        _run(admin, "create database {} template {} owner {} strategy file_copy", database, TEMPLATE, owner)
        _run(admin, "revoke connect, temporary on database {} from public", database)
        _run(admin, "grant connect on database {} to {}", database, reader)  # and to nobody else's
        # Neon's extension defines it, and it cannot be set there; seen in its source
        _run(admin, "alter database {} set neon.project_id = {}", database, literal=f"seed-{slug}")


def set_passwords(admin: psycopg.Connection[Any], passwords: Mapping[str, str]) -> None:
    """By slug, for the tenant's login that looks."""
    for slug, password in passwords.items():
        _run(admin, "alter role {} with password {}", role_of(slug), literal=password)


def _key() -> str:
    digest = hashlib.sha256(wheel_version().encode())
    for file in [*migration_files(MIGRATIONS), *(HERE / name for name in BUILDERS)]:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:32]


def _fill(server: Server, password: str) -> None:
    connected: Connect = partial(connect, server, SUPERUSER, password)
    with closing(connected("template1")) as admin:
        _run(admin, "create role {} nologin", OWNERS)
        _run(admin, "create role {} nologin", READERS)
        _run(admin, "create database {}", TEMPLATE)
        with closing(connected(TEMPLATE)) as template:
            _fill_template(template)
        add_tenants(admin, SEEDED)


def _fill_template(template: psycopg.Connection[Any]) -> None:
    """Everything is the owners'; readers see the history of migrations, and no row of a customer."""
    _run(template, "grant create on schema public to {}", OWNERS)
    _run(template, "set role {}", OWNERS)
    template.execute(HISTORY.encode())
    for file in migration_files(MIGRATIONS):
        named = FILE_NAME.fullmatch(file.name)
        assert named is not None
        template.execute(file.read_bytes())
        template.execute(RECORD, [named[1]])
    _run(template, "grant select on public.schema_migrations to {}", READERS)


def _run(connection: psycopg.Connection[Any], statement: str, *names: str, literal: str | None = None) -> None:
    pieces: list[sql.Composable] = [sql.Identifier(name) for name in names]
    pieces += [sql.Literal(literal)] if literal is not None else []
    connection.execute(sql.SQL(statement).format(*pieces))
