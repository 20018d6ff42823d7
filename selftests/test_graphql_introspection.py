"""What GraphQL endpoints tell of their schema: the answers of different servers, and those that say nothing."""

import asyncio
import json
from typing import Any

import httpx
import pytest
import respx

from fixtures import Unobservable
from fixtures.engine.http import Http
from fixtures.graphql.asking import Graphql
from fixtures.graphql.introspecting import CONTROL, MISSPELT, SCHEMA, TYPE, Introspection, introspect
from selftests.broken_answers import BROKEN, THROTTLED, said

URL = "https://ocean.example/api/graphql"
WELL = {"data": {"__typename": "Query"}}
UNKNOWN = {"errors": [{"message": 'Cannot query field "system_statu" on type "Query".'}]}
OFF = {
    "errors": [{"message": "GraphQL introspection is not allowed", "extensions": {"code": "INTROSPECTION_DISABLED"}}]
}
TYPES = {"data": {"__schema": {"types": [{"name": "Query"}, {"name": "Admin"}]}}}
FIELDS = {"data": {"__type": {"name": "Query", "fields": [{"name": "delete_everything"}]}}}
HINT = {"errors": [{"message": 'Cannot query field "system_statu" on type "Query". Did you mean "system_status"?'}]}


def server(**changed: Any) -> None:
    """A server that is silent about its schema, but for what is changed: schema, type, misspelt, control."""
    answers = {CONTROL: WELL, SCHEMA: OFF, TYPE: OFF, MISSPELT: UNKNOWN}
    answers |= {
        {"control": CONTROL, "schema": SCHEMA, "type": TYPE, "misspelt": MISSPELT}[one]: it
        for one, it in changed.items()
    }

    def answer(request: httpx.Request) -> httpx.Response:
        it = answers[json.loads(request.content)["query"]]
        return it if isinstance(it, httpx.Response) else httpx.Response(200, json=it)

    respx.post(URL).mock(side_effect=answer)


def seen() -> Introspection:
    return asyncio.run(introspect(Graphql(Http(), URL, {}, None)))


@respx.mock
def test_a_server_that_tells_nothing() -> None:
    server()

    assert seen() == Introspection(url=URL)


@respx.mock
@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"schema": TYPES}, {"types": ("Query", "Admin")}),
        ({"schema": {**TYPES, **OFF}}, {"types": ("Query", "Admin")}),
        ({"schema": {"data": {"__schema": {"queryType": {"name": "Query"}}}}}, {"types": ("…",)}),
        ({"type": FIELDS}, {"fields": ("delete_everything",)}),
        ({"misspelt": HINT}, {"suggested": ('"system_status"',)}),
        ({"misspelt": httpx.Response(400, json=HINT)}, {"suggested": ('"system_status"',)}),
    ],
)
def test_what_a_server_tells(changed: dict[str, Any], told: dict[str, Any]) -> None:
    server(**changed)

    assert seen() == Introspection(url=URL, **told)


@respx.mock
@pytest.mark.parametrize(
    "off",
    [
        {"data": {"__schema": None}, **OFF},
        {"data": None, **OFF},
        httpx.Response(400, json=OFF),
        httpx.Response(403, json=OFF),
        httpx.Response(400, json=OFF, headers={"content-type": "application/graphql-response+json"}),
    ],
)
def test_refusals_as_servers_word_them(off: Any) -> None:
    server(schema=off, type=off)

    assert seen() == Introspection(url=URL)


@respx.mock
@pytest.mark.parametrize(
    "absent",
    [
        {"data": None, "errors": ["pg_graphql extension is not enabled."]},
        {"data": None, "errors": [{"message": "pg_graphql extension is not enabled."}]},
        httpx.Response(406, json={"code": "PGRST106", "message": "The schema must be one of the following: public"}),
        httpx.Response(404, json={"code": "PGRST202", "message": "Could not find the function graphql_public.graphql"}),
    ],
)
def test_where_nobody_serves_graphql_there_is_nothing_to_tell(absent: Any) -> None:
    server(control=absent)

    assert seen() == Introspection(url=URL, served=False)


@respx.mock
@pytest.mark.parametrize("broken", [*BROKEN, *THROTTLED, pytest.param(httpx.Response(200, json=OFF), id="refuses-all")])
def test_a_server_that_was_not_seen_to_answer_proves_nothing(broken: httpx.Response | Exception) -> None:
    respx.post(URL).mock(**said(broken))

    with pytest.raises(Unobservable, match=r"ocean\.example/api/graphql"):
        seen()


@respx.mock
@pytest.mark.parametrize("which", ["schema", "type", "misspelt"])
@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_answer_of_a_server_in_trouble_is_no_refusal(which: str, status: int) -> None:
    server(**{which: httpx.Response(status, json=OFF)})

    with pytest.raises(Unobservable, match=f"answered {status}"):
        seen()


@respx.mock
def test_what_answers_everything_is_no_graphql_server() -> None:
    server(misspelt={"data": {"system_statu": None}})

    with pytest.raises(Unobservable, match="fields that no schema has"):
        seen()
