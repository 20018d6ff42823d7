"""What the parts of the sandbox tell each other: secrets, databases and addresses. Frozen values, no behaviour."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

HOST = "127.0.0.1"
LIVE = "postgres"  # the database's name on every Supabase project
VERSION = "4.7.0"  # of Ocean's release that is live, as in its package.json
PREVIOUS_VERSION = "4.6.2"
STAGING = "staging"  # a second database of the same server stands for the staging project

# Login roles that get a new password at each start. `supabase_admin` is the cluster's superuser.
LOGIN_ROLES = ("supabase_admin", "postgres", "authenticator", "supabase_auth_admin", "seatrial_reader")


def _drawn(prefix: str, size: int = 24) -> str:
    return prefix + secrets.token_hex(size)


@dataclass(frozen=True)
class Secrets:
    """Everything secret that one start of the sandbox draws; never shown by `repr`."""

    publishable_key: str = field(default_factory=lambda: _drawn("sb_publishable_", 16), repr=False)
    secret_key: str = field(default_factory=lambda: _drawn("sb_secret_", 16), repr=False)
    jwt_secret: str = field(default_factory=lambda: _drawn("", 32), repr=False)  # signs HS256 access tokens
    webhook_secret: str = field(default_factory=lambda: _drawn("whsec_", 20), repr=False)
    webhook_secret_previous: str = field(default_factory=lambda: _drawn("whsec_", 20), repr=False)  # still valid
    tokens: dict[str, str] = field(default_factory=dict, repr=False)  # provider -> its API token
    passwords: Mapping[str, str] = field(
        default_factory=lambda: {role: _drawn("", 16) for role in LOGIN_ROLES}, repr=False
    )  # login role -> password

    def token(self, provider: str, prefix: str = "", size: int = 12) -> str:
        """The token for a provider's API, drawn when it is first asked for; `size` in bytes."""
        return self.tokens.setdefault(provider, _drawn(prefix, size))


@dataclass(frozen=True)
class Databases:
    """Where the sandbox's Postgres listens, and how to log in to it (SCRAM over TCP; no socket, no trust)."""

    port: int
    passwords: Mapping[str, str] = field(repr=False)
    host: str = HOST
    authority: Path | None = None  # PEM file; None: no TLS, as between the parts of the sandbox
    sslmode: str = "verify-full"

    def url(self, role: str, database: str = LIVE) -> str:
        """A libpq URL for one of `LOGIN_ROLES`; raises KeyError for a role that cannot log in."""
        secured = f"sslmode={self.sslmode}&sslrootcert={quote(str(self.authority))}" if self.authority else None
        where = f"{self.host}:{self.port}/{database}?{secured or 'sslmode=disable'}"
        return f"postgresql://{role}:{quote(self.passwords[role])}@{where}"

    @property
    def admin_url(self) -> str:
        """The superuser, on the live database."""
        return self.url("supabase_admin")

    @property
    def authenticator_url(self) -> str:
        """The API's login; the caller's role is set per transaction (`set_config('role', …, true)`)."""
        return self.url("authenticator")

    @property
    def auth_admin_url(self) -> str:
        """The authentication server's login, owner of schema auth; inserts into auth.users fire the sign-up trigger."""
        return self.url("supabase_auth_admin")
