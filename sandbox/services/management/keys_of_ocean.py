"""Ocean's API keys and signing keys, as the Management API lists them: secret keys are shown in part only."""

import hashlib
from typing import Any, Final

from sandbox.services.state import iso
from sandbox.services.supabase.signing import KEY_ID
from sandbox.world import Secrets

DAY: Final = 86_400.0
SHOWN: Final = 16
"""Characters of a secret key that are shown unless it is asked to be revealed."""


def api_keys(now: float, secrets: Secrets) -> dict[str, dict[str, Any]]:
    """name -> item of /api-keys, without `reveal`."""
    secret = secrets.secret_key
    masked = secret[:SHOWN] + "·" * (len(secret) - SHOWN)
    return {
        "publishable": _key("default", "publishable", secrets.publishable_key, secrets.publishable_key, now),
        "secret": _key("default", "secret", secret, masked, now),
    }


def _key(name: str, kind: str, key: str, shown: str, now: float) -> dict[str, Any]:
    digest = hashlib.sha256(key.encode()).hexdigest()
    return {
        "name": name, "id": f"{digest[:8]}-0000-4000-8000-000000000000", "type": kind, "prefix": key[:SHOWN],
        "api_key": shown, "hash": digest, "description": None, "secret_jwt_template": None,
        "inserted_at": iso(now - 60 * DAY), "updated_at": iso(now - 60 * DAY),
    }  # fmt: skip


def signing_keys(now: float, *, published: bool) -> dict[str, dict[str, Any]]:
    """name -> item of /config/auth/signing-keys: one signs, one stands by, one has gone.

    `published`: the one that signs is asymmetric, so that the gateway's key set has it.
    """
    algorithm, current = ("ES256", KEY_ID) if published else ("HS256", "11111111-0000-4000-8000-000000000001")
    return {
        "current": _signing(current, algorithm, "in_use", now - 60 * DAY),
        "next": _signing("11111111-0000-4000-8000-000000000002", algorithm, "standby", now - 60 * DAY),
        "gone": _signing("11111111-0000-4000-8000-000000000003", "HS256", "revoked", now - 500 * DAY),
    }


def _signing(key_id: str, algorithm: str, status: str, created: float) -> dict[str, Any]:
    return {
        "id": key_id, "algorithm": algorithm, "status": status, "public_jwk": None,
        "created_at": iso(created), "updated_at": iso(created),
    }  # fmt: skip
