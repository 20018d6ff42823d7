"""The walk through an account: every subscription once, in spans of time, and no faster than is allowed."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeVar

import httpx
import pytest

from fixtures.engine.http import Http
from fixtures.facts import Unobservable
from fixtures.stripe.client import Page, StripeReader
from fixtures.stripe.pacing import AT_ONCE, Pace
from fixtures.stripe.transport import make_sdk
from fixtures.subscriptions import sweep
from fixtures.subscriptions.record import Customer, InvoiceSettings, Item, Items, Price, Subscription
from fixtures.subscriptions.sweep import Span, Sweep
from fixtures.variables import Secret
from sandbox.services.stripe import application
from sandbox.services.stripe.access import Keys
from sandbox.services.stripe.account import Account
from sandbox.services.stripe.state import gone, state
from selftests.broken_answers import BROKEN, THROTTLED

T = TypeVar("T")
Meanwhile = Callable[[], AbstractContextManager[None]]
KEY = "rk_test_of_the_sweep"
FAST = {"requests_per_second": 100_000}


def account_of(patch: Mapping[str, Any]) -> Account:
    """An account in this process."""
    return Account(state([patch]), gone([patch]), lambda name: "http://supabase.test")


def walked(
    account: Account,
    *,
    walkers: int = 8,
    per_second: float = 100_000,
    meanwhile: Meanwhile = nullcontext,
    instead: httpx.Response | Exception | None = None,
    after: int = 0,
    times: int = 1_000,
) -> list[str]:
    """The ids that one sweep meets, in the order in which it meets them; each request goes `meanwhile`.

    `instead` is answered to so many requests (`times`) that come `after` so many.
    """
    keys = Keys(KEY, "sk_test_none", "acct_1", account.state["permissions"])
    asked = 0

    class Late(httpx.ASGITransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal asked
            asked += 1
            with meanwhile():
                await asyncio.sleep(0.01)
                if instead is None or not after < asked <= after + times:
                    return await super().handle_async_request(request)
            if isinstance(instead, Exception):
                raise instead
            return httpx.Response(instead.status_code, headers=instead.headers, content=instead.content)

    return asyncio.run(_walked(Late(application(account, keys)), walkers, per_second))


async def _walked(transport: httpx.AsyncBaseTransport, walkers: int, per_second: float) -> list[str]:
    http = Http()
    http._clients["http", None] = httpx.AsyncClient(transport=transport)
    reader = StripeReader(make_sdk(http, "http://stripe.test", KEY, writes=False), Secret("KEY", KEY), Pace(per_second))
    met: list[str] = []
    await Sweep(reader, lambda page: met.extend(one.id for one in page), walkers).walk()
    await http.close()
    return met


def numbered(count: int) -> set[str]:
    """The ids of a large account."""
    return {"sub_seed_atoll", *(f"sub_synthetic_{number:06d}" for number in range(1, count + 1))}


@pytest.mark.parametrize("walkers", [1, 2, 8, 30])
@pytest.mark.parametrize("count", [0, 98, 99, 100, 1234])
def test_every_subscription_is_met_once(count: int, walkers: int) -> None:
    met = walked(account_of({"synthetic_subscriptions": count, **FAST}), walkers=walkers)

    assert len(met) == count + 1
    assert set(met) == numbered(count)


def test_hundreds_of_the_same_second_and_of_the_edge_of_every_span_are_met() -> None:
    burst = {f"sub_burst_{n:03d}": {"customer": "cus_seed_atoll", "created": 1_600_000_000} for n in range(350)}
    early = {f"sub_early_{n:03d}": {"customer": "cus_seed_atoll", "created": n} for n in range(1, 220)}
    account = account_of({"synthetic_subscriptions": 300, **FAST, "subscriptions": burst | early})

    met = walked(account)

    assert sorted(met) == sorted(numbered(300) | set(burst) | set(early))


def test_several_walk_side_by_side_and_ask_for_little_more() -> None:
    account = account_of({"synthetic_subscriptions": 3_000, **FAST})
    under_way, most = 0, 0

    @contextmanager
    def counting() -> Iterator[None]:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        yield
        under_way -= 1

    met = walked(account, walkers=8, meanwhile=counting)

    assert len(met) == 3_001
    assert most == 8
    assert account.limits.counted()["requests"] < 31 * 2


def test_the_limit_is_kept_and_a_429_is_obeyed() -> None:
    kept = account_of({"synthetic_subscriptions": 3_000})  # 25 a second, as in test mode
    walked(kept, per_second=20)
    forced = account_of({"synthetic_subscriptions": 3_000})

    met = walked(forced, per_second=1_000)

    assert kept.limits.counted()["refused"] == 0
    assert kept.limits.counted()["most_in_a_second"] <= 20 + AT_ONCE + 1
    assert 0 < forced.limits.counted()["refused"] < 60
    assert set(met) == numbered(3_000)
    assert len(met) == 3_001


def subscription(id: str, created: int) -> Subscription:
    """One of a list that somebody else made."""
    item = Item(id="si_1", price=Price(id="price_1", unit_amount=1), current_period_end=1)
    return Subscription(
        id=id, status="active", created=created, items=Items(data=[item], has_more=False), cancel_at_period_end=False,
        customer=Customer(id="cus_1", invoice_settings=InvoiceSettings(default_payment_method=None)), cancel_at=None,
        collection_method="send_invoice", default_payment_method=None, default_source=None, schedule=None,
        test_clock=None, metadata={},
    )  # fmt: skip


class Answers(StripeReader):
    """A Stripe that gives the same pages to everybody."""

    def __init__(self, *pages: Page[Subscription]) -> None:
        self.pages_left = [*pages]

    async def get(self, path: str, wanted: type[T], params: Mapping[str, Any] | None = None, within: float = 4.0) -> T:
        return self.pages_left.pop(0) if len(self.pages_left) > 1 else self.pages_left[0]  # type: ignore[return-value]  # of the type that is asked for


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        pytest.param([Page([], True)], "says that there is more and gives nothing", id="more-and-nothing"),
        pytest.param(
            [Page([subscription("sub_1", 5), subscription("sub_2", 9)], False)], "not asked for", id="unsorted"
        ),
        pytest.param(
            [Page([subscription("sub_1", 1_700_000_000), subscription("sub_2", 1_600_000_000)], True),
             Page([subscription("sub_3", 1_800_000_000), subscription("sub_4", 5)], False)],
            "that were not asked for", id="of-another-time",
        ),
    ],
)  # fmt: skip
def test_a_list_that_is_not_what_was_asked_for_blinds(pages: list[Page[Subscription]], reason: str) -> None:
    with pytest.raises(Unobservable, match=f"Stripe /v1/subscriptions .*{reason}"):
        asyncio.run(asyncio.wait_for(Sweep(Answers(*pages), lambda page: None).walk(), 5))


def test_spans_leave_no_second_out_and_share_none() -> None:
    page = [subscription("sub_9", 2_000_000_000), subscription("sub_1", 1_999_999_000)]
    for span in (Span(), Span(1_400_000_000, 2_000_000_001), Span(None, 2_000_000_001), Span(1_999_998_990, None)):
        parts = span.cut(page, 5)
        ordered = sorted(parts, key=lambda part: part.since or 0)

        assert [part.before for part in ordered[:-1]] == [part.since for part in ordered[1:]]
        assert (ordered[0].since, ordered[-1].before) == (span.since, span.before)
        assert [part.cursor for part in parts] == ["sub_1"] + [None] * (len(parts) - 1)
        assert (ordered[-1].since or 0) <= page[-1].created


@pytest.mark.parametrize("per_second", [50.0, 200.0])
def test_a_pace_is_never_exceeded_by_more_than_it_says(per_second: float) -> None:
    async def turns() -> list[float]:
        pace, taken = Pace(per_second), list[float]()

        async def one() -> None:
            await pace.turn()
            taken.append(time.monotonic())

        await asyncio.gather(*(one() for _ in range(int(per_second * 1.5))))
        return taken

    taken = asyncio.run(turns())

    for begin in taken:
        assert sum(begin <= each < begin + 1 for each in taken) <= per_second + AT_ONCE + 1


def test_a_refusal_slows_everybody_down_and_answers_make_it_good_again() -> None:
    async def slowed() -> tuple[float, float, float]:
        pace = Pace(100.0)
        pace.refused(0.3)
        pace.refused(0.2)  # was under way: the same refusal
        slow, began = pace.per_second, time.monotonic()
        await pace.turn()
        waited = time.monotonic() - began
        for _ in range(20):
            pace.answered()
        return slow, waited, pace.per_second

    slow, waited, after = asyncio.run(slowed())

    assert 60 < slow < 70
    assert waited >= 0.29
    assert after == 100.0


@pytest.mark.parametrize("broken", BROKEN)
def test_an_answer_that_is_none_blinds_by_name(broken: httpx.Response | Exception) -> None:
    with pytest.raises(Unobservable, match=r"(Stripe |GET http://stripe\.test)/v1/subscriptions"):
        walked(account_of({}), instead=broken)


@pytest.mark.parametrize("broken", [case for case in BROKEN if case.id in ("403", "truncated", "closed")])
def test_so_does_one_in_the_middle_of_the_walk(
    broken: httpx.Response | Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "PATIENCE", 1.0)
    account = account_of({"synthetic_subscriptions": 250, **FAST})

    with pytest.raises(Unobservable, match=r"(Stripe |GET http://stripe\.test)/v1/subscriptions"):
        walked(account, instead=broken, after=2)


@pytest.mark.parametrize("throttled", THROTTLED)
def test_a_page_that_is_refused_in_the_middle_is_asked_for_again(throttled: httpx.Response) -> None:
    account = account_of({"synthetic_subscriptions": 250, **FAST})

    assert sorted(walked(account, walkers=2, instead=throttled, after=2, times=1)) == sorted(numbered(250))
