"""Throwaway servers are quick to start, prepared, closed to others, and say why they do not start."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from fixtures import Unobservable
from fixtures.workbench.baseline import privileges_of
from fixtures.workbench.engines import owner
from fixtures.workbench.engines.embedded import start_embedded
from fixtures.workbench.engines.launch import Binaries, start_server
from fixtures.workbench.engines.local import LocalServer
from selftests.throwaway import SECONDS, execute, fresh_place, rows, running, start_and_stop


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with running() as started:
        yield started


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Path]:
    with fresh_place(tmp_path) as place:
        yield place


def test_the_first_start_takes_three_seconds_at_most_and_a_later_one_six_tenths(fresh: Path, tmp_path: Path) -> None:
    first, later = [], []
    for _ in range(2):  # the better of two, for other work on this machine is not our matter
        shutil.rmtree(tmp_path / "cache", ignore_errors=True)
        first.append(start_and_stop())
        later.append(start_and_stop())

    assert min(first) < 3.0
    assert min(later) < 0.6
    assert list(fresh.iterdir()) == []


def test_a_server_has_the_baseline_and_the_replaying_role(server: LocalServer) -> None:
    assert rows(server, "select current_user::text, rolsuper from pg_roles where rolname = current_user") == [
        ("postgres", True)
    ]
    assert rows(server, "select to_regclass('auth.users') is not null, current_database()::text") == [
        (True, "postgres")
    ]
    assert rows(server, "select rolsuper from pg_roles where rolname = 'anon'") == [(False,)]


def test_the_stand_in_extensions_are_found(server: LocalServer) -> None:
    execute(server, "create extension pg_cron; create extension http schema extensions")
    assert rows(server, "select extname::text from pg_extension where extname in ('http', 'pg_cron') order by 1") == [
        ("http",),
        ("pg_cron",),
    ]


def test_a_server_listens_on_no_port(server: LocalServer) -> None:
    assert rows(server, "select setting from pg_settings where name = 'listen_addresses'") == [("",)]
    assert server.folder.stat().st_mode & 0o777 == 0o700


def test_there_is_no_password_and_others_are_refused(server: LocalServer) -> None:
    assert "password" not in server.conninfo()
    assert rows(server, "select count(*) from pg_authid where rolpassword is not null") == [(0,)]
    rules = "select type, auth_method from pg_hba_file_rules"
    assert rows(server, rules, user="supabase_admin") == [("local", "peer")]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_another_user_of_the_machine_is_refused_even_with_access_to_the_socket(server: LocalServer) -> None:
    server.folder.chmod(0o755)
    child = os.fork()
    if child == 0:
        os.setuid(65534)
        try:
            psycopg.connect(make_conninfo(**server.conninfo()))
        except psycopg.OperationalError as error:
            os._exit(7 if "Peer authentication failed" in str(error) else 8)
        os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs Linux's /proc")
def test_the_server_does_not_inherit_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", "whsec_planted")
    server = start_embedded(SECONDS)
    try:
        postmaster = server.process_id()
        assert b"planted" not in Path(f"/proc/{postmaster}/environ").read_bytes()
    finally:
        server.stop()


def test_servers_do_not_disturb_one_another() -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: start_embedded(SECONDS), range(2))
    try:
        execute(first, "create table only_here ()")
        first.stop()
        assert rows(second, "select to_regclass('only_here')::text") == [(None,)]
    finally:
        first.stop()
        second.stop()


def test_two_first_starts_at_once_both_work(fresh: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        for server in pool.map(lambda _: start_embedded(SECONDS), range(2)):
            server.stop()

    assert list(fresh.iterdir()) == []
    (prepared,) = (tmp_path / "cache" / "seatrial").iterdir()
    assert prepared.suffix == ".tar"


def test_an_interrupt_is_left_to_us(fresh: Path) -> None:
    server = start_embedded(SECONDS)
    try:
        postmaster = server.process_id() or 0
        assert os.getsid(postmaster) != os.getsid(0)
    finally:
        server.stop()


def test_a_deadline_is_kept_and_leaves_nothing(fresh: Path) -> None:
    with pytest.raises(Unobservable, match=r"was not ready in time|could not be prepared"):
        start_embedded(0.0)
    assert list(fresh.iterdir()) == []


def test_a_server_that_does_not_start_says_why(fresh: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar"
    broken.write_bytes(b"no tar file at all" * 100)
    somewhere = Binaries(folder=tmp_path, version="x", described="x")

    with broken.open("rb") as data, pytest.raises(Unobservable, match=r"did not start; its log ends:\n(.*\n)*.*tar"):
        start_server(somewhere, owner.server_owner(), tmp_path, time.monotonic() + SECONDS, data=data)
    assert list(fresh.iterdir()) == []


def test_a_missing_program_is_told(fresh: Path, tmp_path: Path) -> None:
    nowhere = Binaries(folder=Path("/nowhere"), version="x", described="x")
    with pytest.raises(Unobservable, match=r"did not start; its log ends:\n.*/nowhere/initdb.*No such file"):
        start_server(nowhere, owner.server_owner(), tmp_path, time.monotonic() + SECONDS)
    assert list(fresh.iterdir()) == []


def test_no_python_for_the_keeper_is_told(fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    somewhere = Binaries(folder=tmp_path, version="x", described="x")
    with pytest.raises(Unobservable, match=r"can be started \(.*No such file .*/nowhere/python'\); "):
        start_server(somewhere, owner.server_owner(), tmp_path, time.monotonic() + SECONDS)
    assert list(fresh.iterdir()) == []


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (None, "exposed"),
        ("", "exposed"),
        ("[api]\nport = 1", "exposed"),
        ("[api]\nauto_expose_new_tables = true", "exposed"),
        ("[api]\nauto_expose_new_tables = false", "revoked"),
    ],
)
def test_the_configuration_says_whether_new_tables_are_exposed(
    tmp_path: Path, config: str | None, expected: str
) -> None:
    (tmp_path / "supabase").mkdir()
    if config is not None:
        (tmp_path / "supabase" / "config.toml").write_text(config)
    assert privileges_of(tmp_path) == expected


def test_a_broken_configuration_is_told(tmp_path: Path) -> None:
    (tmp_path / "supabase").mkdir()
    (tmp_path / "supabase" / "config.toml").write_text("[api]\n[api]\n")
    with pytest.raises(Unobservable, match=r"config\.toml cannot be read \(.*line 2.*\); mend it"):
        privileges_of(tmp_path)


@pytest.mark.parametrize(("privileges", "exposed"), [("exposed", True), ("revoked", False)])
def test_new_tables_are_exposed_or_not(privileges: Any, exposed: bool) -> None:
    server = start_embedded(SECONDS, privileges)
    try:
        execute(server, "create table public.t ()")
        assert rows(server, "select has_table_privilege('anon', 'public.t', 'select')") == [(exposed,)]
    finally:
        server.stop()
