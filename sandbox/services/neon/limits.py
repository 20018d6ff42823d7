"""Neon's rate limits: 700 requests a minute in all, and bursts of 40 a second for each route (its page of the API's
key concepts). When one may ask again its answer is not documented to say, so it does not say it here."""

import re
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from typing import Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.services.neon.asking import body

ID: Final = re.compile(r"(?<=/projects/)[^/]+")


class Limited:
    """Wraps the API: 429 for whoever asks too often, which counts as having asked."""

    def __init__(
        self, service: ASGIApp, limits: Mapping[str, int], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._service = service
        self._limits = limits
        self._clock = clock
        self._asked: dict[str, deque[float]] = defaultdict(deque)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = ID.sub("*", scope.get("path", ""))
        over = [self._over("", 60.0, self._limits["minute"]), self._over(route, 1.0, self._limits["second"])]
        if any(over):
            await JSONResponse(body("too many requests, please try again later"), 429)(scope, receive, send)
        else:
            await self._service(scope, receive, send)

    def _over(self, of: str, span: float, most: int) -> bool:
        now, asked = self._clock(), self._asked[of]
        while asked and asked[0] <= now - span:
            asked.popleft()
        asked.append(now)
        return len(asked) > most
