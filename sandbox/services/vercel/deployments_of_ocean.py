"""Ocean's deployments: the live one, two to go back to, one whose build failed, and a preview."""

from collections.abc import Sequence
from typing import Any, Final

from sandbox.services.vercel.names import PROJECT_ID, PROJECT_NAME

HOUR_MS: Final = 3_600_000
BUILD_MS: Final = 95_000

Deployment = dict[str, Any]


def deployments(now_ms: int, commits: Sequence[str]) -> dict[str, Deployment]:
    """uid -> item of GET /v7/deployments, newest first. `commits`, newest first: the live one, the one before."""
    rows = [
        _deployment("dpl_preview", now_ms - HOUR_MS, None, "feature/ledger", "5ad3f1c2"),
        _promoted("dpl_live", now_ms - 2 * HOUR_MS, commits[0], candidate=False),
        _failed("dpl_failed", now_ms - 20 * HOUR_MS, "e41b9d07"),
        _promoted("dpl_previous", now_ms - 70 * HOUR_MS, commits[1], candidate=True),
        _promoted("dpl_older", now_ms - 240 * HOUR_MS, "c09e5b11", candidate=True),
    ]
    return {row["uid"]: row for row in rows}


def _deployment(uid: str, created_ms: int, target: str | None, branch: str, commit: str) -> Deployment:
    suffix = uid.removeprefix("dpl_")
    return {
        "uid": uid, "name": PROJECT_NAME, "projectId": PROJECT_ID, "url": f"{PROJECT_NAME}-{suffix}.vercel.app",
        "created": created_ms, "createdAt": created_ms, "buildingAt": created_ms + 2000, "ready": created_ms + BUILD_MS,
        "source": "git", "state": "READY", "readyState": "READY", "type": "LAMBDAS", "target": target,
        "creator": {"uid": "usr_ocean", "username": "ocean-bot", "type": "github"},
        "inspectorUrl": f"https://vercel.com/ocean/{PROJECT_NAME}/{suffix}",
        "meta": {"githubCommitRef": branch, "githubCommitSha": commit.ljust(40, "0"), "githubRepo": "ocean"},
        "aliasAssigned": created_ms + BUILD_MS, "aliasError": None, "isRollbackCandidate": False,
    }  # fmt: skip


def _promoted(uid: str, created_ms: int, commit: str, *, candidate: bool) -> Deployment:
    served = {"readySubstate": "PROMOTED", "isRollbackCandidate": candidate}
    return _deployment(uid, created_ms, "production", "main", commit) | served


def _failed(uid: str, created_ms: int, commit: str) -> Deployment:
    row = _deployment(uid, created_ms, "production", "main", commit)
    del row["ready"]
    failure = {"state": "ERROR", "readyState": "ERROR", "aliasAssigned": None, "errorCode": "BUILD_UTILS_SPAWN_1"}
    return row | failure | {"errorMessage": 'Command "pnpm run build" exited with 1'}
