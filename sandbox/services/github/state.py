"""What GitHub knows about Ocean's newest commit: one dictionary, which faults patch before the service starts.

- check_runs: key -> item of GET …/check-runs
- statuses: key -> item of GET …/status
In either `absent = true` takes one away.
"""

import time
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sandbox.services.state import State, iso, patched

REPOSITORY: Final = "ocean/ocean"
MINUTE: Final = 60


def state(patches: Iterable[Mapping[str, Any]]) -> State:
    """Ocean, healthy, then patched. In a patch "now-60s" stands for the time a minute before the start."""
    now = time.time()
    built: State = {
        "check_runs": {
            "build": _run(41, "build", now - 125 * MINUTE),
            "migrations": _run(42, "migrations", now - 125 * MINUTE),
            "preview": _run(43, "preview", now - 125 * MINUTE, "skipped"),
        },
        "statuses": {
            "vercel": {
                "id": 7, "context": "Vercel", "state": "success", "description": "Deployment has completed",
                "target_url": "https://vercel.com/ocean/ocean-platform", "created_at": iso(now - 120 * MINUTE),
                "updated_at": iso(now - 118 * MINUTE),
            },
        },
    }  # fmt: skip
    return patched(built, patches, now, iso)


def _run(number: int, name: str, began: float, conclusion: str = "success") -> dict[str, Any]:
    return {
        "id": number, "node_id": f"CR_{number}", "name": name, "status": "completed", "conclusion": conclusion,
        "started_at": iso(began), "completed_at": iso(began + 3 * MINUTE), "app": {"slug": "github-actions"},
        "html_url": f"https://github.com/{REPOSITORY}/actions/runs/9/job/{number}", "check_suite": {"id": 9},
        "output": {"title": None, "summary": None, "text": None, "annotations_count": 0}, "pull_requests": [],
    }  # fmt: skip
