"""`--postgres container`, on a real Docker engine: prepared, closed to others, gone with the run that started it."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from fixtures.workbench.engines import docker_engine
from fixtures.workbench.engines.contained import ContainedServer
from fixtures.workbench.engines.container_keeper import SECONDS_TO_APPEAR
from selftests.containers import IMAGE, inspected, needs_engine, ours, start
from selftests.throwaway import soon

pytestmark = needs_engine


@pytest.fixture(scope="module")
def docker() -> Iterator[Any]:
    with docker_engine.connected() as client:
        yield client.client


@pytest.fixture(scope="module")
def hidden() -> list[str]:
    return []


@pytest.fixture(scope="module")
def server(hidden: list[str]) -> Iterator[ContainedServer]:
    server = start(hidden=hidden)
    yield server
    server.stop()


def ask(server: ContainedServer, sql: str, user: str = "postgres") -> Any:
    with psycopg.connect(make_conninfo(**server.conninfo(user=user)), autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchone()


def test_a_container_has_the_baseline_and_the_replaying_role(server: ContainedServer) -> None:
    assert ask(server, "select current_user::text, rolsuper from pg_roles where rolname = current_user") == (
        "postgres",
        True,
    )
    assert ask(server, "select to_regclass('auth.users') is not null, current_database()::text") == (True, "postgres")
    assert ask(server, "select current_user::text", server.superuser) == ("supabase_admin",)
    assert server.described.startswith(f"container {IMAGE} (PostgreSQL {IMAGE.rpartition(':')[2]}")


def test_stand_ins_are_put_beside_what_the_image_has(server: ContainedServer) -> None:
    with psycopg.connect(make_conninfo(**server.conninfo()), autocommit=True) as connection:
        connection.execute("create extension pg_cron")
    there = "select count(*) from pg_available_extensions where name in ('pg_net', 'pgcrypto', 'moddatetime')"
    assert ask(server, there) == (3,)


def test_data_are_in_memory_and_not_made_to_last(server: ContainedServer, docker: Any) -> None:
    attributes = inspected(docker, server)
    data = ask(server, "show data_directory")[0]
    assert any(data.startswith(place) for place in attributes["HostConfig"]["Tmpfs"])
    assert ask(server, "show fsync") == ("off",)


def test_its_port_is_nobody_elses_business(server: ContainedServer, docker: Any) -> None:
    attributes = inspected(docker, server)
    (bound,) = attributes["NetworkSettings"]["Ports"]["5432/tcp"]
    assert bound["HostIp"] == "127.0.0.1"
    assert server.conninfo()["host"] == "127.0.0.1"


def test_the_password_is_known_to_us_alone(server: ContainedServer, hidden: list[str], docker: Any) -> None:
    password = server.conninfo()["password"]
    attributes = json.dumps(inspected(docker, server))
    processes = subprocess.run(["ps", "axww", "-o", "args"], capture_output=True, text=True, check=True).stdout
    for place in (attributes, processes, server.log_tail(100_000), server.described, str(server)):
        assert password not in place
    assert len(hidden) == 2
    assert password in hidden

    first = next(secret for secret in hidden if secret != password)  # this one docker inspect shows
    assert first in attributes
    for user in ("postgres", "supabase_admin", "authenticator"):
        with pytest.raises(psycopg.OperationalError, match="authentication failed"):
            psycopg.connect(make_conninfo(**{**server.conninfo(user=user), "password": first}))
        assert ask(server, "select current_user::text", user) == (user,)


def test_stopping_leaves_nothing_and_may_be_done_again(docker: Any) -> None:
    before, volumes = ours(docker), len(docker.volumes.list())
    server = start()
    assert len(ours(docker)) == len(before) + 1

    server.stop()
    server.stop()
    assert ours(docker) == before
    assert len(docker.volumes.list()) == volumes
    assert server.ended()
    assert "ready to accept connections" in server.log_tail()


RUNS = """
import sys, time
from fixtures.workbench.engines.container import ContainerEngine
print("starting", flush=True)
server = ContainerEngine(sys.argv[1], "exposed", lambda secret: None).start()
print("running", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("seconds", [None, 0.4])
def test_a_killed_run_leaves_no_container(repository: Path, docker: Any, seconds: float | None) -> None:
    before = ours(docker)
    command = [sys.executable, "-c", RUNS, IMAGE]
    with subprocess.Popen(command, cwd=repository, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        if seconds is None:
            assert process.stdout.readline() == "running\n"
            assert len(ours(docker)) == len(before) + 1
        time.sleep(seconds or 0)
        process.kill()

    time.sleep(0.0 if seconds is None else SECONDS_TO_APPEAR)  # it may come into being after the kill
    assert soon(lambda: ours(docker) <= before)


BARE = '[environment]\nname = "bare"\nkind = "local"\n[workbench]\nimage = "{image}"\n'


def test_a_run_makes_one_container_also_under_workers(repository: Path, tmp_path: Path, docker: Any) -> None:
    (tmp_path / "bare.toml").write_text(BARE.format(image=IMAGE))
    before = ours(docker)
    for workers in ([], ["-n", "2"]):
        since = int(time.time())
        # A case for each worker; a run of everything starts a second server, whose roles are shaped like hosted ones.
        cases = ["checks/migrations/migrations_replay.py", "-k", "empty or reseeded"]
        command = [sys.executable, "-m", "pytest", "-m", "migrations", f"--report={tmp_path}", *cases, *workers]
        where = ["--env-file", str(tmp_path / "bare.toml"), "--app", "sandbox/ocean"]
        ran = subprocess.run([*command, *where], cwd=repository, capture_output=True, text=True)
        assert f"throwaway Postgres: container {IMAGE} (PostgreSQL" in ran.stdout
        assert containers_made_since(docker, since) == 1
        assert ours(docker) <= before


def containers_made_since(docker: Any, since: int) -> int:
    filters = {"event": "create", "type": "container"}
    until = int(time.time()) + 1
    time.sleep(max(0.0, until - time.time()))
    with contextlib.closing(docker.events(since=since, until=until, filters=filters, decode=True)) as events:
        return len({event["id"] for event in events if event["Actor"]["Attributes"]["name"].startswith("seatrial-")})
