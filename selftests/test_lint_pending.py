"""Pending files are judged once, with what they accept by name, and never taken for sound when nobody could look."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import psycopg
import pytest

from fixtures import Unobservable
from fixtures.lint.functions import Bodies
from fixtures.lint.pending import Pending
from fixtures.migrations.files import FOLDER, read_sources
from fixtures.migrations.release import all_but_newest, divided
from fixtures.workbench.bench import Bench
from fixtures.workbench.templates import Database
from selftests.lint_bench import LintBench, lint_bench
from selftests.throwaway import execute

BASE = "create table public.t (id int primary key, a int); create view public.v as select id from public.t;"
BODY = "create function f() returns void language plpgsql as $$ begin perform {} from public.t; end $$;"


@pytest.fixture(scope="module")
def bench() -> Iterator[LintBench]:
    with lint_bench(BASE) as ready:
        yield ready


class TwoStates:
    """The bench's two databases: the base's, and one on which `after` was run too."""

    def __init__(self, bench: LintBench, name: str, before: str, after: str) -> None:
        self._bench, self._name, self._before, self._after = bench, name, before, after
        self._made = 0

    async def base(self) -> Database:
        return self._clone(self._before)

    async def new(self) -> Database:
        return self._clone(self._before + self._after)

    def _clone(self, sql: str) -> Database:
        self._made += 1
        database = Database(self._bench.server, f"{self._name}_{self._made}")
        execute(self._bench.server, f"create database {database.name} template base")
        with psycopg.connect(database.conninfo(), autocommit=True) as connection:
            connection.execute(sql.encode() or b"select 1")
        return database


def files(root: Path, *texts: str) -> Path:
    (root / FOLDER).mkdir(parents=True)
    for number, text in enumerate(texts, 1):
        (root / FOLDER / f"{number}_m.sql").write_text(text)
    return root


def judged(bench: LintBench, root: Path, *, before: str = "", after: str = "") -> Pending:
    """The newest file of a checkout is pending."""
    name = "p" + "".join(filter(str.isalnum, root.name)).lower()[-40:]
    states = TwoStates(bench, name, before, after)

    async def opened() -> Bench:
        return cast(Bench, states)

    return Pending(all_but_newest(read_sources(root), "a test"), root, opened)


def nowhere(root: Path) -> Pending:
    async def opened() -> Bench:
        raise Unobservable("there is no Postgres")

    return Pending(all_but_newest(read_sources(root), "a test"), root, opened)


def test_only_pending_files_are_judged(tmp_path: Path) -> None:
    pending = nowhere(files(tmp_path, "begin;\nselect 1;", "select 1;"))
    assert asyncio.run(pending.written("migration_transactions[left-open]")) == ()


def test_what_is_read_needs_no_database(tmp_path: Path) -> None:
    pending = nowhere(files(tmp_path, "begin;\nselect 1;"))
    (flaw,) = asyncio.run(pending.written("migration_transactions[left-open]"))
    assert flaw.subject == f"{FOLDER}/1_m.sql:1"


def test_what_shows_when_run_is_blind_without_a_database(tmp_path: Path) -> None:
    with pytest.raises(Unobservable, match="there is no Postgres"):
        asyncio.run(nowhere(files(tmp_path, "drop view v;")).shown("names_kept[removed]"))


def test_with_nothing_pending_there_is_nothing_to_run(tmp_path: Path) -> None:
    sources = read_sources(files(tmp_path, "select 1;"))
    pending = Pending(divided(sources, {"1"}, "a test"), tmp_path, nowhere(tmp_path)._bench)
    assert asyncio.run(pending.shown("names_kept[removed]")) == ()
    assert asyncio.run(pending.written("migration_lint[syntax]")) == ()


def test_a_file_that_stops_hides_what_comes_after_it(bench: LintBench, tmp_path: Path) -> None:
    async def both() -> None:
        pending = judged(bench, files(tmp_path, "select 1/0;\ndrop view v;"))
        for case in ("names_kept[removed]", "migration_transactions[half-applied]", "migration_lint[nothing-done]"):
            with pytest.raises(Unobservable, match=r"stop at .*1_m\.sql:1: division by zero"):
                await pending.shown(case)

    asyncio.run(both())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("drop view v;", ["view public.v"]),
        ("-- seatrial: accepts view public.v because nobody reads it\ndrop view v;", []),
        ("-- seatrial: accepts view public.w because nobody reads it\ndrop view v;", ["view public.v"]),
    ],
)
def test_a_file_accepts_by_name(bench: LintBench, tmp_path: Path, text: str, left: list[str]) -> None:
    found = asyncio.run(judged(bench, files(tmp_path, text)).shown("names_kept[removed]"))
    assert [flaw.subject for flaw in found] == left


def test_what_cannot_be_compared_is_not_sound(bench: LintBench, tmp_path: Path) -> None:
    pending = judged(bench, files(tmp_path, "select 1;\ncreate table if not exists t (id nothing);"))
    with pytest.raises(Unobservable, match=r"1_m\.sql:2 \(type \"nothing\" does not exist\)"):
        asyncio.run(pending.shown("migration_lint[nothing-done]"))


@pytest.mark.parametrize(
    ("before", "after", "since"),
    [
        ("", BODY.format("c"), False),
        (BODY.format("c"), "", True),
        (BODY.format("a"), "drop view v; alter table t drop column a;", False),
    ],
)
def test_a_broken_body_is_told_with_since_when(
    bench: LintBench, tmp_path: Path, before: str, after: str, since: bool
) -> None:
    root = files(tmp_path, before or "select 1;", after or "select 2;")
    found: Bodies = asyncio.run(judged(bench, root, before=before, after=after).bodies("plpgsql"))

    (broken,) = found.broken
    assert broken.before is since
    assert broken.path == f"{FOLDER}/{1 if before else 2}_m.sql"
    assert ("as before this release" in broken.place) is since


def test_a_broken_body_is_accepted_by_name(bench: LintBench, tmp_path: Path) -> None:
    text = "-- seatrial: accepts function public.f() because it is called when the column is there\n" + BODY.format("c")
    found: Bodies = asyncio.run(judged(bench, files(tmp_path, text), after=text).bodies("plpgsql"))
    assert (found.looked_at, found.broken) == (1, ())
