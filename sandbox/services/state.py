"""What a stand-in knows: plain values that faults patch before it starts, with times written as its vendor does."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

State = dict[str, Any]
Write = Callable[[float], Any]
"""A moment (seconds since 1970) in a vendor's notation."""

_FROM_NOW: Final = re.compile(r"now([+-]\d+)s")


def patched(state: State, patches: Iterable[Mapping[str, Any]], now: float, write: Write) -> State:
    """The state after JSON Merge Patches (RFC 7396); in them "now+3600s" is one hour after `now`, as `write` has it."""
    for patch in patches:
        state = merged(state, resolved(patch, now, write))
    return state


def merged(target: Any, patch: Any) -> Any:
    """JSON Merge Patch (RFC 7396), on copies."""
    if not isinstance(patch, Mapping):
        return patch
    together = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            together.pop(key, None)
        else:
            together[key] = merged(together.get(key), value)
    return together


def resolved(value: Any, now: float, write: Write) -> Any:
    """The same value with every "now±Ns" written as a moment."""
    if isinstance(value, Mapping):
        return {key: resolved(item, now, write) for key, item in value.items()}
    if isinstance(value, list):
        return [resolved(item, now, write) for item in value]
    match = _FROM_NOW.fullmatch(value) if isinstance(value, str) else None
    return write(now + int(match[1])) if match else value


def milliseconds(moment: float) -> int:
    """As Vercel writes times."""
    return int(moment * 1000)


def seconds(moment: float) -> int:
    """As Stripe writes times."""
    return int(moment)


def iso(moment: float) -> str:
    """As Supabase, Neon and Sentry write times: ``2026-11-22T10:00:00.123456Z``."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
