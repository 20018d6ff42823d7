"""What Neon knows about Ocean: one dictionary, which faults patch before the service starts.

- organization: whose projects these are; key: what the API key may, `kind` "personal", "organization" or "project"
  (`projects`: the ids that one of that kind may see)
- projects: id -> item of GET /projects; one with `deleted_at` is not, and listed as recoverable
  until its `recoverable_until`
- branches, endpoints, operations, snapshots: project's id -> id -> item
- unavailable: ids of projects whose details cannot be fetched in time; `unavailable_times`: in so many answers
- unsaid: optional fields that the list leaves out
- synthetic_projects: so many more, made when they are asked for
- cursors: "on" (the last page that has a project names a next one, which is empty) or "stuck" (always the same)
- limits: requests a minute in all, and a second for each route
"""

import time
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sandbox.services.state import State, iso, patched

ORGANIZATION: Final = "org-ocean-48213377"
REGION: Final = "aws-eu-central-1"
PROXY: Final = "eu-central-1.aws.neon.example"
SLUGS: Final = ("atoll-charter", "breaker-surf-school", "caros-own")
WEEK: Final = 7 * 86400
DAY: Final = 86400


def state(patches: Iterable[Mapping[str, Any]]) -> State:
    """Ocean's organization: a project for each tenant of the seed, and one for the search of its documentation."""
    now = time.time()
    born = now - 30 * DAY
    built: State = {
        "organization": {
            "id": ORGANIZATION, "name": "Ocean", "handle": "ocean", "plan": "scale", "managed_by": "console",
            "created_at": iso(born), "updated_at": iso(born), "require_mfa": True,
        },
        "key": {"kind": "personal", "projects": []},
        "projects": {
            **{f"seed-{slug}": project(f"seed-{slug}", slug, born) for slug in SLUGS},
            "still-reef-27105544": project("still-reef-27105544", "docs-search", born),
        },
        "branches": {f"seed-{slug}": {f"br-{slug}": branch(f"seed-{slug}", f"br-{slug}", born)} for slug in SLUGS},
        "endpoints": {f"seed-{slug}": {f"ep-{slug}": endpoint(f"seed-{slug}", slug, born)} for slug in SLUGS},
        "operations": {}, "snapshots": {}, "unavailable": [], "unavailable_times": 1000, "unsaid": [],
        "synthetic_projects": 0, "cursors": "on", "limits": {"minute": 700, "second": 40},
    }  # fmt: skip
    return patched(built, patches, now, iso)


def project(key: str, name: str, born: float) -> dict[str, Any]:
    """An item of GET /projects, with every field that it must have and those that matter here."""
    return {
        "id": key, "name": name, "platform_id": "aws", "region_id": REGION, "provisioner": "k8s-neonvm",
        "pg_version": 17, "proxy_host": PROXY, "branch_logical_size_limit": 16384,
        "branch_logical_size_limit_bytes": 17179869184, "store_passwords": True, "active_time": 4800,
        "cpu_used_sec": 0, "creation_source": "console", "created_at": iso(born), "updated_at": iso(born),
        "owner_id": ORGANIZATION, "org_id": ORGANIZATION, "history_retention_seconds": WEEK,
        "compute_last_active_at": iso(born + DAY), "settings": {"block_public_connections": False},
        "default_endpoint_settings": {"suspend_timeout_seconds": 0},
    }  # fmt: skip


def whole(item: Mapping[str, Any]) -> dict[str, Any]:
    """The same project as GET /projects/{id} has it: with its consumption, and its owner's address."""
    used = {
        "data_storage_bytes_hour": 0, "data_transfer_bytes": 0, "written_data_bytes": 0, "compute_time_seconds": 0,
        "active_time_seconds": 4800, "consumption_period_start": item["created_at"],
        "consumption_period_end": item["updated_at"], "history_retention_seconds": WEEK,
    }  # fmt: skip
    owner = {"email": "ops@ocean.example", "name": "Ocean", "branches_limit": 500, "subscription_type": "scale_v3"}
    kept = {name: value for name, value in item.items() if name != "active_time"}
    return {**used, **kept, "owner": owner}


def branch(of: str, key: str, born: float) -> dict[str, Any]:
    """The default branch of a project."""
    return {
        "id": key, "project_id": of, "name": "main", "current_state": "ready", "state_changed_at": iso(born),
        "creation_source": "console", "created_at": iso(born), "updated_at": iso(born), "primary": True,
        "default": True, "protected": True, "cpu_used_sec": 0, "active_time_seconds": 0, "compute_time_seconds": 0,
        "written_data_bytes": 0, "data_transfer_bytes": 0, "logical_size": 31_457_280,
    }  # fmt: skip


def endpoint(of: str, slug: str, born: float) -> dict[str, Any]:
    """The compute of a default branch, asleep."""
    return {
        "id": f"ep-{slug}", "host": f"ep-{slug}.{PROXY}", "project_id": of, "branch_id": f"br-{slug}",
        "region_id": REGION, "type": "read_write", "current_state": "idle", "autoscaling_limit_min_cu": 0.25,
        "autoscaling_limit_max_cu": 2, "pooler_enabled": False, "pooler_mode": "transaction", "disabled": False,
        "passwordless_access": True, "creation_source": "console", "created_at": iso(born), "updated_at": iso(born),
        "settings": {"pg_settings": {}}, "proxy_host": PROXY, "suspend_timeout_seconds": 0,
        "provisioner": "k8s-neonvm", "last_active": iso(born + DAY),
    }  # fmt: skip
