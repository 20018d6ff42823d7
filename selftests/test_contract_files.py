"""Recorded statements are read as they were meant, and what is not meant is refused with file and line."""

import subprocess
from pathlib import Path

import pytest

from fixtures import Unobservable
from fixtures.contract.contract_file import read_contract_file
from fixtures.contract.export import plannable, read_export
from fixtures.contract.recorded import read_contract
from fixtures.contract.release_files import of_checkout
from fixtures.contract.select_list import selected
from fixtures.contract.writes import writes_of
from selftests.contract_database import written

PLACE = "seatrial/contract/it.sql"
IDENTITY = ("-c", "user.name=A", "-c", "user.email=a@example.invalid", "-c", "commit.gpgsign=false")


def test_a_file_with_everything() -> None:
    text = """
-- What the dashboard asks: first of all.
-- role: authenticated
-- claims: {"sub": "1"}
-- given: insert into a values (1);
-- given: insert into b values (2)
-- $2: (select id from public.t where name = 'a:b')
--$1: 'x'
-- expects: fails 42501
-- uses: a_idx, b_idx
-- critical
select * -- all of it
from public.t where a = $1 and b = $2;
"""
    one = read_contract_file(PLACE, text)

    assert one.text == "select * -- all of it\nfrom public.t where a = $1 and b = $2"
    assert (one.place, one.role, one.claims) == (PLACE, "authenticated", '{"role": "authenticated", "sub": "1"}')
    assert one.given == ("insert into a values (1)", "insert into b values (2)")
    assert one.values == {1: "'x'", 2: "(select id from public.t where name = 'a:b')"}
    assert (one.expects, one.uses, one.critical) == ("42501", ("a_idx", "b_idx"), True)


def test_a_file_that_says_nothing() -> None:
    one = read_contract_file(PLACE, "select 1")

    assert (one.role, one.claims, one.values, one.given, one.uses) == ("postgres", "", {}, (), ())
    assert (one.expects, one.critical) == (None, False)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("-- nothing", f"{PLACE}: a contract file holds one statement, this one 0"),
        ("select 1;\n\n-- two\nselect 2;", f"{PLACE}:4: a contract file holds one statement, this one 2"),
        ("\n-- role:\nselect 1", f"{PLACE}:2: role has no value"),
        ("-- role: a b\nselect 1", f"{PLACE}:1: role: 'a b' is no role's name"),
        ("-- role: a\n-- role: b\nselect 1", f"{PLACE}:2: role is said twice"),
        ("-- claims: {sub: 1}\nselect 1", f"{PLACE}:1: claims is no JSON"),
        ("-- claims: [1]\nselect 1", f"{PLACE}:1: claims is no JSON object"),
        ("-- x\n-- expects: success\nselect 1", f"{PLACE}:2: expects: 'success' is not understood"),
        ("-- uses: a b\nselect 1", f"{PLACE}:1: uses: 'a b' is no list"),
        ("-- $1: 1\n-- $3: 2\nselect $1", f"{PLACE}:2: the statement has no \\$3"),
        ("-- $1: 1\n-- $1: 2\nselect $1", f"{PLACE}:2: \\$1 is said twice"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(text: str, says: str) -> None:
    with pytest.raises(Unobservable, match=says):
        read_contract_file(PLACE, text)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select $1, $2", "select $1, $2"),
        ("select now() - interval $1", "select now() - $1::interval"),
        ("select a from t where day > date $3 and n = $7", "select a from t where day > $1::date and n = $2"),
        ("select extract($1 from a), $2 from t", "select extract(epoch from a), $1 from t"),
        ("select a::date, $1 from t limit $2", "select a::date, $1 from t limit $2"),
        ("select '$1 interval $2', $1", "select '$1 interval $2', $1"),
        (
            "select a from t where b in ($1 /*, ... */) and c = $2",
            "select a from t where b in ($1 /*, ... */) and c = $2",
        ),
        ("select cast($1 as text) as date, $2", "select cast($1 as text) as date, $2"),
    ],
)
def test_constants_of_an_export_become_parameters(query: str, expected: str) -> None:
    assert plannable(query) == expected


