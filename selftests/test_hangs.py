"""Whatever hangs, a run ends by its deadline, with a full report: what was seen keeps its verdict, the rest is blind."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from selftests.hanging_servers import freezable_postgres, hanging_servers
from selftests.planted_house import ROOT, Ended, House, Started, alive, build, start, until

BLIND = 10
SLACK = 6.0
"""Seconds after a deadline in which a run must have ended: three for those who end by themselves, the rest for closing."""
PATIENCE = 20.0
"""Seconds after which a test gives up, and a run that hangs is killed."""
PRELUDE = """
import asyncio, re, signal, socket, threading
from fixtures.postgres.reading import Reading
"""
ENVIRONMENT = """\
[environment]
name = "local"
kind = "local"
allows = ["read", "send", "write"]
within = {within}
start = [{start}]

[small]
"""


@pytest.fixture(scope="module")
def timber(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("timber")


@pytest.fixture
def house(tmp_path: Path, timber: Path) -> House:
    """Two sound checks, one judged before all others and one after."""
    house = build(tmp_path / "house", timber)
    shutil.copytree(ROOT / "fixtures" / "postgres", house.root / "fixtures" / "postgres")
    house.door(PRELUDE)
    return house.check("a_first").check("z_last")


def deadline(house: House, within: float, start: str = "") -> House:
    return house.environment(ENVIRONMENT.format(within=within, start=start))


def assert_full_report(ended: Ended, exit: int = BLIND) -> None:
    assert ended.exit == exit, ended.output
    assert ended.report["run"]["exit"] == exit
    suites = ElementTree.parse(ended.root / "reports-out" / "junit.xml")  # noqa: S314 - our own file
    assert len(list(suites.iter("testcase"))) == len(ended.verdicts)
    assert (ended.root / "reports-out" / "summary.md").exists()
    assert "CANNOT SEE" in ended.last_line or exit != BLIND, ended.output


LATE = """
@observation(within=1.0)
async def {name}(http: object) -> object:
    return await http.request("GET", os.environ["{name}_url".upper()])
"""
LOOKS = """
@observation(within=1.0)
async def frozen_after() -> object:
    class Freezing(Reading):
        async def _connect(self):
            connection = await super()._connect()
            rows = await (await connection.execute("select pid from pg_stat_activity")).fetchall()
            for pid in (int(os.environ["POSTGRES_PID"]), *(row[0] for row in rows)):
                os.kill(pid, signal.SIGSTOP)
            FROZEN.set()
            return connection
    return await Freezing(os.environ["FROZEN_CONNINFO"], "a database").rows("select 1")

@observation(within=2.0)
async def frozen_before() -> object:
    await FROZEN.wait()
    return await Reading(os.environ["FROZEN_CONNINFO"], "a database").rows("select 1")

FROZEN = asyncio.Event()

@observation(within=1.0)
async def in_a_thread() -> object:
    return await in_thread(time.sleep, 1000)

@observation(within=1.0)
async def stubborn() -> object:
    while True:
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            pass

@observation(within=30.0)
async def nameless(http: object) -> object:
    return await http.request("GET", "http://no-such-name.invalid/health")
