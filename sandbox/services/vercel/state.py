"""What Vercel knows about Ocean: one dictionary, which faults patch before the service starts.

- live: uid of the deployment that serves production; `project` and `aliases` follow it
- project: answer of GET /v9/projects/{id}
- domains: name -> item of GET /v9/projects/{id}/domains
- deployments: uid -> item of GET /v7/deployments
- aliases: uid -> domains that serve this deployment now
- rollback_aliases: uid -> domains that an instant rollback to this deployment would move
- rolling_release: `rollingRelease` of GET /v1/projects/{id}/rolling-release; {} = none
- promote_aliases: items of GET /v1/projects/{id}/promote/aliases
- variables: name -> item of GET /v10/projects/{id}/env; one without a key is not there
- hidden_variables: how many variables of production the token may not see
- shared_variables: name -> item of GET /v1/env
- health: uid -> what this deployment's /health says, beside its commit
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sandbox.services.release import live_deployment
from sandbox.services.state import State, milliseconds, patched
from sandbox.services.vercel.deployments_of_ocean import deployments
from sandbox.services.vercel.names import DOMAINS
from sandbox.services.vercel.project_of_ocean import domains, project
from sandbox.services.vercel.variables_of_ocean import shared_variables, variables

__all__ = ["State", "state"]


def state(patches: Iterable[Mapping[str, Any]], commits: Sequence[str]) -> State:
    """Ocean, healthy, then patched. In a patch the string "now+3600s" stands for the time one hour from the start."""
    patches, now_ms = list(patches), time.time_ns() // 1_000_000
    live = live_deployment(patches)
    known = deployments(now_ms, commits)
    built: State = {
        "live": live,
        "project": project(known[live]),
        "domains": domains(now_ms),
        "deployments": known,
        "aliases": {live: list(DOMAINS), "dpl_preview": [known["dpl_preview"]["url"]]},
        "rollback_aliases": {uid: list(DOMAINS) for uid in ("dpl_live", "dpl_previous", "dpl_older")},
        "rolling_release": {},
        "promote_aliases": [],
        "variables": variables(now_ms),
        "hidden_variables": 0,
        "shared_variables": shared_variables(now_ms),
        "health": {},
    }
    return patched(built, patches, now_ms / 1000, milliseconds)
