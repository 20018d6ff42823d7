"""Many tenants for self-tests and benchmarks: `python -m selftests.tenant_fleet 1000 {}` serves so many.

Real databases of one server behind the sandbox's proxy, 7.5 MB each, gone afterwards. It says
what a run needs as one line of JSON, and when its input ends what the proxy counted, as another; then it ends too.
"""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.__main__ import MEMORY
from sandbox.account import account
from sandbox.cache import cache_folder
from sandbox.keeper import Keeper, hire
from sandbox.tenant_certificates import DOMAIN, tenant_certificates
from sandbox.tenant_proxy import Proxy, proxying
from sandbox.tenants import PASSWORDS, Tenants
from selftests.voyage import HOUSE, variables

FEW = 200
"""Tenants that take no more memory than anybody has."""
BYTES_EACH = 7_500_000


@dataclass(frozen=True)
class Fleet:
    """A running one."""

    process: subprocess.Popen[str]
    address: str
    ca: str
    passfile: str
    port: int
    superuser: str
    hosts: tuple[str, ...]

    def counted(self) -> dict[str, int]:
        """Ends it; what the proxy served in all, and the most at once."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        counted: dict[str, int] = json.loads(self.process.stdout.readline())
        return counted


@contextmanager
def fleet(many: int, **behaviours: str) -> Iterator[Fleet]:
    """So many tenants, called t0, t1 and so on; `behaviours` by those names (see sandbox/tenant_proxy.py)."""
    command = [sys.executable, "-m", "selftests.tenant_fleet", str(many), json.dumps(behaviours)]
    with subprocess.Popen(
        command, cwd=HOUSE, env=variables(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            said: dict[str, Any] = json.loads(process.stdout.readline())
            yield Fleet(process, hosts=tuple(host_of(number) for number in range(many)), **said)
        finally:
            process.terminate()


def host_of(number: int) -> str:
    """The host of a tenant by its number."""
    return f"ep-t{number}.{DOMAIN}"


async def _serve(folder: Path, keeper: Keeper, many: int, behaviours: dict[str, str]) -> None:
    hosts = {host_of(number): f"t{number}" for number in range(many)}
    tenants = Tenants(folder / "server", account(), keeper, hosts)
    tenants.write_passwords(folder / PASSWORDS)
    certificates = tenant_certificates(cache_folder(account()))
    proxy = Proxy(hosts, behaviours, certificates, tenants.awake)
    began = time.monotonic()
    await tenants.awake()
    print(f"{many} databases in {time.monotonic() - began:.1f} s", file=sys.stderr)
    async with proxying(proxy) as port:
        said = {"address": f"127.0.0.1:{port}", "ca": str(certificates[""].authority), "port": tenants.port}
        secret = {"passfile": str(folder / PASSWORDS), "superuser": tenants.superuser}
        print(json.dumps(said | secret), flush=True)
        await asyncio.to_thread(sys.stdin.read)
    print(json.dumps({"served": proxy.served, "most_at_once": proxy.most_at_once}), flush=True)


def _where(many: int) -> str | None:
    """In memory, as a sandbox is, where there is room; else on a disk."""
    fits = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 4 * many * BYTES_EACH
    return str(MEMORY) if fits and many <= FEW else None


if __name__ == "__main__":
    folder = Path(tempfile.mkdtemp(prefix="seatrial-fleet-", dir=_where(int(sys.argv[1]))))
    folder.chmod(0o755)
    keeper = hire(folder)
    try:
        asyncio.run(_serve(folder, keeper, int(sys.argv[1]), json.loads(sys.argv[2])))
    finally:
        keeper.dismiss()
