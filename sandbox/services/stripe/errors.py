"""What Stripe says when it refuses: `{"error": {"type", "code"?, "message", "param"?, "doc_url"?}}`.

Types, codes and parameters are documented; where the exact words of a message are not, they are ours.
"""

from collections.abc import Mapping
from typing import Any, Final

from sandbox.services.refusal import Refusal

INVALID: Final = "invalid_request_error"
NO_KEY: Final = (
    "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth"
    " (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we"
    " can help at https://support.stripe.com/."
)


def refused(
    status: int, message: str, *, code: str = "", param: str = "", type_: str = INVALID, **more: object
) -> Refusal:
    """An error object with what is known of it; `more` are further fields (`decline_code`, `payment_method` …)."""
    error: dict[str, object] = {"message": message, "type": type_, **more}
    if code:
        error |= {"code": code, "doc_url": f"https://docs.stripe.com/error-codes#{code.replace('_', '-')}"}
    if param:
        error["param"] = param
    return Refusal(status, {"error": error}, _headers(status))


def unauthorized(key: str) -> Refusal:
    """401: no key, or one that is none; Stripe quotes it with its middle masked."""
    return refused(401, f"Invalid API Key provided: {masked(key)}" if key else NO_KEY)


def forbidden(key: str, account: str, permission: tuple[str, str], wording: str = "") -> Refusal:
    """403: a restricted key lacks a permission, given by its name in the dashboard and its own.

    Stripe says it in two ways; `wording` "rak" is the older one, which is still seen.
    """
    shown, name = permission
    begins = f"The provided key '{masked(key)}' does not have the required permissions for this endpoint on account"
    if wording == "rak":
        message = f"{begins} '{account}'. Having the 'rak_{name}' permission would allow this request to continue."
        return refused(403, message)
    message = f"Permission denied. {begins} '{account}'. Enabling \"{shown}\" ('{name}') permissions on this key"
    return refused(403, f"{message} would allow this request to continue.")


def too_many(reason: str) -> Refusal:
    """429, with the header that says which limit it was ("global-rate"; docs.stripe.com/rate-limits)."""
    message = "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits."
    answer = refused(429, message, code="rate_limit")
    return Refusal(429, answer.body, {"stripe-rate-limited-reason": reason})


def missing(kind: str, name: str, param: str = "id", status: int = 404) -> Refusal:
    """There is no such object; 400 where it is named by a parameter, 404 where by the path."""
    return refused(status, f"No such {kind}: '{name}'", code="resource_missing", param=param)


def unknown_parameter(name: str) -> Refusal:
    """400 for a parameter that the call does not have."""
    return refused(400, f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def missing_parameter(name: str) -> Refusal:
    """400 for a parameter that the call needs."""
    return refused(400, f"Missing required param: {name}.", code="parameter_missing", param=name)


def invalid(message: str, param: str, code: str = "") -> Refusal:
    """400 for a parameter's value."""
    return refused(400, message, code=code, param=param)


def unrouted(method: str, path: str) -> Mapping[str, Any]:
    """The body of the 404 for a path or a method that Stripe does not have."""
    message = f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/."
    return {"error": {"message": message, "type": INVALID}}


def masked(key: str) -> str:
    """A key as Stripe quotes it: what it begins with, and its last six signs."""
    begins = "_".join(key.split("_")[:2]) if key.count("_") >= 2 else key[:3]
    return f"{begins}_***{key[-6:]}"


def _headers(status: int) -> dict[str, str] | None:
    return {"www-authenticate": 'Basic realm="Stripe"'} if status == 401 else None
