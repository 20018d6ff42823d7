"""Which release of Ocean is live: its health page, Vercel and the checkout's newest commit agree on it."""

from pathlib import Path
from typing import Final

VERSION: Final = "4.7.0"
COMMIT: Final = "8c1f0de27b95a34c6e0f9d1b7a2c5e8f40d3b691"
"""For a checkout that is in no git repository."""


def commits(checkout: Path) -> list[str]:
    """The commits of the checkout in the order of their making, newest first; never none.

    Read from git's own log of HEAD: asking `git` would take longer than all the services need to start.
    """
    try:
        lines = (checkout / ".git/logs/HEAD").read_text(encoding="utf-8").splitlines()
    except OSError:
        return [COMMIT]
    return [line.split(" ", 2)[1] for line in reversed(lines)] or [COMMIT]


def live_commit(checkout: Path) -> str:
    """The commit that is live: Ocean is deployed as it lies there."""
    return commits(checkout)[0]
