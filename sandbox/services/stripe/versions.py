"""API versions: which exist, and what answers looked like in older ones."""

import importlib.util
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from sandbox.services.stripe.errors import refused

ITEM_PERIODS: Final = "2025-03-31.basil"
"""Since then periods stand on a subscription's items, and an invoice's subscription under `parent`."""
PERIODS: Final = ("current_period_start", "current_period_end")
_TYPES: Final = re.compile(r'"([a-z_]+(?:\.[a-z0-9_]+)+)"')
_VERSIONS: Final = re.compile(r'"(20\d\d-\d\d-\d\d(?:\.[a-z]+)?)"')


def checked(version: str | None, default: str) -> str:
    """The version that a request is answered in. Raises Refusal when there is no such one."""
    if version is None:
        return default
    if version not in known() | {default}:
        raise refused(400, f"Invalid Stripe API version: {version}")
    return version


@cache
def known() -> frozenset[str]:
    """Every version in which an endpoint can be registered, as the installed SDK lists them; it is not imported."""
    return frozenset(_VERSIONS.findall(_listed()))


@cache
def event_types() -> frozenset[str]:
    """Every type of event that an endpoint can ask for, from the same list."""
    return frozenset(_TYPES.findall(_listed()))


def as_of(version: str, value: Any) -> Any:
    """An answer as that version had it. Copies what it changes."""
    if version >= ITEM_PERIODS:
        return value
    if isinstance(value, list):
        return [as_of(version, item) for item in value]
    if not isinstance(value, dict):
        return value
    older = {name: as_of(version, member) for name, member in value.items()}
    match value.get("object"):
        case "subscription":
            return older | {name: value["items"]["data"][0][name] for name in PERIODS if value["items"]["data"]}
        case "subscription_item":
            return {name: older[name] for name in older if name not in PERIODS}
        case "invoice":
            parent = older.pop("parent") or {}
            subscription = (parent.get("subscription_details") or {}).get("subscription")
            return {**older, "subscription": subscription, "paid": older["status"] == "paid"}
        case _:
            return older


@cache
def _listed() -> str:
    package = importlib.util.find_spec("stripe")
    if package is None or package.origin is None:
        return ""
    return (Path(package.origin).parent / "params" / "_webhook_endpoint_create_params.py").read_text(encoding="utf-8")
