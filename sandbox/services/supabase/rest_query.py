"""The part of PostgREST's query language that is understood here, as SQL. Names are quoted, values are literals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from psycopg import sql
from starlette.datastructures import QueryParams
from starlette.requests import Request

from sandbox.services.supabase.rest_conditions import condition, name, not_understood

MAXIMUM_ROWS: Final = 1000  # PostgREST's max_rows on a Supabase project
_NOT_FILTERS: Final = {"select", "order", "limit", "offset", "apikey", "columns", "on_conflict"}


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
        return sql.SQL("{}").format(sql.Identifier(self.schema, self.table)) + self.where()

    def where(self) -> sql.Composable:
        """` where …`, or nothing."""
        return sql.SQL(" where ") + sql.SQL(" and ").join(self.conditions) if self.conditions else sql.SQL("")

    def rows(self) -> sql.Composed:
        """A query for one row: the page as a JSON array in text, and how many rows it has."""
        columns = sql.SQL(", ").join(map(sql.Identifier, self.columns)) if self.columns else sql.SQL("*")
        order = sql.SQL(" order by ") + sql.SQL(", ").join(self.order) if self.order else sql.SQL("")
        return sql.SQL(
            "select coalesce(json_agg(row_to_json(page)), '[]')::text, count(*)"
            " from (select {} from {}{} limit {} offset {}) page"
        ).format(columns, self.source(), order, sql.Literal(self.limit), sql.Literal(self.offset))


def profile_header(request: Request) -> str:
    """The header that names the schema: another one for reading than for writing."""
    return "accept-profile" if request.method in ("GET", "HEAD") else "content-profile"


def question(request: Request) -> Question:
    """Parse path and query. Raises Refusal: 400 PGRST100 for what is not understood."""
    query = request.query_params
    selected = [column.strip() for column in query.get("select", "*").split(",")]
    return Question(
        schema=request.headers.get(profile_header(request), "public"),
        table=request.path_params["table"],
        columns=() if selected == ["*"] else tuple(name(column) for column in selected),
        conditions=tuple(condition(key, value) for key, value in query.multi_items() if key not in _NOT_FILTERS),
        order=tuple(_order(term) for term in query.get("order", "").split(",") if term),
        limit=min(_number(query, "limit", MAXIMUM_ROWS), MAXIMUM_ROWS),
        offset=_number(query, "offset", 0),
    )


def _order(term: str) -> sql.Composable:
    column, *direction = term.split(".")
    if direction not in ([], ["asc"], ["desc"]):
        raise not_understood(f"order={term}")
    return sql.SQL("{} {}").format(sql.Identifier(name(column)), sql.SQL(_last(direction)))


def _last(direction: Sequence[str]) -> str:
    return "desc" if list(direction) == ["desc"] else "asc"


def _number(query: QueryParams, key: str, default: int) -> int:
    text = query.get(key, str(default))
    if not text.isdecimal():
        raise not_understood(f"{key}={text}")
    return int(text)
