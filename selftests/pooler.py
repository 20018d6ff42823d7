"""A real PgBouncer in transaction mode, behind TLS, in front of any Postgres."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
needs_pgbouncer = pytest.mark.skipif(PROGRAM is None, reason="PgBouncer is not installed here (Debian: pgbouncer)")
SECONDS = 10.0
CONFIGURATION = """
[databases]
* = host=127.0.0.1 port={server_port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = {pool_size}
max_client_conn = 60
logfile = {folder}/pgbouncer.log
pidfile = {folder}/pgbouncer.pid
client_tls_sslmode = require
client_tls_key_file = {folder}/key.pem
client_tls_cert_file = {folder}/chain.pem
"""


@dataclass(frozen=True)
class Pooler:
    """A running one. `authority` is the PEM file of the CA that signed its certificate (for 127.0.0.1)."""

    port: int
    authority: Path

    def conninfo(self, user: str, password: str, database: str = "postgres", **more: str) -> str:
        """A connection string with the certificate verified."""
        given = {"sslmode": "verify-full", "sslrootcert": str(self.authority), "host": "127.0.0.1", **more}
        settings = " ".join(f"{name}={value}" for name, value in given.items())
        return f"port={self.port} user={user} password={password} dbname={database} {settings}"


@contextmanager
def pgbouncer(folder: Path, server_port: int, passwords: Mapping[str, str], pool_size: int = 1) -> Iterator[Pooler]:
    """PgBouncer in front of the Postgres at `server_port`; its logins and their passwords are in `passwords`."""
    assert PROGRAM
    port = free_port()
    folder.chmod(0o755)
    write_certificate(folder, "127.0.0.1")
    text = CONFIGURATION.format(server_port=server_port, port=port, folder=folder, pool_size=pool_size)
    (folder / "pgbouncer.ini").write_text(text)
    (folder / "users.txt").write_text("".join(f'"{name}" "{word}"\n' for name, word in passwords.items()))
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    if account:
        for path in (folder, *folder.iterdir()):
            os.chown(path, account.pw_uid, account.pw_gid)
    with subprocess.Popen(
        [PROGRAM, str(folder / "pgbouncer.ini")],
        user=account.pw_uid if account else None, group=account.pw_gid if account else None, cwd="/",
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            wait_for(port, folder / "pgbouncer.log")
            yield Pooler(port, folder / "authority.pem")
        finally:
            process.kill()


def write_certificate(folder: Path, *names: str) -> None:
    """authority.pem, chain.pem and key.pem: a certificate for these names, of an authority of its own."""
    authority = trustme.CA()
    issued = authority.issue_cert(*names)
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    issued.private_key_pem.write_to_path(str(folder / "key.pem"))
    (folder / "chain.pem").write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, log: Path) -> None:
    """Until somebody listens there."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(log.read_text() if log.exists() else "PgBouncer did not start")
