"""What the CLI's transactions make of a file shows when it runs, and when it runs again after it failed."""

from collections.abc import Iterator

import pytest

from selftests.lint_bench import LintBench, cases, lint_bench

BASE = """
create table public.t (a int, b text);
create type public.state as enum ('new');
create table public.u (state public.state);
"""
UNIQUE = "create unique index concurrently if not exists t_a on public.t (a);"


@pytest.fixture(scope="module")
def bench() -> Iterator[LintBench]:
    with lint_bench(BASE) as ready:
        yield ready


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("alter type state add value 'old';\ninsert into u values ('old');", "enum-value", 2),
        ("alter type state add value 'old';\nalter table u alter state set default 'old';", "enum-value", 2),
        ("set role anon;\nselect 1;", "role-left", 1),
        ("set role anon;\nreset role;\nset role authenticated;", "role-left", 3),
    ],
)
def test_running_it_shows(bench: LintBench, text: str, rule: str, line: int) -> None:
    assert cases(bench.tried(text).flaws) == [(rule, line)]


@pytest.mark.parametrize(
    "texts",
    [
        ("alter type state add value 'old';", "insert into u values ('old');"),
        ("create type kind as enum ('a', 'b');\ncreate table k (k kind default 'b');",),
        ("set role anon;\nselect 1;\nreset role;",),
        ("set local role anon;\nselect 1;",),
        ("begin;\nalter table t add c int;\ncommit;",),
    ],
)
def test_running_it_shows_nothing(bench: LintBench, texts: tuple[str, ...]) -> None:
    trial = bench.tried(*texts)
    assert (trial.flaws, trial.stop) == ([], None)


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("alter table t add c int;\ncreate index concurrently t_c on t (c);", "half-applied", 2),
        ("create index concurrently t_a on t (a);\nalter table t add c int;", "half-applied", 2),
        ("begin;\nalter table t add c int;\ncommit;\nalter table t add d int;", "half-applied", 4),
        ("create table v ();\ncommit;\n-- then\ncreate table w ();", "half-applied", 4),
        (UNIQUE, "invalid-index", 1),
        (f"set lock_timeout = '1s';\n{UNIQUE}", "invalid-index", 2),
    ],
)
def test_running_it_again_shows(bench: LintBench, text: str, rule: str, line: int) -> None:
    assert cases(bench.run_again(text)) == [(rule, line)]


@pytest.mark.parametrize(
    "texts",
    [
        ("set lock_timeout = '1s';\ncreate index concurrently t_a on t (a);",),
        ("create index concurrently t_a on t (a);\ncreate index concurrently t_b on t (b);",),
        ("create unique index concurrently t_a on t (a);\nalter table t add constraint t_a unique using index t_a;",),
        ("create unique index concurrently t_a on t (a);",),  # run again it fails, for everybody to see
        ("alter table t add if not exists c int;\ncreate index concurrently if not exists t_c on t (c);",),
        ("begin;\nalter table t add c int;\ncommit;",),
        ("begin;\nalter table t add c int;\ncommit;\nanalyze t;\nselect 1;",),
        (f"drop index concurrently if exists t_a;\n{UNIQUE}",),
        (f"delete from t x using t y where x.a = y.a and x.ctid > y.ctid;\ncommit;\n{UNIQUE}",),
        (UNIQUE.replace("unique ", ""),),
        ("alter table t add c int;", "create index concurrently t_c on t (c);"),
    ],
)
def test_running_it_again_shows_nothing(bench: LintBench, texts: tuple[str, ...]) -> None:
    assert bench.run_again(*texts) == []


def test_the_finding_says_how_to_do_it_well(bench: LintBench) -> None:
    (flaw,) = bench.run_again(UNIQUE)
    assert flaw.subject == "index public.t_a"
    assert "drop index concurrently if exists public.t_a;" in flaw.instead


def test_a_file_that_stops_is_named_with_line_and_state(bench: LintBench) -> None:
    trial = bench.tried("select 1;", "select 1;\n\nselect 1/0;")
    assert str(trial.stop) == "supabase/migrations/2_m.sql:3: division by zero (22012)"
    assert trial.flaws == []
