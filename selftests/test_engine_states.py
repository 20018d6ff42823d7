"""A server's data can be kept under a name, and the next one starts from them; what goes wrong costs time only."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fixtures.workbench.engines import cache
from fixtures.workbench.engines.embedded import embedded, start_embedded
from fixtures.workbench.engines.local import LocalServer
from selftests.throwaway import SECONDS, alive, execute, fresh_place, rows, soon


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Path]:
    """An empty place for servers, and a cache that holds the baseline only."""
    start_embedded(SECONDS).stop()
    baseline = cache.folder() / embedded()._file("baseline")
    with fresh_place(tmp_path) as place:
        shutil.copy2(baseline, cache.folder())
        yield place


def kept(tmp_path: Path) -> list[Path]:
    """What the cache holds, the newest last."""
    return sorted((tmp_path / "cache" / "seatrial").iterdir(), key=lambda path: path.stat().st_mtime_ns)


def make_state(name: str) -> None:
    engine = embedded()
    server = engine.start(within=SECONDS)
    execute(server, f'create table public."{name}" ()')
    engine.keep(server, name)
    server.stop()


def tables(server: LocalServer) -> set[str]:
    return {str(name) for (name,) in rows(server, "select tablename from pg_tables where schemaname = 'public'")}


def test_the_first_state_that_there_is_is_taken(fresh: Path) -> None:
    make_state("old")
    make_state("new")

    wishes: list[tuple[list[str], str | None]] = [
        (["newest", "new", "old"], "new"),
        (["old"], "old"),
        (["newest"], None),
    ]
    for states, taken in wishes:
        server = embedded().start(states, SECONDS)
        assert server.state == taken
        assert tables(server) == ({taken} if taken else set())
        server.stop()
    assert list(fresh.iterdir()) == []


def test_what_is_kept_is_whole_and_starts_without_recovery(fresh: Path) -> None:
    engine = embedded()
    server = engine.start(within=SECONDS)
    execute(server, "create table t as select generate_series(1, 100000) n")
    execute(server, "create database other template template0")
    engine.keep(server, "large")
    server.stop()

    server = embedded().start(["large"], SECONDS)
    assert rows(server, "select count(*), max(n) from t") == [(100000, 100000)]
    assert rows(server, "select 1 from pg_database where datname = 'other'") == [(1,)]
    assert "not properly shut down" not in server.log_tail()
    server.stop()


def test_a_state_of_another_baseline_is_not_taken(fresh: Path) -> None:
    make_state("mine")

    server = embedded("revoked").start(["mine"], SECONDS)
    assert server.state is None
    server.stop()
    assert embedded("revoked").baseline != embedded().baseline


def test_a_state_that_does_not_start_is_forgotten(fresh: Path, tmp_path: Path) -> None:
    make_state("broken")
    broken = kept(tmp_path)[-1]
    broken.write_bytes(b"no tar file at all" * 100)

    server = embedded().start(["broken"], SECONDS)
    assert server.state is None
    assert rows(server, "select 1") == [(1,)]
    server.stop()
    assert not broken.exists()


def test_a_crashed_server_is_not_kept(fresh: Path, tmp_path: Path) -> None:
    engine = embedded()
    server = engine.start(within=SECONDS)
    engine.keep(server, "crashed")
    before = kept(tmp_path)
    os.kill(server.process_id() or 0, signal.SIGKILL)
    assert soon(server.ended)

    server.stop()
    assert kept(tmp_path) == before
    assert list(fresh.iterdir()) == []


def test_two_runs_may_keep_the_same_state_at_once(fresh: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(make_state, ["same", "same"]))

    server = embedded().start(["same"], SECONDS)
    assert tables(server) == {"same"}
    server.stop()


KEEPS = """
import sys
from pathlib import Path
from fixtures.workbench.engines import run_folder
from fixtures.workbench.engines.embedded import embedded, start_embedded
run_folder._home = lambda: Path(sys.argv[1])
engine = embedded()
server = engine.start()
engine.keep(server, "half")
print(server.process_id(), flush=True)
server.stop()
"""


@pytest.mark.parametrize("seconds", [0.0, 0.03, 0.08])
def test_a_run_killed_while_it_keeps_leaves_half_of_nothing(
    fresh: Path, repository: Path, tmp_path: Path, seconds: float
) -> None:
    command = [sys.executable, "-c", KEEPS, str(fresh)]
    with subprocess.Popen(command, cwd=repository, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        postmaster = int(process.stdout.readline())
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()

    assert soon(lambda: not alive(postmaster) and not any(fresh.iterdir()))
    finished = embedded().start(["half"], SECONDS)  # with it or without it, but whole
    assert rows(finished, "select to_regclass('auth.users') is not null") == [(True,)]
    finished.stop()


def test_the_cache_has_a_limit_in_bytes(fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "KEEP_BYTES", 25)
    for number in range(4):
        cache.replaced(f"{number}.tar", lambda path: [path.write_bytes(b"x" * 10)])
        os.utime(cache.folder() / f"{number}.tar", (1_000_000_000 + number,) * 2)
    cache.replaced("new.tar", lambda path: [path.write_bytes(b"x" * 10)])
    assert {path.stem for path in kept(tmp_path)} == {"new", "3"}

    cache.replaced("huge.tar", lambda path: [path.write_bytes(b"x" * 100)])
    assert {path.stem for path in kept(tmp_path)} == {"huge"}
