"""Whatever hangs, a run ends by its deadline with a full report: what was seen keeps its verdict, the rest is blind."""

import os
import shutil
import signal
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from selftests.hanging_servers import freezable_postgres, hanging_servers
from selftests.planted_house import ROOT, Ended, House, Started, alive, build, start, until

BLIND, INTERRUPTED = 10, 2
SLACK = 6.0
"""Seconds after a deadline in which a run must have ended."""
PATIENCE = 20.0
"""Seconds after which a test gives up and kills a run that hangs."""
PRELUDE = """
import asyncio, re, signal, socket, threading
import fixtures.engine.watchdog

fixtures.engine.watchdog.GRACE = 1.0
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
    """Two sound checks, one judged before all others and one after them."""
    return build(tmp_path / "house", timber).door(PRELUDE).check("a_first").check("z_last")


def furnish(house: House, within: float, start: str = "") -> House:
    """`within` is the deadline of a run, in seconds; `start` what brings the environment up."""
    return house.environment(ENVIRONMENT.format(within=within, start=start))


def judge(house: House, *names: str) -> House:
    """Checks that are content with whatever the observation of their name shows."""
    for name in names:
        house.check(name, f"if not {name}:\n    raise Finding('no')", f"{name}: object")
    return house


def assert_full_report(ended: Ended, exit: int = BLIND) -> None:
    assert ended.exit == exit, ended.output
    assert ended.report["run"]["exit"] == exit
    suites = ElementTree.parse(ended.root / "reports-out" / "junit.xml")  # noqa: S314 - our own file
    told = len(ended.report["verdicts"]) + len(ended.report["missing"])
    assert len(list(suites.iter("testcase"))) == told
    assert (ended.root / "reports-out" / "summary.md").exists()
    word = {0: "GO", 1: "HOLD"}.get(exit, "CANNOT SEE")
    assert f": {word}, " in ended.last_line, ended.output


HANGING = ("drip_body", "drip_headers", "silent", "never_accepts")
OTHERS = ("frozen_before", "frozen_after", "in_a_thread", "stubborn")
ASKS = """
@observation(within=1.0)
async def {name}(http: object) -> object:
    return await http.request("GET", os.environ["{name}_url".upper()])
"""
LOOKS = """
from fixtures.postgres.reading import Reading

FROZEN = asyncio.Event()


class Freezing(Reading):
    async def _connect(self, *arguments: object) -> object:
        connection = await super()._connect(*arguments)
        rows = await (await connection.execute("select pid from pg_stat_activity")).fetchall()
        for pid in (int(os.environ["POSTGRES_PID"]), *(row[0] for row in rows)):
            os.kill(pid, signal.SIGSTOP)
        FROZEN.set()
        return connection


@observation(within=1.5)
async def frozen_after() -> object:
    return await Freezing(os.environ["FROZEN_CONNINFO"], "a database").rows("select 1")


@observation(within=2.0)
async def frozen_before() -> object:
    await FROZEN.wait()
    return await Reading(os.environ["FROZEN_CONNINFO"], "a database").rows("select 1")


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


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "workers"])
def test_an_observation_ends_by_its_own_deadline(house: House, workers: list[str]) -> None:
    shutil.copytree(ROOT / "fixtures" / "postgres", house.root / "fixtures" / "postgres")
    house.door("".join(ASKS.format(name=name) for name in HANGING) + LOOKS)
    judge(house, *HANGING, *OTHERS, "nameless")

    with hanging_servers() as urls, freezable_postgres() as server:
        conninfo = " ".join(f"{name}={value}" for name, value in server.conninfo().items())
        frozen = {"FROZEN_CONNINFO": conninfo, "POSTGRES_PID": str(server.process_id())}
        ended = start(house, *workers, variables=urls | frozen).wait(PATIENCE)

    assert ended.seconds < 2.0 + SLACK, ended.output
    assert_full_report(ended)
    late = dict.fromkeys((*HANGING, *OTHERS, "nameless"), "blind")
    assert ended.outcomes == {"a_first": "verified", "z_last": "verified", **late}
    for name in (*HANGING, *OTHERS):
        assert "the deadline of this observation" in ended.verdicts[name]["message"], name
    assert "no-such-name.invalid" in ended.verdicts["nameless"]["message"]


def test_a_probe_that_blocks_the_event_loop_is_cut_off_by_the_run(house: House) -> None:
    furnish(house, 2.0).door("""
        @observation(within=1.0)
        async def blocking() -> object:
            await asyncio.sleep(0.5)
            time.sleep(1000)
    """)

    ended = start(judge(house, "blocking")).wait(PATIENCE)

    assert ended.seconds < 2.0 + SLACK, ended.output
    assert_full_report(ended)
    assert ended.outcomes == {"a_first": "verified", "blocking": "blind", "z_last": "verified"}
    assert "deadline of 2 s" in ended.last_line


LOOPS = {
    "in Python": "while True:\n    pass",
    "in a blocking call": "time.sleep(1000)",
    "in a regular expression": "re.match(r'(a+)+$', 'a' * 64 + 'b')",
    "deaf to exceptions": "while True:\n    try:\n        time.sleep(1000)\n    except BaseException:\n        pass",
}


def check_that_loops(house: House, where: str) -> House:
    body = f"open('looping', 'w').close()\n{LOOPS[where]}\nraise Finding"
    return house.check("loops", body, above="import re, time")


@pytest.mark.parametrize(
    ("where", "workers"),
    [
        pytest.param("in Python", [], id="in Python"),
        pytest.param("in a blocking call", [], id="in a blocking call"),
        pytest.param("in a regular expression", [], id="in a regular expression"),
        pytest.param("in a regular expression", ["-n", "2"], id="in a regular expression of a worker"),
        pytest.param("deaf to exceptions", ["-n", "2"], id="deaf to exceptions in a worker"),
    ],
)
def test_a_check_that_never_returns_is_cut_off_by_the_watchdog(house: House, where: str, workers: list[str]) -> None:
    run = start(check_that_loops(furnish(house, 2.0), where), *workers)
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
    check_that_loops(furnish(house, 1.0), "in a blocking call").check("b_bad", "raise Finding('it is broken')")

    ended = start(house).wait(PATIENCE)

    assert_full_report(ended, exit=1)
    assert ended.outcomes == {"a_first": "verified", "b_bad": "violated", "loops": "blind", "z_last": "blind"}


def test_a_run_that_hangs_after_its_last_verdict_is_no_go(house: House) -> None:
    furnish(house, 1.0).door("def pytest_sessionfinish():\n    time.sleep(1000)")

    ended = start(house).wait(PATIENCE)

    assert set(ended.outcomes.values()) == {"verified"}
    assert_full_report(ended)


def test_a_terminal_that_nobody_reads_does_not_keep_the_process(house: House) -> None:
    furnish(house, 1.5).check("talks", "print('word ' * 100_000)\nraise Finding")

    ended = start(house, "-s", unread=True).wait(PATIENCE)

    assert ended.seconds < 1.5 + SLACK
    assert ended.exit == BLIND
    assert ended.outcomes == {"a_first": "verified", "talks": "blind", "z_last": "blind"}


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
