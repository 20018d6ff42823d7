"""The sandbox's HTTP services: Ocean's frontend, its Supabase gateway and stand-ins for providers' APIs.

`serving` is the only door. Each folder here is a service, found by itself: its `service(world)` gives an ASGI
application, which gets its own port of 127.0.0.1. Planted faults and the added latency are layers around it, so that
the services themselves stay honest.
"""

import importlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp

from sandbox.certificates import Certificates
from sandbox.faults import SERVICES, Faults
from sandbox.services.latency import Delayed
from sandbox.services.listening import Door, listening
from sandbox.services.planted import Planted
from sandbox.services.recorded import Recorded
from sandbox.services.service import Service, World
from sandbox.world import Databases, Secrets


@dataclass(frozen=True)
class Ground:
    """What all services stand on."""

    secrets: Secrets
    databases: Databases
    checkout: Path
    certificates: Certificates


class Services:
    """Makes each service once, when it is first asked for: the frontend needs the gateway."""

    def __init__(self, ground: Ground, faults: Faults) -> None:
        self._faults = faults
        self._made: dict[str, tuple[Service, Planted]] = {}
        self.origins: dict[str, str] = {}
        self._world = World(
            ground.secrets, ground.databases, faults, ground.checkout, ground.certificates, self.application,
            self.origins,
        )  # fmt: skip

    def application(self, name: str) -> ASGIApp:
        """The service's application, with its planted answers."""
        return self.made(name)[1]

    def made(self, name: str) -> tuple[Service, Planted]:
        """The service, and its application with the planted answers."""
        if name not in self._made:
            service = importlib.import_module(f"{__name__}.{name}").service(self._world)
            recorded = Recorded(service.application, name, self._world.checkout.parent)
            self._made[name] = service, Planted(recorded, name, self._faults.answers)
        return self._made[name]


@asynccontextmanager
async def serving(ground: Ground, faults: Faults, latency_seconds: float = 0.0) -> AsyncIterator[dict[str, str]]:
    """Serve all until the block ends, each answer `latency_seconds` later; yields the variables that they announce.

    The sockets already accept connections when the block begins. Raises OSError when no port is free.
    """
    services = Services(ground, faults)
    announced: dict[str, str] = {}
    async with AsyncExitStack() as stack:
        for name in SERVICES:
            service, planted = services.made(name)
            late = float(faults.switches.get("handshake", 0.0))  # seconds
            doors = _doors(service, planted, latency_seconds, ground.certificates, late)
            origins = await stack.enter_async_context(listening(doors))
            services.origins[name] = origins[0]
            announced |= service.variables(*origins)
        yield announced


def _doors(service: Service, planted: Planted, latency: float, certificates: Certificates, late: float) -> list[Door]:
    secured = certificates if service.secure else None
    doors = [Door(Delayed(planted, latency), planted.refuses_connections, secured, late)]
    if service.plain is not None:
        doors.append(Door(Delayed(service.plain, latency), planted.refuses_connections))
    return doors
