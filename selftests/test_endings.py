"""What a run leaves: nothing that runs, nothing that lies about, and a report, whoever ended it and however."""

import os
import signal
import time
from pathlib import Path

import pytest

from selftests.hanging_house import (
    INTERRUPTED,
    PATIENCE,
    PRELUDE,
    SLACK,
    assert_full_report,
    check_that_loops,
    furnish,
    judge,
)
from selftests.planted_house import ROOT, House, Started, alive, build, start, until


@pytest.fixture(scope="module")
def timber(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("timber")


@pytest.fixture
def house(tmp_path: Path, timber: Path) -> House:
    """Two sound checks, one judged before all others and one after them."""
    return build(tmp_path / "house", timber).door(PRELUDE).check("a_first").check("z_last")


NEVER_READY = {
    "silent": "import time\ntime.sleep(1000)",
    "chatty": "import time\nwhile True:\n    print('A=1', flush=True)\n    time.sleep(0.01)",
    "deaf": "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(1000)",
    "closes its output": "import os, time\nos.close(1)\ntime.sleep(1000)",
}


@pytest.mark.parametrize("how", NEVER_READY)
def test_a_start_command_that_is_never_ready_is_ended(house: House, how: str) -> None:
    furnish(house, 1.5, '"python", "start.py"').file("start.py", NEVER_READY[how])
    house.door("""
        @observation
        async def needs_it(variables: object) -> object:
            return 1
    """)

    run = start(judge(house, "needs_it"))
    assert until(lambda: any("start.py" in args for args in run.family().values()), PATIENCE), run.output
    family = run.family()
    ended = run.wait(PATIENCE)

    assert ended.seconds < 1.5 + SLACK, ended.output
    assert_full_report(ended)
    assert ended.outcomes == {"a_first": "verified", "needs_it": "blind", "z_last": "verified"}
    assert until(lambda: not alive(family), 3.0), alive(family)


CLOSES = {
    "waits": "await asyncio.sleep(1000)",
    "blocks": "time.sleep(1000)",
    "in a thread": "await in_thread(time.sleep, 1000)",
}


@pytest.mark.parametrize("how", CLOSES)
def test_an_instrument_whose_closing_hangs_is_left(house: House, how: str) -> None:
    house.door(f"""
        @instrument()
        async def door() -> AsyncIterator[object]:
            yield 1
            {CLOSES[how]}

        @observation
        async def through(door: object) -> object:
            return door
    """)

    ended = start(judge(house, "through")).wait(PATIENCE)

    assert ended.seconds < 2.0 + SLACK, ended.output
    assert_full_report(ended, exit=0)
    assert set(ended.outcomes.values()) == {"verified"}


LEFT_RUNNING = {
    "a thread": "threading.Thread(target=time.sleep, args=(1000,), daemon=False).start()",
    "a thread of the loop's own pool": "asyncio.get_running_loop().run_in_executor(None, time.sleep, 1000)",
    "a resolver that never answers": "await asyncio.wait_for(asyncio.get_running_loop().getaddrinfo('a', 1), 0.5)",
}


@pytest.mark.parametrize("what", LEFT_RUNNING)
def test_what_a_probe_leaves_running_does_not_keep_the_process(house: House, what: str) -> None:
    house.door(f"""
        socket.getaddrinfo = lambda *_, **__: time.sleep(1000)

        @observation(within=1.0)
        async def leaving() -> object:
            try:
                {LEFT_RUNNING[what]}
            except TimeoutError:
                pass
            return 1
    """)

    ended = start(judge(house, "leaving")).wait(PATIENCE)

    assert ended.seconds < 2.0 + SLACK, ended.output
    assert_full_report(ended, exit=0)
    assert ended.outcomes == {"a_first": "verified", "leaving": "verified", "z_last": "verified"}


OBEDIENT = """
import os, time
parent = os.getppid()
print("# ready", flush=True)
while os.getppid() == parent:
    time.sleep(0.1)
"""


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "workers"])
@pytest.mark.parametrize("where", ["in a check", "while it waits"])
def test_an_interrupt_ends_a_run_with_its_report(house: House, where: str, workers: list[str]) -> None:
    furnish(house, 60.0, '"python", "start.py"').file("start.py", OBEDIENT)
    house.door("""
        @observation(within=50.0)
        async def slow(variables: object) -> object:
            open("looping", "w").close()
            await asyncio.sleep(50)
    """)
    if where == "in a check":
        check_that_loops(house, "in a blocking call")
    else:
        judge(house, "slow")

    run = start(house, *workers)
    assert until((house.root / "looping").exists, PATIENCE), run.output
    time.sleep(0.3)
    family = run.family()
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does
    ended = run.wait(PATIENCE)

    assert_full_report(ended, exit=INTERRUPTED)
    assert ended.outcomes["a_first"] == "verified"
    assert "z_last" in ended.report["missing"] or ended.outcomes["z_last"] == "verified"
    assert "interrupted" in ended.output
    assert until(lambda: not alive(family), 3.0), alive(family)


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "workers"])
def test_a_killed_run_leaves_neither_process_nor_folder(tmp_path: Path, workers: list[str]) -> None:
    """The real house: a sandbox and a throwaway Postgres, while an observation still waits."""
    local = (ROOT / "fixtures" / "environments" / "local.toml").read_text(encoding="utf-8")
    slow = local.replace('["python", "-m", "sandbox"]', '["python", "-m", "sandbox", "--fault", "health-silent"]')
    assert slow != local
    (tmp_path / "slow.toml").write_text(slow, encoding="utf-8")
    run = Started([f"--env-file={tmp_path / 'slow.toml'}", *workers], tmp_path / "run", cwd=ROOT)
    assert until(lambda: len(folders(run.family())) >= 2, PATIENCE), run.output
    family = run.family()
    places = folders(family)
    run.send(signal.SIGKILL)
    ended = run.wait(PATIENCE)

    assert ended.exit == -signal.SIGKILL
    assert until(lambda: not alive(family), 3.0), alive(family)
    assert until(lambda: not any(place.exists() for place in places), 1.0), places


def folders(family: dict[int, str]) -> set[Path]:
    """The data directories of the Postgres servers among some processes."""
    words = [args.split() for args in family.values()]
    return {Path(args[args.index("-D") + 1]).parent for args in words if "-D" in args}
