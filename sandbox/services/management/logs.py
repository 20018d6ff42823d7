"""The rows of logs.all."""

from typing import Any

from sandbox.services.state import State


class LogError(Exception):
    """The SQL is none that the log engine runs."""


def rows(state: State, sql: str, start: float, end: float) -> list[dict[str, Any]]:
    """The rows between two moments (seconds since 1970) that `sql` asks for."""
    known: list[dict[str, Any]] = state["logs"]
    return [row for row in known if start <= row["timestamp"] / 1_000_000 <= end]
