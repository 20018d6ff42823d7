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
PATIENCE = 40.0
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
