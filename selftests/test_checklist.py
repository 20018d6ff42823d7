"""Commands of the checklist: what they said is kept, and nothing of them outlives their turn, however they end."""

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from fixtures import Unobservable
from fixtures.checklist.running import MARK, Ended, environment, run

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")


def ran(script: str, folder: Path, within: float = 20.0, **variables: str) -> Ended:
    return asyncio.run(run(["/bin/sh", "-c", script], folder, within, {**environment(()), **variables}))


def alive(pid: str) -> bool:
    """Also not as something that nobody has collected yet."""
    try:
        return Path(f"/proc/{int(pid)}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(*pids: str) -> bool:
    until = time.monotonic() + 5
    while time.monotonic() < until and any(map(alive, pids)):
        time.sleep(0.02)
    return not any(map(alive, pids))


@pytest.mark.parametrize(("script", "code"), [("true", 0), ("exit 3", 3), ("kill -9 $$", -9)])
def test_the_exit_code_is_the_command_s(script: str, code: int, tmp_path: Path) -> None:
    assert ran(script, tmp_path).code == code


def test_both_streams_are_kept_in_their_order_also_what_is_no_text(tmp_path: Path) -> None:
    said = ran(r"echo one; echo two >&2; printf '\377three'", tmp_path).output

    assert said == "one\ntwo\n�three"


def test_of_much_output_the_beginning_and_the_end_are_kept(tmp_path: Path) -> None:
    said = ran("echo first; yes | head -c 5000000; echo last", tmp_path).output

    assert said.startswith("first\n")
    assert said.endswith("last\n")
    assert "bytes left out" in said
    assert len(said) < 150_000


def test_a_command_runs_in_the_checkout_and_reads_nothing(tmp_path: Path) -> None:
    assert ran("pwd; cat; echo end", tmp_path).output == f"{tmp_path.resolve()}\nend\n"


def test_a_command_sees_no_secret_and_what_was_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "STRIPE_SECRET_KEY", "VERCEL_TOKEN", "OCEAN_FLAVOUR"):
        monkeypatch.setenv(name, f"value-of-{name}")

    said = asyncio.run(run(["env"], tmp_path, 20, environment(["OCEAN_FLAVOUR"]))).output

    assert [line for line in said.splitlines() if "value-of" in line] == ["OCEAN_FLAVOUR=value-of-OCEAN_FLAVOUR"]
    assert f"PATH={os.environ['PATH']}" in said.splitlines()
    assert "CI=true" in said.splitlines()


def test_a_command_that_does_not_end_is_ended_in_time(tmp_path: Path) -> None:
    began = time.monotonic()
    ended = ran("trap '' TERM INT HUP; echo here; while :; do sleep 0.1; done", tmp_path, within=0.5)

    assert ended.code is None
    assert ended.output == "here\n"
    assert time.monotonic() - began < 10


@LINUX
@pytest.mark.parametrize("ends", ["sleep 60", "true", "exit 1"], ids=["late", "green", "red"])
def test_what_a_command_started_ends_with_it(ends: str, tmp_path: Path) -> None:
    script = "trap '' TERM; sleep 61 & echo $! > same; setsid sleep 62 & sleep 0.2; pgrep -n -f 'sleep 62' > other; "
    ended = ran(f"{script} {ends}", tmp_path, within=1.0)

    assert (ended.code is None) == (ends == "sleep 60")
    assert gone((tmp_path / "same").read_text(), (tmp_path / "other").read_text())


def test_a_pipe_that_somebody_keeps_open_is_not_waited_for(tmp_path: Path) -> None:
    began = time.monotonic()

    assert ran("(trap '' TERM; exec sleep 60) & echo over", tmp_path).output == "over\n"
    assert time.monotonic() - began < 10


@LINUX
def test_a_run_that_is_over_ends_the_command_at_once(tmp_path: Path) -> None:
    async def cancelled() -> None:
        command = ["/bin/sh", "-c", "trap '' TERM; echo $$ > pid; while :; do sleep 0.1; done"]
        running = asyncio.ensure_future(run(command, tmp_path, 60, environment(())))
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            await asyncio.sleep(0.02)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(cancelled())

    assert gone((tmp_path / "pid").read_text())


@pytest.mark.parametrize("command", [["no-such-program"], ["scripts/none"]])
def test_a_command_that_is_not_there_is_no_red_one(command: list[str], tmp_path: Path) -> None:
    with pytest.raises(Unobservable, match=f"{command[0]} cannot be run"):
        asyncio.run(run(command, tmp_path, 5, environment(())))


def test_nobody_sees_how_others_are_told_apart(tmp_path: Path) -> None:
    """The mark is drawn for each command: ending one's own ends no other's."""
    first, second = (ran(f"echo ${MARK}", tmp_path).output for _ in range(2))

    assert first != second
