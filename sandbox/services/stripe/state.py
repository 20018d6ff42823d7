"""What Stripe knows about Ocean: one dictionary, which faults patch before the service starts.

- account: the answer of GET /v1/account; default_api_version: the account's own
- livemode: what all objects and both keys are, unless an object says otherwise; key: "rk" (restricted) or "sk"
- permissions: the restricted key's; a permission that is false or gone is answered 403, in the
  words of today, or in the older ones with permission_wording = "rak"
- requests_per_second: how many Stripe answers; 0: 25 in test mode, 100 in live mode
- requests_per_endpoint: of one endpoint (a method and a path); 0: 25, or as many as requests_per_second says
- write_seconds: how long each write takes; declining: ids of cards that no charge succeeds on
- deliveries: how events reach endpoints, see `deliveries`
- balance; products, prices, customers, payment_methods, subscriptions, invoices, events, webhook_endpoints: id ->
  object as Stripe gives it, unexpanded. `{supabase}` in an endpoint's url is the address of the Supabase gateway
- synthetic_subscriptions: so many more, made when they are looked at; a patch of one changes it, null takes it away

What a patch says of an object is completed, see `completing`.
"""

import time
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sandbox.services.state import State, patched, seconds
from sandbox.services.stripe.permissions import GRANTED
from sandbox.services.stripe.seeded import seeded
from sandbox.services.stripe.synthetic import synthetic

ACCOUNT: Final = "acct_1OceanSandbox0001"
API_VERSION: Final = "2026-10-28.endive"
DELIVERIES: Final[Mapping[str, Any]] = {
    "retry_after": [0.5, 1, 2, 4, 8], "timeout": 10, "lost": [], "delayed": {}, "duplicated": [], "order": "made",
}  # fmt: skip
YEARS: Final = 3 * 365 * 86400


def state(patches: Iterable[Mapping[str, Any]], now: float | None = None) -> State:
    """Ocean's account with its one subscription, paid and known to everybody."""
    moment = time.time() if now is None else now
    chosen = list(patches)
    livemode = any(patch.get("livemode", False) for patch in chosen)
    amount = [{"amount": 290_000, "currency": "eur", "source_types": {"card": 290_000}}]
    built: State = {
        "account": account(int(moment) - YEARS), "default_api_version": API_VERSION, "livemode": livemode, "key": "rk",
        "permissions": dict.fromkeys(GRANTED, True), "permission_wording": "", "requests_per_second": 0,
        "requests_per_endpoint": 0, "deliveries": dict(DELIVERIES),
        "balance": {
            "object": "balance", "available": amount, "connect_reserved": [{"amount": 0, "currency": "eur"}],
            "livemode": livemode, "pending": amount,
        },
        "write_seconds": 0, "declining": [], "synthetic_subscriptions": 0, **seeded(moment, livemode=livemode),
    }  # fmt: skip
    return patched(_with_computed(built, chosen), chosen, moment, seconds)


def gone(patches: Iterable[Mapping[str, Any]]) -> set[str]:
    """Ids that a patch takes away: computed objects are in no dictionary from which they could go."""
    kinds = [patch.get(kind, {}) for patch in patches for kind in ("subscriptions", "customers")]
    return {name for kind in kinds for name, item in kind.items() if item is None}


def account(created: int) -> State:
    """GET /v1/account."""
    return {
        "id": ACCOUNT, "object": "account", "business_type": "company", "capabilities": {
            "card_payments": "active", "transfers": "active",
        },
        "charges_enabled": True, "controller": {"type": "account"}, "country": "DE", "created": created,
        "default_currency": "eur", "details_submitted": True, "email": "billing@ocean.example", "metadata": {},
        "payouts_enabled": True, "settings": {"dashboard": {"display_name": "Ocean", "timezone": "Etc/UTC"}},
        "type": "standard",
    }  # fmt: skip


def _with_computed(built: State, patches: list[Mapping[str, Any]]) -> State:
    """The computed objects that patches change stand in the state, so that a patch changes only what it names."""
    for patch in patches:
        for kind in ("subscriptions", "customers", "payment_methods"):
            for name in patch.get(kind, {}):
                found = synthetic(kind, name, built["prices"], livemode=built["livemode"])
                if found is not None:
                    built[kind].setdefault(name, found)
    return built
