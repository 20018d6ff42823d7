"""The restore drill with a backup that came as a file."""

import subprocess
from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo

from fixtures import Inapplicable, Unobservable
from fixtures.restoring.facts import Restored
from fixtures.restoring.programs import find_programs
from fixtures.workbench.engines.local import LocalServer
from selftests.restoring_bench import found, held
from selftests.restoring_bench import server as server  # a fixture, for whoever asks for it by name


@pytest.fixture
def file(server: LocalServer, tmp_path: Path) -> Path:
    """A backup as a vendor makes one."""
    made = tmp_path / "backup.dump"
    programs = find_programs(None, 18, tls=False)
    url = make_conninfo(**server.conninfo("source", server.superuser))
    subprocess.run([programs.dump, "--format=custom", f"--file={made}", url], check=True)
    return made


def test_a_file_is_judged_by_itself_and_its_roles_are_made(server: LocalServer, file: Path) -> None:
    seen = held(server, dump=file)

    assert found(seen) == {}
    assert isinstance(seen["restores"], Restored)
    assert isinstance(seen["rows"], Inapplicable)
    assert isinstance(seen["catalog"], Inapplicable)


def test_a_file_that_is_cut_does_not_restore_and_blinds_the_rest(server: LocalServer, file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])

    seen = held(server, dump=file)

    assert list(found(seen)) == ["restores"]
    assert all(isinstance(one, Unobservable) for part, one in seen.items() if part != "restores")


def test_a_file_of_sql_text_cannot_be_judged(server: LocalServer, tmp_path: Path) -> None:
    file = tmp_path / "x.sql"
    file.write_text("--\n-- PostgreSQL database dump\n--\n\nselect 1;\n")

    seen = held(server, dump=file)

    assert found(seen) == {}
    assert "it is SQL text: restore it in a database of yours" in str(seen["restores"])


@pytest.mark.parametrize("content", [b"", b"PGDMP", b"\x89PNG" + bytes(600)])
def test_a_file_that_is_no_dump_does_not_restore(server: LocalServer, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.dump"
    file.write_bytes(content)

    seen = held(server, dump=file)

    assert found(seen) == {"restores": ["the dump"]}


def test_a_file_that_is_not_there_is_said(server: LocalServer, tmp_path: Path) -> None:
    seen = held(server, dump=tmp_path / "none.dump")

    assert "none.dump: No such file or directory: name a file of pg_dump" in str(seen["restores"])
