"""Which release of Ocean is live: its health page, Vercel and the checkout's newest commit agree on it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from sandbox.world import VERSION

__all__ = ["COMMIT", "VERSION", "commits", "live_commit", "live_deployment"]

COMMIT: Final = "8c1f0de27b95a34c6e0f9d1b7a2c5e8f40d3b691"
"""For a checkout that is in no git repository."""
BEFORE: Final = "1f7730ac4e0b6f3d92b8a15d7e6c40f1a2b9d803"
"""The release before, for a checkout that has only one commit."""


def commits(checkout: Path) -> list[str]:
    """The commits of the checkout in the order of their making, newest first; two at least.

    Read from git's own log of HEAD: asking `git` would take longer than all the services need to start.
    """
    try:
        lines = (checkout / ".git/logs/HEAD").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    found = [line.split(" ", 2)[1] for line in reversed(lines)] or [COMMIT]
    return found if len(found) > 1 else [*found, BEFORE]


def live_deployment(patches: Iterable[Mapping[str, Any]]) -> str:
    """The uid of the deployment that serves production, by the patches of what Vercel knows."""
    return str([*(patch["live"] for patch in patches if "live" in patch), "dpl_live"][0])


def live_commit(checkout: Path, patches: Iterable[Mapping[str, Any]]) -> str:
    """The commit that is live: Ocean is deployed as it lies there, unless it was rolled back to the release before."""
    newest, before, *_ = commits(checkout)
    return newest if live_deployment(patches) == "dpl_live" else before
