"""PostgREST's errors: `{"code", "details", "hint", "message"}`, and Postgres's codes as HTTP statuses.

Source: PostgREST docs, references/errors.
"""

from typing import Final

import psycopg

from sandbox.services.refusal import Refusal

# The longest prefix of the SQLSTATE decides; 42501 also depends on the caller.
STATUSES: Final = {
    "08": 503, "53": 503, "53400": 500, "28": 403, "0L": 403, "0P": 403, "23503": 409, "23505": 409, "25006": 405,
    "42883": 404, "42P01": 404, "42P17": 500, "P0001": 400, "40": 500, "54": 500, "55": 500, "57": 500, "58": 500,
    "XX": 500,
}  # fmt: skip


def refusal(status: int, code: str, message: str, details: str | None = None, hint: str | None = None) -> Refusal:
    """An answer in PostgREST's form."""
    return Refusal(status, {"code": code, "details": details, "hint": hint, "message": message})


def database_refusal(error: psycopg.Error, role: str) -> Refusal:
    """What PostgREST answers to an error of the database; without a SQLSTATE the database was not reached."""
    if error.sqlstate is None:
        return refusal(503, "PGRST000", "Database connection error. Retrying the connection.")
    told = error.diag
    status = _status(error.sqlstate, role)
    message = told.message_primary or "unknown database error"
    return refusal(status, error.sqlstate, message, told.message_detail, told.message_hint)


def _status(sqlstate: str, role: str) -> int:
    if sqlstate == "42501":
        return 401 if role == "anon" else 403
    for length in (5, 2):
        if sqlstate[:length] in STATUSES:
            return STATUSES[sqlstate[:length]]
    return 400
