"""Sandboxes to measure in, and to be measured themselves."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from fixtures.engine.starting import start_environment

COMMAND = (sys.executable, "-m", "sandbox")
ACCESSIBLE = 0o755
"""For root's sandbox, whose Postgres runs as another account that must reach its cache."""


@contextmanager
def ocean(latency_ms: int) -> Iterator[Mapping[str, str]]:
    """A running sandbox, every answer `latency_ms` late; yields its variables.

    Raises:
        fixtures.Unobservable: it did not start.
    """
    started = start_environment([*COMMAND, f"--latency={latency_ms}"], _leave)
    try:
        yield started.variables
    finally:
        started.stop(20.0)


def seconds_to_ready(cache: Path | None = None) -> float:
    """How long a sandbox takes until it says that it is ready. `cache`: XDG_CACHE_HOME, unless the usual one.

    Raises:
        fixtures.Unobservable: it did not start.
    """
    placed = ["env", f"XDG_CACHE_HOME={cache}"] if cache else []
    began = time.monotonic()
    started = start_environment([*placed, *COMMAND], _leave)
    took = time.monotonic() - began
    started.stop(20.0)
    return took


def seconds_to_ready_cold() -> float:
    """The same when nothing was built before: its database is made from the first file on.

    Raises:
        fixtures.Unobservable: it did not start.
        RuntimeError: it did not use the empty cache, and so was not cold.
    """
    with tempfile.TemporaryDirectory(prefix="seatrial-benchmark-") as folder:
        os.chmod(folder, ACCESSIBLE)
        took = seconds_to_ready(Path(folder))
        if not list(Path(folder).glob("seatrial/*/*")):
            raise RuntimeError(f"the sandbox kept nothing in {folder}: it was not cold")
        return took


def _leave(variables: Mapping[str, str]) -> None:
    """A sandbox's secrets are random and die with it: there is nothing to hide."""
