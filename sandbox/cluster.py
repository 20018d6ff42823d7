"""Ocean's databases, built once and kept: the Supabase-compatible baseline, Ocean's migrations and seed, staging."""

import hashlib
import secrets
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from sandbox import migrations
from sandbox.account import Account
from sandbox.binaries import wheel_version
from sandbox.cache import kept, trim
from sandbox.keeper import Keeper
from sandbox.postgres import SUPERUSER, Server, initialize, start
from sandbox.world import HOST, LIVE, STAGING

HERE = Path(__file__).parent
BASELINE = HERE.parent / "baseline"
PROJECT = HERE / "ocean" / "supabase"
FIRST_LOGIN = "superuser"  # file: the superuser's password until a start draws another; for its owner only
BUILDERS = ("cluster.py", "migrations.py", "postgres.py", "reader.sql")  # our own files that decide how it comes out


def cluster(programs: Path, account: Account, cache: Path, keeper: Keeper) -> Path:
    """The folder of a finished, stopped cluster: data/, extension/, superuser. Built when any input has changed.

    Raises PostgresFailed, or psycopg.Error when a file of the baseline or a migration does not run.
    """
    shelf = cache / "clusters"
    place = kept(shelf, _key(), lambda aside: build(programs, aside, account, keeper, _fill))
    trim(shelf)
    return place


def copy(place: Path, folder: Path) -> str:
    """A copy of a finished cluster into an existing folder; returns the superuser's password in it."""
    # cp keeps the owner and is five times as fast as shutil.copytree
    subprocess.run(["cp", "-Rp", str(place / "data"), str(place / "extension"), str(folder)], check=True)
    return (place / FIRST_LOGIN).read_text()


def connect(server: Server, role: str, password: str, database: str = LIVE) -> psycopg.Connection[Any]:
    """A connection in autocommit mode. Raises psycopg.OperationalError."""
    return psycopg.connect(
        host=HOST, port=server.port, user=role, password=password, dbname=database, autocommit=True, connect_timeout=10
    )


def _key() -> str:
    inputs = [*BASELINE.rglob("*"), *(PROJECT / "migrations").glob("*"), PROJECT / "seed.sql"]
    inputs += [HERE / name for name in BUILDERS]
    digest = hashlib.sha256(wheel_version().encode())
    for file in sorted(path for path in inputs if path.is_file()):
        digest.update(str(file.relative_to(HERE.parent)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:32]


def build(programs: Path, folder: Path, account: Account, keeper: Keeper, fill: Callable[[Server, str], None]) -> None:
    """A finished, stopped cluster in an existing folder; `fill` gets the running server and its superuser's password.

    Raises PostgresFailed, or what `fill` raises.
    """
    keeper.remove(folder)  # unless it gets its final name
    password = secrets.token_hex(24)
    _lay_out(folder, password, account)
    initialize(programs, folder, folder / FIRST_LOGIN, account, keeper)
    server = start(programs, folder, account, keeper)
    try:
        fill(server, password)
    finally:
        server.stop()
        keeper.release(server.process.pid)
    (folder / "postgres.log").unlink()
    _keep_to_ourselves(folder)


def _lay_out(folder: Path, password: str, account: Account) -> None:
    (folder / "data").mkdir(mode=0o700)
    account.give(folder / "data")
    # Postgres looks for control files in a folder of this name below extension_control_path
    shutil.copytree(BASELINE / "extensions", folder / "extension")
    for path in (folder / "extension", *(folder / "extension").iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
    secret = folder / FIRST_LOGIN
    secret.touch(mode=0o600)
    secret.write_text(password)
    account.give(secret)


def _keep_to_ourselves(folder: Path) -> None:
    Account(uid=folder.stat().st_uid, gid=folder.stat().st_gid).give(folder / FIRST_LOGIN)


def _fill(server: Server, password: str) -> None:
    with connect(server, SUPERUSER, password) as admin:
        _run(admin, *sorted((BASELINE / "roles").glob("*.sql")), *sorted((BASELINE / "database").glob("*.sql")))
        _run(admin, BASELINE / "privileges" / "revoked.sql")
        admin.execute(sql.SQL("alter role postgres with password {}").format(password))
    with connect(server, "postgres", password) as owner:
        for file in migrations.migration_files(PROJECT / "migrations"):
            migrations.apply(owner, file)
        owner.execute("reset all")
        _run(owner, PROJECT / "seed.sql")
    with connect(server, SUPERUSER, password) as admin:
        _run(admin, HERE / "reader.sql")
    with connect(server, SUPERUSER, password, "template1") as admin:
        # staging is a copy, so nobody may be connected to the original
        copied = sql.SQL("create database {} template {} owner postgres")
        admin.execute(copied.format(sql.Identifier(STAGING), sql.Identifier(LIVE)))


def _run(connection: psycopg.Connection[Any], *files: Path) -> None:
    for file in files:
        connection.execute(file.read_bytes())
