"""Many tenants: the stand-in for Neon on a port of its own, with as many projects as one likes, and rows for them."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any

import psycopg
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.services.listening import Door, listening
from sandbox.services.neon import PATH, _application
from sandbox.services.neon.state import ORGANIZATION, state

KEY = "napi_not_a_secret"
ROWS = """
with maker as (select created_by from public.organizations limit 1),
made as (
  insert into public.organizations (id, name, slug, created_by, created_at)
  select md5(n::text)::uuid, 'Tenant ' || n, 'tenant-' || lpad(n::text, 5, '0'), created_by, now() - interval '30 days'
  from generate_series(1, %s) as n, maker returning id, slug
)
insert into public.organization_databases (organization_id, neon_project_id, region, host, state)
select id, slug, 'aws-eu-central-1', 'ep-' || slug || '.eu-central-1.aws.neon.example', 'ready' from made
"""


class Counted:
    """Wraps a service: how often each path was asked for."""

    def __init__(self, service: ASGIApp) -> None:
        self._service = service
        self.asked: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.asked.append(scope["path"].removeprefix(PATH))
        await self._service(scope, receive, send)


@contextmanager
def served(projects: int, **patch: Any) -> Iterator[tuple[dict[str, str], Counted]]:
    """The variables that lead to it, and what it is asked, until the block ends. Limits are Neon's."""
    service = Counted(_application(KEY, state([{"synthetic_projects": projects, **patch}])))
    loop, stack = asyncio.new_event_loop(), AsyncExitStack()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def waited(work: Callable[[], Awaitable[Any]]) -> Any:
        async def whole() -> Any:
            return await work()

        return asyncio.run_coroutine_threadsafe(whole(), loop).result(20)

    try:
        [url] = waited(lambda: stack.enter_async_context(listening([Door(service)])))
        yield {"NEON_API_URL": url + PATH, "NEON_API_KEY": KEY, "NEON_ORG_ID": ORGANIZATION}, service
    finally:
        waited(stack.aclose)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def write_down(url: str, tenants: int) -> None:
    """Rows for as many tenants, in the sandbox's database at `url`, for which projects are made."""
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(ROWS.encode(), (tenants,))
