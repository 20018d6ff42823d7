"""`--postgres container`: what goes wrong with engine, image or container is told at once, with the end of the log."""

import json
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from fixtures import Unobservable
from fixtures.workbench.engines import docker_engine
from fixtures.workbench.engines.container import ContainerEngine
from selftests.containers import IMAGE, needs_engine, ours, start
from selftests.throwaway import SECONDS

pytestmark = needs_engine


@pytest.fixture(scope="module")
def docker() -> Iterator[Any]:
    with docker_engine.connected() as client:
        yield client.client


@pytest.mark.parametrize("end", ["kill", "remove"])
def test_a_container_that_ends_under_us_is_noticed(docker: Any, end: str) -> None:
    server = start()
    try:
        container = docker.containers.get(server._container.get_container_id())
        with psycopg.connect(make_conninfo(**server.conninfo()), autocommit=True) as connection:
            assert not server.ended()
            container.kill() if end == "kill" else container.remove(force=True, v=True)
            with pytest.raises(psycopg.OperationalError):
                connection.execute("select 1")
        assert server.ended()
        said = server.log_tail()
        assert ("exit code 137" if end == "kill" else "somebody removed it") in said
    finally:
        server.stop()
    assert server.log_tail() == said


@pytest.fixture
def broken(docker: Any) -> Iterator[Any]:
    """Makes an image like the usual one whose program is another."""
    made: list[str] = []

    def make(*entrypoint: str) -> str:
        container = docker.containers.create(IMAGE)
        name = f"seatrial-selftest:{len(made)}"
        container.commit("seatrial-selftest", str(len(made)), changes=f"ENTRYPOINT {json.dumps(entrypoint)}")
        container.remove(v=True)
        made.append(name)
        return name

    yield make
    for name in made:
        docker.images.remove(name, force=True)


def refused(docker: Any, image: str, within: float = SECONDS) -> str:
    before = ours(docker)
    with pytest.raises(Unobservable) as problem:
        ContainerEngine(image, "exposed", lambda secret: None).start(within=within).stop()
    assert ours(docker) == before
    return str(problem.value)


def test_a_container_that_ends_at_once_is_told_with_its_log(docker: Any, broken: Any) -> None:
    started = time.monotonic()
    said = refused(docker, broken("sh", "-c", "echo the disk is made of cheese; exit 3"))
    assert (
        "did not start; its log ends:\nthe disk is made of cheese\n(the container has ended with exit code 3)" in said
    )
    assert time.monotonic() - started < SECONDS / 2


def test_a_container_without_its_program_is_told(docker: Any, broken: Any) -> None:
    assert "/no/such/program" in refused(docker, broken("/no/such/program"))


def test_a_container_that_is_never_ready_is_told(docker: Any, broken: Any) -> None:
    said = refused(docker, broken("sh", "-c", "echo still thinking; sleep 60"), within=1.0)
    assert "was not ready in time; its log ends:\nstill thinking" in said


def test_an_image_that_is_not_there_is_told(docker: Any) -> None:
    said = refused(docker, "localhost:1/no/such:image")
    assert said.startswith("could not pull image localhost:1/no/such:image ([workbench] image), which this Docker")
