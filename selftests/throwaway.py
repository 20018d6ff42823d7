"""Throwaway servers for self-tests, and what can be asked about them."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from fixtures.workbench.engines import run_folder
from fixtures.workbench.engines.embedded import start_embedded
from fixtures.workbench.engines.local import LocalServer
from fixtures.workbench.engines.server import Server

SECONDS = 30.0


@contextmanager
def running() -> Iterator[LocalServer]:
    """A server with the baseline, from the usual cache."""
    server = start_embedded(SECONDS)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def fresh_place(tmp_path: Path) -> Iterator[Path]:
    """An empty cache at ``tmp_path/cache``, and an empty place, which is yielded, for the folders of servers."""
    place = Path(tempfile.mkdtemp(prefix="selftest-", dir=run_folder._home()))
    place.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        patch.setattr(run_folder, "_home", lambda: place)
        yield place
    shutil.rmtree(place)


def start_and_stop() -> float:
    started = time.perf_counter()
    server = start_embedded(SECONDS)
    seconds = time.perf_counter() - started
    server.stop()
    return seconds


def execute(server: Server, sql: str) -> None:
    with psycopg.connect(make_conninfo(**server.conninfo()), autocommit=True) as connection:
        connection.execute(sql.encode())


def rows(server: Server, sql: str, user: str = "postgres") -> list[Any]:
    with psycopg.connect(make_conninfo(**server.conninfo(user=user)), autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def soon(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.02)
    return False
