"""How many requests a second an account gets answered, and how many were asked."""

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Final

TEST: Final = 25
LIVE: Final = 100
ENDPOINT: Final = 25
"""Requests a second: of an account in test and in live mode, and of one endpoint (docs.stripe.com/rate-limits)."""
ACCOUNT_RATE: Final = "global-rate"
ENDPOINT_RATE: Final = "endpoint-rate"
"""Values of the header `Stripe-Rate-Limited-Reason`."""


@dataclass
class Window:
    """What was admitted within the last second."""

    most: int = 0
    _admitted: deque[float] = field(default_factory=deque)

    def full(self, moment: float, limit: int) -> bool:
        """Whether one more is too many."""
        while self._admitted and self._admitted[0] <= moment - 1:
            self._admitted.popleft()
        return len(self._admitted) >= limit

    def add(self, moment: float) -> None:
        """One more."""
        self._admitted.append(moment)
        self.most = max(self.most, len(self._admitted))


@dataclass
class Limits:
    """Admits at most `per_second` requests within any second, and at most `per_endpoint` of one endpoint's."""

    per_second: int
    per_endpoint: int = ENDPOINT
    requests: int = 0
    refused: int = 0
    _all: Window = field(default_factory=Window)
    _endpoints: dict[str, Window] = field(default_factory=dict)

    def refusal(self, endpoint: str, now: float | None = None) -> str | None:
        """Which limit a request to `endpoint` ("GET prices") is over; None: it is answered. `now`: any clock's."""
        moment = time.monotonic() if now is None else now
        self.requests += 1
        own = self._endpoints.setdefault(endpoint, Window())
        for window, limit, reason in (
            (self._all, self.per_second, ACCOUNT_RATE), (own, self.per_endpoint, ENDPOINT_RATE),
        ):  # fmt: skip
            if window.full(moment, limit):
                self.refused += 1
                return reason
        self._all.add(moment)
        own.add(moment)
        return None

    def counted(self) -> dict[str, int]:
        """For whoever tests a client of ours."""
        return {
            "requests": self.requests, "refused": self.refused, "most_in_a_second": self._all.most,
            "per_second": self.per_second, "per_endpoint": self.per_endpoint,
        }  # fmt: skip
