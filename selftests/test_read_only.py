"""The smoke test of a production changes nothing there: everything is compared, and all that it sent is read."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from selftests.bystander import objection, requests, snapshot, start_logging, statements
from selftests.running_sandbox import Sandbox, sandbox
from selftests.voyage import HOUSE, Voyage, run

SENT = re.compile(
    r"ocean POST /api/graphql$|supabase POST /(graphql/v1|functions/v1/(graphql-v2|handle-stripe-webhook))$",
    re.MULTILINE,
)
"""Requests that are no GET or HEAD and are sent all the same: a query, and forgeries that have to be refused."""

NEON = re.compile(r"neon GET /api/v2/projects(/[a-z0-9-]+(/branches|/endpoints)?)?")
"""What Neon may be asked: none of it wakes a compute or has a password in its answer."""


@pytest.fixture(scope="module")
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        start_logging(started)
        yield started


@pytest.fixture(scope="module")
def another() -> Iterator[Sandbox]:
    with sandbox() as started:
        yield started


@pytest.fixture(scope="module")
def others(ocean: Sandbox) -> Iterator[list["psycopg.Connection[tuple[object, ...]]"]]:
    """Sessions of others: one idle, one in a transaction that holds a row."""
    url = ocean.variables["ADMIN_DATABASE_URL"]
    opened = [psycopg.connect(url, application_name="bystander", autocommit=idle) for idle in (True, False)]
    opened[1].execute("select 1 from public.plans for update")
    yield opened
    for each in opened:
        each.close()


@pytest.fixture(scope="module")
def smoked(ocean: Sandbox, others: object, tmp_path_factory: pytest.TempPathFactory) -> "Smoked":
    return Smoked(ocean, tmp_path_factory.mktemp("smoke"))


class Smoked:
    """A smoke test of the sandbox, declared as a production, and what was there before and after it."""

    def __init__(self, ocean: Sandbox, folder: Path) -> None:
        self.before, asked = snapshot(ocean), len(requests(ocean))
        self.voyage = smoke(ocean, folder)
        self.after = snapshot(ocean)
        self.statements, self.requests = statements(ocean), requests(ocean)[asked:]


def smoke(ocean: Sandbox, folder: Path) -> Voyage:
    local = (HOUSE / "fixtures" / "environments" / "local.toml").read_text(encoding="utf-8")
    told = re.sub(r"(?m)^(start|unless) = .*\n", "", local).replace('kind = "local"', 'kind = "production"')
    environment = folder / "declared.toml"
    environment.write_text(told.replace('allows = ["read", "send", "write"]', 'allows = ["read", "send"]'))
    assert 'kind = "production"' in environment.read_text()
    given = [f"{name}={value}" for name, value in ocean.variables.items()]
    command = ["env", *given, sys.executable, "-m", "pytest", "-m", "prod-smoke", "--env-file", str(environment)]
    return run([*command, "--report", str(folder), "-o", f"cache_dir={folder / 'cache'}"], folder, 120)


def test_everything_was_looked_at(smoked: Smoked) -> None:
    assert len(smoked.voyage.ids("verified")) > 100, smoked.voyage.output
    assert smoked.voyage.ids("blind", "crashed") == set(), smoked.voyage.output
    assert len(smoked.statements) > 50
    assert len(smoked.requests) > 20


def test_no_row_sequence_setting_or_session_of_others_changed(smoked: Smoked) -> None:
    assert {name for name in smoked.before if smoked.before[name] != smoked.after[name]} == set()


def test_every_statement_was_one_that_reads(smoked: Smoked) -> None:
    assert {each: why for each in smoked.statements if (why := objection(each))} == {}


def test_every_request_was_one_that_reads_or_is_declared(smoked: Smoked) -> None:
    other = [each for each in smoked.requests if not re.search(r"^\w+ (GET|HEAD) ", each)]

    assert [each for each in other if not SENT.search(each)] == []
    assert other, "the forgeries, at least"


def test_no_compute_was_woken_and_no_password_asked_for(smoked: Smoked) -> None:
    asked = [each for each in smoked.requests if each.startswith("neon ")]

    assert [each for each in asked if not NEON.fullmatch(each)] == []
    assert len(asked) > 2


@pytest.mark.parametrize(
    "write",
    [
        "update public.plans set name = name || '!' where id = (select min(id) from public.plans where name <> '')",
        "select nextval('public.audit_log_id_seq')",
        "alter role authenticator set statement_timeout = '9s'",
        "alter database staging set work_mem = '5MB'",
        "alter system set work_mem = '5MB'; ",
        "create view public.seen as select 1",
        "grant select on public.plans to authenticator",
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'bystander'",
    ],
)
def test_a_write_is_noticed(write: str, another: Sandbox) -> None:
    url = another.variables["ADMIN_DATABASE_URL"]
    with (
        psycopg.connect(url, application_name="bystander", autocommit=True),
        psycopg.connect(url, autocommit=True) as admin,
    ):
        before = snapshot(another)
        assert snapshot(another) == before
        for statement in write.split("; "):
            admin.execute((statement or "select pg_reload_conf()").encode())
        admin.execute("select pg_sleep(0.2)")

        assert snapshot(another) != before


def test_statements_and_requests_are_noticed(ocean: Sandbox) -> None:
    with psycopg.connect(ocean.variables["OWNER_DATABASE_URL"], autocommit=True, application_name="planted") as one:
        one.execute("begin")
        one.execute("update public.plans set name = %s where id = 'none'", ["x"])
        one.execute("rollback")
    httpx.post(f"{ocean.variables['SUPABASE_URL']}/rest/v1/plans", json={}, headers={"apikey": "planted"})

    sent = statements(ocean, "planted")
    assert [bool(objection(each)) for each in sent] == [True, True, False]
    assert requests(ocean)[-1] == "supabase POST /rest/v1/plans"


@pytest.mark.parametrize(
    "statement",
    [
        "begin", "commit", "begin read only; commit", "update public.t set a = 1", "insert into t values (1)",
        "select set_config('role', 'anon', false)", "select set_config('a', 'b', true), set_config('c', 'd', false)",
        "select nextval('s')", "select pg_catalog.pg_terminate_backend(1)", "select 1 from t for update", "notify x",
        "select 1 into t", "explain (analyze) select 1", "create table t ()", "lock table t", "vacuum", "listen x",
        "select pg_stat_statements_reset()", "with a as (select pg_notify('a', 'b')) select 1", "selec 1", "set a = 1",
        "declare c cursor for select 1 into t", "declare c cursor for select * from t for update",
        "explain analyze select 1", "with a as (delete from t returning 1) select * from a",
    ],
)  # fmt: skip
def test_what_does_not_only_read_is_objected_to(statement: str) -> None:
    assert objection(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "begin read only", "rollback", "select 1", "with a as (select 1) select * from a", "select 'for update'",
        "select set_config('statement_timeout', $1, true), set_config('search_path', quote_ident('x'), true)",
        "declare c no scroll cursor for select a from t", "fetch forward 2000 from c", "close c",
        "explain (generic_plan, format json) select id from t where id = $1", "select has_table_privilege('t', 'x')",
    ],
)  # fmt: skip
def test_what_reads_is_not(statement: str) -> None:
    assert objection(statement) == ""
