"""What Vercel knows about Ocean: one dictionary, which faults patch before the service starts.

- project: answer of GET /v9/projects/{id}
- domains: name -> item of GET /v9/projects/{id}/domains
- deployments: uid -> item of GET /v7/deployments
- aliases: uid -> domains that serve this deployment now
- rollback_aliases: uid -> domains that an instant rollback to this deployment would move
- rolling_release: `rollingRelease` of GET /v1/projects/{id}/rolling-release; {} = none
- promote_aliases: items of GET /v1/projects/{id}/promote/aliases
"""

import time
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.services.state import State, milliseconds, patched
from sandbox.services.vercel.deployments_of_ocean import deployments
from sandbox.services.vercel.names import DOMAINS
from sandbox.services.vercel.project_of_ocean import domains, project

__all__ = ["State", "state"]


def state(patches: Iterable[Mapping[str, Any]]) -> State:
    """Ocean, healthy, then patched. In a patch the string "now+3600s" stands for the time one hour from the start."""
    now_ms = time.time_ns() // 1_000_000
    known = deployments(now_ms)
    built: State = {
        "project": project(known["dpl_live"]),
        "domains": domains(now_ms),
        "deployments": known,
        "aliases": {"dpl_live": list(DOMAINS), "dpl_preview": [known["dpl_preview"]["url"]]},
        "rollback_aliases": {uid: list(DOMAINS) for uid in ("dpl_live", "dpl_previous", "dpl_older")},
        "rolling_release": {},
        "promote_aliases": [],
    }
    return patched(built, patches, now_ms / 1000, milliseconds)
