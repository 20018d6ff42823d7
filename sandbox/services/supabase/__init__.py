"""The Supabase gateway: `/auth/v1`, `/rest/v1`, `/graphql/v1` and `/functions/v1` behind one origin."""

import time
from collections.abc import Mapping
from typing import Final

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from sandbox.services.management.auth_of_ocean import running
from sandbox.services.refusal import Refusal, answer_refusal, answer_unrouted
from sandbox.services.service import Service, World
from sandbox.services.state import patched, seconds
from sandbox.services.supabase.authentication import authentication_routes
from sandbox.services.supabase.functions import function_routes
from sandbox.services.supabase.keys import Keys
from sandbox.services.supabase.legacy_keys import announced, legacy_keys
from sandbox.services.supabase.pg_graphql import pg_graphql_route
from sandbox.services.supabase.rest import rest_routes
from sandbox.services.supabase.signing import Signing

NO_ROUTE: Final = {"message": "no Route matched with those values"}
NOT_ALLOWED: Final = {"code": 405, "message": "The sandbox does not offer this method here"}


def service(world: World) -> Service:
    """The gateway of one project.

    State: `keys` (see `legacy_keys`), `published` (the project has an asymmetric signing key). The switches are those
    of the Edge Functions, of GraphQL and of sessions (see `webhook`, `functions`, `graphql_schema`, `sessions`).
    """
    now = time.time()
    state = patched({"keys": legacy_keys(now), "published": False}, world.patches("supabase"), now, seconds)
    keys = {
        "SUPABASE_PUBLISHABLE_KEY": world.secrets.publishable_key,
        "SUPABASE_SECRET_KEY": world.secrets.secret_key,
        **announced(state["keys"], world.secrets),
        "STRIPE_WEBHOOK_SECRET": world.secrets.webhook_secret,
        "STRIPE_WEBHOOK_SECRET_PREVIOUS": world.secrets.webhook_secret_previous,
    }
    application = _application(world, Signing(world.secrets, published=bool(state["published"])))
    return Service(application, lambda url: {"SUPABASE_URL": url, **keys})


def _application(world: World, signing: Signing) -> ASGIApp:
    secrets, databases, switches = world.secrets, world.databases, world.switches
    keys = Keys(secrets, signing)
    sign_in = authentication_routes(secrets, databases, signing, running(world), str(switches.get("sessions", "")))
    return Starlette(
        routes=[
            Mount("/auth/v1", routes=sign_in),
            Mount("/rest/v1", routes=rest_routes(keys, databases)),
            pg_graphql_route(keys, _pg_graphql(switches)),
            Mount("/functions/v1", routes=function_routes(world, signing)),
        ],
        exception_handlers={
            Refusal: answer_refusal,
            404: answer_unrouted(NO_ROUTE, NOT_ALLOWED),
            405: answer_unrouted(NO_ROUTE, NOT_ALLOWED),
        },
    )


def _pg_graphql(switches: Mapping[str, bool | int | str]) -> str | None:
    """Switch `pg_graphql`: the extension is enabled; "silent" is as it should be, else see `graphql_schema.GUARDS`."""
    mistake = switches.get("pg_graphql")
    return None if mistake is None else str(mistake).replace("silent", "")
