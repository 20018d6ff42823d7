"""Brings up one Ocean in a folder of its own: databases, checkout, services, and the faults that were asked for."""

import os
import shlex
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from sandbox import migrations
from sandbox.account import account
from sandbox.backup import dump_programs
from sandbox.binaries import programs
from sandbox.bundle import build
from sandbox.cache import cache_folder
from sandbox.certificates import Certificates, certificates, expiring, misnamed
from sandbox.checkout import lay_out
from sandbox.cluster import cluster, connect, copy
from sandbox.distance import far_away
from sandbox.dotenv import write_dotenv
from sandbox.faults import Fault, Faults
from sandbox.keeper import Keeper
from sandbox.postgres import SUPERUSER, Server, start
from sandbox.roads import DIRECT, roads
from sandbox.sessions import hold
from sandbox.tenants import hosts_in, tenants
from sandbox.traffic import send
from sandbox.world import LIVE, LOGIN_ROLES, STAGING, Databases, Secrets


class FaultFailed(RuntimeError):
    """A fault could not be planted; the message names it."""


@asynccontextmanager
async def ocean(folder: Path, keeper: Keeper, faults: Faults, latency_seconds: float) -> AsyncIterator[dict[str, str]]:
    """A whole Ocean until the block ends; yields the variables to announce, by name.

    Raises PostgresFailed, CheckoutFailed, FaultFailed, NoAccount, NoPostgres, UntrustedCache, or OSError.
    """
    # imported here, because a fault that does not exist should be said before half a second of imports
    from sandbox.services import Ground, serving

    secrets = Secrets()
    tools, server, databases = _databases(folder, keeper, secrets)
    hosts = hosts_in(databases.admin_url)  # before a fault changes what is written down
    checkout = lay_out(folder / "ocean", faults.chosen, lambda made: _build(made, secrets, faults))
    send(databases)
    for fault in faults.chosen:
        _plant(fault, checkout, databases)
    async with AsyncExitStack() as stack:
        ground = Ground(secrets, databases, checkout, _certificates(faults.switches.get("certificate", "")))
        announced = await stack.enter_async_context(serving(ground, faults, latency_seconds))
        port = databases.port
        if latency_seconds > 0:
            port = await stack.enter_async_context(far_away(port, latency_seconds))
        presents = _certificates(faults.switches.get("database_certificate", ""))
        homes = await stack.enter_async_context(tenants(folder, account(), keeper, hosts, faults))
        ways = await stack.enter_async_context(roads(databases.port, faults.switches, latency_seconds, presents))
        hold(faults.sessions, databases)
        if faults.frozen:
            _freeze(server, databases, keeper)
        mode = str(faults.switches.get("database_sslmode", "verify-full"))
        seen = {
            name: Databases(each, secrets.passwords, authority=presents.authority, sslmode=mode)
            for name, each in ways.items()
        }
        own = _variables(databases, Databases(port, secrets.passwords), checkout)
        backup = dump_programs(tools, folder, str(faults.switches.get("dump", "")))
        yield {**announced, **homes, **own, **_roads(seen), "POSTGRES_PROGRAMS": str(backup)}


def _build(checkout: Path, secrets: Secrets, faults: Faults) -> None:
    write_dotenv(checkout, secrets, str(faults.switches.get("dotenv", "")))
    build(checkout, secrets.publishable_key)


def _databases(folder: Path, keeper: Keeper, secrets: Secrets) -> tuple[Path, Server, Databases]:
    lent = account()
    cache = cache_folder(lent)
    tools = programs(lent, cache)
    first_password = copy(cluster(tools, lent, cache, keeper), folder)
    server = start(tools, folder, lent, keeper)
    with connect(server, SUPERUSER, first_password) as admin:
        for role in LOGIN_ROLES:
            change = sql.SQL("alter role {} with password {}")
            admin.execute(change.format(sql.Identifier(role), secrets.passwords[role]))
    return tools, server, Databases(server.port, secrets.passwords)


def _plant(fault: Fault, checkout: Path, databases: Databases) -> None:
    try:
        if fault.apply:
            _apply(fault, checkout, databases)
        for text, name in ((fault.sql, LIVE), (fault.staging_sql, STAGING)):
            if text:
                _run(text, databases.url(SUPERUSER, name))
    except psycopg.Error as error:
        raise FaultFailed(f"the fault {fault.name} could not be planted: {error}") from error


def _apply(fault: Fault, checkout: Path, databases: Databases) -> None:
    written = [file for file in migrations.migration_files(checkout / "supabase" / "migrations") if _wrote(fault, file)]
    for name in (LIVE, STAGING):
        with psycopg.connect(databases.url("postgres", name), autocommit=True) as owner:
            for file in written:
                migrations.apply(owner, file)


def _wrote(fault: Fault, file: Path) -> bool:
    return f"supabase/migrations/{file.name}" in fault.write


def _run(text: str, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(text.encode())


def _freeze(server: Server, databases: Databases, keeper: Keeper) -> None:
    """Stop the server and all its processes: connections are accepted by the kernel and never answered."""
    with psycopg.connect(databases.admin_url, autocommit=True) as admin:
        rows = admin.execute("select pid from pg_stat_activity where pid <> pg_backend_pid()").fetchall()
    for pid in (server.process.pid, *(int(row[0]) for row in rows)):
        if pid != server.process.pid:
            keeper.watch("frozen", pid)
        os.kill(pid, signal.SIGSTOP)


def _certificates(chosen: object) -> Certificates:
    """What the switch says: another one with so many days that it is still valid, or "misnamed"; empty: a good one."""
    cache = cache_folder(account())
    if chosen == "misnamed":
        return misnamed(cache)
    return expiring(cache, int(str(chosen))) if chosen != "" else certificates(cache)


def _roads(seen: dict[str, Databases]) -> dict[str, str]:
    api = {"AUTHENTICATOR_DATABASE_URL": seen[DIRECT].url("authenticator")}
    return {name: road.url("seatrial_reader") for name, road in seen.items()} | api


def _variables(databases: Databases, seen: Databases, checkout: Path) -> dict[str, str]:
    return {
        "OCEAN_SANDBOX": str(os.getpid()),
        "STAGING_DATABASE_URL": seen.url("seatrial_reader", STAGING),
        "OWNER_DATABASE_URL": seen.url("postgres"),
        "ADMIN_DATABASE_URL": databases.admin_url,
        "OCEAN_CHECKOUT": str(checkout),
        "CLI_FOLDER": str(Path(__file__).parent / "clis"),
        "LIGHTHOUSE": shlex.join([sys.executable, str(Path(__file__).parent / "programs" / "lighthouse.py")]),
    }
