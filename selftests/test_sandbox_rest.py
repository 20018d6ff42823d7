"""The sandbox's /rest/v1 writes as PostgREST does: inserts, upserts and updates, as the caller that the key names."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from selftests.running_sandbox import Sandbox, sandbox

EVENT = {"id": "evt_1", "type": "seatrial.probe", "payload": {"a": 1}}
WHOLE = {"prefer": "return=representation"}
IGNORED = {"prefer": "resolution=ignore-duplicates,return=representation"}
MERGED = {"prefer": "resolution=merge-duplicates,return=representation"}


@pytest.fixture(scope="module")
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        yield started


@pytest.fixture(autouse=True)
def empty(ocean: Sandbox) -> None:
    ocean.rows("delete from public.webhook_events where id not like 'evt_seed%' returning 1")


def asked(
    ocean: Sandbox, method: str, path: str, body: Any = None, key: str = "SECRET", **headers: str
) -> httpx.Response:
    said = ocean.variables
    url, named = f"{said['SUPABASE_URL']}/rest/v1/{path}", {"apikey": said[f"SUPABASE_{key}_KEY"]}
    return httpx.request(method, url, json=body, headers={**named, **headers})


def test_a_row_is_inserted_and_shown_only_when_that_is_asked_for(ocean: Sandbox) -> None:
    silent = asked(ocean, "POST", "webhook_events", EVENT)
    shown = asked(ocean, "POST", "webhook_events?select=id,payload", {**EVENT, "id": "evt_2"}, **WHOLE)

    assert (silent.status_code, silent.text) == (201, "")
    assert (shown.status_code, shown.json()) == (201, [{"id": "evt_2", "payload": {"a": 1}}])


def test_a_duplicate_is_refused_ignored_or_merged(ocean: Sandbox) -> None:
    asked(ocean, "POST", "webhook_events", EVENT)
    changed = {**EVENT, "type": "other"}
    refused = asked(ocean, "POST", "webhook_events", changed)
    ignored = asked(ocean, "POST", "webhook_events?on_conflict=id&select=id", changed, **IGNORED)
    kept = asked(ocean, "GET", "webhook_events?id=eq.evt_1&select=type")
    merged = asked(ocean, "POST", "webhook_events?on_conflict=id&select=type", changed, **MERGED)

    assert (refused.status_code, refused.json()["code"]) == (409, "23505")
    assert (ignored.status_code, ignored.json()) == (201, [])
    assert kept.json() == [{"type": "seatrial.probe"}]
    assert merged.json() == [{"type": "other"}]


def test_an_update_changes_what_the_filters_find(ocean: Sandbox) -> None:
    asked(ocean, "POST", "webhook_events", [EVENT, {**EVENT, "id": "evt_2"}])
    either = "or=(id.eq.evt_2,and(id.eq.evt_1,type.eq.none))"
    silent = asked(ocean, "PATCH", f"webhook_events?{either}", {"attempts": 3, "last_error": None})
    shown = asked(ocean, "PATCH", "webhook_events?id=eq.evt_1&select=id,attempts", {"attempts": 1}, **WHOLE)
    rows = asked(ocean, "GET", "webhook_events?id=neq.evt_x&type=eq.seatrial.probe&select=id,attempts&order=id").json()

    assert (silent.status_code, silent.text) == (204, "")
    assert (shown.status_code, shown.json()) == (200, [{"id": "evt_1", "attempts": 1}])
    assert rows == [{"id": "evt_1", "attempts": 1}, {"id": "evt_2", "attempts": 3}]


def test_one_row_is_demanded_or_nothing_is_changed(ocean: Sandbox) -> None:
    asked(ocean, "POST", "webhook_events", [EVENT, {**EVENT, "id": "evt_2"}])
    one = {"accept": "application/vnd.pgrst.object+json", **WHOLE}
    refused = asked(ocean, "PATCH", "webhook_events?type=eq.seatrial.probe", {"attempts": 9}, **one)
    rows = asked(ocean, "GET", "webhook_events?attempts=eq.9").json()

    assert (refused.status_code, refused.json()["code"]) == (406, "PGRST116")
    assert rows == []


@pytest.mark.parametrize(
    ("method", "path", "body", "key", "status", "code"),
    [
        ("POST", "webhook_events", EVENT, "PUBLISHABLE", 401, "42501"),
        ("PATCH", "plans?id=eq.coast", {"price_cents": 0}, "PUBLISHABLE", 401, "42501"),
        ("POST", "no_such_table", EVENT, "SECRET", 404, "PGRST205"),
        ("POST", "webhook_events", [], "SECRET", 400, "PGRST102"),
        ("POST", "webhook_events", [{"id": "a"}, {"type": "b"}], "SECRET", 400, "PGRST102"),
        ("POST", "subscriptions", {"organization_id": "none", "plan_id": "x"}, "SECRET", 400, "22P02"),
        ("POST", "memberships", {"organization_id": "00000000-0000-4000-8000-000000000000",
                                 "user_id": "00000000-0000-4000-8000-000000000000"}, "SECRET", 409, "23503"),
        ("PATCH", "webhook_events?or=id.eq.1", {"attempts": 1}, "SECRET", 400, "PGRST100"),
        ("PATCH", "webhook_events?or=(id.resembles.1)", {"attempts": 1}, "SECRET", 400, "PGRST100"),
        ("DELETE", "webhook_events?id=eq.evt_1", None, "SECRET", 405, "SANDBOX"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_refused_in_postgrest_s_words(
    method: str, path: str, body: Any, key: str, status: int, code: str, ocean: Sandbox
) -> None:
    refused = asked(ocean, method, path, body, key)

    assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text
    assert refused.json().keys() == {"code", "details", "hint", "message"}
