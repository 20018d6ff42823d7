"""The tenants of the sandbox: their passwords, the proxy before their databases, and the server that wakes when asked.

Few runs ask a tenant anything, so the server is started by the first connection: the others do not wait for it.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psycopg

from sandbox.account import Account
from sandbox.binaries import programs
from sandbox.cache import cache_folder
from sandbox.cluster import connect, copy
from sandbox.faults import Faults
from sandbox.keeper import Keeper
from sandbox.postgres import SUPERUSER, start
from sandbox.tenant_certificates import tenant_certificates
from sandbox.tenant_databases import (
    DATABASE,
    READER,
    SEEDED,
    add_tenants,
    database_of,
    set_passwords,
    tenant_cluster,
)
from sandbox.tenant_proxy import Proxy, proxying

PASSWORDS = "tenants.pgpass"


@dataclass
class Tenants:
    """The server that has their databases, not started before it is needed."""

    folder: Path
    account: Account
    keeper: Keeper
    hosts: Mapping[str, str]
    """Host -> slug."""
    planted: Sequence[tuple[str, str]] = ()
    """Slug and SQL that is run in its database as the superuser."""
    passwords: dict[str, str] = field(init=False, repr=False)
    port: int = 0
    superuser: str = field(default="", repr=False)
    """The superuser's password, once it is awake."""

    def __post_init__(self) -> None:
        self.passwords = {slug: secrets.token_hex(16) for slug in self.hosts.values()}
        self._waking = asyncio.Lock()

    async def awake(self) -> int:
        """The server's port; starts it if need be. Raises PostgresFailed or psycopg.Error."""
        async with self._waking:
            if not self.port:
                self.port = await asyncio.to_thread(self._start)
        return self.port

    def write_passwords(self, file: Path) -> None:
        """A password file as libpq reads it: a line for each tenant, and nobody else may read it."""
        file.touch(mode=0o600)
        lines = (f"{host}:*:{DATABASE}:{READER}:{self.passwords[slug]}\n" for host, slug in self.hosts.items())
        file.write_text("".join(lines), encoding="utf-8")

    def built(self) -> Path:
        """The cluster that is copied; the first time ever, it is made, for which whoever asks a tenant cannot wait.

        Raises PostgresFailed or psycopg.Error.
        """
        cache = cache_folder(self.account)
        return tenant_cluster(programs(self.account, cache), self.account, cache, self.keeper)

    def _start(self) -> int:
        tools = programs(self.account, cache_folder(self.account))
        self.folder.mkdir(mode=0o755)
        self.superuser = copy(self.built(), self.folder)
        server = start(tools, self.folder, self.account, self.keeper)
        connected = partial(connect, server, SUPERUSER, self.superuser)
        with closing(connected("template1")) as admin:
            add_tenants(admin, [slug for slug in self.hosts.values() if slug not in SEEDED])
            set_passwords(admin, self.passwords)
        for slug, text in self.planted:
            with closing(connected(database_of(slug))) as own:
                own.execute(text.encode())
        return server.port


@asynccontextmanager
async def tenants(
    folder: Path, account: Account, keeper: Keeper, hosts: Iterable[str], faults: Faults
) -> AsyncIterator[dict[str, str]]:
    """Serve the tenants at these hosts until the block ends; yields the variables to announce.

    Raises PostgresFailed or psycopg.Error when the databases cannot be made, or changed as a fault says.
    """
    planted = [item for fault in faults.chosen for item in fault.tenant_sql.items()]
    known = {host: host.removeprefix("ep-").partition(".")[0] for host in hosts}
    own = Tenants(folder / "tenants", account, keeper, known, planted)
    _write_passwords(own, folder / PASSWORDS, faults)
    presented = tenant_certificates(cache_folder(account))
    behaviours = _behaviours(faults, known.values())
    proxy = Proxy(known, behaviours, presented, own.awake, faults.switches.get("tenants_tls") != "none")
    await asyncio.to_thread(own.built)
    if planted:
        await own.awake()
    async with proxying(proxy) as port:
        yield {
            "TENANT_ADDRESS": f"127.0.0.1:{port}",
            "TENANT_CA": str(presented[""].authority),
            "TENANT_PGPASSFILE": str(folder / PASSWORDS),
        }


def _behaviours(faults: Faults, slugs: Iterable[str]) -> dict[str, str]:
    """By slug, what the switches say; ``tenant-*`` is about all of them."""
    said = {name: str(value) for name, value in faults.switches.items() if name.startswith("tenant-")}
    every = dict.fromkeys(slugs, said["tenant-*"]) if "tenant-*" in said else {}
    return every | {name.removeprefix("tenant-"): value for name, value in said.items()}


def _write_passwords(own: Tenants, file: Path, faults: Faults) -> None:
    """As the switch `tenant_passwords` says: "open" (to others), "short" (one is missing), or as they should be."""
    own.write_passwords(file)
    said = faults.switches.get("tenant_passwords", "")
    if said == "open":
        file.chmod(0o644)
    elif said == "short":
        file.write_text("".join(file.read_text(encoding="utf-8").splitlines(keepends=True)[1:]), encoding="utf-8")


def hosts_in(url: str) -> list[str]:
    """The hosts of the tenants as the application wrote them down. Raises psycopg.Error."""
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("select host from public.organization_databases order by host")]
