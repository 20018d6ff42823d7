"""The restore drill with real databases: what is dumped how, and what is said when it cannot be."""

import os
import re
from pathlib import Path

import pytest

from fixtures import Unobservable
from fixtures.restoring import throwaway
from fixtures.restoring.facts import Restored
from fixtures.restoring.programs import find_programs
from fixtures.restoring.source import left_out
from fixtures.workbench.engines import run_folder
from fixtures.workbench.engines.cluster import LocalEngine
from fixtures.workbench.engines.embedded import embedded
from fixtures.workbench.engines.local import LocalServer
from selftests.restoring_bench import connected, found, held, recording
from selftests.restoring_bench import server as server  # a fixture, for whoever asks for it by name


def test_a_database_comes_back_as_it_was(server: LocalServer) -> None:
    seen = held(server)

    assert found(seen) == {}
    numbers = {part: one.looked_at for part, one in seen.items() if isinstance(one, Restored)}
    assert numbers["restores"] == numbers["rows"] == 3
    assert numbers["references"] == numbers["sequences"] == 1
    assert numbers["indexes"] == 2 * (3 + 3)  # indexes and tables, and beside each table another pair for long texts


@pytest.mark.skipif(not throwaway.ITSELF.exists(), reason="only Linux opens a file without a name anew")
def test_a_large_one_is_restored_by_several_at_once(
    server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throwaway, "PARALLEL_FROM", 0)

    assert found(held(server, programs=recording(tmp_path))) == {}
    assert re.search(r"pg_restore .*--jobs=\d /proc/self/fd/0", (tmp_path / "called").read_text())


def test_a_table_that_is_left_out_is_not_missed(server: LocalServer) -> None:
    seen = held(server, leave_out=("app.logs",))

    assert found(seen) == {}
    assert isinstance(seen["rows"], Restored)
    assert seen["rows"].looked_at == 2
    assert seen["rows"].left_out == ("app.logs",)


def test_a_table_that_is_left_out_and_is_not_there_is_said(server: LocalServer) -> None:
    seen = held(server, leave_out=("app.log",))

    assert str(seen["rows"]) == "[recovery] leave_out names app.log, and there is no such table: take it out"


def test_a_table_that_the_login_may_not_read_is_named(server: LocalServer) -> None:
    with connected(server) as connection:
        connection.execute("create role few login; grant usage on schema app to few; grant select on app.logs to few")

    seen = held(server, user="few")

    assert {str(one) for one in seen.values()} == {
        "the database to be dumped, as its owner: it may not read app.boats, and pg_dump stops there: grant select on"
        " it, or name it under [recovery] leave_out"
    }


def test_a_login_that_is_refused_is_said(server: LocalServer) -> None:
    seen = held(server, user="nobody")

    assert len({str(one) for one in seen.values()}) == 1
    assert 'role "nobody" does not exist' in str(seen["rows"])


def test_row_security_that_hides_rows_from_the_login_stops_the_dump(server: LocalServer) -> None:
    with connected(server) as connection:
        connection.execute("create role half login; grant usage on schema app to half")
        connection.execute("grant select on all tables in schema app to half")
        connection.execute("grant select on all sequences in schema app to half")

    seen = held(server, user="half")

    assert "query would be affected by row-level security policy" in str(seen["restores"])


def test_nothing_of_it_is_left_and_no_password_is_an_argument(
    server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connected(server) as connection:
        connection.execute("create role reader superuser login password 'pw-of-the-owner'")
    place = tmp_path / "disk"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    folders: list[Path] = []
    real = run_folder.free_path

    def noted() -> Path:
        folders.append(real())
        return folders[-1]

    monkeypatch.setattr(run_folder, "free_path", noted)

    seen = held(server, user="reader", password="pw-of-the-owner", programs=recording(tmp_path))

    called = (tmp_path / "called").read_text()
    assert "--snapshot=" in called
    assert "pw-of-the-owner" not in called
    assert "pw-of-the-owner" not in repr(seen)
    assert "ada@example.org" not in repr(seen)
    assert list(place.rglob("*")) == []
    assert folders
    assert not any(folder.exists() for folder in folders)
    assert found(seen) == {}


def test_a_dump_that_grows_too_large_is_ended(
    server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pg_dump").write_text(
        f'#!/bin/sh\ncase "$1" in --version) echo "pg_dump (PostgreSQL) 18.1"; exit;; esac\n'
        f"echo $$ > {tmp_path}/pid; exec yes\n"
    )
    (tmp_path / "pg_dump").chmod(0o755)
    (tmp_path / "pg_restore").symlink_to(find_programs(None, 18, tls=False).restore)

    seen = held(server, programs=tmp_path, limit=20_000_000)

    assert "grew beyond [recovery] dump_limit, 20 MB" in str(seen["rows"])
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_somebody_s_server_is_not_used(server: LocalServer) -> None:
    class Shared(LocalEngine):
        shared = True

    def engine() -> LocalEngine:
        made = embedded()
        made.__class__ = Shared
        return made

    seen = held(server, engine=engine)

    assert "a restore needs roles of its own" in str(seen["rows"])


def unreadable(name: str) -> tuple[str, str, bool, bool]:
    return name, name.partition(".")[0], False, True


def test_only_the_platform_s_own_books_are_left_out_by_themselves() -> None:
    seen = [unreadable("vault.secrets"), ("public.boats", "public", True, True)]

    assert left_out(seen, []) == ("vault.secrets",)
    assert left_out([*seen, unreadable("auth.users")], ["auth.users"]) == ("auth.users", "vault.secrets")
    for name in ("auth.users", "storage.objects", "public.logs"):
        with pytest.raises(Unobservable, match=f"may not read {name}"):
            left_out([*seen, unreadable(name)], [])
