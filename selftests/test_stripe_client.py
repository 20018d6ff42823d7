"""Stripe's client: every odd answer is told by name and never a fact, and it only reads."""

import asyncio
import json
import time
from typing import Any

import httpx
import pytest
import respx

from fixtures import Unobservable
from fixtures.stripe.client import Item, Page, path_of
from fixtures.stripe.refusals import Busy, StripeRefused, without_keys
from selftests.broken_answers import BROKEN, THROTTLED, said
from selftests.stripe_asked import HOST, KEY, LOOKS, asked, reader, writer

MASKED = "rk_test_*********6789"


class Thing(Item):
    """Anything of which a list is made."""


def error(status: int, message: str, code: str | None = None, **more: str) -> httpx.Response:
    told = {"type": "invalid_request_error", "message": message, **({"code": code} if code else {})}
    return httpx.Response(status, json={"error": told}, headers=more)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client asks once: what comes of asking again is tried by itself."""
    from fixtures.stripe.client import StripeReader

    monkeypatch.setattr(StripeReader.get, "__defaults__", (None, 0.0))


NO_ERROR = pytest.param(httpx.Response(200, json={"error": {}}), id="error-with-200")
ODD_ERROR = pytest.param(httpx.Response(400, json={"error": [5]}), id="error-that-is-none")
ALL_BROKEN = [
    pytest.param(name, *broken.values, id=f"{name}-{broken.id}")
    for name in LOOKS
    for broken in (*BROKEN, *THROTTLED, NO_ERROR, ODD_ERROR)
]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("name", "broken"), ALL_BROKEN)
def test_a_broken_answer_is_never_a_fact(name: str, broken: Any) -> None:
    path, look = LOOKS[name]
    with respx.mock:
        respx.route(host=HOST).mock(**said(broken))

        with pytest.raises(Unobservable, match=r"Stripe|api\.stripe\.com") as told:
            asked(look)

    assert path in str(told.value)
    assert KEY.value not in str(told.value)


def test_a_price_that_there_is_not_is_an_answer() -> None:
    with respx.mock:
        respx.route(host=HOST).mock(return_value=error(404, "No such price: 'price_1'", "resource_missing"))

        (price,) = asked(LOOKS["prices"][1])

    assert not price.exists


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (error(401, f"Invalid API Key provided: {MASKED}"), "is STRIPE_API_KEY still valid?"),
        (error(401, f"Expired API Key provided: {MASKED}", "api_key_expired"), "STRIPE_API_KEY has expired"),
        (
            error(403, f"The provided key '{MASKED}' does not have the required permissions for this endpoint on"
                  " account 'acct_1'. Enabling \"Prices Read\" ('plan_read') permissions on this key would allow it."),
            "STRIPE_API_KEY lacks the permission Prices Read (plan_read): edit the restricted key at https://dashboard",
        ),
        (error(403, f"{MASKED}: having the 'rak_price_read' permission helps"), "the permission price_read"),
        (error(403, "No."), "does STRIPE_API_KEY have the permission for it?"),
        (
            error(404, "No such price: 'p'; a similar object exists in live mode, but a test mode key was used to make"
                  " this request.", "resource_missing"),
            "it exists in live mode, and STRIPE_API_KEY is a key of the other",
        ),
        (error(404, "No such price: 'p'", "resource_missing"), "no such thing in the key's account and mode"),
        (error(404, "Unrecognized request URL (GET: /v2/prices)."), "is url in [stripe] the address of its API?"),
        (error(400, f"Invalid Stripe API version: 2024-11-20 ({MASKED})"), "Invalid Stripe API version: 2024-11-20"),
        (error(400, "Unknown parameter", "parameter_unknown"), "(parameter_unknown): Unknown parameter"),
    ],
    ids=["401", "expired", "403", "403-older", "403-unknown", "other-mode", "404", "404-url", "version", "parameter"],
)  # fmt: skip
def test_a_refusal_says_what_to_do_and_no_key(answer: httpx.Response, told: str) -> None:
    with respx.mock:
        route = respx.route(host=HOST).mock(return_value=answer)

        with pytest.raises(StripeRefused) as refusal:
            asked(lambda client: client.get("/v1/prices", Page[Thing]))

    assert told in str(refusal.value)
    assert MASKED not in str(refusal.value) + refusal.value.message
    assert route.call_count == 1


@pytest.mark.parametrize("key", ["sk_live_***abc", "rk_test_51Habc", "pk_live_abc", "whsec_abc", "'rk_live_***c'"])
def test_no_key_of_any_kind_is_repeated(key: str) -> None:
    assert without_keys(f"The key {key} is wrong") == "The key [a key] is wrong"
    assert without_keys("No such price: 'price_1'") == "No such price: 'price_1'"


@pytest.mark.parametrize("broken", THROTTLED)
def test_a_busy_stripe_is_asked_again(broken: Any) -> None:
    good = httpx.Response(200, json={"data": [], "has_more": False})
    with respx.mock:
        route = respx.route(host=HOST).mock(side_effect=[broken, good])

        found = asked(lambda client: client.all("/v1/prices", Page[Thing]))

    assert found == []
    assert route.call_count == 2


def test_it_waits_as_long_as_stripe_asks_for_and_not_for_ever() -> None:
    with respx.mock:
        busy = error(429, "Request rate limit exceeded.", "rate_limit", **{"retry-after": "0.4"})
        route = respx.route(host=HOST).mock(return_value=busy)

        began = time.monotonic()
        with pytest.raises(Busy, match="the rate limit is used up") as told:
            asked(lambda client: client.get("/v1/prices", Page[Thing], within=1.0))

    assert told.value.after == 0.4
    assert route.call_count == 3
    assert time.monotonic() - began < 2


def test_it_asks_once_when_told_so() -> None:
    with respx.mock:
        route = respx.route(host=HOST).mock(return_value=httpx.Response(503))

        with pytest.raises(Busy):
            asked(lambda client: client.get("/v1/prices", Page[Thing], within=0))

    assert route.call_count == 1


def test_nothing_but_what_is_needed_is_sent() -> None:
    with respx.mock:
        route = respx.route(host=HOST).respond(json={"data": [], "has_more": False})

        asked(lambda client: client.all("/v1/events", Page[Thing], {"delivery_success": False, "created": {"gte": 1}}))

    sent = route.calls[0].request
    assert str(sent.url.query, "ascii") == "limit=100&delivery_success=false&created[gte]=1"
    assert sent.headers["authorization"] == f"Bearer {KEY.value}"
    assert sent.headers["stripe-version"] == "2026-10-28.endive"
    assert not [name for name in sent.headers if "client" in name]
    assert sent.headers["user-agent"] == "seatrial"


@pytest.mark.parametrize("id", ["../account", "a/b?c=d", "ä"])
def test_an_id_is_no_path(id: str) -> None:
    assert path_of("prices", id).count("/") == 3
    assert "?" not in path_of("prices", id)


def test_a_reader_sends_no_write() -> None:
    with respx.mock:
        route = respx.route(host=HOST)

        async def write() -> None:
            await reader()._sdk.v1.customers.create_async({"name": "x"})

        with pytest.raises(ValueError, match="only reads"):
            asyncio.run(write())

    assert not route.called


def test_a_writer_writes_once_and_tells_why_a_card_was_declined() -> None:
    declined = httpx.Response(
        402, json={"error": {"type": "card_error", "code": "card_declined", "message": f"declined {MASKED}"}}
    )

    async def attach() -> Any:
        return await writer().ask(
            "attach the card", lambda sdk: sdk.v1.payment_methods.attach_async("pm_1", {"customer": "cus_1"})
        )

    with respx.mock:
        route = respx.post(f"http://{HOST}/v1/payment_methods/pm_1/attach").mock(
            side_effect=[httpx.Response(200, json={"id": "pm_1", "object": "payment_method"}), declined]
        )

        assert asyncio.run(attach())["id"] == "pm_1"
        with pytest.raises(StripeRefused, match=r"\(attach the card\) answered 402") as told:
            asyncio.run(attach())

    assert (told.value.status, told.value.code, told.value.message) == (402, "card_declined", "declined [a key]")
    assert route.call_count == 2
    assert json.dumps(dict(httpx.QueryParams(route.calls[0].request.content.decode()))) == '{"customer": "cus_1"}'
    assert route.calls[0].request.headers["idempotency-key"]


def test_an_answer_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fixtures.stripe.transport.LONGEST_ANSWER", 1000)
    with respx.mock:
        respx.route(host=HOST).mock(return_value=httpx.Response(200, content=b" " * 2000))

        with pytest.raises(Unobservable, match="/v1/prices answered more than"):
            asked(lambda client: client.all("/v1/prices", Page[Thing]))
