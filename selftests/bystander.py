"""What a run could change in a sandbox, seen before and after it; and every statement and request that it sent."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
from postgast import PgQueryError, parse

from selftests.running_sandbox import Sandbox

MARK = "@@"
LOGGED = re.compile(
    r"@@(\w*)\|([^|]*)\|(\w*)@@(\w+):  (?:execute <unnamed>|statement): (.*?)(?=\n@@|\n\S{10} |\Z)", re.DOTALL
)
CHANGES = {
    "nextval", "setval", "set_config", "pg_terminate_backend", "pg_cancel_backend", "pg_notify", "pg_reload_conf",
    "pg_stat_reset", "pg_stat_statements_reset", "pg_switch_wal", "dblink", "dblink_exec", "lo_import", "lo_unlink",
    "pg_create_physical_replication_slot", "pg_create_logical_replication_slot", "pg_drop_replication_slot",
    "pg_logical_emit_message", "query_to_xml", "pg_read_file", "pg_sleep",
}  # fmt: skip
"""Functions that a read-only transaction lets through, and that nobody who only looks calls (facts: 2.7)."""
TABLES = """
select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^(pg_|information_schema)' order by 1
"""
CATALOGS = (
    "pg_authid", "pg_auth_members", "pg_db_role_setting", "pg_class", "pg_proc", "pg_policy", "pg_trigger", "pg_index",
    "pg_constraint", "pg_namespace", "pg_type", "pg_attribute", "pg_database", "pg_extension", "pg_replication_slots",
    "pg_prepared_xacts", "pg_event_trigger", "pg_publication",
)  # fmt: skip
SESSIONS = """
select pid::text || ' ' || coalesce(state, '') from pg_stat_activity where application_name = 'bystander' order by 1
"""


def snapshot(sandbox: Sandbox) -> dict[str, str]:
    """Every row, sequence, setting, catalog and session of others in both databases, as digests by name."""
    found: dict[str, str] = {}
    for variable in ("ADMIN_DATABASE_URL", "STAGING_DATABASE_URL"):
        found |= {f"{variable} {name}": digest for name, digest in _digests(_as_admin(sandbox, variable))}
    return found


def _as_admin(sandbox: Sandbox, variable: str) -> str:
    admin = psycopg.conninfo.conninfo_to_dict(sandbox.variables["ADMIN_DATABASE_URL"])
    database = psycopg.conninfo.conninfo_to_dict(sandbox.variables[variable])["dbname"]
    return psycopg.conninfo.make_conninfo("", **{**admin, "dbname": database})


def _digests(conninfo: str) -> Iterator[tuple[str, str]]:
    with psycopg.connect(conninfo, autocommit=True, application_name="bystander's clerk") as admin:
        tables = [str(row[0]) for row in admin.execute(TABLES).fetchall()]
        for name in (*tables, *CATALOGS):
            query = (
                f"select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {name} t"
            )
            yield name, _value(admin, query)
        yield "sequences", _value(admin, "select string_agg(s::text, '|' order by s::text) from pg_sequences s")
        yield (
            "settings",
            _value(admin, "select md5(string_agg(name || '=' || reset_val, '|' order by name)) from pg_settings"),
        )
        yield "sessions", _value(admin, f"select string_agg(line, '|') from ({SESSIONS}) s(line)")


def _value(admin: "psycopg.Connection[tuple[object, ...]]", query: str) -> str:
    row = admin.execute(query.encode()).fetchone()
    return str(row[0]) if row else ""


def start_logging(sandbox: Sandbox) -> None:
    """Have the server write down every statement, with the login and the application that sent it."""
    with psycopg.connect(sandbox.variables["ADMIN_DATABASE_URL"], autocommit=True) as admin:
        admin.execute("alter system set log_statement = 'all'")
        admin.execute(f"alter system set log_line_prefix = '{MARK}%u|%a|%d{MARK}'")
        admin.execute("select pg_reload_conf()")
        admin.execute("select pg_sleep(0.2)")


def statements(sandbox: Sandbox, application: str = "seatrial") -> list[str]:
    """What an application has sent since, in order."""
    text = (sandbox.folder / "postgres.log").read_text(encoding="utf-8")
    sent = [found[4].strip() for found in LOGGED.findall(text) if found[1] == application]
    assert len(sent) == len(re.findall(rf"\|{application}\|\w*{MARK}LOG:  (?:execute|statement)", text)), (
        "some were overlooked"
    )
    return sent


def requests(sandbox: Sandbox) -> list[str]:
    """``service METHOD /path`` of each request so far."""
    file: Path = sandbox.folder / "requests.log"
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def objection(statement: str) -> str:
    """Why a statement is none of somebody who only looks; empty when it is."""
    try:
        several = [each.stmt for each in parse(statement).stmts]
    except PgQueryError as problem:
        return f"cannot be read: {problem}"
    if len(several) != 1:
        return f"{len(several)} statements"
    kind = str(several[0].WhichOneof("node"))
    if kind == "transaction_stmt":
        return "" if statement.lower() in ("begin read only", "rollback") else "another transaction"
    if kind == "explain_stmt":
        return "it is run" if "analyze" in str(several[0].explain_stmt.options) else ""
    if kind in ("fetch_stmt", "close_portal_stmt"):
        return ""  # of a cursor, which is judged where it is declared
    if kind == "declare_cursor_stmt":
        query = several[0].declare_cursor_stmt.query
        return _in_select(statement, query) if query.WhichOneof("node") == "select_stmt" else "a cursor for no select"
    return _in_select(statement, several[0]) if kind == "select_stmt" else f"is a {kind}"


def _in_select(statement: str, tree: object) -> str:
    text = str(tree)
    if any(word in text for word in ("locking_clause", "into_clause", "insert_stmt", "update_stmt", "delete_stmt")):
        return "locks, makes or changes something"
    called = {name for name in CHANGES if f'"{name}"' in text}
    if called == {"set_config"}:
        local = statement.count("set_config(") == len(
            re.findall(r"set_config\([^()]*(?:\([^()]*\))?[^()]*, true\)", statement)
        )
        return "" if local else "a setting that outlives the transaction"
    return f"calls {', '.join(sorted(called))}" if called else ""
