"""What Supabase knows about Ocean's project: one dictionary, which faults patch before the service starts.

Most keys are the answers of the Management API, by the last part of their path (supabase/cli,
packages/api/src/generated/openapi.json, 2026-06-01). Where an answer is a list, the state has its items by name:
services, backup (of /database/backups), functions, api_keys, signing_keys, secrets. An item with `absent = true` is
left out. `statistics` has the rows of functions.combined-stats by the function's slug, `logs` the rows of logs.all.
"""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sandbox.services.management.auth_of_ocean import auth
from sandbox.services.management.functions_of_ocean import functions, secrets, statistics
from sandbox.services.management.keys_of_ocean import api_keys, signing_keys
from sandbox.services.management.logs import lines
from sandbox.services.management.project_of_ocean import (
    backup,
    backups,
    disk,
    network,
    pooler,
    postgres,
    postgrest,
    project,
    services,
)
from sandbox.services.service import World
from sandbox.services.state import State, iso, patched


def state(world: World) -> State:
    """Ocean, healthy, then patched. In a patch the string "now+3600s" is one hour from the start, in ISO 8601."""
    now = time.time()
    built: State = {
        "project": project(now),
        "services": services(),
        "readonly": {"enabled": False, "override_enabled": False, "override_active_until": ""},
        "backups": backups(),
        "backup": backup(now),
        "functions": functions(now, world.switches),
        "secrets": secrets(now),
        "statistics": statistics(now),
        "logs": lines(now),
        "log_engine": "clickhouse",
        "api_keys": api_keys(now, world.secrets),
        "legacy": {"enabled": False},
        "signing_keys": signing_keys(now, published=_published(world)),
        "auth": auth(),
        "ssl": {"currentConfig": {"database": True}, "appliedSuccessfully": True},
        "network": network(now),
        "pooler": pooler(),
        "postgres": postgres(),
        "postgrest": postgrest(),
        "disk": disk(now),
    }
    known = patched(built, world.patches("management"), now, iso)
    known["backups"]["physical_backup_data"] = _in_seconds(known["backups"]["physical_backup_data"])
    return known


def _published(world: World) -> bool:
    """Whether the gateway publishes the key that it signs with: a fault patches that there."""
    return bool(patched({"published": False}, world.patches("supabase"), 0.0, iso)["published"])


def _in_seconds(times: Mapping[str, Any]) -> dict[str, Any]:
    """The only times that the API has in seconds since 1970: a patch writes them as the others."""
    return {name: int(datetime.fromisoformat(at).timestamp()) for name, at in times.items()}


def items(known: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The items that are there, in order."""
    return [dict(item) for item in known.values() if not item.get("absent")]
