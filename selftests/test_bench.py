"""The bench gives databases in any state of the history, and runs nothing twice."""

from collections.abc import Iterator
from typing import Any

import pytest

from fixtures import Unobservable
from fixtures.workbench.bench import Bench
from fixtures.workbench.engines.engine import Engine
from fixtures.workbench.engines.placing import Wish, find_engine
from fixtures.workbench.templates import Database
from selftests.benches import rows, source, with_bench
from selftests.throwaway import fresh_place


def tables(database: Database) -> list[str]:
    found = rows(database, "select relname from pg_class where relname like 'made%' and relkind = 'r' order by 1")
    return [name for (name,) in found]


FIRST = source(1, "create table made_a (id int primary key);")
SECOND = source(2, "create table made_b (id int primary key);")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The embedded engine, with a cache of this module's own."""
    with fresh_place(tmp_path_factory.mktemp("bench")):
        yield find_engine(Wish(where="embedded"), "exposed", print)


def test_base_has_what_the_target_has_and_new_has_the_pending_too(engine: Engine) -> None:
    async def look(bench: Bench) -> list[list[str]]:
        return [tables(await made) for made in (bench.baseline(), bench.base(), bench.new(), bench.whole())]

    assert with_bench(engine, [FIRST], [SECOND], look) == [[], ["made_a"], ["made_a", "made_b"], ["made_a", "made_b"]]


def test_a_clone_is_its_users_own(engine: Engine) -> None:
    async def look(bench: Bench) -> tuple[list[str], list[str]]:
        mine, other = await bench.base(), await bench.base()
        rows(mine, "drop table made_a")
        return tables(mine), tables(other)

    assert with_bench(engine, [FIRST], [SECOND], look) == ([], ["made_a"])


def test_a_pending_file_that_fails_leaves_the_base_and_says_where(engine: Engine) -> None:
    async def look(bench: Bench) -> list[str]:
        with pytest.raises(Unobservable, match=r"2_m\.sql:1: relation \"nowhere\" does not exist"):
            await bench.new()
        outcome = await bench.outcome()
        assert outcome.failure is not None
        assert outcome.failure.path == "supabase/migrations/2_m.sql"
        return tables(await bench.base())

    assert with_bench(engine, [FIRST], [source(2, "alter table nowhere add x int;")], look) == ["made_a"]


def test_pending_files_that_make_roles_run_again_on_a_base_of_their_own(engine: Engine) -> None:
    pending = source(3, "create role made_role; grant select on made_a to made_role;")

    async def look(bench: Bench) -> list[list[Any]]:
        has_role = "select count(*) from pg_roles where rolname = 'made_role'"
        whole, base, other = await bench.whole(), await bench.base(), await bench.base()
        rows(base, pending.text)
        return [rows(database, has_role) for database in (whole, base, other, await bench.baseline())]

    assert with_bench(engine, [FIRST], [pending], look) == [[(1,)], [(1,)], [(0,)], [(0,)]]


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("grant service_role to authenticated;", True),
        ("GRANT anon,\n  service_role -- both\n  TO authenticated WITH ADMIN OPTION;", True),
        ("do $$ begin execute format('grant %I to authenticated', 'service_role'); end $$;", True),
        ("grant select on made_a to authenticated; revoke grant option for all on made_a from anon;", False),
        ("-- we grant access to members\nselect 1;", False),
    ],
)
def test_pending_files_that_make_members_leave_the_base_without(engine: Engine, text: str, alone: bool) -> None:
    members = "select count(*) from pg_auth_members where member = 'authenticated'::regrole"

    async def look(bench: Bench) -> tuple[list[Any], bool]:
        new, base = await bench.new(), await bench.base()
        assert (await bench.outcome()).failure is None
        return rows(base, members), rows(new, "show data_directory") != rows(base, "show data_directory")

    assert with_bench(engine, [FIRST], [source(2, text)], look) == ([(0,)], alone)


def test_settings_and_privileges_of_the_database_come_with_a_clone(engine: Engine) -> None:
    text = "alter database postgres set statement_timeout = '7s'; revoke connect on database postgres from public;"

    async def look(bench: Bench) -> tuple[Any, Any]:
        clone = await bench.whole()
        (public,) = rows(clone, "select has_database_privilege('public', current_database(), 'connect')")
        return rows(clone, "show statement_timeout")[0], public

    assert with_bench(engine, [FIRST, source(2, text)], [], look) == (("7s",), (False,))


def test_a_clone_stands_a_change_of_the_database_called_postgres(engine: Engine) -> None:
    async def look(bench: Bench) -> list[Any]:
        return rows(await bench.base(), "alter database postgres set work_mem = '5MB'")

    assert with_bench(engine, [FIRST], [], look) == []


def test_an_unchanged_history_is_not_run_again(engine: Engine) -> None:
    when = source(2, "create table made_when as select clock_timestamp() as moment;")

    async def look(bench: Bench) -> list[Any]:
        return rows(await bench.whole(), "select moment from made_when")

    first = with_bench(engine, [FIRST], [when], look)
    assert with_bench(engine, [FIRST], [when], look) == first
    assert with_bench(engine, [FIRST, when], [source(3, "create table made_c ();")], look) == first
    assert with_bench(engine, [FIRST], [source(2, when.text + " ")], look) != first


def test_what_roles_were_made_is_kept_too(engine: Engine) -> None:
    files = [
        FIRST,
        source(2, "create role made_kept; create table made_owned (); alter table made_owned owner to made_kept;"),
    ]

    async def look(bench: Bench) -> list[Any]:
        return rows(await bench.whole(), "select tableowner from pg_tables where tablename = 'made_owned'")

    assert with_bench(engine, files, [], look) == with_bench(engine, files, [], look) == [("made_kept",)]
    pending = source(3, "create table made_c ();")

    async def base(bench: Bench) -> list[str]:
        return tables(await bench.base())

    assert with_bench(engine, files[:1], [files[1], pending], base) == ["made_a"]
