"""The rows of logs.all: what Ocean's services said in the last day, as the project's log engine answers.

Columns and attributes: supabase.com/docs/guides/telemetry/logs, and Supabase's own published queries.
"""

import json
from datetime import datetime
from typing import Any, Final

from sandbox.services.management.log_sql import LogError, Query
from sandbox.services.management.names import FUNCTION_IDS
from sandbox.services.state import State, iso

__all__ = ["LogError", "lines", "rows"]

MICROSECONDS: Final = 1_000_000


def rows(state: State, sql: str, start: float, end: float) -> list[dict[str, Any]]:
    """The rows between two moments (seconds since 1970) that `sql` asks for. Raises LogError."""
    dialect = state["log_engine"]
    if not sql:
        sql = "select timestamp, event_message from " + ("logs" if dialect == "clickhouse" else "edge_logs")
    there = [line for line in state["logs"].values() if not line.get("absent")]
    known = [_row(line, dialect) for line in there for _ in range(line.get("times", 1))]
    within = [row for row in known if start * MICROSECONDS <= row["at"] <= end * MICROSECONDS]
    return [{name: value for name, value in row.items() if name != "at"} for row in Query(sql, dialect).run(within)]


def _row(line: dict[str, Any], dialect: str) -> dict[str, Any]:
    """BigQuery writes microseconds, ClickHouse a text."""
    at = int(datetime.fromisoformat(line["timestamp"]).timestamp() * MICROSECONDS)
    shown = at if dialect == "bigquery" else line["timestamp"].rstrip("Z").replace("T", " ")
    return {"attributes": {}, **line, "timestamp": shown, "at": at}


def lines(now: float) -> dict[str, dict[str, Any]]:
    """Name -> line. A quiet day: people sign in, somebody mistypes a password, Postgres writes its checkpoints."""
    return {
        "checkpoint": _postgres(now - 200, "LOG", "checkpoint complete: wrote 41 buffers (0.3%)"),
        "connection": _postgres(now - 90, "LOG", "connection authorized: user=authenticator database=postgres"),
        "unique": _postgres(
            now - 1500, "ERROR", 'duplicate key value violates unique constraint "invoices_number_key"'
        ),
        "old-error": _postgres(now - 30000, "FATAL", "terminating connection due to administrator command"),
        "login": _auth(now - 60, "info", "Login", {"path": "/token", "status": "200"}),
        "signup": _auth(now - 700, "info", "request completed", {"path": "/signup", "status": "200"}),
        "mistyped": _auth(now - 800, "info", "400: Invalid login credentials", {"path": "/token", "status": "400"}),
        "boot": _function(now - 300, "booted (time: 31ms)", {"event_type": "Boot", "level": "log"}),
        "handled": _function(now - 280, "invoice.paid handled", {"event_type": "Log", "level": "info"}),
    }


def _postgres(at: float, severity: str, message: str, state: str = "00000") -> dict[str, Any]:
    parsed = {"error_severity": severity, "user_name": "authenticator", "sql_state_code": state}
    attributes = {f"parsed.{name}": value for name, value in parsed.items()}
    return {"timestamp": iso(at), "source": "postgres_logs", "event_message": message, "attributes": attributes}


def _auth(at: float, level: str, message: str, more: dict[str, str]) -> dict[str, Any]:
    said = {"component": "api", "level": level, "msg": message, "remote_addr": "203.0.113.9", **more}
    return {"timestamp": iso(at), "source": "auth_logs", "event_message": json.dumps(said), "attributes": said}


def _function(at: float, message: str, attributes: dict[str, str]) -> dict[str, Any]:
    named = {"function_id": FUNCTION_IDS["handle-stripe-webhook"], **attributes}
    return {"timestamp": iso(at), "source": "function_logs", "event_message": message, "attributes": named}
