"""/health: how each of the services that are asked for does."""

from typing import Any, Final

from starlette.datastructures import QueryParams

from sandbox.services.management.answering import refused
from sandbox.services.management.state import items
from sandbox.services.state import State

KNOWN: Final = ("auth", "db", "db_postgres_user", "pooler", "realtime", "rest", "storage", "pg_bouncer")
LONGEST_MS: Final = 10_000


class Health:
    """Reads `services` of the state."""

    def __init__(self, state: State) -> None:
        self._state = state

    def services(self, query: QueryParams) -> list[dict[str, Any]]:
        """`services` is required and repeated."""
        asked = query.getlist("services")
        if not asked:
            raise refused(400, "services: Required")
        for name in asked:
            if name not in KNOWN:
                raise refused(400, f"services: Invalid enum value. Expected {' | '.join(KNOWN)}, received '{name}'")
        timeout = query.get("timeout_ms", "0")
        if not timeout.isdecimal() or int(timeout) > LONGEST_MS:
            raise refused(400, f"timeout_ms: must be between 0 and {LONGEST_MS}")
        return [item for item in items(self._state["services"]) if item["name"] in asked]
