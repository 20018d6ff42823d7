"""Sessions and refresh tokens in schema auth; a refresh token is used once (rotation)."""

import secrets
from uuid import uuid4

from sandbox.services.database import Connection
from sandbox.services.supabase.auth_database import connected
from sandbox.services.supabase.auth_errors import refusal
from sandbox.world import Databases

Session = tuple[str, str]  # session id, refresh token


class Sessions:
    """Creates and continues sessions; every refusal is GoTrue's."""

    def __init__(self, databases: Databases) -> None:
        self._url = databases.auth_admin_url

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
        """Revokes a refresh token and issues the next, for its account's id; 400 for an unknown or used one."""
        async with connected(self._url) as connection:
            found = await connection.execute(
                "update auth.refresh_tokens new set revoked = true, updated_at = now() from auth.refresh_tokens old"
                " where new.id = old.id and new.token = %s returning old.revoked, old.user_id, old.session_id::text",
                (token,),
            )
            row = await found.fetchone()
            if row is None:
                raise refusal(400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found")
            revoked, account_id, session_id = row
            if revoked:
                raise refusal(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used")
            session = session_id, await _refresh_token(connection, account_id, session_id, token)
        return account_id, session


async def _refresh_token(connection: Connection, account_id: str, session_id: str, parent: str | None) -> str:
    token = secrets.token_urlsafe(9)
    await connection.execute(
        "insert into auth.refresh_tokens (token, user_id, session_id, parent, revoked, created_at, updated_at)"
        " values (%s, %s, %s, %s, false, now(), now())",
        (token, account_id, session_id, parent),
    )
    return token
