"""Throwaway servers leave nothing behind, however the run that started them ends; and the cache stays small."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures import Unobservable
from fixtures.workbench.engines import cache, owner
from fixtures.workbench.engines.embedded import start_embedded
from selftests.throwaway import SECONDS, alive, fresh_place, rows, soon, start_and_stop

A_MINUTE_AGO = 61


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Path]:
    with fresh_place(tmp_path) as place:
        yield place


def test_stopping_leaves_nothing_and_may_be_done_again(fresh: Path) -> None:
    server = start_embedded(SECONDS)
    postmaster = server.process_id()
    assert postmaster is not None
    assert alive(postmaster)

    server.stop()
    server.stop()
    assert not alive(postmaster)
    assert list(fresh.iterdir()) == []
    assert server.ended()


STARTS = """
import sys, time
from pathlib import Path
from fixtures.workbench.engines import run_folder
from fixtures.workbench.engines.embedded import start_embedded
run_folder._home = lambda: Path(sys.argv[1])
print("starting", flush=True)
server = start_embedded(30)
print(server.process_id(), flush=True)
time.sleep(60)
"""


def starting(fresh: Path, repository: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", STARTS, str(fresh)]
    process = subprocess.Popen(command, cwd=repository, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "starting\n"
    return process


def test_a_killed_run_leaves_no_server_and_no_file(fresh: Path, repository: Path) -> None:
    with starting(fresh, repository) as process:
        assert process.stdout is not None
        postmaster = int(process.stdout.readline())
        assert alive(postmaster)
        process.kill()

    assert soon(lambda: not alive(postmaster) and not any(fresh.iterdir()))


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.2, 0.35, 0.5])
def test_a_run_killed_during_its_first_start_leaves_nothing(
    fresh: Path, repository: Path, tmp_path: Path, seconds: float
) -> None:
    with starting(fresh, repository) as process:
        time.sleep(seconds)
        process.kill()

    assert soon(lambda: not any(fresh.iterdir()))
    assert start_and_stop() < SECONDS  # what lies in the cache now does no harm


def test_the_postmaster_dies_with_its_keeper_told_to_end(fresh: Path) -> None:
    server = start_embedded(SECONDS)
    postmaster = server.process_id() or 0
    keeper = int(subprocess.check_output(["ps", "-o", "ppid=", "-p", str(postmaster)]))
    os.kill(keeper, signal.SIGTERM)

    assert soon(lambda: server.ended() and not alive(postmaster) and not any(fresh.iterdir()))
    server.stop()


def test_what_a_killed_keeper_left_is_swept_and_a_living_one_is_not(fresh: Path) -> None:
    (fresh / "throwaway-left").mkdir()
    (fresh / "throwaway-young").mkdir()
    (fresh / "other").mkdir()
    living = start_embedded(SECONDS)
    for folder in (fresh / "throwaway-left", fresh / "other", living.folder):
        os.utime(folder, (time.time() - A_MINUTE_AGO,) * 2)

    start_and_stop()
    assert {path.name for path in fresh.iterdir()} == {"throwaway-young", "other", living.folder.name}
    assert rows(living, "select 1") == [(1,)]
    living.stop()


def touch(path: Path) -> None:
    path.write_bytes(b"x")


def test_the_cache_is_bounded(fresh: Path, tmp_path: Path) -> None:
    for number in range(cache.KEEP + 3):
        with cache.cached(f"{number}.tar", touch) as made:
            os.utime(made.fileno(), (1_000_000_000 + number,) * 2)
    cache.cached(f"{cache.KEEP}.tar", lambda _: pytest.fail("it is there")).close()
    cache.cached("new.tar", touch).close()

    kept = {path.stem for path in (tmp_path / "cache" / "seatrial").iterdir()}
    assert len(kept) == cache.KEEP
    assert {"new", f"{cache.KEEP}"} <= kept


def test_what_could_not_be_made_is_not_kept(fresh: Path, tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise Unobservable("broken")

    with pytest.raises(Unobservable, match="broken"):
        cache.cached("a.tar", fail)
    assert list((tmp_path / "cache" / "seatrial").iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs copies")
def test_programs_in_a_private_folder_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = tmp_path / "private"
    (private / "programs").mkdir(parents=True)
    (private / "programs" / "initdb").write_text("x")
    (private / "programs" / "initdb").chmod(0o700)
    (private / "diary").mkdir()
    private.chmod(0o700)
    monkeypatch.setattr(owner, "_SHARED_CACHE", tmp_path / "shared")
    user = owner.server_owner()

    for _ in range(2):
        copy = owner.reachable(private, "programs-1", user, only="prog*")
        assert copy == tmp_path / "shared" / "programs-1"
        modes = {path.name: path.stat().st_mode & 0o777 for path in (copy, *copy.rglob("*"))}
        assert modes == {"programs-1": 0o755, "programs": 0o755, "initdb": 0o755}
    assert owner.reachable(private, "programs-1", None) == private