def test_an_export_as_csv_and_as_json() -> None:
    text = 'rolname,calls,query\nanon,1,"select\n  $1"\npostgres,2,begin\n,3,"-- x\nWITH a as (select 1) select"\n'
    csv = read_export("seatrial/contract/it.csv", text)
    json = read_export(
        "seatrial/contract/it.json", '[{"query": "select 1", "rolname": "app"}, {"query": "set a = $1"}]'
    )

    assert [(one.place, one.role, one.text) for one in csv] == [
        ("seatrial/contract/it.csv:2", "anon", "select\n  $1"),
        ("seatrial/contract/it.csv:5", "postgres", "-- x\nWITH a as (select 1) select"),
    ]
    assert csv[0].claims == '{"role": "anon"}'
    assert [(one.place, one.role) for one in json] == [("seatrial/contract/it.json:1", "app")]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("it.csv", "rolname,calls\nanon,1\n", "it.csv:1: there is no column named query: make the export with psql"),
        ("it.csv", "query,calls\nselect 1,1\n,2\n", "it.csv:3: this row has no query"),
        ("it.csv", "", "it.csv:1: there is no column"),
        ("it.json", "[\n{", "it.json:2: no JSON"),
        ("it.json", '[{"query": "select 1"}, {"text": "x"}]', "it.json: entry 2 is no object with a key query"),
    ],
)
def test_an_export_that_is_none_is_refused(name: str, text: str, says: str) -> None:
    with pytest.raises(Unobservable, match=says):
        read_export(name, text)


def test_what_a_statement_writes_is_read_from_its_words() -> None:
    sql = """with x as (insert into "A".b as c (d, "E") values ($1, $2) returning *), y as (
             update only t set (a, b) = (1, 2), c = (select max(d) from u where e = 1), f[1] = 3 where g = 4)
             insert into plain select 1 on conflict (a) do update set a = 2"""
    found = [(use.qualified, sorted(use.writes), use.inserts) for use in writes_of(PLACE, sql)]

    assert found == [
        ("A.b", ["E", "d"], frozenset({"d", "E"})),
        ("public.t", ["a", "b", "c", "f"], None),
        ("public.plain", [], None),
    ]
    assert list(writes_of(PLACE, "select a from t for update; select 'insert into x'")) == []


def test_a_select_list_of_the_api() -> None:
    found = selected(
        'id, total:amount, "odd name", n::text, meta->>colour, ...owner!inner(full_name, of:team!fk(*)), count()'
    )
    ((owner, of_owner),) = found.embedded

    assert found.columns == {"id", "amount", "odd name", "n", "meta"}
    assert (owner, of_owner.columns, of_owner.embedded[0][0]) == ("owner", frozenset({"full_name"}), "team")
    assert of_owner.embedded[0][1].everything
    assert not found.everything
    assert selected("*, items(count)").everything


def test_files_that_are_not_the_release_are_left_out(tmp_path: Path) -> None:
    written(
        tmp_path,
        src__a_ts="1",
        node_modules__b_ts="1",
        src__dist__c_js="1",
        src__d_test_ts="1",
        supabase__functions__e_tsx="1",
        seatrial__contract__f_sql="select 1",
        seatrial__other_sql="select 1",
    )
    (tmp_path / "src" / "a.test.ts").write_text("1")
    (tmp_path / ".next").mkdir()
    (tmp_path / ".next" / "g.js").write_text("1")

    files = of_checkout(tmp_path)

    assert list(files.code) == ["src/a.ts", "src/d_test.ts", "supabase/functions/e.tsx"]
    assert list(files.recorded) == ["seatrial/contract/f.sql"]


def test_the_base_branch_says_what_the_running_release_asks(tmp_path: Path) -> None:
    written(
        tmp_path,
        supabase__migrations__1_sql="select 1",
        src__it_ts="db.from('old').select('id')",
        seatrial__contract__kept_sql="select 1",
        seatrial__contract__gone_sql="select 2",
        seatrial__contract__torn_sql="-- role:\nselect 3",
    )
    (tmp_path / "supabase/migrations/1.sql").rename(tmp_path / "supabase/migrations/1_a.sql")
    for command in (["init", "--quiet", "--initial-branch", "main"], ["add", "."], [*IDENTITY, "commit", "-qm", "a"]):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    written(tmp_path, src__it_ts="db.from('new').select('id')", seatrial__contract__kept_sql="select 11")
    written(tmp_path, seatrial__contract__torn_sql="select 3", seatrial__contract__more_sql="select 4")
    (tmp_path / "seatrial/contract/gone.sql").unlink()

    contract = read_contract(tmp_path)

    assert contract.read_from.startswith("main (")
    assert [use.name for use in contract.uses] == ["old"]
    assert sorted(one.text for one in contract.statements) == [
        "select 1",
        "select 11",
        "select 2",
        "select 3",
        "select 4",
    ]


def test_a_torn_file_is_told_when_it_lies_there(tmp_path: Path) -> None:
    written(tmp_path, seatrial__contract__torn_sql="-- role:\nselect 3")

    with pytest.raises(Unobservable, match=r"seatrial/contract/torn\.sql:1: role has no value"):
        read_contract(tmp_path)
