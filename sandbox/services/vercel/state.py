"""What Vercel knows about Ocean: one dictionary, which faults patch before the service starts.

- project: answer of GET /v9/projects/{id}
- domains: name -> item of GET /v9/projects/{id}/domains
- deployments: uid -> item of GET /v7/deployments
- aliases: uid -> domains that serve this deployment now
- rollback_aliases: uid -> domains that an instant rollback to this deployment would move
- rolling_release: `rollingRelease` of GET /v1/projects/{id}/rolling-release; {} = none
- promote_aliases: items of GET /v1/projects/{id}/promote/aliases
"""

import re
import time
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sandbox.services.vercel.deployments_of_ocean import deployments
from sandbox.services.vercel.names import DOMAINS
from sandbox.services.vercel.project_of_ocean import domains, project

State = dict[str, Any]

_FROM_NOW: Final = re.compile(r"now([+-]\d+)s")


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
    for patch in patches:
        built = merge(built, resolve_times(patch, now_ms))
    return built


def merge(target: Any, patch: Any) -> Any:
    """JSON Merge Patch (RFC 7396), on copies."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


def resolve_times(value: Any, now_ms: int) -> Any:
    """The same value with every "now±Ns" replaced by milliseconds since 1970, as Vercel writes times."""
    if isinstance(value, Mapping):
        return {key: resolve_times(item, now_ms) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve_times(item, now_ms) for item in value]
    match = _FROM_NOW.fullmatch(value) if isinstance(value, str) else None
    return now_ms + int(match[1]) * 1000 if match else value
