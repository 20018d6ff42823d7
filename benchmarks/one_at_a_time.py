"""A pytest plugin that takes the concurrency away: each check looks when it is its turn, as fixtures usually do.

Loaded with ``-p benchmarks.one_at_a_time``; probes, checks and reports are the same.
"""

from collections.abc import Iterable

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart() -> None:
    """From now on being told beforehand what will be asked for begins nothing."""
    from fixtures.engine.observatory import Observatory  # by now pytest has loaded it as a plugin's module

    def start(self: Observatory, keys: Iterable[str]) -> None:
        return None

    Observatory.start = start  # type: ignore[method-assign]  # it starts them one after the other
