"""The Docker engine of this machine, for self-tests that need a real one, and what is ours on it."""

from typing import Any

import pytest

from fixtures import Unobservable
from fixtures.workbench.engines import docker_engine
from fixtures.workbench.engines.contained import ContainedServer
from fixtures.workbench.engines.container import ContainerEngine
from selftests.throwaway import SECONDS

IMAGES = ("postgres:17", "postgres:18", "postgres:16", "postgres:15")


def present() -> str | None:
    """An image of Postgres that is here; none is pulled for a test."""
    try:
        with docker_engine.connected() as client:
            return next((image for image in IMAGES if docker_engine.has_image(client, image)), None)
    except Unobservable:
        return None


IMAGE = present() or ""
needs_engine = pytest.mark.skipif(not IMAGE, reason=f"no Docker engine with one of {', '.join(IMAGES)} is here")


def start(image: str = IMAGE, hidden: list[str] | None = None) -> ContainedServer:
    return ContainerEngine(image, "exposed", (hidden if hidden is not None else []).append).start(within=SECONDS)


def ours(docker: Any) -> set[str]:
    """The names of our containers, running or not."""
    return {row["Names"][0] for row in docker.api.containers(all=True, filters={"name": "seatrial-"})}


def inspected(docker: Any, server: ContainedServer) -> dict[str, Any]:
    """All that `docker inspect` shows."""
    found: dict[str, Any] = docker.api.inspect_container(server._container.get_container_id())
    return found
