"""A database at run time: what is too long, too full, left on or unfinished; and near misses, which are silent."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace
from psycopg.conninfo import make_conninfo

from fixtures.activity.counting import Counted, Counting, Statements, slow
from fixtures.activity.sessions import Activity, Bound, Session, read_activity
from fixtures.activity.statement import SHOWN, outline
from fixtures.activity.stuck import lock_queues, long_queries, long_transactions
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


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"transaction_seconds": 3601.0, "state_seconds": 1.0}, 1),
        ({"transaction_seconds": 3601.0, "state_seconds": 1.0, "state": "idle in transaction"}, 1),
        ({"transaction_seconds": 3599.0, "state_seconds": 1.0}, 0),
        ({"transaction_seconds": 3601.0, "state_seconds": 301.0}, 0),  # another finding: a long query, or idle
        ({"transaction_seconds": None, "state_seconds": 1.0}, 0),
        ({"transaction_seconds": 3601.0, "state_seconds": 1.0, "application": "pg_restore"}, 0),
    ],
)
def test_which_transactions_take_too_long(changed: dict[str, Any], found: int) -> None:
    assert len(long_transactions(activity(replace(SESSION, **changed)), LIMITS)) == found


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


def statements(busy: float = 1.0, seconds: float = 600.0, **changed: Any) -> Statements:
    one = Counted(role="anon", statement="select 1", calls=100, mean_ms=10, total_ms=1000, share=0.1, rows=1)
    return Statements(top=(replace(one, **changed),), calls=1000, busy=busy, seconds=seconds, forgotten=0)


@pytest.mark.parametrize(
    ("several", "by_share", "found"),
    [
        (statements(), False, 0),
        (statements(mean_ms=501.0), False, 1),
        (statements(mean_ms=501.0, calls=9), False, 0),
        (statements(share=0.51), True, 1),
        (statements(share=0.51, calls=9), True, 0),
        (statements(share=0.51, busy=0.04), True, 0),
        (statements(share=0.51, seconds=59.0), True, 0),
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


@pytest.mark.parametrize(("login", "blind"), [("stranger", True), ("half", False)])
def test_who_may_not_see_the_sessions_of_others_is_blind(login: str, blind: bool, reading: Reading) -> None:
    as_login = Reading(make_conninfo(reading._conninfo, user=login), "it")

    if not blind:
        assert seen(as_login, read_activity)[0].server.most > 0
        return
    with pytest.raises(Unobservable, match="grant pg_read_all_stats to it"):
        seen(as_login, read_activity)
