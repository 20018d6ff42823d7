"""Migrations beside the history of a database, and beside what ran there."""

import time
from collections.abc import Callable

import pytest

from fixtures.migrations.comparison import EditedFile, RenamedFile, difference, edited, renamed, unjudgeable
from fixtures.migrations.files import FOLDER, MigrationFile, Source, classified
from fixtures.migrations.history import Applied, behind, out_of_order, pending, unknown


def file(name: str) -> MigrationFile:
    return classified(name, b"select 1;", first=False)


def source(name: str, text: str) -> Source:
    return Source(classified(name, text.encode(), first=False), text)


def ran(version: str, *statements: str, name: str | None = None) -> Applied:
    return Applied(version=version, name=name, statements=statements)


FILES = [file("1_a.sql"), file("2_b.sql"), file("3_c.sql"), file("4_d.sql"), file("2_b.SQL"), file("5-e.sql")]


def test_unknown_versions_have_no_file() -> None:
    found = unknown(FILES, [Applied(version="5"), Applied(version="2"), Applied(version="0", name="old")])

    assert [row.subject for row in found] == ["0_old", "5"]


def test_files_are_out_of_order_or_pending() -> None:
    applied = [Applied(version="3"), Applied(version="1")]

    assert [(row.subject, row.newest) for row in out_of_order(FILES, applied)] == [(f"{FOLDER}/2_b.sql", "3")]
    assert [row.subject for row in pending(FILES, applied)] == [f"{FOLDER}/4_d.sql"]


def test_an_empty_history_leaves_everything_pending_and_nothing_out_of_order() -> None:
    assert [row.version for row in pending(FILES, [])] == ["1", "2", "3", "4"]
    assert out_of_order(FILES, []) == ()


def test_versions_are_compared_as_texts_as_the_cli_does() -> None:
    applied = [Applied(version="9")]

    assert [row.version for row in out_of_order([file("10_a.sql"), file("9_b.sql")], applied)] == ["10"]


def test_behind_is_what_staging_lacks() -> None:
    environment = [Applied(version="3", name="c"), Applied(version="1")]

    assert [row.subject for row in behind([Applied(version="1"), Applied(version="4")], environment)] == ["3_c"]
    assert behind(environment, environment) == ()


BODY = "create function f() returns int language plpgsql as $$ begin return 1; end $$"


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("select 1;\nselect 2;\n", ["select 1", "select 2"]),
        ("select 1; select 2;", ["select 1; select 2;"]),
        ("SELECT  1 ;;\n\n-- done\nselect 2", ["select 1", "select 2"]),
        ("select 1 /* a /* nested ; */ b */;", ["select 1"]),
        ("select 1;", ["select 1", "-- a comment that the CLI took for a statement"]),
        (f"{BODY};\r\nselect 1;\r\n", [BODY, "select 1"]),
        ("select 'a\r\nb';", ["select 'a\nb'"]),
        ("select a<-1, b from t;", ["select a < -1,b from t"]),
        ("select e'it\\'s; fine';", ["select e'it\\'s", "fine'"]),
        ("\ufeffselect 1;", ["\ufeffselect 1"]),
        ("-- nothing", []),
        ("", []),
        ('select "A"', ['SELECT "A"']),
        ("select $1, 1.5e3", ["select $1,1.5e3"]),
    ],
)
def test_these_say_the_same(text: str, statements: list[str]) -> None:
    assert difference(text, statements) is None


@pytest.mark.parametrize(
    ("text", "statements", "line"),
    [
        ("select 1;\nselect 3;", ["select 1", "select 2"], 2),
        ("select 1;\nselect 2;\n\nselect 3;\n", ["select 1", "select 2"], 4),
        ("select 1;\n", ["select 1", "select 2"], 1),
        ("select 'a b'", ["select 'ab'"], 1),
        ("select 'A'", ["select 'a'"], 1),
        ("select 'a -- b'", ["select 'a'"], 1),
        ("select\n'a;b'", ["select 'ab'"], 2),
        ('select "A"', ['select "a"'], 1),
        ("select E'a\\nb'", ["select 'a\\nb'"], 1),
        (f"\n{BODY}", [BODY.replace("1", "2")], 2),
        (f"\n{BODY}", [BODY.replace("begin", "begin -- now")], 2),
        ("select a <- 1", ["select a < - b"], 1),
        ("select a @- 1", ["select a @ - 1"], 1),
        ("select ab", ["select a b"], 1),
        ("select 1", [], 1),
        ("", ["select 1"], 1),
    ],
)
def test_these_do_not(text: str, statements: list[str], line: int) -> None:
    assert difference(text, statements) == line


def test_edited_files_are_named_with_their_line() -> None:
    sources = [source("1_a.sql", "select 1;"), source("2_b.sql", "--\nselect 2;"), source("3_c.sql", "select 3;")]
    applied = [ran("3", "select 3"), ran("1", "select 1"), ran("2", "select 1"), ran("4", "select 4")]

    assert edited(sources, applied) == (EditedFile(path=f"{FOLDER}/2_b.sql", version="2", line=2),)


def test_of_two_files_with_one_version_one_may_have_run() -> None:
    sources = [source("1_a.sql", "select 1;"), source("1_b.sql", "select 2;")]

    assert edited(sources, [ran("1", "select 2", name="b")]) == ()
    assert renamed([each.file for each in sources], [ran("1", "select 2", name="b")]) == ()
    assert [found.path for found in edited(sources, [ran("1", "select 3")])] == [f"{FOLDER}/1_a.sql"]


def test_a_row_without_statements_is_not_judged_but_told() -> None:
    sources = [source("1_a.sql", "select 1;")]
    applied = [Applied(version="1"), Applied(version="2")]

    assert edited(sources, applied) == ()
    assert [row.version for row in unjudgeable([each.file for each in sources], applied)] == ["1"]


def test_an_empty_file_that_ran_as_nothing_is_unchanged_and_a_filled_one_is_not() -> None:
    assert edited([source("1_a.sql", "")], [ran("1")]) == ()
    assert len(edited([source("1_a.sql", "select 1;")], [ran("1")])) == 1


def test_renamed_files_are_known_by_their_old_name() -> None:
    applied = [Applied(version="1", name="x"), Applied(version="2", name="b"), Applied(version="3"), ran("9", name="z")]

    assert renamed(FILES, applied) == (RenamedFile(version="1", was="1_x.sql", path=f"{FOLDER}/1_a.sql"),)


def test_a_thousand_unedited_files_take_less_than_a_tenth_of_a_second() -> None:
    statements = [f"-- {place}\ncreate table t{place} (id int, note text default 'a;b')" for place in range(20)]
    sources = [source(f"{place:04}_x.sql", ";\n".join(statements) + ";\n") for place in range(1000)]
    applied = [ran(f"{place:04}", *statements) for place in range(1000)]
    assert min(_seconds(lambda: edited(sources, applied) == ()) for _ in range(3)) < 0.1


def _seconds(true: Callable[[], bool]) -> float:
    started = time.perf_counter()
    assert true()
    return time.perf_counter() - started
