"""Writing tables as PostgREST does: POST inserts, with `Prefer: resolution=…` upserts; PATCH updates what filters find.

Source: PostgREST docs, references/api/tables_views (insert, update, upsert) and references/api/preferences.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from psycopg import sql
from starlette.requests import Request

from sandbox.services.supabase.rest_conditions import name
from sandbox.services.supabase.rest_errors import refusal
from sandbox.services.supabase.rest_query import Question, question

RESOLUTIONS: Final = ("ignore-duplicates", "merge-duplicates")
_CHANGED: Final = sql.SQL(
    "with page as ({} returning {}) select coalesce(json_agg(row_to_json(page)), '[]')::text, count(*) from page"
)


@dataclass(frozen=True)
class Writing:
    """One parsed request; `statement` answers the changed rows as JSON in text, or nothing, and how many there are."""

    asked: Question
    statement: sql.Composed
    status: int
    represents: bool


async def writing(request: Request) -> Writing:
    """Parse a POST or a PATCH.

    Raises Refusal: 400 PGRST102 for a body that is no row and no list of rows, PGRST100 for what is not understood.
    """
    asked, preferred = question(request), _preferences(request)
    rows = _rows(await request.body())
    change = _update(asked, rows) if request.method == "PATCH" else _insert(request, asked, rows, preferred)
    represents = preferred.get("return") == "representation"
    columns = sql.SQL(", ").join(map(sql.Identifier, asked.columns)) if asked.columns else sql.SQL("*")
    # without a representation nothing is returned that the caller would have to be allowed to read
    statement = _CHANGED.format(change, columns) if represents else sql.Composed([change])
    if request.method == "PATCH":
        return Writing(asked, statement, 200 if represents else 204, represents)
    return Writing(asked, statement, 201, represents)


def _preferences(request: Request) -> dict[str, str]:
    """`Prefer: resolution=ignore-duplicates,return=representation`."""
    given = ",".join(request.headers.getlist("prefer")).split(",")
    return {key.strip(): value.strip() for key, _, value in (one.partition("=") for one in given)}


def _rows(body: bytes) -> list[Mapping[str, Any]]:
    try:
        said = json.loads(body)
    except ValueError as error:
        raise refusal(400, "PGRST102", "Empty or invalid json") from error
    rows = said if isinstance(said, list) else [said]
    if not rows or not all(isinstance(row, dict) and row.keys() == rows[0].keys() for row in rows):
        raise refusal(400, "PGRST102", "All object keys must match")
    return rows


def _insert(request: Request, asked: Question, rows: list[Mapping[str, Any]], preferred: Mapping[str, str]) -> Any:
    columns = sql.SQL(", ").join(sql.Identifier(name(key)) for key in rows[0])
    into = sql.SQL(
        "insert into {table} ({columns}) select {columns} from json_populate_recordset(null::{table}, {rows})"
    )
    statement = into.format(table=_table(asked), columns=columns, rows=sql.Literal(json.dumps(rows)))
    resolution = preferred.get("resolution")
    if resolution not in RESOLUTIONS:
        return statement
    keys = [name(key.strip()) for key in request.query_params.get("on_conflict", "").split(",") if key.strip()]
    where = sql.SQL(" on conflict ({})").format(sql.SQL(", ").join(map(sql.Identifier, keys or ["id"])))
    if resolution == "ignore-duplicates":
        return statement + where + sql.SQL(" do nothing")
    changes = [sql.SQL("{0} = excluded.{0}").format(sql.Identifier(key)) for key in rows[0]]
    return statement + where + sql.SQL(" do update set ") + sql.SQL(", ").join(changes)


def _update(asked: Question, rows: list[Mapping[str, Any]]) -> sql.Composable:
    changes = [
        sql.SQL("{} = (json_populate_record(null::{}, {})).{}").format(
            sql.Identifier(name(key)), _table(asked), sql.Literal(json.dumps(rows[0])), sql.Identifier(key)
        )
        for key in rows[0]
    ]
    return sql.SQL("update {} set {}").format(_table(asked), sql.SQL(", ").join(changes)) + asked.where()


def _table(asked: Question) -> sql.Composable:
    return sql.Identifier(asked.schema, asked.table)
