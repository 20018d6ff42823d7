"""The part of PostgREST's query language that is understood here, as SQL. Names are quoted, values are literals."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from psycopg import sql
from starlette.datastructures import QueryParams
from starlette.requests import Request

from sandbox.services.supabase.rest_errors import refusal

COMPARISONS: Final = {"eq": "=", "neq": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
CONSTANTS: Final = {"null", "true", "false"}
MAXIMUM_ROWS: Final = 1000  # PostgREST's max_rows on a Supabase project
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NOT_FILTERS: Final = {"select", "order", "limit", "offset", "apikey"}


@dataclass(frozen=True)
class Question:
    """One parsed request; `columns` empty means all."""

    schema: str
    table: str
    columns: tuple[str, ...]
    conditions: tuple[sql.Composable, ...]
    order: tuple[sql.Composable, ...]
    limit: int
    offset: int

    def source(self) -> sql.Composable:
        """`<schema>.<table> where …`"""
        table = sql.SQL("{}").format(sql.Identifier(self.schema, self.table))
        return table + sql.SQL(" where ") + sql.SQL(" and ").join(self.conditions) if self.conditions else table

    def rows(self) -> sql.Composed:
        """A query for one row: the page as a JSON array in text, and how many rows it has."""
        columns = sql.SQL(", ").join(map(sql.Identifier, self.columns)) if self.columns else sql.SQL("*")
        order = sql.SQL(" order by ") + sql.SQL(", ").join(self.order) if self.order else sql.SQL("")
        return sql.SQL(
            "select coalesce(json_agg(row_to_json(page)), '[]')::text, count(*)"
            " from (select {} from {}{} limit {} offset {}) page"
        ).format(columns, self.source(), order, sql.Literal(self.limit), sql.Literal(self.offset))


def question(request: Request) -> Question:
    """Parse path and query. Raises Refusal: 400 PGRST100 for what is not understood."""
    query = request.query_params
    selected = [name.strip() for name in query.get("select", "*").split(",")]
    return Question(
        schema=request.headers.get("accept-profile", "public"),
        table=request.path_params["table"],
        columns=() if selected == ["*"] else tuple(_name(name) for name in selected),
        conditions=tuple(_condition(key, value) for key, value in query.multi_items() if key not in _NOT_FILTERS),
        order=tuple(_order(term) for term in query.get("order", "").split(",") if term),
        limit=min(_number(query, "limit", MAXIMUM_ROWS), MAXIMUM_ROWS),
        offset=_number(query, "offset", 0),
    )


def _condition(column: str, expression: str) -> sql.Composable:
    operator, _, value = expression.partition(".")
    name = sql.Identifier(_name(column))
    if operator == "is" and value in CONSTANTS:
        return sql.SQL("{} is {}").format(name, sql.SQL(value))
    if operator not in COMPARISONS:
        raise _not_understood(f"{column}={expression}")
    return sql.SQL("{} {} {}").format(name, sql.SQL(COMPARISONS[operator]), sql.Literal(value))


def _order(term: str) -> sql.Composable:
    column, *direction = term.split(".")
    if direction not in ([], ["asc"], ["desc"]):
        raise _not_understood(f"order={term}")
    return sql.SQL("{} {}").format(sql.Identifier(_name(column)), sql.SQL(_last(direction)))


def _last(direction: Sequence[str]) -> str:
    return "desc" if list(direction) == ["desc"] else "asc"


def _name(text: str) -> str:
    if _NAME.fullmatch(text) is None:
        raise _not_understood(text)
    return text


def _number(query: QueryParams, name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isdecimal():
        raise _not_understood(f"{name}={text}")
    return int(text)


def _not_understood(text: str) -> Exception:
    return refusal(400, "PGRST100", f'"failed to parse ({text})"', "The sandbox reads columns and eq-like filters")
