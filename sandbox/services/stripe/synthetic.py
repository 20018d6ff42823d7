"""A large account: so many subscriptions, each with its customer and card, made when they are looked at.

Everything follows from a number, 1 to N, so that SQL can say the same: see `subscription`.
"""

import hashlib
import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sandbox.services.stripe import billing, catalogue
from sandbox.services.stripe.books import Computed, Item, Rank

FIRST: Final = 1735689600  # 2025-01-01
APART: Final = 600
TOGETHER: Final = 3
"""So many are made in the same second."""
PERIOD: Final = (1767225600, 1893456000)  # 2026-01-01 and 2030-01-01: one second later for each number
PREFIXES: Final = {"subscriptions": "sub", "customers": "cus", "payment_methods": "pm"}
_NAMED: Final = re.compile(r"(sub|cus|pm)_synthetic_([0-9]{6,})")
DAY: Final = 86400


def computed(count: int, prices: Mapping[str, Item], *, livemode: bool) -> dict[str, Computed]:
    """The shelves of a large account; none for zero."""
    return {kind: Numbered(kind, count, prices, livemode) for kind in PREFIXES} if count else {}


def synthetic(kind: str, name: str, prices: Mapping[str, Item], *, livemode: bool) -> Item | None:
    """The object of this id, whatever N is; None when the id is none of these."""
    match = _NAMED.fullmatch(name)
    if match is None or match[1] != PREFIXES.get(kind) or int(match[2]) < 1:
        return None
    return made(kind, int(match[2]), prices, livemode)


class Numbered:
    """The numbers 1 to `count` as objects of one kind. The later number is the newer one."""

    def __init__(self, kind: str, count: int, prices: Mapping[str, Item], livemode: bool) -> None:
        self._kind, self._count, self._prices, self._livemode = kind, count, prices, livemode
        self._prefix = f"{PREFIXES[kind]}_synthetic_"

    def get(self, name: str) -> Item | None:
        number = name.removeprefix(self._prefix)
        if number == name or not number.isdigit() or not 1 <= int(number) <= self._count:
            return None
        return self._made(int(number))

    def of_customer(self, customer: str) -> Item | None:
        number = customer.removeprefix("cus_synthetic_")
        return self.get(self._prefix + number) if number != customer and self._kind != "customers" else None

    def newest(self, below: Rank, above: Rank) -> Iterator[Item]:
        return map(self._made, range(self._last(below), self._last((above[0], above[1] + "\0")), -1))

    def oldest(self, below: Rank, above: Rank) -> Iterator[Item]:
        return map(self._made, range(self._last((above[0], above[1] + "\0")) + 1, self._last(below) + 1))

    def _made(self, number: int) -> Item:
        return made(self._kind, number, self._prices, self._livemode)

    def _last(self, below: Rank) -> int:
        """The greatest number that stands below a rank; 0 for none."""
        second = (min(below[0], 2**40) - FIRST) // APART * TOGETHER
        number = max(0, min(self._count, second + TOGETHER))
        while number > 0 and (created(number), f"{self._prefix}{number:06d}") >= below:
            number -= 1
        return number


def made(kind: str, number: int, prices: Mapping[str, Item], livemode: bool) -> Item:
    """One object."""
    name = f"{PREFIXES[kind]}_synthetic_{number:06d}"
    if kind == "customers":
        return catalogue.customer(
            name, created(number), livemode=livemode, pays_with=f"pm_synthetic_{number:06d}", currency="eur"
        )
    if kind == "payment_methods":
        return catalogue.card(name, created(number), livemode=livemode, of=f"cus_synthetic_{number:06d}")
    return subscription(name, number, prices, livemode)


def subscription(name: str, number: int, prices: Mapping[str, Item], livemode: bool) -> Item:
    """Of twenty one is canceled, one past due and one on trial; of thirty one ends with its period."""
    price = catalogue.bare(prices["price_seed_coast" if number % 2 else "price_seed_ocean"])
    period, moment = (PERIOD[0] + number, PERIOD[1] + number), created(number)
    item = billing.item(f"si_synthetic_{number:06d}", name, price, period, moment)
    more: dict[str, Any] = {"metadata": {"organization_id": organization(name)}}
    if number % 30 == 3:
        more |= {"cancel_at_period_end": True, "cancel_at": period[1]}
    match number % 20:
        case 0:
            more |= {"status": "canceled", "canceled_at": moment + DAY, "ended_at": moment + DAY}
        case 1:
            more["status"] = "past_due"
        case 2:
            more |= {"status": "trialing", "trial_start": period[0], "trial_end": period[1]}
    return billing.subscription(name, f"cus_synthetic_{number:06d}", [item], moment, livemode=livemode, **more)


def organization(name: str) -> str:
    """As `md5(name)::uuid` in SQL."""
    return str(uuid.UUID(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()))


def created(number: int) -> int:
    """Seconds since 1970."""
    return FIRST + number // TOGETHER * APART
