"""What can be read in a migration is read, with its line; the sound way of doing the same is silent."""

import sys
import sysconfig
from pathlib import Path

import pytest

from fixtures import Unobservable
from fixtures.lint import READ, squawk
from fixtures.lint.flaw import Flaw
from fixtures.lint.pieces import read
from fixtures.lint.squawk import remarks, rules
from fixtures.lint.written import written_flaws
from fixtures.migrations.files import FOLDER, read_sources
from selftests.lint_bench import cases

LONG = "a" * 64
COPY = "copy t from stdin;\n1\tdon't\n\\.\nselect 1;\nselect from;"
RULE = "create rule r as on insert to t do also (insert into a values (1); insert into b values (2));"
WRONG = [
    ("select 1;\n\ncreate tabel t ();", "syntax", 3),
    ("create table t (\n  a int,\n);", "syntax", 3),
    ("select 1;\n" + RULE, "syntax", 2),
    (COPY, "psql", 1),
    ("-- first\n\\set x 1\nselect 1;", "psql", 2),
    ("select 1;\n\\d+ t", "psql", 2),
    (f"alter table t\n  add constraint {LONG} check (a > 0);", "long-names", 2),
    (f'create table "{LONG}" ();', "long-names", 1),
    ("drop database ocean;", "whole-server", 1),
    ("alter system set work_mem = '1GB';", "whole-server", 1),
    ("-- why\nbegin;\ncreate table t ();", "left-open", 2),
    ("begin;\nbegin;\ncreate table t ();\ncommit;", "left-open", 2),
    ("start transaction;\ncreate table t ();", "left-open", 1),
    ("begin;\ncreate table t ();\nrollback;", "left-open", 3),
    ("begin;\ncreate index concurrently i on t (a);\ncommit;", "in-transaction", 2),
    ("begin;\ndrop index concurrently i;\ncommit;", "in-transaction", 2),
    ("begin;\nreindex table concurrently t;\ncommit;", "in-transaction", 2),
    ("begin;\nalter table t detach partition p concurrently;\ncommit;", "in-transaction", 2),
    ("begin;\nvacuum t;\ncommit;", "in-transaction", 2),
    ("set local lock_timeout = '2s';\ncreate index concurrently i on t (a);", "set-local", 1),
]
SOUND = [
    "create table t (a int);\ninsert into t values (1);",
    "create rule r as on insert to t do also insert into a values (1);",
    "copy t from '/tmp/x';\ncopy t to program 'cat';",
    f"alter table t add constraint {LONG[1:]} check (a > 0);",
    f'create policy "{LONG}" on t using (true);\ndrop policy "{LONG}" on t;\nalter policy "{LONG}" on t using (false);',
    "alter database postgres set work_mem = '8MB';\nalter role anon set statement_timeout = '3s';",
    "begin;\ncreate table t ();\ncommit;\n-- done",
    "begin;\ncreate table t ();\nend;",
    "savepoint a;\nrollback to savepoint a;",
    "create function f() returns int language sql begin atomic select 1; end;",
    "do $$ begin perform 1; end $$;",
    "create index concurrently i on t (a);\nbegin;\ncreate table u ();\ncommit;",
    "set lock_timeout = '2s';\ncreate index concurrently i on t (a);",
    "set local lock_timeout = '2s';\nalter table t add a int;\ncreate index concurrently i on t (a);",
    "analyze t;",
    "\ufeffselect 1;",
    "-- nothing\n",
    # newer than the parser of Postgres 17 that is asked here; squawk knows it
    "create table t (a int, b int generated always as (a + 1) virtual);",
]


def flaws(root: Path, text: str) -> list[Flaw]:
    (root / FOLDER).mkdir(parents=True)
    (root / FOLDER / "1_m.sql").write_text(text, encoding="utf-8")
    sources = read_sources(root)
    said = remarks(root, [source.file.path for source in sources])
    return written_flaws([read(source) for source in sources], said, rules())


@pytest.mark.parametrize(("text", "rule", "line"), WRONG)
def test_what_is_wrong_is_told_once_with_its_line(tmp_path: Path, text: str, rule: str, line: int) -> None:
    found = flaws(tmp_path, text)

    assert cases(found) == [(rule, line)]
    assert found[0].case in READ
    assert found[0].subject == f"{FOLDER}/1_m.sql:{line}"


@pytest.mark.parametrize("text", SOUND)
def test_what_is_sound_is_silent(tmp_path: Path, text: str) -> None:
    assert flaws(tmp_path, text) == []


def test_the_clis_own_cut_is_named_when_the_file_as_a_whole_is_sound(tmp_path: Path) -> None:
    (found,) = flaws(tmp_path, RULE)
    assert "the CLI ends a statement here" in found.says


@pytest.mark.parametrize(
    "text",
    [
        "-- squawk-ignore ban-uncommitted-transaction\nbegin;\nselect 1;",
        "-- squawk-ignore-file ban-uncommitted-transaction\n\nselect 1;\nbegin;\nselect 1;",
        f'-- squawk-ignore identifier-too-long\ncreate table "{LONG}" ();',
        "-- squawk-ignore ban-drop-database\ndrop database ocean;",
    ],
)
def test_a_squawk_ignore_comment_is_honoured(tmp_path: Path, text: str) -> None:
    assert flaws(tmp_path, text) == []


def test_another_rules_ignore_silences_nothing(tmp_path: Path) -> None:
    text = "-- squawk-ignore ban-drop-table\nbegin;\nselect 1;"
    assert cases(flaws(tmp_path, text)) == [("left-open", 2)]


def test_the_applications_own_settings_hide_nothing(tmp_path: Path) -> None:
    (tmp_path / ".squawk.toml").write_text('excluded_paths = ["*"]\nexcluded_rules = ["ban-drop-database"]\n')
    assert cases(flaws(tmp_path, "drop database ocean;")) == [("whole-server", 1)]


def test_a_name_that_looks_like_a_pattern_is_a_name(tmp_path: Path) -> None:
    for name in ("1_[a].sql", "2_*.sql", "3_a b.sql"):
        (tmp_path / name).write_text("drop database ocean;")
    assert {remark.file for remark in remarks(tmp_path, ["1_[a].sql", "3_a b.sql"])} == {"1_[a].sql", "3_a b.sql"}
    assert [remark.file for remark in remarks(tmp_path, ["2_*.sql"])] == ["2_*.sql"]


def test_more_names_than_a_command_line_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(squawk, "NAMES_AT_ONCE", 40)
    names = [f"{number}_m.sql" for number in range(12)]
    for name in names:
        (tmp_path / name).write_text("drop database ocean;")
    assert sorted(remark.file for remark in remarks(tmp_path, names)) == sorted(names)
    assert remarks(tmp_path, []) == []


def test_without_squawk_nothing_is_said_to_be_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path))
    with pytest.raises(Unobservable, match="make install"):
        remarks(tmp_path, ["1_m.sql"])


def test_a_file_that_is_gone_is_no_sound_file(tmp_path: Path) -> None:
    with pytest.raises(Unobservable, match=r"1_m\.sql"):
        remarks(tmp_path, ["1_m.sql"])


def test_a_binary_that_says_something_else_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "squawk").write_text("#!/bin/sh\necho all is well\n")
    (tmp_path / "squawk").chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(Unobservable, match="squawk failed"):
        remarks(tmp_path, ["1_m.sql"])
