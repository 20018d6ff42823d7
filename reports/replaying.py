"""A replay: a run that judges stored observations again, and must not read as one that looked."""

from collections.abc import Iterator

import pytest

from fixtures.engine.doors import OBSERVATORY
from fixtures.engine.stored import Memory
from reports.past.changes import minute

UNKNOWN = "1970-01-01T00:00:00.000+00:00"
"""When something was looked at of which nobody knows: long ago, so that nobody relies on it."""


def replayed_from(config: pytest.Config) -> str | None:
    """When what this run judges was looked at, ISO 8601 in UTC; None when the run looks for itself."""
    memory = config.stash.get(OBSERVATORY, None)
    return (memory.made or UNKNOWN) if isinstance(memory, Memory) else None


def said_of_replay(config: pytest.Config) -> Iterator[str]:
    """The note about a replay; nothing, when this is none."""
    made = replayed_from(config)
    if made:
        when = "at a time that it does not say" if made == UNKNOWN else f"on {minute(made)}"
        yield f"replayed: nothing was looked at now, it was {when} ({config.getoption('--replay')})"
