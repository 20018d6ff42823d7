"""Events and endpoints: which endpoint is ours, which event nobody took, and what counts as a failed payment."""

from typing import Any

import msgspec
import pytest
import respx

from fixtures import Inapplicable, Unobservable
from fixtures.events.arrivals import read_arrived
from fixtures.events.payments import Event as InvoiceEvent
from fixtures.events.payments import Payments, counted
from fixtures.events.undelivered import Event, deliveries, doubtful, read_undelivered
from fixtures.stripe.endpoints import Endpoint, Registered, read_endpoints
from fixtures.stripe.limits import Inbox, Limits
from selftests.stripe_asked import HOOK, HOST, NOW, OURS, REGISTERED, asked

SLACK = "https://hooks.slack.com/services/T000/B000/not-to-be-shown?token=neither"


def endpoints(*each: dict[str, Any], expected: tuple[str, ...] = (HOOK,)) -> Registered:
    """What is registered, as Stripe lists it."""
    usual = {"status": "enabled", "enabled_events": ["*"], "created": 1, "livemode": False}
    data = [{"id": f"we_{number}", **usual, **one} for number, one in enumerate(each)]
    with respx.mock as stripe:
        stripe.get(host=HOST).respond(json={"data": data, "has_more": False})
        found: Registered = asked(lambda client: read_endpoints(client, expected))
    return found


@pytest.mark.parametrize(
    "url", [HOOK, "https://OCEAN.example/hook", "https://ocean.example:443/hook", f"{HOOK}?apikey=abc", f"{HOOK}#top"]
)
def test_an_address_is_ours_in_other_words_too(url: str) -> None:
    (ours,) = endpoints({"url": url}).ours

    assert "abc" not in ours.url


@pytest.mark.parametrize(
    "url",
    [
        f"{HOOK}/",
        "https://ocean.example/Hook",
        "http://ocean.example/hook",
        "https://ocean.example:8443/hook",
        "https://other.example/hook",
        "https://ocean.example/hook%20",
    ],
)
def test_an_address_that_comes_near_is_not_ours_and_is_shown(url: str) -> None:
    registered = endpoints({"url": url})

    assert not registered.ours
    assert registered.others[0].url == url


@pytest.mark.parametrize("url", ["ocean.example/hook", "https://ocean.example:port/hook", "https://[::1/hook"])
def test_what_is_no_address_is_told(url: str) -> None:
    with pytest.raises(Unobservable, match="is no address"):
        asked(lambda client: read_endpoints(client, [url]))


def test_somebody_elses_address_is_not_shown_nor_kept() -> None:
    registered = endpoints({"url": SLACK}, {"url": HOOK})

    assert registered.others[0].url == "https://hooks.slack.com/…"
    assert "not-to-be-shown" not in msgspec.json.encode(registered).decode()


def test_an_endpoint_of_connected_accounts_is_not_ours() -> None:
    assert not endpoints({"url": HOOK, "application": "ca_1"}).ours


@pytest.mark.parametrize(
    ("each", "twice"),
    [
        ([["*"]], 0),
        ([["*"], ["invoice.paid"]], 2),
        ([["invoice.paid"], ["invoice.paid", "charge.refunded"]], 2),
        ([["invoice.paid"], ["charge.refunded"]], 0),
        ([["invoice.paid"], ["charge.refunded"], ["charge.refunded"]], 2),
    ],
)
def test_what_two_endpoints_are_sent_arrives_twice(each: list[list[str]], twice: int) -> None:
    assert len(endpoints(*({"url": HOOK, "enabled_events": types} for types in each)).twice) == twice


def test_a_disabled_endpoint_is_sent_nothing_twice() -> None:
    registered = endpoints({"url": HOOK}, {"url": HOOK, "status": "disabled"})

    assert (len(registered.ours), len(registered.enabled), registered.twice) == (2, 1, ())


def test_each_address_where_the_handler_is_reached_counts() -> None:
    registered = endpoints({"url": HOOK}, {"url": "https://b.example/x"}, expected=(HOOK, "https://b.example/x"))

    assert len(registered.twice) == 2


def event(id: str = "evt_1", kind: str = "invoice.paid", seconds: int = 7200) -> Event:
    return Event(id=id, type=kind, seconds=seconds, pending=1)


def undelivered(*events: Event, registered: Registered = REGISTERED, taken: tuple[str, ...] = ()) -> Any:
    return deliveries(events, registered, taken, (30, 15), more=False)


def endpoint(**changed: Any) -> Endpoint:
    return msgspec.structs.replace(OURS, **changed)


def test_what_our_endpoint_did_not_take_is_counted_by_type() -> None:
    found = undelivered(event(), event("evt_2", seconds=90000), event("evt_3", "charge.refunded"))

    (one,) = found.types
    assert (one.type, one.count, one.first, one.oldest_minutes) == ("invoice.paid", 2, ("evt_2", "evt_1"), 1500)
    assert found.elsewhere == 1


