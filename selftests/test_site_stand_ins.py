"""The sandbox's resolver, status pages and plain door answer as documented, and refuse what nobody documented."""

import asyncio
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox.services.dns import OCEAN_S, Resolver
from sandbox.services.ocean.protection import Protected, headers
from sandbox.services.ocean.redirection import Redirecting
from sandbox.services.status import _answering, _healthy

JSON = {"accept": "application/dns-json"}


def asked(application: ASGIApp, url: str, **more: Any) -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(application)) as client:
            return await client.get(url, **more)

    return asyncio.run(ask())


def resolved(query: str, known: dict[str, Any] = OCEAN_S, **more: Any) -> httpx.Response:
    routes = [Route("/dns-query", Resolver(known).answer)]
    return asked(Starlette(routes=routes), f"https://resolver.test/dns-query?{query}", **({"headers": JSON} | more))


def test_a_name_s_records_with_the_alias_that_leads_to_them() -> None:
    answer = resolved("name=WWW.ocean.example.&type=A")

    assert answer.headers["content-type"] == "application/dns-json"
    assert answer.json()["Status"] == 0
    assert [(record["type"], record["data"]) for record in answer.json()["Answer"]] == [
        (5, "cname.vercel-dns.example."),
        (1, "192.0.2.11"),
    ]


def test_no_record_no_name_and_no_idea_are_told_apart() -> None:
    failing = {"names": OCEAN_S["names"], "rcodes": {"ocean.example": 2}}

    assert resolved("name=ocean.example&type=AAAA").json().keys() & {"Status", "Answer"} == {"Status"}
    assert resolved("name=nowhere.example").json()["Status"] == 3
    assert resolved("name=ocean.example", failing).json()["Status"] == 2


@pytest.mark.parametrize(
    ("query", "more", "status"),
    [
        ("name=ocean.example", {"headers": {"accept": "application/json"}}, 415),
        ("type=A", {}, 400),
        ("name=ocean.example&type=ANY", {}, 400),
    ],
)
def test_what_a_resolver_refuses(query: str, more: dict[str, Any], status: int) -> None:
    assert resolved(query, **more).status_code == status


def test_headers_are_added_and_never_replaced() -> None:
    async def page(scope: Any, receive: Any, send: Any) -> None:
        said = [(b"x-content-type-options", b"its own")]
        await send({"type": "http.response.start", "status": 200, "headers": said})
        await send({"type": "http.response.body", "body": b""})

    known = headers([{"headers": {"referrer-policy": "", "x-frame-options": "DENY"}}])
    answer = asked(Protected(page, known), "https://ocean.test/")

    assert answer.headers.get_list("x-content-type-options") == ["its own"]
    assert answer.headers["x-frame-options"] == "DENY"
    assert "referrer-policy" not in answer.headers


def test_without_tls_there_is_the_way_to_tls_and_the_same_path() -> None:
    answer = asked(Redirecting([]), "http://ocean.test:8080/boats?page=2")

    assert (answer.status_code, answer.headers["location"]) == (308, "https://ocean.test/boats?page=2")


def test_a_status_page_has_no_parameters() -> None:
    pages = Starlette(routes=[Route("/feed", _answering(_healthy(0.0)["neon"]))])

    assert asked(pages, "https://status.test/feed").json()["page_title"] == "Neon"
    assert asked(pages, "https://status.test/feed?region=eu").status_code == 400
