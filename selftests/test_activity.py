"""A database at run time: what is too long, too full, left on or unfinished; and near misses, which are silent."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace
from psycopg.conninfo import make_conninfo

from fixtures.activity.counting import Counted, Counting, Statements, slow
from fixtures.activity.leftovers import judged
from fixtures.activity.logins import Login, excessive
from fixtures.activity.room import read_sequences, read_slots
from fixtures.activity.sessions import Activity, Bound, Session, read_activity
from fixtures.activity.statement import SHOWN, outline
from fixtures.activity.stuck import lock_queues, long_queries
from fixtures.activity.unfinished import read_constraints, read_indexes
from fixtures.facts import Unobservable
from fixtures.postgres.limits import Limits
from fixtures.postgres.reading import Reading
from selftests.test_roads import seen
from selftests.throwaway import running

LIMITS = Limits()
SESSION = Session(
    pid=1,
    role="authenticator",
    database="postgres",
    application="worker",
    kind="client backend",
    state="active",
    waits_for="",
    transaction_seconds=1000.0,
    query_seconds=1000.0,
    state_seconds=1000.0,
    lock_seconds=None,
    blocked_by=(),
    lock="",
    statement="select $1",
)
SERVER = Bound(kind="server", name="", most=57, used=1)
SCHEMA = """
create table public.orders (id bigint primary key, team integer, amount numeric);
create table public.teams (id integer primary key);
insert into public.orders select n, n % 7, n from generate_series(1, 100) n;
alter table public.orders add constraint orders_amount check (amount >= 0) not valid;
alter table public.orders add constraint orders_team foreign key (team) references public.teams not valid;
alter table public.orders add constraint orders_id check (id > 0) not enforced;
create unique index orders_team_key on public.orders (id, team);
update pg_index set indisvalid = false, indisready = false where indexrelid = 'public.orders_team_key'::regclass;
create table public.parts (id integer, day date) partition by range (day);
create table public.parts_one partition of public.parts for values from ('2026-01-01') to ('2027-01-01');
create index parts_day on only public.parts (day);
create sequence public.down increment -1 minvalue -100 maxvalue 100 start 100;
create sequence public.round maxvalue 100 cycle;
create sequence public.fresh maxvalue 100;
create table public.narrow (id smallint default nextval('public.fresh'), other integer generated always as identity);
create role stranger login;
create role half login;
grant pg_read_all_stats to half;
"""


@pytest.fixture(scope="module")
def reading() -> Iterator[Reading]:
    with running() as server:
        with psycopg.connect(make_conninfo(**server.conninfo(user="supabase_admin")), autocommit=True) as admin:
            admin.execute(SCHEMA.encode())
        yield Reading(make_conninfo(**server.conninfo(user="supabase_admin")), "it")


def activity(*sessions: Session) -> Activity:
    return Activity(sessions=sessions, server=SERVER, others=())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("select * from t where name = 'Ada'  and n > 3", "select * from t where name = $1 and n > $2"),
        ("update t set a = 'x'; delete from t where b = 'y'", "update t set a = $1; delete from t where b = $2"),
        ("alter role ada password 'hunter22'", "alter"),
        ("create user mapping for ada server s options (password 'hunter22')", "create"),
        ("select * from t where name = 'cut off by the serv", "select"),
        ("'hunter22'", ""),
        ("", ""),
    ],
)
def test_what_is_shown_of_a_statement_holds_no_constant(text: str, shown: str) -> None:
    assert outline(text) == shown


def test_a_long_statement_is_cut() -> None:
    assert len(outline(f"select {', '.join(f'column_{n}' for n in range(100))} from t")) == SHOWN


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("log_statement", "all", "statement-log"),
        ("log_statement", "'mod'", "statement-log"),
        ("log_statement", "ddl", ""),
        ("log_statement", "none", ""),
        ("log_duration", "on", "duration-log"),
        ("log_duration", "off", ""),
        ("log_min_duration_statement", "0", "duration-log"),
        ("log_min_duration_statement", "0ms", "duration-log"),
        ("log_min_duration_statement", "-1", ""),
        ("log_min_duration_statement", "250ms", ""),
        ("log_min_duration_statement", "10", ""),
        ("log_min_duration_sample", "0s", "duration-log"),
        ("auto_explain.log_min_duration", "0", "auto-explain"),
        ("auto_explain.log_min_duration", "3s", ""),
        ("session_replication_role", "replica", "replication-role"),
        ("session_replication_role", "origin", ""),
        ("enable_seqscan", "off", "planner"),
        ("enable_seqscan", "on", ""),
        ("enable_partitionwise_join", "off", ""),
        ("debug_print_plan", "on", "debugging"),
        ("log_min_messages", "debug1", "debugging"),
        ("log_min_messages", "warning", ""),
        ("search_path", "all", ""),
    ],
)
def test_which_settings_were_left_on(name: str, value: str, kind: str) -> None:
    assert judged(name, value.strip("'"))[0] == kind


@pytest.mark.parametrize(
    ("roles", "found"),
    [
        ([Login("backup", True, ["replication"], [])], {"backup": "replication"}),
        ([Login("backup", False, ["superuser"], [])], {}),
        ([Login("reader", True, [], ["pg_read_all_stats"])], {}),
        ([Login("a", True, [], ["pg_execute_server_program"]), Login("pg_execute_server_program", False, [], [])],
         {"a": "pg_execute_server_program"}),
        ([Login("a", True, [], ["b"]), Login("b", False, [], ["c"]), Login("c", False, ["bypassrls"], ["b"])],
         {"a": "bypassrls through c"}),
        ([Login("postgres", True, ["bypassrls", "createrole", "createdb", "replication"], [])], {}),
        ([Login("postgres", True, ["superuser"], [])], {"postgres": "superuser"}),
        ([Login("authenticator", True, [], ["service_role"]), Login("service_role", False, ["bypassrls"], [])], {}),
        ([Login("declared", True, ["superuser"], [])], {}),
    ],
)  # fmt: skip
def test_which_logins_may_too_much(roles: list[Login], found: dict[str, str]) -> None:
    told = {name: why for name, why, _ in excessive(roles, ("declared",))}

    assert set(told) == set(found)
    assert all(told[name].endswith(f"has {powers}") for name, powers in found.items())


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, 1),
        ({"query_seconds": 299.0}, 0),
        ({"state": "idle"}, 0),
        ({"state": "idle in transaction"}, 0),
        ({"application": "pg_dump"}, 0),
        ({"application": "seatrial"}, 0),
        ({"kind": "walsender"}, 0),
        ({"kind": "autovacuum worker"}, 0),
        ({"blocked_by": (7,)}, 0),
    ],
)
def test_which_queries_take_too_long(changed: dict[str, Any], found: int) -> None:
    assert len(long_queries(activity(replace(SESSION, **changed)), LIMITS)) == found


def waiting(pid: int, behind: int, seconds: float = 60.0) -> Session:
    return replace(SESSION, pid=pid, blocked_by=(behind,), lock_seconds=seconds, lock="public.plans (RowShareLock)")


def test_a_queue_is_one_finding_about_whoever_is_at_its_head() -> None:
    head = replace(SESSION, pid=1, application="forgetful", state="idle in transaction")
    queue = (waiting(2, 1), waiting(3, 2, 120.0), waiting(4, 3))

    found = lock_queues(activity(head, *queue), LIMITS)

    assert [(one.subject, one.pids, one.seconds) for one in found] == [("forgetful as authenticator", (2, 3, 4), 120.0)]
    assert found[0].end == "select pg_terminate_backend(1)"


def test_short_waits_and_waits_in_a_circle_are_no_queue() -> None:
    assert not lock_queues(activity(SESSION, waiting(2, 1, 9.0)), LIMITS)
    assert not lock_queues(activity(waiting(2, 3), waiting(3, 2)), LIMITS)  # Postgres ends it within a second


def test_a_prepared_transaction_at_the_head_of_a_queue() -> None:
    assert "pg_prepared_xacts" in lock_queues(activity(waiting(2, 0)), LIMITS)[0].end


def statements(busy: float = 1.0, **changed: Any) -> Statements:
    one = Counted(role="anon", statement="select 1", calls=100, mean_ms=10, total_ms=1000, share=0.1, rows=1)
    return Statements(top=(replace(one, **changed),), calls=1000, busy=busy, forgotten=0)


@pytest.mark.parametrize(
    ("several", "by_share", "found"),
    [
        (statements(), False, 0),
        (statements(mean_ms=501.0), False, 1),
        (statements(mean_ms=501.0, calls=9), False, 0),
        (statements(share=0.51), True, 1),
        (statements(share=0.51, calls=9), True, 0),
        (statements(share=0.51, busy=0.04), True, 0),
        (statements(mean_ms=501.0), True, 0),
    ],
)
def test_which_statements_are_slow(several: Statements, by_share: bool, found: int) -> None:
    assert len(slow(several, LIMITS, by_share=by_share)) == found


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, ""),
        ({"query_ids": "on"}, ""),
        ({"track": "all"}, ""),
        ({"track": ""}, "its library is not loaded"),
        ({"extension_in": ""}, "the extension is not there"),
        ({"track": "none"}, "pg_stat_statements.track is none"),
        ({"query_ids": "off"}, "compute_query_id is off"),
    ],
)
def test_why_statements_are_not_counted(changed: dict[str, str], why: str) -> None:
    counting = Counting(extension_in="extensions", track="top", query_ids="auto", sees=True, login="reader")

    assert next((said for said, _ in replace(counting, **changed).obstacles), "") == why


def test_constraints_that_old_rows_were_not_held_to(reading: Reading) -> None:
    found = seen(reading, read_constraints)[0]

    assert [one.subject for one in found] == [
        "constraint orders_amount on public.orders", "constraint orders_team on public.orders",
    ]  # fmt: skip
    assert found[1].mend == "alter table public.orders validate constraint orders_team;"


def test_invalid_indexes_but_not_those_of_a_partitioned_table(reading: Reading) -> None:
    found = seen(reading, read_indexes)[0]

    assert [one.subject for one in found] == ["index public.orders_team_key"]
    assert "rows are no longer kept unique" in found[0].why
    assert "CREATE UNIQUE INDEX CONCURRENTLY orders_team_key ON public.orders" in found[0].mend


def test_sequences_up_to_their_own_end_or_that_of_the_narrowest_column(reading: Reading) -> None:
    async def look(reading: Reading) -> dict[str, Any]:
        return {
            one.name.removeprefix("sequence public."): (one.used, one.most, one.limit)
            for one in await read_sequences(reading, LIMITS, frozenset({"auth", "net", "realtime", "storage"}))
            if one.name.startswith("sequence public.")
        }

    with psycopg.connect(reading._conninfo, autocommit=True) as admin:
        admin.execute("select setval('public.down', -60), setval('public.round', 99), setval('public.fresh', 5)")
    found = seen(reading, look)[0]

    assert found["down"] == (160, 200, 160)
    assert found["round"][0] == 0
    assert found["fresh"] == (4, 99, pytest.approx(79.2))
    assert found["narrow_other_seq"] == (0, 2147483646, pytest.approx(1717986916.8))


def test_a_slot_whose_log_is_lost_has_nothing_left(reading: Reading) -> None:
    with psycopg.connect(reading._conninfo, autocommit=True) as admin:
        admin.execute("select pg_create_physical_replication_slot('unused', false)")
    assert [(one.name, one.used) for one in seen(reading, lambda it: read_slots(it, LIMITS))[0]] == [
        ("replication slot unused", 0)
    ]


@pytest.mark.parametrize(("login", "blind"), [("stranger", True), ("half", False)])
def test_who_may_not_see_the_sessions_of_others_is_blind(login: str, blind: bool, reading: Reading) -> None:
    as_login = Reading(make_conninfo(reading._conninfo, user=login), "it")

    if not blind:
        assert seen(as_login, read_activity)[0].server.most > 0
        return
    with pytest.raises(Unobservable, match="grant pg_read_all_stats to it"):
        seen(as_login, read_activity)
