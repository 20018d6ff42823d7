"""Sessions of others that a fault keeps open in the database: one that forgot its transaction, one that waits, many."""

import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import msgspec
import psycopg

from sandbox.world import Databases

PAUSE_SECONDS = 0.2  # before a statement is sent again
_OPEN: list[psycopg.Connection[Any]] = []
"""So that nobody closes them; they end with the server."""


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One session, or `times` many that do the same."""

    run: list[str]  # statements, in autocommit mode, one after the other
    login: str = "authenticator"  # one of `world.LOGIN_ROLES`
    application: str = ""  # application_name
    times: int = 1
    waits: bool = False  # the last statement does not return, so nobody waits for it
    again: bool = False  # the last statement is sent again and again, and nobody waits for it either
    age: float = 0.0  # seconds that it lasts before the next one begins


def hold(sessions: Iterable[Session], databases: Databases) -> None:
    """Open all of them, in order, the next one when the one before is as old as it has to be.

    Raises psycopg.Error when a statement that is waited for fails.
    """
    for session in sessions:
        for _ in range(session.times):
            _open(session, databases)
        time.sleep(session.age)


def _open(session: Session, databases: Databases) -> None:
    url = databases.url(session.login)
    connection = psycopg.connect(url, autocommit=True, application_name=session.application, prepare_threshold=None)
    _OPEN.append(connection)
    before, last = (session.run[:-1], session.run[-1:]) if session.waits or session.again else (session.run, [])
    for statement in before:
        connection.execute(statement.encode())
    for statement in last:
        threading.Thread(target=_run, args=(connection, statement, session.again), daemon=True).start()


def _run(connection: psycopg.Connection[Any], statement: str, again: bool) -> None:
    with suppress(psycopg.Error):  # the server ends before the statement does
        connection.execute(statement.encode())
        while again:
            time.sleep(PAUSE_SECONDS)
            connection.execute(statement.encode())
