"""What Sentry knows about Ocean: one dictionary, which faults patch before the service starts.

- organization, project, environments: who may be asked for
- releases: version -> item of GET …/releases/; `lastDeploy.dateFinished` of the newest is when errors change their rate
- errors: how many an hour come in `before` that moment and `since`
- sessions: how many an hour end in each way; release_sessions: those of the newest release
- issues: short id -> item of GET …/issues/
"""

import time
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sandbox.services.state import State, iso, patched
from sandbox.world import PREVIOUS_VERSION, VERSION

ORGANIZATION: Final = "ocean"
PROJECT: Final = "ocean-web"
PROJECT_ID: Final = "4507000000000001"
HOUR: Final = 3600


def state(patches: Iterable[Mapping[str, Any]]) -> State:
    """Ocean, released two hours ago, with a few errors, as ever."""
    now = time.time()
    built: State = {
        "organization": {"id": "4506000000000001", "slug": ORGANIZATION},
        "project": {
            "id": PROJECT_ID, "slug": PROJECT, "name": PROJECT, "platform": "javascript-react",
            "dateCreated": iso(now - 9000 * HOUR), "firstEvent": iso(now - 8000 * HOUR), "hasSessions": True,
        },
        "environments": ["production", "staging"],
        "releases": {
            VERSION: release(VERSION, now - 2 * HOUR), PREVIOUS_VERSION: release(PREVIOUS_VERSION, now - 200 * HOUR),
        },
        "errors": {"before": 6, "since": 6},
        "sessions": {"healthy": 480, "errored": 12, "crashed": 1, "abnormal": 0},
        "release_sessions": {"healthy": 40, "errored": 1, "crashed": 0, "abnormal": 0},
        "issues": {
            "OCEAN-WEB-12": issue("OCEAN-WEB-12", "error", "TypeError", now - 5 * HOUR),
            "OCEAN-WEB-7": issue("OCEAN-WEB-7", "fatal", "ChunkLoadError", now - 400 * HOUR),
        },
    }  # fmt: skip
    return patched(built, patches, now, iso)


def release(version: str, moment: float) -> dict[str, Any]:
    """A release that was deployed to production at `moment` (seconds since 1970)."""
    name = f"ocean-web@{version}"
    deploy = {
        "id": "1", "environment": "production", "name": name, "url": None,
        "dateStarted": iso(moment - 60), "dateFinished": iso(moment),
    }  # fmt: skip
    return {
        "id": 1, "version": name, "shortVersion": version, "status": "open", "ref": None, "url": None,
        "dateCreated": iso(moment - 300), "dateReleased": iso(moment - 120), "dateStarted": None, "lastDeploy": deploy,
        "newGroups": 0, "commitCount": 1, "deployCount": 1, "authors": [], "projects": [], "data": {}, "owner": None,
        "firstEvent": iso(moment), "lastEvent": iso(moment + 60), "lastCommit": None,
        "versionInfo": {"package": "ocean-web", "version": {"raw": version}, "buildHash": None, "description": version},
    }  # fmt: skip


def issue(short_id: str, level: str, kind: str, first_seen: float) -> dict[str, Any]:
    """An unresolved issue of the project's."""
    return {
        "id": short_id.rpartition("-")[2], "shortId": short_id, "shareId": None, "level": level, "type": "error",
        "title": f"{kind}: what went wrong", "culprit": "render(src/routes/Boats)", "logger": None,
        "permalink": f"https://{ORGANIZATION}.sentry.io/issues/{short_id.rpartition('-')[2]}/",
        "status": "unresolved", "statusDetails": {}, "substatus": "ongoing", "platform": "javascript",
        "project": {"id": PROJECT_ID, "name": PROJECT, "slug": PROJECT, "platform": "javascript-react"},
        "metadata": {"type": kind, "value": "what went wrong"}, "count": "31", "userCount": 9, "numComments": 0,
        "firstSeen": iso(first_seen), "lastSeen": iso(first_seen + 600), "isPublic": False, "isUnhandled": False,
        "isBookmarked": False, "isSubscribed": False, "subscriptionDetails": None, "hasSeen": False, "annotations": [],
        "assignedTo": None, "issueType": "error", "issueCategory": "error", "priority": "high",
        "priorityLockedAt": None, "seerFixabilityScore": None, "seerAutofixLastTriggered": None,
        "seerExplorerAutofixLastTriggered": None,
    }  # fmt: skip
