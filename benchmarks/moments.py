"""A pytest plugin for the runs that are measured: writes when, and after how much CPU, each moment came.

Loaded with ``-p benchmarks.moments``. The moments, each noted once:

- ``looking``: the checks are collected, the engine was told what to look at.
- ``sent``: the first connection of a probe goes out. Counts what the probe imported for it (httpx or psycopg).
- ``first_verdict``, ``last_verdict``: pytest reported a case.
"""

import json
import os
import time
from asyncio.selector_events import BaseSelectorEventLoop
from pathlib import Path
from typing import Any

import pytest

PLACE = "SEATRIAL_MOMENTS"
"""The environment variable that names the file to write."""
MOMENTS: dict[str, dict[str, float]] = {}
"""By name: `at`, seconds of the monotonic clock; `cpu`, user and system seconds of this process, children excluded."""


def _note(name: str) -> None:
    MOMENTS[name] = {"at": time.monotonic(), "cpu": time.process_time()}


def _note_once(name: str) -> None:
    if name not in MOMENTS:
        _note(name)


def pytest_sessionstart() -> None:
    """Stand where connections go out. httpx connects by the loop; psycopg lets the loop watch libpq's own socket."""
    connect, watch = BaseSelectorEventLoop.sock_connect, BaseSelectorEventLoop.add_writer

    async def sock_connect(loop: Any, sock: Any, address: Any) -> None:
        _note_once("sent")
        await connect(loop, sock, address)

    def add_writer(loop: Any, fd: Any, callback: Any, *arguments: Any) -> Any:
        _note_once("sent")
        return watch(loop, fd, callback, *arguments)

    BaseSelectorEventLoop.sock_connect = sock_connect  # type: ignore[method-assign, assignment]  # it also notes the moment
    BaseSelectorEventLoop.add_writer = add_writer  # type: ignore[method-assign, assignment]  # as above


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """The engine's own hook came before."""
    _note_once("looking")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A verdict: of the call, or of a setup in which nothing could be seen."""
    if report.when == "call" or not report.passed:
        _note_once("first_verdict")
        _note("last_verdict")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Write the moments; a worker of pytest-xdist has none of its own."""
    place = os.environ.get(PLACE)
    if place and not hasattr(config, "workerinput"):
        Path(place).write_text(json.dumps(MOMENTS), encoding="utf-8")