def test_what_waits_for_a_disabled_endpoint_of_ours_is_undelivered() -> None:
    registered = msgspec.structs.replace(REGISTERED, ours=(endpoint(enabled=False),))

    assert undelivered(event(), registered=registered).types


def test_without_an_endpoint_of_ours_everything_is_undelivered() -> None:
    registered = msgspec.structs.replace(REGISTERED, ours=())

    assert undelivered(event(kind="charge.refunded"), registered=registered).types


def test_an_event_for_two_endpoints_is_looked_up_in_the_table() -> None:
    other = endpoint(id="we_2", url="https://shop.example/…")
    registered = msgspec.structs.replace(REGISTERED, others=(other,))

    assert doubtful([event()], registered) == ["evt_1"]
    assert doubtful([event()], REGISTERED) == []
    assert not undelivered(event(), registered=registered, taken=("evt_1",)).types
    (left,) = undelivered(event(), registered=registered).types
    assert left.others == ("we_2",)


def test_what_everybody_took_and_what_a_drill_made_is_left_out() -> None:
    took = {"id": "evt_1", "type": "invoice.paid", "created": 1, "pending_webhooks": 0, "data": {"object": {}}}
    drill = {**took, "id": "evt_2", "pending_webhooks": 1, "data": {"object": {"metadata": {"seatrial": "1"}}}}
    with respx.mock as stripe:
        route = stripe.get(host=HOST).respond(json={"data": [took, drill], "has_more": False})

        events, more = asked(lambda client: read_undelivered(client, NOW, 30, 15))

    assert (events, more) == ((), False)
    sent = route.calls[0].request.url.params
    assert sent["delivery_success"] == "false"
    assert int(sent["created[lte]"]) - int(sent["created[gte]"]) == 30 * 86400 - 15 * 60


def invoice(id: str, kind: str = "invoice.payment_failed", due: int = 2900, **more: Any) -> InvoiceEvent:
    said = {"id": f"evt_{id}", "type": kind, "data": {"object": {"id": id, "amount_due": due, **more}}}
    return msgspec.convert(said, InvoiceEvent)


def payments(*events: InvoiceEvent) -> Payments:
    return counted(events, Limits())


def test_each_invoice_is_counted_once() -> None:
    found = payments(
        invoice("in_1"),
        invoice("in_1"),
        invoice("in_2"),
        invoice("in_2", "invoice.paid"),
        invoice("in_3", "invoice.paid"),
    )

    assert (found.failed, found.paid, found.paid_later, found.invoices) == (1, 2, 1, ("in_1",))
    assert found.share == pytest.approx(1 / 3)


def test_what_costs_nothing_pays_nothing() -> None:
    found = payments(*(invoice(f"in_{number}", "invoice.paid", due=0) for number in range(100)), invoice("in_failed"))

    assert (found.paid, found.failed, found.share) == (0, 1, 1.0)


@pytest.mark.parametrize(
    "mark",
    [
        {"metadata": {"seatrial": "1"}},
        {"parent": {"subscription_details": {"metadata": {"seatrial": "1"}}}},
    ],
)
def test_what_a_drill_paid_is_left_out(mark: dict[str, Any]) -> None:
    assert payments(invoice("in_1", **mark)).failed == 0


def test_a_customers_first_invoice_is_told_apart() -> None:
    found = payments(invoice("in_1", billing_reason="subscription_create"), invoice("in_2", billing_reason=None))

    assert (found.failed, found.first) == (2, 1)


def test_a_quiet_week_has_no_share() -> None:
    assert payments().share == 0


DELIVERED = {"id": "evt_1", "type": "invoice.paid", "created": 1, "pending_webhooks": 0, "data": {"object": {}}}


class Closed:
    """A database that nobody may ask."""

    async def on(self, name: str) -> Any:
        raise Unobservable(f"the {name}'s database cannot be reached")


@pytest.mark.parametrize("data", [[DELIVERED], []])
def test_where_no_event_is_stored_on_purpose_none_is_missed(data: list[dict[str, Any]]) -> None:
    with pytest.raises(Inapplicable, match="the handler stores no events"):
        arrived(data, Inbox(table=""))


@pytest.mark.parametrize("data", [[DELIVERED], []])
def test_a_table_that_cannot_be_read_is_blind_also_in_a_quiet_night(data: list[dict[str, Any]]) -> None:
    with pytest.raises(Unobservable, match="the environment's database cannot be reached"):
        arrived(data, Inbox())


def arrived(data: list[dict[str, Any]], inbox: Inbox) -> object:
    closed: Any = Closed()
    with respx.mock as stripe:
        stripe.get(host=HOST).respond(json={"data": data, "has_more": False})
        return asked(lambda client: read_arrived(client, closed, inbox, REGISTERED, ["invoice.paid"], (NOW, NOW)))
