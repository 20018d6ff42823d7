"""`--postgres system`: programs of this machine, also old ones, are found, and given our stand-in extensions."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures import Unobservable
from fixtures.workbench.engines import owner, prefix
from fixtures.workbench.engines import system as programs
from fixtures.workbench.engines.local import LocalServer
from fixtures.workbench.engines.system import system
from selftests.throwaway import SECONDS, execute, fresh_place, rows

INSTALLED = next((folder for folder in programs._folders() if programs._version(folder)[1] >= 15), None)
needs_programs = pytest.mark.skipif(INSTALLED is None, reason="no PostgreSQL 15 or later is installed on this machine")


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    server = system().start(within=SECONDS)
    yield server
    server.stop()


@needs_programs
def test_a_server_of_the_installed_programs_has_the_baseline(server: LocalServer) -> None:
    major = int(rows(server, "select current_setting('server_version_num')::int / 10000")[0][0])
    assert major == programs._version(INSTALLED or Path())[1]
    assert server.described.startswith(f"system (PostgreSQL {major}.")
    assert rows(server, "select to_regclass('auth.users') is not null, current_user::text") == [(True, "postgres")]
    assert rows(server, "select rolsuper from pg_roles where rolname = current_user") == [(True,)]


@needs_programs
def test_stand_ins_are_found_and_real_extensions_preferred(server: LocalServer) -> None:
    execute(server, "create extension pg_cron")
    execute(server, "create extension if not exists pgcrypto schema extensions")
    # The stand-in is written in SQL, the real one in C.
    language = "select lanname::text from pg_proc p join pg_language l on l.oid = prolang where proname = 'gen_salt'"
    assert INSTALLED is not None
    real = (prefix._places(INSTALLED, server_major(server))[0] / "extension" / "pgcrypto.control").exists()
    assert {name for (name,) in rows(server, language)} == ({"c"} if real else {"sql"})


@needs_programs
def test_text_is_unicode_sorted_by_code_points(server: LocalServer) -> None:
    assert rows(server, "select upper('ä'), 'B' < 'a', current_setting('server_encoding')") == [("Ä", True, "UTF8")]


@needs_programs
def test_nobody_else_gets_in(server: LocalServer) -> None:
    assert rows(server, "select setting from pg_settings where name = 'listen_addresses'") == [("",)]
    assert server.folder.stat().st_mode & 0o777 == 0o700


@needs_programs
def test_a_state_is_kept(tmp_path: Path) -> None:
    with fresh_place(tmp_path) as place:
        engine = system()
        first = engine.start(within=SECONDS)
        execute(first, "create table kept ()")
        engine.keep(first, "mine")
        first.stop()

        second = engine.start(["mine"], SECONDS)
        assert rows(second, "select to_regclass('kept') is not null") == [(True,)]
        second.stop()
        assert list(place.iterdir()) == []


@needs_programs
def test_another_user_can_read_the_copy_whatever_our_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        assert INSTALLED is not None
        folder = prefix._laid_out(INSTALLED, 15, tmp_path / "copy")
    finally:
        os.umask(before)
    closed = [path for path in (tmp_path / "copy").rglob("*") if not path.is_symlink() and path.stat().st_mode & 5 != 5]
    assert (folder / "postgres").exists()
    assert closed == []


def server_major(server: LocalServer) -> int:
    return int(rows(server, "select current_setting('server_version_num')::int / 10000")[0][0])


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any program but those that a test puts into this folder, which is on the PATH."""
    monkeypatch.setattr(programs, "_USUAL", ())
    monkeypatch.setattr(programs, "everybody_reaches", lambda folder: True)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def install(folder: Path, says: str, *names: str) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text(f"#!/bin/sh\necho '{says}'\n")
        (folder / name).chmod(0o755)


def test_without_programs_the_sentence_says_what_to_do(machine: Path) -> None:
    with pytest.raises(
        Unobservable, match=r"no PostgreSQL 15 or later .* \(no folder holds both.*apt install.*embedded"
    ):
        system().start()


def test_a_client_alone_is_no_server(machine: Path) -> None:
    install(machine, "postgres (PostgreSQL) 17.1", "psql", "initdb")
    with pytest.raises(Unobservable, match="no folder holds both initdb and postgres"):
        system().start()


def test_an_old_version_is_named_and_passed_over(machine: Path) -> None:
    install(machine, "postgres (PostgreSQL) 14.9 (Debian 14.9-1)", "initdb", "postgres")
    with pytest.raises(Unobservable, match=r"found 14\.9 in .*: install one"):
        system().start()


def test_the_path_comes_first_then_the_newest(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "_USUAL", (f"{machine}/lib/*/bin",))
    for version in ("9.6", "15", "17", "16"):
        (machine / "lib" / version).mkdir(parents=True)
        install(machine / "lib" / version / "bin", "", "initdb", "postgres")
    assert [folder.parent.name for folder in programs._folders()] == ["17", "16", "15", "9.6"]

    install(machine, "", "initdb", "postgres")
    assert next(programs._folders()) == machine


def test_programs_without_their_shared_files_are_told(machine: Path) -> None:
    install(machine / "bin", "postgres (PostgreSQL) 15.1", "initdb", "postgres")
    with pytest.raises(Unobservable, match=r"without its shared files \(postgres\.bki\): install it anew"):
        prefix._places(machine / "bin", 99)


def test_copies_of_versions_that_are_gone_are_removed(tmp_path: Path) -> None:
    for name, days in (("system-14.1-x", 40), ("system-15.1-x", 1), ("extensions-x", 40)):
        (tmp_path / name).mkdir()
        moment = (tmp_path / name).stat().st_mtime - days * 24 * 3600
        os.utime(tmp_path / name, (moment, moment))
    prefix._forget_old(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"system-15.1-x", "extensions-x"}


def test_a_place_that_cannot_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(owner, "_SHARED_CACHE", tmp_path / "file" / "below")
    with pytest.raises(Unobservable, match=r"cannot be made .*make room"):
        owner.kept_place(owner.Owner(65534, 65534))
