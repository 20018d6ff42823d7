"""Whether Stripe signed a delivery, judged by Stripe's own SDK, and the ways in which handlers get it wrong.

Scheme: `Stripe-Signature: t=<unix>,v1=<hex>[,v1=<hex>…]`, v1 = HMAC-SHA256(secret, f"{t}.{raw body}").
The SDK refuses what is older than its tolerance but not what is dated in the future; a careful handler refuses both.
"""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from sandbox.world import Secrets

TOLERANCE_SECONDS: Final = 300
_TIMESTAMP: Final = re.compile(r"(?:^|,)t=(\d+)(?=,|$)")
_SIGNATURE: Final = re.compile(r"(?:^|,)v1=[0-9a-f]{64}(?=,|$)")
_FURTHER: Final = re.compile(r"(?<=,v1=[0-9a-f]{64}),v1=[0-9a-f]+")
_ANY_SCHEME: Final = re.compile(r"(?:^|,)v\d+=[0-9a-f]+(?=,|$)")


class Unverified(Exception):
    """The delivery is not signed as it must be; the message is the handler's answer."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How a handler verifies. The defaults are right; each field is one mistake that real handlers make."""

    past_seconds: int | None = TOLERANCE_SECONDS  # None: age is not looked at
    future_seconds: int | None = TOLERANCE_SECONDS
    secrets: Literal["both", "current", "previous"] = "both"  # both while a rolled secret is still valid
    compares: bool = True  # False: the signature's form is looked at, not its value
    trusts_v0: bool = False  # the test-mode scheme counts as a signature
    needs_header: bool = True  # False: an unsigned delivery is taken for an internal one
    needs_form: bool = True  # False: a header that cannot be read is logged and forgotten
    any_spelling: bool = False  # compares with the body parsed and written again, not with the raw bytes
    first_only: bool = False  # of several v1, as there are while a secret is rolled, only the first is compared
    only_v1: bool = False  # a header with any other scheme beside v1 counts as malformed


class Signatures:
    """Verifies deliveries by `rules`."""

    def __init__(self, secrets: Secrets, rules: Rules) -> None:
        both = {"current": secrets.webhook_secret, "previous": secrets.webhook_secret_previous}
        self._secrets = list(both.values()) if rules.secrets == "both" else [both[rules.secrets]]
        self._rules = rules

    def verify(self, body: bytes, header: str | None) -> None:
        """Raises Unverified. Blocking: the first call imports the SDK."""
        if header is None:
            if self._rules.needs_header:
                raise Unverified("missing Stripe-Signature header")
        elif _readable(header) and not (self._rules.only_v1 and "v0=" in header):
            self._verify_time(header)
            self._verify_signature(body, header)
        elif self._rules.needs_form:
            raise Unverified("malformed Stripe-Signature header")

    def _verify_time(self, header: str) -> None:
        match, past, future = _TIMESTAMP.search(header), self._rules.past_seconds, self._rules.future_seconds
        age = time.time() - int(match[1]) if match else 0.0
        if past is not None and age > past:
            raise Unverified("timestamp outside the tolerance zone")
        if future is not None and -age > future:
            raise Unverified("timestamp in the future")

    def _verify_signature(self, body: bytes, header: str) -> None:
        if not self._rules.compares:
            if _SIGNATURE.search(header) is None:
                raise Unverified("no v1 signature")
            return
        if self._rules.first_only:
            header = _FURTHER.sub("", header)
        if self._rules.trusts_v0:
            header = header.replace("v0=", "v1=")
        spellings = _spellings(body) if self._rules.any_spelling else iter([body])
        if not any(_signed(spelling, header, secret) for spelling in spellings for secret in self._secrets):
            raise Unverified("no signature matches the payload")


def _readable(header: str) -> bool:
    return _TIMESTAMP.search(header) is not None and _ANY_SCHEME.search(header) is not None


def _signed(body: bytes, header: str, secret: str) -> bool:
    import stripe  # here: the SDK is large, and most starts of the sandbox see no signature

    try:
        # The SDK checks age only after the signature; `_verify_time` has looked at both directions before.
        return bool(stripe.WebhookSignature.verify_header(body, header, secret, None))
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False


def _spellings(body: bytes) -> Iterator[bytes]:
    """The body, and the spellings that JSON libraries give to what it says."""
    yield body
    try:
        value = json.loads(body)
    except ValueError:
        return
    yield json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    yield json.dumps(value, indent=2, ensure_ascii=False).encode()
    yield json.dumps(value).encode()
