"""Each way in which a pending migration harms a populated database is told, and its good twin is not."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures import Unobservable
from fixtures.engine.environment import Environment, Heading
from fixtures.hazards import Rehearsing, volume
from fixtures.hazards.hazard import Hazard, Traced, by_relation
from fixtures.hazards.safe_alterations import LATER, OWN_FILE
from fixtures.hazards.sizes import Sizes, read_estimates
from fixtures.migrations.release import Release
from fixtures.postgres.reading import Reading
from fixtures.workbench import Workbench
from selftests.hazard_twins import BAD, BASE, GOOD, ORDERS, WAIT
from selftests.rehearsing import Harbour, harbour, sources

SAFE = ["foreign key", "check", "not null", "index", "unique", "dropped index", "reindex", "refresh"]


@pytest.fixture(scope="module")
def base() -> Iterator[Harbour]:
    with harbour(BASE) as built, pytest.MonkeyPatch.context() as patch:
        patch.setattr(volume, "MADE", 2_000)
        yield built


def kinds(hazards: list[Hazard]) -> set[str]:
    return {hazard.kind for hazard in hazards}


@pytest.mark.parametrize("name", BAD)
def test_a_hazard_is_told(base: Harbour, name: str) -> None:
    kind, text = BAD[name]
    outcome = base.rehearsed(WAIT + text)

    assert kind in kinds(outcome.hazards), outcome
    for hazard in outcome.hazards:
        assert hazard.path == "supabase/migrations/1_m.sql" and hazard.line == 2
        assert hazard.safe and hazard.says


@pytest.mark.parametrize("name", GOOD)
def test_its_good_twin_is_not(base: Harbour, name: str) -> None:
    outcome = base.rehearsed(*(WAIT + text for text in GOOD[name]))

    assert (outcome.hazards, outcome.unseen, outcome.unfilled) == ([], None, {})


@pytest.mark.parametrize("name", SAFE)
def test_the_safe_form_is_safe(base: Harbour, name: str) -> None:
    first = next(hazard for hazard in base.rehearsed(WAIT + BAD[name][1]).hazards if hazard.kind == BAD[name][0])
    files = first.safe.replace(OWN_FILE, LATER).split(LATER)
    outcome = base.rehearsed(*(WAIT + file for file in files if file.strip()))

    assert (outcome.hazards, outcome.unseen) == ([], None), first.safe


def test_a_hazard_has_names_and_figures(base: Harbour) -> None:
    sizes = Sizes(20_000, {"public.orders": 5_000_000})
    (hazard,) = base.rehearsed(f"-- why\n{WAIT}{ORDERS} alter column amount type bigint", sizes=sizes).hazards

    assert (hazard.kind, hazard.relation, hazard.line) == ("rewrite", "public.orders", 3)
    assert (hazard.lock, hazard.blocks, hazard.rows) == ("ACCESS EXCLUSIVE", "reads and writes", 5_000_000)
    assert hazard.seconds and hazard.seconds > 0
    assert "rewrites all 5,000,000 rows of public.orders" in hazard.says
    assert "add column amount_new bigint" in hazard.safe


def test_a_table_that_is_known_to_be_tiny_is_soon_done_but_still_locked_and_lost(base: Harbour) -> None:
    tiny = Sizes(20_000, {"public.orders": 300})
    text = f"{ORDERS} alter column amount type bigint, add check (amount > 0); create index on public.orders (note);"
    outcome = base.rehearsed(f"{text} update public.orders set raw = note; {ORDERS} drop column raw", sizes=tiny)

    assert kinds(outcome.hazards) == {"lock-timeout", "lost"}


def test_what_a_drop_takes_along_is_named(base: Harbour) -> None:
    outcome = base.rehearsed(f"{WAIT}drop table public.orders, public.lines cascade")

    assert {hazard.relation for hazard in outcome.hazards} == {"public.orders", "public.lines"}
    assert "(it drops public.lines too)" in next(h for h in outcome.hazards if h.relation == "public.orders").says


def test_what_the_file_accepts_is_put_aside_and_kept(base: Harbour) -> None:
    text = f"{WAIT}-- seatrial: accepts public.orders.raw because nobody reads it since May\n{ORDERS} drop column raw;"
    outcome = base.rehearsed(text)

    assert outcome.hazards == []
    assert [hazard.relation for hazard in outcome.accepted] == ["public.orders.raw"]
    assert base.rehearsed(text.replace("public.orders.raw", "public.orders.note")).hazards


def test_after_a_failure_on_existing_rows_the_rest_is_judged_too(base: Harbour) -> None:
    outcome = base.rehearsed(f"{WAIT}{ORDERS} add column must text not null;", f"{WAIT}drop table public.lines")

    assert [(hazard.kind, hazard.path[-8:]) for hazard in outcome.hazards] == [
        ("existing-rows", "/1_m.sql"),
        ("lost", "/2_m.sql"),
    ]
    assert outcome.unseen is None


def test_a_file_that_fails_anywhere_blinds_what_was_not_found_before(base: Harbour) -> None:
    outcome = base.rehearsed(f"{WAIT}drop table public.lines;\nselect nothing from nowhere")

    assert kinds(outcome.hazards) == {"lost"}
    assert outcome.blind("rewrite") == 'supabase/migrations/1_m.sql:3: relation "nowhere" does not exist (42P01)'


def test_a_table_that_cannot_be_filled_blinds_what_depends_on_its_rows(base: Harbour) -> None:
    outcome = base.rehearsed(f"{WAIT}alter table public.strange alter column id type bigint")

    assert kinds(outcome.hazards) == {"rewrite"}
    assert "public.strange: " in (outcome.blind("scan") or "")
    assert outcome.blind("index") is None


def test_one_that_is_not_touched_does_not(base: Harbour) -> None:
    assert base.rehearsed(f"{WAIT}{ORDERS} add column a int").blind("scan") is None


def test_sizes_of_staging_do_not_make_a_table_tiny_and_those_of_production_do() -> None:
    staging = Sizes(20_000, {}, {"public.orders": 12, "public.lines": 90_000})
    production = Sizes(20_000, {"public.teams": 7}, {"public.orders": 12, "public.Odd": 4}, certain=True)

    assert (staging.of("public.orders"), staging.of("public.lines")) == (20_000, 90_000)
    assert (production.of("public.orders"), production.of("public.teams")) == (12, 7)
    assert production.of('public."Odd"') == 4
    assert production.tiny("public.orders") and not production.tiny("public.lines")


def test_sizes_are_estimated_by_the_last_analyze_for_whole_tables(base: Harbour) -> None:
    async def estimated() -> dict[str, int]:
        connection = await base.connect()
        await connection.execute(
            "insert into public.visits select g, '2024-06-01'::date + g % 2 * 366 from generate_series(1, 300) g;"
            " set session_replication_role = replica;"
            " insert into public.lines (id, order_id) select g, g from generate_series(1, 40) g"
        )
        await connection.execute("analyze public.visits, public.lines, public.teams")
        try:
            return await read_estimates(Reading(connection.info.dsn, "a copy"))
        finally:
            await connection.close()
            await base.clear()

    found = asyncio.run(estimated())

    assert (found["public.visits"], found["public.lines"]) == (300, 40)
    assert not {"public.teams", "public.orders", "public.visits_old"} & found.keys()


class _Opened:
    """What the door asks for, without a run."""

    remarks: list[str]

    def __init__(self, **instruments: object) -> None:
        self._instruments = instruments
        self.remarks = []

    async def get(self, name: str, kind: type = object) -> object:
        if name not in self._instruments:
            raise Unobservable(f"there is no {name}")
        return self._instruments[name]


@pytest.mark.parametrize(("kind", "remarks"), [("local", 0), ("preview", 0), ("staging", 1), ("production", 1)])
def test_sizes_are_as_declared_where_the_database_says_nothing_about_production(kind: Any, remarks: int) -> None:
    opened = _Opened(workbench=Workbench(rows=7_000, sizes={"public.orders": 5}))
    environment = Environment(Heading(name="x", kind=kind), Path("x.toml"), tables={})
    release = Release(applied=(), pending=(), known_by="a test")
    sizes = asyncio.run(Rehearsing(opened, environment, release, None)._sizes())  # type: ignore[arg-type]  # what is not asked here is left out

    assert (sizes.of("public.orders"), sizes.of("public.lines")) == (5, 7_000)
    assert len(opened.remarks) == remarks and sizes.certain == (kind == "production")


def test_without_anything_applied_nobody_is_harmed(base: Harbour) -> None:
    release = Release(applied=(), pending=tuple(sources("drop table public.orders")), known_by="a test")
    environment = Environment(Heading(name="x", kind="local"), Path("x.toml"), tables={})
    rehearsing = Rehearsing(_Opened(), environment, release, None)  # type: ignore[arg-type]  # what is not asked here is left out

    assert asyncio.run(rehearsing.outcome()).hazards == []


def test_each_sentence_is_told_once_with_its_safe_form(base: Harbour) -> None:
    hazards = base.rehearsed(f"{ORDERS} add column a int; alter table public.teams add column a int").hazards
    traced = Traced(pending=("1_m.sql",), known_by="a test", endangered=by_relation(hazards))

    lines = traced.told.splitlines()
    assert [line.partition(": waits")[0] for line in lines[:2]] == ["supabase/migrations/1_m.sql:1"] * 2
    assert lines[2] == "Safe:" and "set lock_timeout" in lines[3] and len(lines) == 5
    assert [one.subject for one in traced.endangered] == ["public.orders", "public.teams"]
