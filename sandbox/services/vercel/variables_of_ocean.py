"""Ocean's environment variables on Vercel. Their values are ciphertext that nobody here can read."""

from typing import Any, Final

from sandbox.services.vercel.names import PROJECT_ID, TEAM_ID

HOUR_MS: Final = 3_600_000
EVERYWHERE: Final = ("production", "preview", "development")
# Name -> type, and the targets that it is set for.
ROWS: Final = {
    "VITE_SUPABASE_URL": ("plain", EVERYWHERE),
    "VITE_SUPABASE_PUBLISHABLE_KEY": ("encrypted", EVERYWHERE),
    "VITE_SENTRY_DSN": ("encrypted", ("production", "preview")),
    "SENTRY_AUTH_TOKEN": ("sensitive", ("production", "preview")),
    "ANALYZE": ("plain", ("preview",)),
}


def variables(now_ms: int) -> dict[str, dict[str, Any]]:
    """Name -> item of GET /v10/projects/{id}/env."""
    rows = enumerate(ROWS.items())
    return {key: _variable(key, kind, targets, now_ms - place * HOUR_MS) for place, (key, (kind, targets)) in rows}


def _variable(key: str, kind: str, targets: tuple[str, ...], created_ms: int) -> dict[str, Any]:
    return {
        "id": f"env_{key.lower()}", "key": key, "type": kind, "target": list(targets), "gitBranch": None,
        "customEnvironmentIds": [], "createdAt": created_ms, "updatedAt": created_ms, "comment": "",
        "value": "" if kind == "sensitive" else f"eyJ2IjoidjIiLCJlIjoi{key.lower()}",
    }  # fmt: skip


def shared_variables(now_ms: int) -> dict[str, dict[str, Any]]:
    """Name -> item of GET /v1/env: what the team shares with Ocean's project."""
    row = _variable("STATUS_PAGE_URL", "plain", EVERYWHERE, now_ms - HOUR_MS)
    kept = {key: row[key] for key in ("id", "key", "type", "target", "createdAt", "updatedAt", "value")}
    return {"STATUS_PAGE_URL": {**kept, "ownerId": TEAM_ID, "projectId": [PROJECT_ID], "decrypted": False}}
