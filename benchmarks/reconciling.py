"""All subscriptions of a large account compared with a table, beside the SDK's own paging and everything in lists."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.metadata import version

import msgspec
from psycopg.conninfo import make_conninfo

from benchmarks import rounds
from benchmarks.aims import Aim
from benchmarks.figures import figure
from benchmarks.part import Beside, Part
from benchmarks.reconciling_peers import Taken
from fixtures.workbench.engines.embedded import start_embedded
from selftests.large_account import LargeAccount, large_account, load

COUNT = 10_000
LATE = 0.25
"""Seconds that each answer is late: a page of a hundred with their customers is not made at once."""
PER_SECOND = 20.0
"""What `requests_per_second` is by default in test mode, of the 25 that the stand-in allows."""
OURS, LOOP = "ours, eight side by side", "the SDK's auto_paging_iter"
KINDS = {OURS: "ours", LOOP: "loop"}
SHARE = 0.5
"""Of the time that the plain loop takes."""
START_SECONDS = 30.0


def measure(count: int, tell: Callable[[str], None]) -> Part:
    """`count` rounds of each kind, in turn, against one stand-in with the limits of test mode; none uncounted.

    Raises:
        fixtures.Unobservable, RuntimeError: there is no server, or a walk did not find that all agree.
    """
    server = start_embedded(START_SECONDS)
    try:
        conninfo = make_conninfo(**server.conninfo("postgres", "postgres"))
        load(conninfo, COUNT)
        with large_account(COUNT, late=LATE) as account:
            walks = {name: partial(_walk, kind, account, conninfo) for name, kind in KINDS.items()}
            taken = rounds.interleaved(walks, count, tell)
            return _part(taken, account.counted())
    finally:
        server.stop()


def _walk(kind: str, account: LargeAccount, conninfo: str) -> Taken:
    command = [sys.executable, "-m", "benchmarks.reconciling_peers", kind, account.url, conninfo, str(PER_SECOND)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if ran.returncode:
        raise RuntimeError(f"{kind} failed: {ran.stderr.strip().splitlines()[-1:]}")
    taken = msgspec.json.decode(ran.stdout, type=Taken)
    if (taken.subscriptions, taken.differing) != (COUNT, 0):
        raise RuntimeError(f"{kind} found {taken.differing} of {taken.subscriptions} differing: all of {COUNT} agree")
    return taken


def _part(taken: Mapping[str, Sequence[Taken]], counted: Mapping[str, int]) -> Part:
    seconds = {name: [one.seconds for one in walks] for name, walks in taken.items()}
    pairs = list(zip(taken[OURS], taken[LOOP], strict=True))
    derived = {
        "CPU: ours / the SDK's": figure([a.cpu / b.cpu for a, b in pairs], "x"),
        "memory: ours / the SDK's": figure([a.megabytes / b.megabytes for a, b in pairs], "x"),
        "ours / pages at the pace, nothing else": figure([a.seconds / _floor() for a, _ in pairs], "x"),
        f"requests in one second, of {counted['per_second']} allowed": figure([counted["most_in_a_second"]], ""),
        "requests refused (429)": figure([counted["refused"]], ""),
        **{f"memory, {name}": figure([one.megabytes for one in walks], "MB") for name, walks in taken.items()},
    }
    aims = [Aim(f"in {SHARE:.0%} of the time of a plain loop", tuple((a.seconds, SHARE * b.seconds) for a, b in pairs))]
    title = f"{COUNT:,} subscriptions at Stripe and in a table, compared"
    return Part(
        "subscriptions",
        title,
        seconds,
        aims,
        derived,
        beside=[Beside(OURS, LOOP)],
        versions={"stripe": version("stripe")},
    )


def _floor() -> float:
    return COUNT / 100 / PER_SECOND
