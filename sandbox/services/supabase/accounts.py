"""Accounts in schema auth, written as `supabase_auth_admin`, so that triggers run as on a project."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from sandbox.services.database import Connection
from sandbox.services.supabase.auth_database import connected
from sandbox.services.supabase.auth_errors import refusal
from sandbox.services.supabase.passwords import hashed, matches
from sandbox.world import Databases


@dataclass(frozen=True)
class Account:
    """One row of auth.users."""

    id: str
    email: str | None
    role: str
    encrypted_password: str | None
    raw_app_meta_data: dict[str, Any] | None
    raw_user_meta_data: dict[str, Any] | None
    created_at: datetime | None

    def claims(self) -> dict[str, Any]:
        """What an access token says about the user."""
        return {"sub": self.id, "is_anonymous": False, **self._public()}

    def shown(self) -> dict[str, Any]:
        """The user as the API shows it."""
        created = self.created_at.isoformat() if self.created_at else None
        return {"id": self.id, "aud": "authenticated", "created_at": created, **self._public()}

    def _public(self) -> dict[str, Any]:
        metadata = {"app_metadata": self.raw_app_meta_data or {}, "user_metadata": self.raw_user_meta_data or {}}
        return {"email": self.email, "phone": "", "role": self.role, **metadata}


COLUMNS = (
    "select id::text, email, role, encrypted_password, raw_app_meta_data, raw_user_meta_data, created_at"
    " from auth.users"
)


class Accounts:
    """Creates and finds accounts; every refusal is GoTrue's."""

    def __init__(self, databases: Databases) -> None:
        self._url = databases.auth_admin_url

    async def create(self, email: str, password: str, metadata: dict[str, Any]) -> Account:
        """422 if the address is taken; 500 unexpected_failure if the insert, or a trigger on it, fails."""
        async with connected(self._url) as connection:
            if await _one(connection, f"{COLUMNS} where lower(email) = %s and not is_sso_user", email):
                raise refusal(422, "user_already_exists", "User already registered")
            try:
                return await _inserted(connection, email, password, metadata)
            except psycopg.Error as error:
                raise refusal(500, "unexpected_failure", "Database error saving new user") from error

    async def delete(self, account_id: str) -> None:
        """404 user_not_found; 500 unexpected_failure if something that refers to the account is in the way."""
        async with connected(self._url) as connection:
            try:
                gone = await connection.execute("delete from auth.users where id::text = %s", (account_id,))
            except psycopg.Error as error:
                raise refusal(500, "unexpected_failure", "Database error deleting user") from error
            if gone.rowcount == 0:
                raise refusal(404, "user_not_found", "User not found")

    async def newest(self, limit: int, offset: int) -> tuple[list[Account], int]:
        """A page of all accounts, the newest first, and how many there are."""
        async with connected(self._url) as connection, connection.cursor(row_factory=class_row(Account)) as cursor:
            page = f"{COLUMNS} where instance_id is not null order by created_at desc limit %s offset %s"
            await cursor.execute(page.encode(), (limit, offset))
            found = await cursor.fetchall()
            counted = await connection.execute("select count(*) from auth.users")
            (total,) = await counted.fetchone() or (0,)
        return found, total

    async def known(self, email: str, password: str) -> Account:
        """The account with this address and password, else 400 invalid_credentials."""
        async with connected(self._url) as connection:
            account = await _one(connection, f"{COLUMNS} where lower(email) = %s and not is_sso_user", email.lower())
        if account is None or not matches(password, account.encrypted_password or ""):
            raise refusal(400, "invalid_credentials", "Invalid login credentials")
        return account

    async def by_id(self, account_id: str) -> Account:
        """The account of a verified token, else 403 user_not_found."""
        async with connected(self._url) as connection:
            account = await _one(connection, f"{COLUMNS} where id::text = %s", account_id)
        if account is None:
            raise refusal(403, "user_not_found", "User from sub claim in JWT does not exist")
        return account


async def _one(connection: Connection, query: str, value: str) -> Account | None:
    async with connection.cursor(row_factory=class_row(Account)) as cursor:
        await cursor.execute(query.encode(), (value,))
        return await cursor.fetchone()


async def _inserted(connection: Connection, email: str, password: str, metadata: dict[str, Any]) -> Account:
    account_id = str(uuid4())
    await connection.execute(
        "insert into auth.users (instance_id, id, aud, role, email, encrypted_password, email_confirmed_at,"
        " raw_app_meta_data, raw_user_meta_data, created_at, updated_at)"
        " values (%s, %s, 'authenticated', 'authenticated', %s, %s, now(), %s, %s, now(), now())",
        ("00000000-0000-0000-0000-000000000000", account_id, email, hashed(password),
         Jsonb({"provider": "email", "providers": ["email"]}), Jsonb(metadata)),
    )  # fmt: skip
    await connection.execute(
        "insert into auth.identities (provider_id, user_id, identity_data, provider, created_at, updated_at)"
        " values (%s, %s, %s, 'email', now(), now())",
        (account_id, account_id, Jsonb({"sub": account_id, "email": email})),
    )
    account = await _one(connection, f"{COLUMNS} where id::text = %s", account_id)
    if account is None:
        raise refusal(500, "unexpected_failure", "Database error saving new user")
    return account
