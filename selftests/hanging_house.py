"""A small house whose probes and checks hang, and what must be there all the same when a run of it has ended."""

from xml.etree import ElementTree

from selftests.planted_house import Ended, House

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


LOOPS = {
    "in Python": "while True:\n    pass",
    "in a blocking call": "time.sleep(1000)",
    "in a regular expression": "re.match(r'(a+)+$', 'a' * 64 + 'b')",
    "deaf to exceptions": "while True:\n    try:\n        time.sleep(1000)\n    except BaseException:\n        pass",
}


def check_that_loops(house: House, where: str) -> House:
    body = f"open('looping', 'w').close()\n{LOOPS[where]}\nraise Finding"
    return house.check("loops", body, above="import re, time")
