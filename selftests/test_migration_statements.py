"""A migration is cut into statements where the Supabase CLI cuts it."""

import pytest

from fixtures.migrations.statements import split


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select 1; select 2;\n", [(1, "select 1"), (1, "select 2")]),
        ("\n\n-- a;b\nselect 1;\n\nselect\n2\n", [(3, "-- a;b\nselect 1"), (6, "select\n2")]),
        ("select 1;\n-- the end", [(1, "select 1"), (2, "-- the end")]),
        (";;\n;select 1;;", [(2, "select 1")]),
        ("select ';', \";\", $$;$$, $a$;$$;$a$, /* ; /* ; */ ; */ 1;x", [
            (1, "select ';', \";\", $$;$$, $a$;$$;$a$, /* ; /* ; */ ; */ 1"), (1, "x"),
        ]),
        ("select 'it''s;'; x", [(1, "select 'it''s;'"), (1, "x")]),
        ("create rule r as on insert to a do (select 1; select 2); x", [
            (1, "create rule r as on insert to a do (select 1; select 2)"), (1, "x"),
        ]),
        ("do also (insert into a values (1); select 2); x", [
            (1, "do also (insert into a values (1)"), (1, "select 2)"), (1, "x"),
        ]),
        ("f() begin atomic select 1 as pending; select case when true then 1 end; end; x", [
            (1, "f() begin atomic select 1 as pending; select case when true then 1 end; end"), (1, "x"),
        ]),
        ("f() BEGIN ATOMIC select 1; -- end\n END; x", [(1, "f() BEGIN ATOMIC select 1; -- end\n END"), (2, "x")]),
        ("create table atomic_test (begin_atomic int); x", [
            (1, "create table atomic_test (begin_atomic int)"), (1, "x"),
        ]),
        ("begin; x; end; y", [(1, "begin"), (1, "x"), (1, "end"), (1, "y")]),
        ("select e'a\\';b', type'a\\'; x", [(1, "select e'a\\';b', type'a\\'"), (1, "x")]),
        ("select e'a' -- b'\n 'c\\';' ; x", [(1, "select e'a' -- b'\n 'c\\';'"), (2, "x")]),
        ("select \\; 1; x", [(1, "select \\; 1"), (1, "x")]),
        ("-- a\rselect 1; x$$; y", [(1, "-- a\rselect 1"), (1, "x$$"), (1, "y")]),
        ("select $$$; x$$; y", [(1, "select $$$"), (1, "x$$"), (1, "y")]),
        ("select 'open; x", [(1, "select 'open; x")]),
        ("  \n", []),
    ],
)  # fmt: skip
def test_statements_are_cut_where_the_cli_cuts_them(sql: str, expected: list[tuple[int, str]]) -> None:
    assert [(statement.line, statement.text) for statement in split(sql)] == expected


def test_a_statement_knows_where_its_sql_begins() -> None:
    (statement,) = split("\n-- why\n/* how */\ncreate table t ();")

    assert statement.text[statement.lead :] == "create table t ()"
    assert statement.line_at(statement.lead) == 4
