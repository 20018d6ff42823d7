"""Whatever hangs, a run ends by its deadline with a full report: what was seen keeps its verdict, the rest is blind."""

import shutil
from pathlib import Path

import pytest

from selftests.hanging_house import (
    BLIND,
    PATIENCE,
    PRELUDE,
    SLACK,
    assert_full_report,
    check_that_loops,
    furnish,
    judge,
)
from selftests.hanging_servers import freezable_postgres, hanging_servers
from selftests.planted_house import ROOT, House, alive, build, start, until


@pytest.fixture(scope="module")
def timber(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("timber")


@pytest.fixture
def house(tmp_path: Path, timber: Path) -> House:
    """Two sound checks, one judged before all others and one after them."""
    return build(tmp_path / "house", timber).door(PRELUDE).check("a_first").check("z_last")


HANGING = ("drip_body", "drip_headers", "silent", "never_accepts")
OTHERS = ("frozen_before", "frozen_after", "in_a_thread", "stubborn")
ASKS = """
@observation(within=1.0)
async def {name}(http: object) -> object:
    return await http.request("GET", os.environ["{name}_url".upper()])
"""
LOOKS = """
from fixtures.postgres.connections import Connections
from fixtures.postgres.reading import Reading

FROZEN = asyncio.Event()


class Freezing(Connections):
    async def open(self) -> object:
        connection = await super().open()
        rows = await (await connection.execute("select pid from pg_stat_activity")).fetchall()
        for pid in (int(os.environ["POSTGRES_PID"]), *(row[0] for row in rows)):
            os.kill(pid, signal.SIGSTOP)
        FROZEN.set()
        return connection


@observation(within=1.5)
async def frozen_after() -> object:
    reading = Reading(os.environ["FROZEN_CONNINFO"], "a database")
    reading._connections = Freezing(os.environ["FROZEN_CONNINFO"])
    return await reading.rows("select 1")


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
