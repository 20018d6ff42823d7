"""Status pages: four forms are understood, and nothing else is ever taken for an outage, or for none."""

import asyncio
import json
from typing import Any

import httpx
import pytest
import respx

from fixtures import Unobservable
from fixtures.engine.http import Http
from fixtures.status.feeds import Feed, fetch_feed, read_feed
from sandbox.services.status import _healthy
from selftests.broken_answers import BROKEN, THROTTLED, said

HEALTHY = _healthy(1_700_000_000.0)
URL = "https://status.example/feed"


def read(page: Any, *used: str) -> Feed:
    return read_feed(json.dumps(page), "example", URL, used)


def statuspage(indicator: str, **components: str) -> dict[str, Any]:
    listed = [{"id": name, "name": name, "status": state} for name, state in components.items()]
    status = {"indicator": indicator, "description": "as it is"}
    return {"page": {"id": "x", "name": "Example"}, "status": status, "components": listed, "incidents": []}


def incident_io(*impacts: str) -> dict[str, Any]:
    ongoing = [
        {"id": "1", "name": impact, "status": "identified", "current_worst_impact": impact} for impact in impacts
    ]
    return {"page_title": "Example", "page_url": URL, "ongoing_incidents": ongoing, "in_progress_maintenances": []}


@pytest.mark.parametrize("provider", HEALTHY)
def test_a_healthy_page_of_each_provider(provider: str) -> None:
    assert read(HEALTHY[provider]).level == "none"


@pytest.mark.parametrize(
    ("page", "level"),
    [
        (statuspage("none"), "none"),
        (statuspage("minor"), "minor"),
        (statuspage("major"), "major"),
        (statuspage("critical"), "critical"),
        (statuspage("maintenance"), "maintenance"),
        (incident_io(), "none"),
        (incident_io("degraded_performance"), "minor"),
        (incident_io("degraded_performance", "full_outage"), "major"),
        ({**incident_io(), "in_progress_maintenances": [{"name": "Updates"}]}, "maintenance"),
        ({"largestatus": "up"}, "none"),
        ({"largestatus": "degraded"}, "minor"),
        ({"largestatus": "down"}, "critical"),
        ({"UptimeStatus": "up", "uptimeData": []}, "none"),
        ({"UptimeStatus": "down"}, "critical"),
    ],
)
def test_levels(page: Any, level: str) -> None:
    assert read(page).level == level


@pytest.mark.parametrize(
    "page",
    [
        {},
        [],
        None,
        "All Systems Operational",
        {"status": "ok"},
        {"status": {"indicator": "none"}},
        statuspage("fine"),
        statuspage("none", Auth="sleepy"),
        incident_io("apocalypse"),
        {"page_title": "Example"},
        {"message": "All services are online."},
        {"largestatus": "sideways"},
        {"largestatus": None},
        {"result": {"status_overall": {"status": "Operational"}}},
    ],
)
def test_any_other_form_is_unknown(page: Any) -> None:
    with pytest.raises(Unobservable, match=r"example's status page at .* answered nothing"):
        read(page)


def test_only_components_that_are_used_count() -> None:
    page = statuspage("minor", Auth="major_outage", Builds="major_outage", Database="operational")

    assert read(page, "Auth", "Database").out == ("Auth",)
    assert read(page, "Database").out == ()
    assert read(statuspage("minor", Auth="partial_outage"), "Auth").out == ()


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_components_with_one_name_the_one_that_is_out_counts(order: int) -> None:
    page = statuspage("minor")
    two = [{"name": "API", "status": "major_outage"}, {"name": "API", "status": "operational"}]

    assert read({**page, "components": two[::order]}, "API").out == ("API",)


def test_a_component_that_the_page_does_not_know_is_told() -> None:
    with pytest.raises(Unobservable, match="knows no Edge: correct components"):
        read(statuspage("none", Auth="operational"), "Edge")


def test_incident_io_lists_a_component_only_while_it_is_in_trouble() -> None:
    page = incident_io("full_outage")
    page["ongoing_incidents"][0]["affected_components"] = [{"name": "Computes", "current_status": "full_outage"}]

    assert read(incident_io(), "Computes").out == ()
    assert read(page, "Computes").out == ("Computes",)


@respx.mock
@pytest.mark.parametrize("broken", [*BROKEN, *THROTTLED])
def test_a_broken_page_is_unknown(broken: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fixtures.status.feeds.PATIENCE", 0)
    respx.get(URL).mock(**said(broken))

    with pytest.raises(Unobservable, match=r"neon|https://status\.example/feed"):
        asyncio.run(fetch_feed(Http(), "neon", URL, ()))


@respx.mock
def test_a_page_that_never_ends_is_unknown() -> None:
    body = json.dumps(HEALTHY["vercel"]) + " " * (4 * 1024 * 1024)
    respx.get(URL).mock(return_value=httpx.Response(200, text=body))

    with pytest.raises(Unobservable, match="more than 4 MiB"):
        asyncio.run(fetch_feed(Http(), "vercel", URL, ()))
