"""GoTrue's error answers."""

from sandbox.services.refusal import Refusal


def refusal(status: int, error_code: str, message: str) -> Refusal:
    """Source: supabase/auth, internal/api/errors.go (API version before 2024-01-01)."""
    body = {"code": status, "error_code": error_code, "msg": message}
    return Refusal(status, body, {"x-sb-error-code": error_code})
