"""Sessions and refresh tokens in schema auth; a refresh token is used once (rotation), with GoTrue's forgiveness.

Source: supabase/auth, internal/tokens/service.go. Switch `sessions`: "reusable" (old tokens are good for ever),
"unrefreshable".
"""

import secrets
from typing import Final, NamedTuple
from uuid import uuid4

from sandbox.services.database import Connection
from sandbox.services.supabase.auth_database import connected
from sandbox.services.supabase.auth_errors import refusal
from sandbox.world import Databases

Session = tuple[str, str]  # session id, refresh token
REUSE_SECONDS: Final = 1.0
"""Ocean's own (supabase/config.toml); a new project has ten."""


class Sessions:
    """Creates and continues sessions; every refusal is GoTrue's."""

    def __init__(self, databases: Databases, mistake: str = "", reuse_seconds: float = REUSE_SECONDS) -> None:
        self._url = databases.auth_admin_url
        self._mistake = mistake
        self._reuse_seconds = reuse_seconds

    async def new(self, account_id: str) -> Session:
        """A session of an account, and its first refresh token."""
        session_id = str(uuid4())
        async with connected(self._url) as connection:
            await connection.execute(
                "insert into auth.sessions (id, user_id, created_at, updated_at, aal)"
                " values (%s, %s, now(), now(), 'aal1')",
                (session_id, account_id),
            )
            await connection.execute("update auth.users set last_sign_in_at = now() where id::text = %s", (account_id,))
            return session_id, await _refresh_token(connection, account_id, session_id, None)

    async def rotated(self, token: str) -> tuple[str, Session]:
        """The next refresh token for one, and its account's id; 400 for an unknown one, and for an old one.

        The token before the current one is forgiven at any time and answered with the current one; older ones for
        `reuse_seconds` after their use. Any later use ends the session.
        """
        if self._mistake == "unrefreshable":
            raise refusal(500, "unexpected_failure", "Database error granting user")
        async with connected(self._url) as connection:
            account_id, session_id, old = await _found(connection, token)
            current = await _current(connection, session_id)
            if not old.revoked:
                return account_id, (session_id, await _swapped(connection, account_id, session_id, token))
            if current is not None and current.parent == token:
                return account_id, (session_id, current.token)
            if old.age <= self._reuse_seconds or self._mistake == "reusable":
                return account_id, (session_id, await _swapped(connection, account_id, session_id, token))
            await connection.execute(
                "update auth.refresh_tokens set revoked = true where session_id = %s", (session_id,)
            )
            await connection.commit()
        raise refusal(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used")


class _Old(NamedTuple):
    revoked: bool
    age: float  # seconds since it was made or used


class _Current(NamedTuple):
    token: str
    parent: str | None


async def _found(connection: Connection, token: str) -> tuple[str, str, _Old]:
    found = await connection.execute(
        "select user_id, session_id::text, revoked, extract(epoch from clock_timestamp() - updated_at)::float8"
        " from auth.refresh_tokens where token = %s for update",
        (token,),
    )
    row = await found.fetchone()
    if row is None:
        raise refusal(400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found")
    return row[0], row[1], _Old(row[2], row[3])


async def _current(connection: Connection, session_id: str) -> _Current | None:
    found = await connection.execute(
        "select token, parent from auth.refresh_tokens where session_id = %s and not revoked order by id desc limit 1",
        (session_id,),
    )
    row = await found.fetchone()
    return _Current(*row) if row else None


async def _swapped(connection: Connection, account_id: str, session_id: str, token: str) -> str:
    await connection.execute(
        "update auth.refresh_tokens set revoked = true, updated_at = clock_timestamp() where token = %s", (token,)
    )
    return await _refresh_token(connection, account_id, session_id, token)


async def _refresh_token(connection: Connection, account_id: str, session_id: str, parent: str | None) -> str:
    token = secrets.token_urlsafe(9)
    await connection.execute(
        "insert into auth.refresh_tokens (token, user_id, session_id, parent, revoked, created_at, updated_at)"
        " values (%s, %s, %s, %s, false, now(), now())",
        (token, account_id, session_id, parent),
    )
    return token
