"""TEN-2: all rows of tenants are read, whatever is null or twice in them, and whose database is not ready is known."""

import asyncio
from collections.abc import Iterator

import psycopg
import pytest

from fixtures import Unobservable
from fixtures.postgres.reading import Reading
from fixtures.postgres.whole import Whole
from fixtures.tenants.hosts import compute_of, host_in
from fixtures.tenants.rows import Columns, Organizations, Register, TenantRow, TenantRows, read_rows
from fixtures.tenants.states import MOST, presence_of, standing_of
from selftests.running_sandbox import Sandbox, sandbox

COLUMNS = Columns("owner", "project", "region", "host", "state", "made", "changed")
REGISTER = Register("odd.tenants", COLUMNS, Organizations("odd.firms", "id", "born"), ("creating",), 900.0)
TABLES = """
drop schema if exists odd cascade; create schema odd;
create table odd.firms (id int, born timestamptz);
create table odd.tenants (
  owner int, project text, region text, host text, state text, made timestamptz, changed timestamptz
);
"""


@pytest.fixture(scope="module")
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        yield started


def rows_of(ocean: Sandbox, *statements: str, absent: tuple[str, ...] = ()) -> TenantRows:
    """What is read of tables that these statements filled."""
    url = ocean.variables["ADMIN_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("; ".join([TABLES, *statements]).encode())
    reading = Reading(url, "the test's database")
    return asyncio.run(read_rows(Whole(reading, ("odd.tenants", "odd.firms"), absent=absent), REGISTER))


FIRMS = "insert into odd.firms select n, now() - interval '1 day' from generate_series(1, 4) n"


def test_nothing_is_lost_of_what_is_null_empty_or_twice(ocean: Sandbox) -> None:
    seen = rows_of(
        ocean,
        FIRMS,
        "insert into odd.tenants values (null, null, null, null, null, null, null), (null, '', '', '', '', null, null),"
        " (1, 'a', 'r', 'h', 'ready', now(), now()), (1, 'b', 'r', 'h', 'ready', now(), now()),"
        " (2, 'c', 'r', 'h', 'creating', now() - interval '1 hour', now()),"
        " (3, 'd', 'r', 'h', 'moving', now() - interval '1 hour', now())",
    )

    assert len(seen.rows) == 6
    assert [(row.organization, row.project) for row in seen.rows[:2]] == [("1", "a"), ("1", "b")]
    ages = {row.project: row.seconds for row in seen.rows}
    assert ages["c"] == pytest.approx(3600, abs=30)  # from when it was made: somebody tries again and again
    assert ages["d"] == pytest.approx(0, abs=30)
    assert ages[""] is None
    assert (seen.without, seen.without_count) == (("4",), 1)


def test_who_is_new_may_be_without_and_who_has_no_age_may_not(ocean: Sandbox) -> None:
    seen = rows_of(
        ocean,
        "insert into odd.firms values (1, now()), (2, now() - interval '14 minutes'), (4, null),"
        " (3, now() - interval '16 minutes')",
        "insert into odd.tenants values (9, 'x', 'r', 'h', 'ready', now(), now())",
    )

    assert set(seen.without) == {"3", "4"}
    assert presence_of(seen).organizations == 4


def test_thousands_without_a_row_are_counted_and_few_named(ocean: Sandbox) -> None:
    seen = rows_of(ocean, FIRMS.replace("4)", "3000)"))

    assert (len(seen.without), seen.without_count) == (50, 3000)
    assert presence_of(seen).without_count == 3000
    with pytest.raises(Unobservable, match=r"odd\.tenants has no row, and there are 3000 organizations"):
        standing_of(seen, ("ready",), ("failed",), 900)


def test_where_there_is_no_organization_nothing_is_known(ocean: Sandbox) -> None:
    with pytest.raises(Unobservable, match=r"gives no organization, and odd\.tenants has 1 rows"):
        rows_of(ocean, "insert into odd.tenants values (1, 'x', 'r', 'h', 'ready', now(), now())")
    with pytest.raises(Unobservable, match=r"there is no table odd\.tenants in"):
        rows_of(ocean, FIRMS, absent=("odd.tenants",))


def test_everybody_new_and_nobody_there_is_nothing_seen(ocean: Sandbox) -> None:
    with pytest.raises(Unobservable, match="has no row"):
        presence_of(rows_of(ocean, "insert into odd.firms values (1, now())"))


def row(state: str, seconds: float | None, organization: str = "o") -> TenantRow:
    return TenantRow(organization, f"p-{state}", "r", "h", state, seconds)


@pytest.mark.parametrize(("seconds", "stuck"), [(0.0, 0), (899.0, 0), (901.0, 1), (None, 1), (-60.0, 0), (-1000.0, 1)])
def test_a_tenant_on_its_way_may_be_so_for_the_limit(seconds: float | None, stuck: int) -> None:
    standing = standing_of(TenantRows("t", (row("moving", seconds),), 1), ("ready",), ("failed",), 900)

    assert standing.stuck_count == stuck


def test_states_that_nobody_declared_are_under_way_and_none_is_ready_by_accident() -> None:
    rows = [row(state, 3600.0) for state in ("ready", "failed", "", "READY", "unknown")]

    standing = standing_of(TenantRows("t", tuple(rows), 5), ("ready",), ("failed",), 900)

    assert {one.state for one in standing.stuck} == {"", "READY", "unknown"}
    assert [one.state for one in standing.failed] == ["failed"]


def test_the_oldest_of_many_are_named_and_those_of_no_age_first() -> None:
    rows = [row("failed", float(seconds)) for seconds in range(200)] + [row("failed", None)]

    standing = standing_of(TenantRows("t", tuple(rows), 201), ("ready",), ("failed",), 900)

    assert standing.failed_count == 201
    assert len(standing.failed) == MOST
    assert [one.seconds for one in standing.failed[:3]] == [None, 199.0, 198.0]


def test_a_row_of_nobody_goes_by_its_project() -> None:
    standing = standing_of(TenantRows("t", (row("failed", 1.0, ""),), 1), ("ready",), ("failed",), 900)

    assert standing.failed[0].subject == "project p-failed"


HOST = "ep-x-1.eu-central-1.aws.neon.tech"


@pytest.mark.parametrize(
    ("said", "host"),
    [
        (HOST, HOST), (HOST.upper(), HOST), (f" {HOST}. ", HOST), (f"{HOST}:5432", HOST), ("", ""),
        (f"postgresql://owner:not-a-secret@{HOST}/neondb?sslmode=require", HOST), (f"https://{HOST}/sql", HOST),
        (f"postgresql://owner:p%40ss@{HOST}?x=1", HOST),
    ],
)  # fmt: skip
def test_of_whatever_is_written_down_the_host_is_kept(said: str, host: str) -> None:
    assert host_in(said) == host


def test_the_pooler_s_host_is_that_of_the_compute() -> None:
    assert compute_of("ep-x-1-pooler.eu-central-1.aws.neon.tech") == HOST
    assert compute_of(HOST) == HOST
    assert compute_of("") == ""
