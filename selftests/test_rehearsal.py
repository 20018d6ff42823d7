"""Pending migrations on a copy of the environment's schema, and taken back."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from fixtures import Unobservable
from fixtures.fingerprint.snapshot import snapshot
from fixtures.migrations.files import Source
from fixtures.rehearsal.production import Rehearsed, reading, rehearse
from fixtures.rehearsal.reversal import Reversal, read_scripts, roll_back, undo
from fixtures.workbench.bench import Bench
from fixtures.workbench.engines.engine import Engine
from fixtures.workbench.engines.placing import Wish, find_engine
from selftests.benches import rows, source, with_bench
from selftests.throwaway import fresh_place

FIRST = source(
    1,
    "create table made_a (id int primary key, note text); create sequence made_s;"
    " create function made_f() returns int language sql as 'select 1';",
)
SOUND = source(2, "alter table made_a add column more text; grant select on made_a to anon;")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with fresh_place(tmp_path_factory.mktemp("rehearsal")):
        yield find_engine(Wish(where="embedded"), "revoked", print)


def rehearsed(engine: Engine, by_hand: str, pending: Source) -> Rehearsed:
    async def look(bench: Bench) -> Rehearsed:
        environment, copy = await bench.base(), await bench.base()
        rows(environment, by_hand)
        seen = await snapshot(reading(environment))
        return await rehearse(seen, copy, await bench.new(), [pending])

    return with_bench(engine, [FIRST], [pending], look)


def test_what_was_never_touched_by_hand_becomes_what_the_migrations_make(engine: Engine) -> None:
    assert rehearsed(engine, "select 1", SOUND) == Rehearsed(pending=(SOUND.file.path,))


def test_a_column_made_by_hand_stands_in_the_way(engine: Engine) -> None:
    failure = rehearsed(engine, "alter table made_a add column more int", SOUND).failure
    assert failure is not None
    assert (failure.subject, failure.sqlstate) == (f"{SOUND.file.path}:1", "42701")


def test_what_differs_afterwards_is_told_with_its_sql(engine: Engine) -> None:
    found = rehearsed(engine, "alter table made_a add column by_hand int", SOUND)
    assert found.failure is None
    (one,) = found.differences
    assert one.subject == "column public.made_a.by_hand"
    assert one.sql.endswith("alter table public.made_a drop column by_hand;")


def test_what_was_done_by_hand_and_is_now_pending_differs_no_more(engine: Engine) -> None:
    found = rehearsed(engine, "drop function made_f()", source(2, "drop function if exists made_f();"))
    assert found == Rehearsed(pending=("supabase/migrations/2_m.sql",))


def reversed_(engine: Engine, pending: Sequence[Source], scripts: dict[str, str] | None = None) -> Reversal:
    async def look(bench: Bench) -> Reversal:
        database = await bench.base()
        return await roll_back(database, pending) if scripts is None else await undo(database, pending, scripts)

    return with_bench(engine, [FIRST], pending, look)


def test_a_transaction_that_is_rolled_back_leaves_nothing(engine: Engine) -> None:
    assert reversed_(engine, [SOUND]) == Reversal(judged=(SOUND.file.path,))


def test_a_sequence_is_not_set_back(engine: Engine) -> None:
    (left,) = reversed_(engine, [source(2, "select setval('made_s', 41);")]).leftovers
    assert left.subject == "value of sequence public.made_s after supabase/migrations/2_m.sql"
    assert (left.was, left.becomes) == ("unused", "41")


def test_a_file_that_ends_its_transaction_itself_is_named(engine: Engine) -> None:
    files = [source(2, "create index concurrently made_i on made_a (note); select 1;"), source(3, "select 1;")]
    found = reversed_(engine, files)
    assert (found.lasting, found.judged) == ((files[0].file.path,), (files[1].file.path,))
    alone = [source(2, "create index concurrently made_i on made_a (note);")]
    assert reversed_(engine, alone) == Reversal(judged=(), lasting=(alone[0].file.path,))


def test_files_build_on_one_another(engine: Engine) -> None:
    files = [source(2, "create table made_b (id int);"), source(3, "alter table made_b add column more int;")]
    assert reversed_(engine, files).leftovers == ()


def test_a_file_that_does_not_run_is_not_judged(engine: Engine) -> None:
    with pytest.raises(Unobservable, match=r"2_m\.sql does not run: "):
        reversed_(engine, [source(2, "alter table nowhere add column x int;")])


UNDO = "alter table made_a drop column more;"


def test_a_script_that_forgets_a_grant_leaves_it(engine: Engine) -> None:
    (left,) = reversed_(engine, [SOUND, source(3, "select 1;")], {"2_m.sql": UNDO}).leftovers
    assert left.name == "table public.made_a"
    assert "anon" in left.becomes
    assert left.sql == "revoke select on table public.made_a from anon;"


def test_a_script_that_takes_all_back_leaves_nothing(engine: Engine) -> None:
    script = UNDO + " revoke select on made_a from anon;"
    found = reversed_(engine, [SOUND, source(3, "alter table made_a drop column more;")], {"2_m.sql": script})
    assert found == Reversal(judged=(SOUND.file.path,))


def test_a_script_that_fails_is_told(engine: Engine) -> None:
    found = reversed_(engine, [SOUND], {"2_m.sql": "drop table nowhere;"})
    assert found.failed == 'seatrial/down/2_m.sql: table "nowhere" does not exist'


def test_scripts_are_found_by_the_names_of_migrations(tmp_path: Path) -> None:
    for name in ("seatrial/down/2_m.sql", "supabase/migrations/2_m.sql", "supabase/migrations/1_m.sql"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(UNDO)
    assert read_scripts(tmp_path, [SOUND]) == {"2_m.sql": UNDO}
    assert read_scripts(tmp_path, [FIRST]) == {}
    (tmp_path / "seatrial/down/3_m.sql").write_text(UNDO)
    with pytest.raises(Unobservable, match=r"seatrial/down/3_m\.sql is named after no migration"):
        read_scripts(tmp_path, [SOUND])
