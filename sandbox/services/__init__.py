"""The sandbox's HTTP services: Ocean's frontend, its Supabase gateway and a stand-in for Vercel's API.

`serving` is the only door. Each service is an ASGI application on its own port of 127.0.0.1; planted faults and the
added latency are layers around it, so that the services themselves stay honest.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sandbox.faults import Faults
from sandbox.services import ocean, supabase, vercel
from sandbox.services.latency import Delayed
from sandbox.services.listening import listening
from sandbox.services.planted import Planted
from sandbox.world import Addresses, Databases, Secrets


@asynccontextmanager
async def serving(
    secrets: Secrets, databases: Databases, faults: Faults, latency_seconds: float = 0.0
) -> AsyncIterator[Addresses]:
    """Serve all three until the block ends; every answer is delayed by `latency_seconds`.

    The sockets already accept connections when the block begins. Raises OSError when no port is free.
    """
    gateway = Planted(supabase.application(secrets, databases, faults.switches), "supabase", faults.answers)
    frontend = Planted(ocean.application(databases, gateway), "ocean", faults.answers)
    deployments = Planted(vercel.application(secrets.vercel_token, faults.vercel_patches), "vercel", faults.answers)
    services = (frontend, gateway, deployments)
    doors = [(Delayed(service, latency_seconds), service.refuses_connections) for service in services]
    async with listening(doors) as (ocean_url, supabase_url, vercel_url):
        yield Addresses(ocean_url, supabase_url, vercel_url, vercel.TEAM_ID, vercel.PROJECT_ID)
