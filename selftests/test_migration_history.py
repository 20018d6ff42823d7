"""Migrations beside a history, beside what ran, and beside the base branch; and where the CLI cuts a file."""

import dataclasses
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures import Unobservable
from fixtures.migrations.base_branch import edited_since, read_base, renamed_since
from fixtures.migrations.comparison import EditedFile, RenamedFile, difference, edited, renamed, unjudgeable
from fixtures.migrations.files import FOLDER, MigrationFile, Source, classified, read_files, read_sources
from fixtures.migrations.history import Applied, behind, out_of_order, pending, unknown
from fixtures.migrations.statements import split


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


# Where the CLI cuts a file


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
        ("select e'a\\';b'; x", [(1, "select e'a\\'"), (1, "b'; x")]),
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


# The base branch


def git(root: Path, *arguments: str) -> None:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", root, *who, *arguments], check=True, capture_output=True)


def write(root: Path, files: dict[str, str]) -> Path:
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (root / FOLDER / name).write_text(text)
    return root


def commit(root: Path, files: dict[str, str]) -> None:
    write(root, files)
    git(root, "add", "--all")
    git(root, "commit", "--message", "x", "--allow-empty")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository whose branch main has three files, and whose branch `work`, checked out, has the same."""
    root = tmp_path / "project"
    write(root, {})
    git(root, "init", "--initial-branch=main")
    commit(root, {"1_a.sql": "select 1;\n", "2_b.sql": "select 2;\n", "3-c.sql": "select 3;\n"})
    git(root, "checkout", "-b", "work")
    return root


def test_the_base_branch_is_read(project: Path) -> None:
    base = read_base(project)

    assert base.ref == "main"
    assert len(base.commit) == 40
    assert [(each.path, each.skipped is None) for each in base.files] == [
        (f"{FOLDER}/1_a.sql", True),
        (f"{FOLDER}/2_b.sql", True),
        (f"{FOLDER}/3-c.sql", False),
    ]
    assert [each.text for each in base.sources] == ["select 1;\n", "select 2;\n"]
    assert base.files == read_files(project)
    assert edited_since(base, read_sources(project)) == ()
    assert renamed_since(base, read_files(project)) == ()


def test_edits_count_against_the_tip_of_the_base_branch(project: Path) -> None:
    git(project, "checkout", "main")
    commit(project, {"1_a.sql": "select 10;\n"})
    git(project, "checkout", "work")
    write(project, {"2_b.sql": "select 2; -- as before\n"})

    base = read_base(project)
    assert edited_since(base, read_sources(project)) == (EditedFile(path=f"{FOLDER}/1_a.sql", version="1", line=1),)


def test_new_files_are_no_edits(project: Path) -> None:
    write(project, {"4_d.sql": "select 4;"})
    base = read_base(project)

    assert edited_since(base, read_sources(project)) == ()
    assert renamed_since(base, read_files(project)) == ()


@pytest.mark.parametrize(("now", "path"), [("1_z.sql", f"{FOLDER}/1_z.sql"), ("1-a.sql", None), (None, None)])
def test_renamed_and_removed_files_are_found(project: Path, now: str | None, path: str | None) -> None:
    before = project / FOLDER / "1_a.sql"
    before.rename(before.with_name(now)) if now else before.unlink()

    found = renamed_since(read_base(project), read_files(project))
    assert found == (RenamedFile(version="1", was="1_a.sql", path=path),)


def test_a_checkout_may_be_a_folder_of_the_repository(tmp_path: Path) -> None:
    application = write(tmp_path / "apps" / "web", {})
    git(tmp_path, "init", "--initial-branch=main")
    commit(application, {"1_a.sql": "select 1;"})

    assert [each.path for each in read_base(application).files] == [f"{FOLDER}/1_a.sql"]


def test_the_remote_branch_comes_before_a_stale_local_one(project: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--branch=main", str(project), str(clone))
    git(project, "checkout", "main")
    commit(project, {"4_d.sql": "select 4;"})
    git(clone, "fetch")

    assert read_base(clone, "main").ref == "origin/main"
    assert len(read_base(clone, "main").files) == 4
    git(clone, "remote", "set-head", "origin", "work")
    assert (read_base(clone).ref, len(read_base(clone).files)) == ("origin/HEAD", 3)


def test_a_base_branch_without_migrations_is_empty(project: Path) -> None:
    git(project, "checkout", "--orphan", "fresh")
    git(project, "rm", "-r", "--quiet", "--force", ".")
    git(project, "commit", "--allow-empty", "--message", "x")

    assert read_base(project, "fresh").files == ()


def test_hooks_do_not_mislead(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert read_base(project).ref == "main"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_another_user_is_read(project: Path) -> None:
    for path in (project, *project.rglob("*")):
        os.chown(path, 65534, 65534)
    assert read_base(project).ref == "main"


@pytest.mark.parametrize(
    ("branch", "message"),
    [
        ("release", r"has no branch release; run `git -C .* fetch origin release`"),
        ("--help", r"has no branch --help"),
        ("main:supabase", r"has no branch"),
    ],
)
def test_a_missing_branch_is_told(project: Path, branch: str, message: str) -> None:
    with pytest.raises(Unobservable, match=message):
        read_base(project, branch)


def test_a_repository_without_any_usual_branch_is_told(project: Path) -> None:
    git(project, "branch", "--delete", "main")
    with pytest.raises(Unobservable, match=r"no branch origin/HEAD or origin/main .* fetch origin main"):
        read_base(project)


def test_no_repository_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unobservable, match=r"is in no git repository; .*git clone"):
        read_base(write(tmp_path / "plain", {"1_a.sql": "select 1;"}))


def test_no_git_is_told(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unobservable, match=r"no `git` on the PATH .* install git"):
        read_base(project)


def test_a_shallow_copy_without_its_files_is_told(project: Path) -> None:
    for path in (project / ".git" / "objects").glob("??/*"):
        if subprocess.run(
            ["git", "-C", project, "cat-file", "-t", path.parent.name + path.name], capture_output=True, check=True
        ).stdout.startswith(b"blob"):
            path.unlink()
    with pytest.raises(Unobservable, match=r"lacks files of its base branch; run .* --refetch"):
        read_base(project)


def test_a_crlf_checkout_is_no_edit(project: Path) -> None:
    sources = tuple(dataclasses.replace(each, text=each.text.replace("\n", "\r\n")) for each in read_sources(project))
    assert edited_since(read_base(project), sources) == ()
