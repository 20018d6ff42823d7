"""Legacy API keys, as Ocean's owners keep them: anon and service_role, tokens signed with the project's JWT secret.

A fault changes what such a key says (`state.supabase.keys.anon.iss = "…"`), how it is signed (`alg`) and by whom
(`signer`: the project or somebody else), or puts another `text` in its place.
"""

from collections.abc import Mapping
from typing import Any, Final

from sandbox.services.state import State
from sandbox.services.supabase.signing import hs256, part, private_key, signed_as
from sandbox.world import Secrets

REF: Final = "oceanoceanoceanocean"
YEARS: Final = 10 * 365 * 86_400
HOW: Final = ("alg", "signer", "text")
"""Members of an entry that are no claims."""


def legacy_keys(now: float) -> State:
    """The keys as they should be, by name."""
    claims = {"iss": "supabase", "ref": REF, "iat": int(now) - 86_400, "exp": int(now) + YEARS}
    how = {"alg": "HS256", "signer": "project"}
    return {name: {**claims, "role": name, **how} for name in ("anon", "service_role")}


def announced(keys: Mapping[str, Any], secrets: Secrets) -> dict[str, str]:
    """The variables under which they are kept."""
    return {
        "SUPABASE_ANON_KEY": _key(keys["anon"], secrets),
        "SUPABASE_SERVICE_ROLE_KEY": _key(keys["service_role"], secrets),
        "SUPABASE_JWT_SECRET": secrets.jwt_secret,
    }


def _key(entry: Mapping[str, Any], secrets: Secrets) -> str:
    if "text" in entry:
        return str(entry["text"])
    claims = {name: value for name, value in entry.items() if name not in HOW}
    seed = secrets.jwt_secret if entry["signer"] == "project" else secrets.webhook_secret
    match entry["alg"]:
        case "none":
            return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."
        case "ES256":
            return signed_as(claims, "ES256", private_key(seed))
    return hs256(claims, seed)
