"""What was left on in a database, not finished, or comes to its end; and near misses, which are silent."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from fixtures.activity.leftovers import judged
from fixtures.activity.logins import Login, excessive
from fixtures.activity.room import read_sequences, read_slots
from fixtures.activity.unfinished import read_constraints, read_indexes
from fixtures.postgres.limits import Limits
from fixtures.postgres.reading import Reading
from selftests.test_roads import seen
from selftests.throwaway import running

LIMITS = Limits()
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
alter table auth.users add constraint theirs check (id is not null) not valid;
create domain public.age as integer;
alter domain public.age add constraint adult check (value > 17) not valid;
create sequence public.down increment -1 minvalue -100 maxvalue 100 start 100;
create sequence public.round maxvalue 100 cycle;
create sequence public.fresh maxvalue 100;
create table public.narrow (id smallint default nextval('public.fresh'), other integer generated always as identity);
"""


@pytest.fixture(scope="module")
def reading() -> Iterator[Reading]:
    with running() as server:
        with psycopg.connect(make_conninfo(**server.conninfo(user="supabase_admin")), autocommit=True) as admin:
            admin.execute(SCHEMA.encode())
        yield Reading(make_conninfo(**server.conninfo(user="supabase_admin")), "it")


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
        ("log_min_duration_statement", "1", "duration-log"),
        ("log_min_duration_statement", "500us", "duration-log"),
        ("log_min_duration_statement", "1s", ""),
        ("log_min_duration_statement", "1min", ""),
        ("log_transaction_sample_rate", "1", "statement-log"),
        ("log_transaction_sample_rate", "0.01", ""),
        ("pgaudit.log", "all", "statement-log"),
        ("pgaudit.log", "ddl, role", ""),
        ("pgaudit.log_parameter", "on", "statement-log"),
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


def test_constraints_that_old_rows_were_not_held_to(reading: Reading) -> None:
    found = seen(reading, read_constraints)[0]

    assert [one.subject for one in found] == [
        "constraint adult on public.age", "constraint orders_amount on public.orders",
        "constraint orders_team on public.orders",
    ]  # fmt: skip
    assert found[0].mend == "alter domain public.age validate constraint adult;"
    assert found[2].mend == "alter table public.orders validate constraint orders_team;"


def test_invalid_indexes_of_tables_and_of_partitioned_ones(reading: Reading) -> None:
    found = seen(reading, read_indexes)[0]

    assert [one.subject for one in found] == ["index public.orders_team_key", "index public.parts_day"]
    assert "rows are no longer kept unique" in found[0].why
    assert "attach partition" in found[1].mend
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