"""
HANGING = ("drip_body", "drip_headers", "silent", "never_accepts")
OTHERS = ("frozen_before", "frozen_after", "in_a_thread", "stubborn")


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "workers"])
def test_an_observation_ends_by_its_own_deadline(house: House, workers: list[str]) -> None:
    house.door("".join(LATE.format(name=name) for name in HANGING) + LOOKS)
    for name in (*HANGING, *OTHERS, "nameless"):
        house.check(name, f"if not {name}:\n    raise Finding('no')", f"{name}: object")

    with hanging_servers() as urls, freezable_postgres() as server:
        conninfo = " ".join(f"{name}={value}" for name, value in server.conninfo().items())
        frozen = {"FROZEN_CONNINFO": conninfo, "POSTGRES_PID": str(server.process_id())}
        ended = start(house, *workers, **urls, **frozen).wait(PATIENCE)

    assert ended.seconds < 2.0 + SLACK, ended.output
    assert_full_report(ended)
    late = dict.fromkeys((*HANGING, *OTHERS, "nameless"), "blind")
    assert ended.outcomes == {"a_first": "verified", "z_last": "verified", **late}
    for name in (*HANGING, *OTHERS):
        assert "the deadline of this observation" in ended.verdicts[name]["message"], name
    assert "no-such-name.invalid" in ended.verdicts["nameless"]["message"]


def test_a_probe_that_blocks_the_event_loop_is_cut_off_by_the_run(house: House) -> None:
    deadline(house, 3.0).door("""
        @observation(within=1.0)
        async def blocking() -> object:
            await asyncio.sleep(0.5)
            time.sleep(1000)
    """)
    house.check("blocking", "if not blocking:\n    raise Finding('no')", "blocking: object")

    ended = start(house).wait(PATIENCE)

    assert ended.seconds < 3.0 + SLACK, ended.output
    assert_full_report(ended)
    assert ended.outcomes == {"a_first": "verified", "blocking": "blind", "z_last": "verified"}
    assert "deadline of 3 s" in ended.last_line


LOOPS = {
    "in Python": "while True:\n    pass\nraise Finding",
    "in a blocking call": "time.sleep(1000)\nraise Finding",
    "in a regular expression": "re.match(r'(a+)+$', 'a' * 64 + 'b')\nraise Finding",
    "deaf to exceptions": "while True:\n    try:\n        time.sleep(1000)\n    except BaseException:\n        pass\nraise Finding",
}


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "workers"])
@pytest.mark.parametrize("where", LOOPS)
def test_a_check_that_never_returns_is_cut_off_by_the_watchdog(house: House, where: str, workers: list[str]) -> None:
    body = f"open('looping', 'w').close()\n{LOOPS[where]}"
    deadline(house, 2.0).check("loops", body, above="import re, time")

    run = start(house, *workers)
    assert until((house.root / "looping").exists, PATIENCE), run.output
    family = run.family()
    ended = run.wait(PATIENCE)

    assert ended.seconds < 2.0 + SLACK, ended.output
    assert_full_report(ended)
    assert ended.outcomes["a_first"] == "verified"
    assert ended.outcomes["loops"] == "blind"
    assert "deadline of 2 s" in ended.last_line
    assert until(lambda: not alive(family), 3.0), alive(family)


def test_what_was_violated_before_a_check_hung_decides(house: House) -> None:
    deadline(house, 1.0).check("b_bad", "raise Finding('it is broken')").check("loops", "time.sleep(1000)\nraise Finding", above="import time")

    ended = start(house).wait(PATIENCE)

    assert_full_report(ended, exit=1)
    assert ended.outcomes == {"a_first": "verified", "b_bad": "violated", "loops": "blind", "z_last": "blind"}
    assert "HOLD" in ended.last_line


NEVER_READY = {
    "silent": "import time\ntime.sleep(1000)",
    "chatty": "import time\nwhile True:\n    print('A=1', flush=True)\n    time.sleep(0.01)",
    "deaf": "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(1000)",
    "closes its output": "import os, time\nos.close(1)\ntime.sleep(1000)",
}


@pytest.mark.parametrize("how", NEVER_READY)
def test_a_start_command_that_is_never_ready_is_ended(house: House, how: str) -> None:
    deadline(house, 2.0, '"python", "start.py"').file("start.py", NEVER_READY[how])
    house.door("""
        @observation
        async def needs_it(variables: object) -> object:
            return 1
    """)
    house.check("needs_it", "if not needs_it:\n    raise Finding('no')", "needs_it: object")

    run = start(house)
    assert until(lambda: any("start.py" in args for args in run.family().values()), PATIENCE), run.output
    family = run.family()
    ended = run.wait(PATIENCE)

    assert ended.seconds < 2.0 + SLACK, ended.output
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
    house.check("through", "if not through:\n    raise Finding('no')", "through: object")

    ended = start(house).wait(PATIENCE)

    assert ended.seconds < 2.0 + SLACK, ended.output
    assert_full_report(ended, exit=0)
    assert set(ended.outcomes.values()) == {"verified"}


LEFT_RUNNING = {
    "a thread that the interpreter waits for": "threading.Thread(target=time.sleep, args=(1000,)).start()",
    "a thread of the event loop's own pool": "await asyncio.wait_for(asyncio.to_thread(time.sleep, 1000), 0.5)",
    "a resolver that never answers": "await asyncio.wait_for(asyncio.get_running_loop().getaddrinfo('a', 1), 0.5)",
}


@pytest.mark.parametrize("what", LEFT_RUNNING)
def test_what_a_probe_leaves_running_does_not_keep_the_process(house: House, what: str) -> None:
    house.door(f"""
        socket.getaddrinfo = lambda *_, **__: time.sleep(1000)

        @observation(within=1.0)
        async def leaving() -> object:
            {LEFT_RUNNING[what]}
            return 1
    """)
    house.check("leaving", "if not leaving:\n    raise Finding('no')", "leaving: object")

    ended = start(house).wait(PATIENCE)

    assert ended.seconds < 2.0 + SLACK, ended.output
    assert_full_report(ended, exit=ended.report["run"]["exit"])
    assert ended.outcomes["z_last"] == "verified"
