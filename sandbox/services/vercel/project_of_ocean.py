"""Ocean's Vercel project and its domains."""

from typing import Any, Final

from sandbox.services.vercel.names import DOMAINS, PROJECT_ID, PROJECT_NAME, TEAM_ID

YEAR_MS: Final = 365 * 24 * 3_600_000
SHARED: Final = ("name", "url", "target", "createdAt", "readyState", "readySubstate", "meta", "aliasAssigned")


def project(live: dict[str, Any]) -> dict[str, Any]:
    """Answer of GET /v9/projects/{id}; `live` is the deployment that serves production."""
    return {
        "id": PROJECT_ID, "name": PROJECT_NAME, "accountId": TEAM_ID, "framework": "vite", "nodeVersion": "22.x",
        "createdAt": live["createdAt"] - YEAR_MS, "updatedAt": live["createdAt"], "autoAssignCustomDomains": True,
        "link": {"type": "github", "org": "ocean", "repo": "ocean", "productionBranch": "main"},
        "targets": {"production": production_target(live)},
        "ssoProtection": {"deploymentType": "all_except_custom_domains"}, "passwordProtection": None,
        "lastAliasRequest": None, "lastRollbackTarget": None, "rollingRelease": None,
        "deploymentExpiration": {"expirationDays": 180, "expirationDaysProduction": 365, "deploymentsToKeep": 10},
    }  # fmt: skip


def production_target(live: dict[str, Any]) -> dict[str, Any]:
    """What `targets.production` says about the deployment that serves production."""
    return {"id": live["uid"], "alias": list(DOMAINS), **{key: live[key] for key in SHARED}}


def domains(now_ms: int) -> dict[str, dict[str, Any]]:
    """Name -> item of GET /v9/projects/{id}/domains; both serve production, neither redirects."""
    return {name: _domain(name, now_ms - YEAR_MS + place) for place, name in enumerate(DOMAINS)}


def _domain(name: str, created_ms: int) -> dict[str, Any]:
    return {
        "name": name, "apexName": "ocean.example", "projectId": PROJECT_ID, "redirect": None,
        "redirectStatusCode": None, "gitBranch": None, "customEnvironmentId": None, "createdAt": created_ms,
        "updatedAt": created_ms, "verified": True,
    }  # fmt: skip
