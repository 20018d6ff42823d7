"""What a call is asked, read as Stripe reads it: `a[b][0][c]=x` in a query or a form."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from sandbox.services.stripe.errors import invalid, refused, unknown_parameter

Asked = dict[str, Any]
"""Texts, and under them dictionaries; a list is a dictionary by place ("0", "1" …)."""
FORM: Final = "application/x-www-form-urlencoded"
MOST_PARTS: Final = 12
NESTED: Final = (
    "billing_details", "cancellation_details", "card", "created", "enabled_events", "expand", "ids",
    "invoice_settings", "items", "lookup_keys", "metadata", "recurring", "types",
)  # fmt: skip
"""Parameters that are lists or objects; all others that are answered are texts."""


async def asked(request: Request) -> Asked:
    """The parameters of a request: of its query, and of its form unless it only reads."""
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    if request.method == "POST":
        kind = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
        body = await request.body()
        if body and kind != FORM:
            raise refused(400, f"Invalid request content type '{kind}': use {FORM}")  # Stripe's words are others
        pairs += parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    return _flat(nested(pairs))


def nested(pairs: Iterable[tuple[str, str]]) -> Asked:
    """Names with brackets as dictionaries; `[]` is the next place of a list."""
    found: Asked = {}
    for name, value in pairs:
        parts = name.replace("]", "").split("[")
        if len(parts) > MOST_PARTS:
            raise invalid("Invalid request: parameters are nested too deeply", parts[0])
        _place(found, parts, value)
    return found


def admit(given: Asked, parameters: Collection[str]) -> None:
    """400 for the first parameter that is not among these; a call that gives objects also knows `expand`."""
    for name in given:
        if name not in parameters and name != "expand":
            raise unknown_parameter(name)


def texts(value: object) -> list[str]:
    """A list of texts, in its order."""
    return [str(item) for item in listed(value)]


def listed(value: object) -> list[Any]:
    """A list's members, in their order; nothing where it is not given, or given as empty text (which clears it)."""
    if isinstance(value, Mapping):
        return [value[place] for place in sorted(value, key=int)] if all(map(str.isdigit, value)) else [dict(value)]
    return [] if value in (None, "") else [value]


def whole(value: object, name: str) -> int:
    """A number that was given as text."""
    text = str(value)
    if not text.removeprefix("-").isdigit():
        raise invalid(f"Invalid integer: {text}", name, "parameter_invalid_integer")
    return int(text)


def truth(value: object, name: str) -> bool:
    """`true` or `false`."""
    if value not in ("true", "false"):
        raise invalid(f"Invalid boolean: {value}", name)
    return value == "true"


def one_of(value: object, allowed: Collection[str], name: str) -> str:
    """A text among those that are allowed."""
    if value not in allowed:
        raise invalid(f"Invalid {name}: must be one of {', '.join(allowed)}", name)
    return str(value)


def _flat(given: Asked) -> Asked:
    for name, value in given.items():
        if isinstance(value, dict) and name not in NESTED:
            raise invalid("Invalid string", name)
    return given


def _place(into: Asked, parts: list[str], value: str) -> None:
    for place, part in enumerate(parts[:-1]):
        part = part or _open(into, parts[place + 1])
        into = into.setdefault(part, {})
        if not isinstance(into, dict):
            raise invalid("Invalid request: a parameter is both a value and an object", parts[0])
    into[parts[-1] or str(len(into))] = value


def _open(into: Asked, member: str) -> str:
    """The place that `[]` means: the last one as long as it lacks this member, as Stripe reads it."""
    last = str(len(into) - 1)
    lacks = last in into and isinstance(into[last], dict) and member not in into[last]
    return last if lacks else str(len(into))
