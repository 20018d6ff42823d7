"""What the log engine understands of SQL: one select over log rows, read with Postgres's own parser.

Two dialects, as projects move from the one to the other: ClickHouse has one table `logs` with a map
`log_attributes['a.b']`; BigQuery has one table a source, whose fields are reached by `cross join unnest(metadata)`.
"""

from collections.abc import Callable
from typing import Any, Final

Row = dict[str, Any]
Value = Callable[[Row], Any]
LEVELS: Final = {"m": "", "p": "parsed.", "metadata": "", "parsed": "parsed."}
"""BigQuery's aliases -> where their fields are among the attributes."""


class LogError(Exception):
    """The SQL is none that the log engine runs."""


class Query:
    """A select that was understood. Raises LogError."""

    def __init__(self, sql: str, dialect: str) -> None:
        # here: its import takes a third of the sandbox's start, and few starts see a query for logs
        from postgast import PgQueryError, parse

        try:
            statement = parse(sql).stmts[0].stmt
        except (PgQueryError, IndexError):
            raise LogError("Syntax error") from None
        if statement.WhichOneof("node") != "select_stmt":
            raise LogError("Only SELECT queries are allowed")
        self._select = statement.select_stmt
        self._dialect = dialect
        self._source = self._table(self._select.from_clause)
        self._columns = {self._name(target.res_target): target.res_target.val for target in self._select.target_list}

    def run(self, rows: list[Row]) -> list[Row]:
        """The rows that it asks for, newest first; counted by source when it groups."""
        wanted = self._value(self._select.where_clause) if self._select.HasField("where_clause") else (lambda row: True)
        kept = [row for row in rows if self._source in (None, row["source"]) and wanted(row)]
        kept.sort(key=lambda row: row["timestamp"], reverse=True)
        if self._counts():
            return self._counted(kept)
        limit = self._select.limit_count.a_const.ival.ival or 1000
        return [{name: self._value(node)(row) for name, node in self._columns.items()} for row in kept[:limit]]

    def _counts(self) -> bool:
        return any(node.WhichOneof("node") == "func_call" for node in self._columns.values())

    def _counted(self, kept: list[Row]) -> list[Row]:
        groups: dict[str, list[Row]] = {}
        for row in kept:
            groups.setdefault(row["source"], []).append(row)
        if not self._select.group_clause and not groups:
            groups[""] = []
        return [
            {name: self._of_group(node, group) for name, node in self._columns.items()} for group in groups.values()
        ]

    def _of_group(self, node: Any, group: list[Row]) -> Any:
        if node.WhichOneof("node") != "func_call":
            return self._value(node)(group[0])
        function = node.func_call.funcname[0].string.sval
        if function == "count":
            return len(group)
        if function != "max":
            raise LogError(f"Unknown function {function}")
        return max((self._value(node.func_call.args[0])(row) for row in group), default=None)

    def _table(self, clause: Any) -> str | None:
        names, unnested = [], False
        pending = list(clause)
        while pending:
            node = pending.pop()
            match node.WhichOneof("node"):
                case "join_expr":
                    pending += [node.join_expr.larg, node.join_expr.rarg]
                case "range_var":
                    names.append(node.range_var.relname)
                case "range_function":
                    unnested = True
        (table,) = names or [""]
        if self._dialect == "clickhouse" and (table != "logs" or unnested):
            raise LogError(
                f"Unknown table expression identifier '{table}'" if not unnested else "Unknown function UNNEST"
            )
        if self._dialect == "bigquery" and not table.endswith("_logs"):
            raise LogError(f'Table "{table}" must be qualified with a dataset')
        return None if table == "logs" else table

    def _name(self, target: Any) -> str:
        if target.name:
            return str(target.name)
        return str(target.val.column_ref.fields[-1].string.sval) if target.val.HasField("column_ref") else "f0_"

    def _value(self, node: Any) -> Value:
        match node.WhichOneof("node"):
            case "a_const":
                constant = node.a_const
                text = constant.sval.sval if constant.HasField("sval") else constant.ival.ival
                return lambda row: text
            case "column_ref":
                return self._column([field.string.sval for field in node.column_ref.fields])
            case "a_indirection" if self._dialect == "clickhouse":
                key = node.a_indirection.indirection[0].a_indices.uidx.a_const.sval.sval
                return lambda row: row["attributes"].get(key, "")
            case "bool_expr":
                return self._combined(node.bool_expr)
            case "a_expr":
                return self._compared(node.a_expr)
        raise LogError(f"{node.WhichOneof('node')} is not supported")

    def _column(self, path: list[str]) -> Value:
        if len(path) == 1 or path[0] == "t":
            name = path[-1]
            if name not in ("id", "timestamp", "event_message", "source", "severity_text"):
                raise LogError(f"Unknown identifier '{name}'")
            return lambda row: row.get(name, "")
        if path[0] not in LEVELS or self._dialect != "bigquery":
            raise LogError(f"Unknown identifier '{'.'.join(path)}'")
        return lambda row: row["attributes"].get(LEVELS[path[0]] + path[-1])

    def _combined(self, expression: Any) -> Value:
        from postgast import pg_query_pb2

        parts = [self._value(part) for part in expression.args]
        if expression.boolop == pg_query_pb2.NOT_EXPR:
            return lambda row: not parts[0](row)
        if expression.boolop == pg_query_pb2.OR_EXPR:
            return lambda row: any(part(row) for part in parts)
        return lambda row: all(part(row) for part in parts)

    def _compared(self, expression: Any) -> Value:
        from postgast import pg_query_pb2 as grammar

        left = self._value(expression.lexpr)
        match expression.kind:
            case grammar.AEXPR_OP:
                right = self._value(expression.rexpr)
                return lambda row: left(row) == right(row)
            case grammar.AEXPR_IN:
                among = [self._value(item) for item in expression.rexpr.list.items]
                return lambda row: left(row) in [item(row) for item in among]
            case grammar.AEXPR_LIKE | grammar.AEXPR_ILIKE:
                pattern = str(self._value(expression.rexpr)({}))
                return _matching(left, pattern, caseless=expression.kind == grammar.AEXPR_ILIKE)
        raise LogError("operator is not supported")


def _matching(left: Value, pattern: str, *, caseless: bool) -> Value:
    """LIKE with % at the ends only."""

    def fits(row: Row) -> bool:
        text, part = str(left(row)), pattern
        if caseless:
            text, part = text.lower(), part.lower()
        inner = part.strip("%")
        if part.startswith("%"):
            return inner in text if part.endswith("%") else text.endswith(inner)
        return text.startswith(inner) if part.endswith("%") else text == inner

    return fits
