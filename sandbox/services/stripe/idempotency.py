"""Idempotency-Key: the same request with the same key has one effect, and the same answer each time."""

from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from sandbox.services.stripe.asked import Asked
from sandbox.services.stripe.errors import refused

LONGEST: Final = 255
NOT_KEPT: Final = (400, 401, 403, 409, 429)
"""Answers to a request that was not carried out: it may be made again with the same key."""
MISMATCH: Final = (
    "Keys for idempotent requests can only be used with the same parameters they were first used with."
    " Try using a key other than '{}' if you meant to execute a different request."
)
IN_USE: Final = (
    "There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice,"
    " and the other request is still going through): {}. Please try again later."
)
Made = tuple[str, str, Asked]


@dataclass
class Kept:
    """What a key was first used for, and the answer once there is one."""

    made: Made
    answer: Response | None = None


@dataclass
class Replays:
    """The keys of an account, as long as the sandbox runs."""

    _known: dict[str, Kept] = field(default_factory=dict)

    def begin(self, request: Request, given: Asked) -> Response | None:
        """The answer to repeat; None when the request is to be carried out. Raises Refusal."""
        key = request.headers.get("idempotency-key")
        if key is None or request.method == "GET":
            return None
        if not 0 < len(key) <= LONGEST:
            raise refused(400, f"Idempotency keys must be between 1 and {LONGEST} characters long")
        made: Made = (request.method, request.url.path, given)
        kept = self._known.get(key)
        if kept is None:
            self._known[key] = Kept(made)
            return None
        if kept.made != made:
            raise refused(400, MISMATCH.format(key), type_="idempotency_error")
        if kept.answer is None:
            raise refused(409, IN_USE.format(key), type_="idempotency_error", code="idempotency_key_in_use")
        return _replayed(kept.answer)

    def end(self, request: Request, answer: Response) -> None:
        """Keep the answer to a request that `begin` let pass."""
        key = request.headers.get("idempotency-key")
        if key is None or request.method == "GET":
            return
        if answer.status_code in NOT_KEPT:
            self._known.pop(key, None)
        else:
            self._known[key].answer = answer


def _replayed(kept: Response) -> Response:
    headers = {**kept.headers, "idempotent-replayed": "true", "original-request": kept.headers["request-id"]}
    return Response(kept.body, kept.status_code, headers)
