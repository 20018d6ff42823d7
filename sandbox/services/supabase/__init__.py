"""The Supabase gateway: `/auth/v1`, `/rest/v1`, `/graphql/v1` and `/functions/v1` behind one origin."""

from collections.abc import Mapping
from typing import Final

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from sandbox.services.refusal import Refusal, answer_refusal, answer_unrouted
from sandbox.services.service import Service, World
from sandbox.services.supabase.authentication import authentication_routes
from sandbox.services.supabase.functions import function_routes
from sandbox.services.supabase.pg_graphql import pg_graphql_route
from sandbox.services.supabase.rest import rest_routes
from sandbox.world import Databases, Secrets

NO_ROUTE: Final = {"message": "no Route matched with those values"}
NOT_ALLOWED: Final = {"code": 405, "message": "The sandbox does not offer this method here"}


def service(world: World) -> Service:
    """The gateway of one project. The switches are those of the Edge Functions (see `webhook` and `functions`)."""
    keys = {
        "SUPABASE_PUBLISHABLE_KEY": world.secrets.publishable_key,
        "SUPABASE_SECRET_KEY": world.secrets.secret_key,
        "STRIPE_WEBHOOK_SECRET": world.secrets.webhook_secret,
        "STRIPE_WEBHOOK_SECRET_PREVIOUS": world.secrets.webhook_secret_previous,
    }
    application = _application(world.secrets, world.databases, world.switches)
    return Service(application, lambda url: {"SUPABASE_URL": url, **keys})


def _application(secrets: Secrets, databases: Databases, switches: Mapping[str, bool | int | str]) -> ASGIApp:
    return Starlette(
        routes=[
            Mount("/auth/v1", routes=authentication_routes(secrets, databases)),
            Mount("/rest/v1", routes=rest_routes(secrets, databases)),
            pg_graphql_route(secrets, _pg_graphql(switches)),
            Mount("/functions/v1", routes=function_routes(secrets, databases, switches)),
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
