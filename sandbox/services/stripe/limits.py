"""How many requests a second an account gets answered, and how many were asked."""

import time
from collections import deque
from dataclasses import dataclass, field

TEST, LIVE = 25, 100
"""Requests a second, per account (docs.stripe.com/rate-limits)."""


@dataclass
class Limits:
    """Admits at most `per_second` requests within any second."""

    per_second: int
    requests: int = 0
    refused: int = 0
    most: int = 0
    """Most that were admitted within one second."""
    _admitted: deque[float] = field(default_factory=deque)

    def admit(self, now: float | None = None) -> bool:
        """Whether this request is answered; `now` in seconds of any clock."""
        moment = time.monotonic() if now is None else now
        self.requests += 1
        while self._admitted and self._admitted[0] <= moment - 1:
            self._admitted.popleft()
        if len(self._admitted) >= self.per_second:
            self.refused += 1
            return False
        self._admitted.append(moment)
        self.most = max(self.most, len(self._admitted))
        return True

    def counted(self) -> dict[str, int]:
        """For whoever tests a client of ours."""
        return {
            "requests": self.requests, "refused": self.refused, "most_in_a_second": self.most,
            "per_second": self.per_second,
        }  # fmt: skip
