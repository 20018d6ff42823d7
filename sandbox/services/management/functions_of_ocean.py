"""Ocean's Edge Functions: which are deployed, the names of their secrets, and how they did in the last hour."""

from collections.abc import Mapping
from typing import Any, Final

from sandbox.services.management.names import FUNCTION_IDS
from sandbox.services.state import iso, milliseconds

DAY: Final = 86_400.0
PROVIDED: Final = (
    "SUPABASE_URL", "SUPABASE_ANON_KEY", "SUPABASE_SERVICE_ROLE_KEY", "SUPABASE_DB_URL", "SUPABASE_PUBLISHABLE_KEY",
    "SUPABASE_SECRET_KEY",
)  # fmt: skip
"""What every function is given."""
SECRETS: Final = ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_WEBHOOK_SECRET_PREVIOUS")
"""What was set by hand."""
BUCKETS: Final = 4


def functions(now: float, switches: Mapping[str, bool | int | str]) -> dict[str, dict[str, Any]]:
    """slug -> item of /functions. The gateway's switches `webhook` and `verify_jwt` show here too."""
    built = {slug: _function(slug, now - 3 * DAY) for slug in FUNCTION_IDS}
    webhook = built["handle-stripe-webhook"]
    webhook["verify_jwt"] = bool(switches.get("verify_jwt", False))
    webhook["absent"] = switches.get("webhook") == "not-deployed"
    return built


def _function(slug: str, deployed: float) -> dict[str, Any]:
    return {
        "id": FUNCTION_IDS[slug], "slug": slug, "name": slug, "status": "ACTIVE", "version": 14,
        "created_at": milliseconds(deployed - 200 * DAY), "updated_at": milliseconds(deployed), "verify_jwt": False,
        "import_map": False, "entrypoint_path": f"file:///supabase/functions/{slug}/index.ts",
        "ezbr_sha256": FUNCTION_IDS[slug].replace("-", "") * 2,
    }  # fmt: skip


def secrets(now: float) -> dict[str, dict[str, Any]]:
    """name -> item of /secrets. The real API shows the values' digests; whoever reads it keeps names only."""
    changed = {"value": "planted-digest-which-nobody-may-keep", "updated_at": iso(now - 40 * DAY)}
    return {name: {"name": name, **changed} for name in (*PROVIDED, *SECRETS)}


def statistics(now: float) -> dict[str, list[dict[str, Any]]]:
    """slug -> rows of functions.combined-stats (their names: supabase/supabase, the Studio's charts)."""
    return {slug: [_quarter(now - 900 * (BUCKETS - nth)) for nth in range(BUCKETS)] for slug in FUNCTION_IDS}


def _quarter(began: float) -> dict[str, Any]:
    return {
        "timestamp": iso(began), "requests_count": 120, "success_count": 118, "redirect_count": 0,
        "client_err_count": 2, "server_err_count": 0, "avg_execution_time": 86.5, "max_execution_time": 410,
        "avg_cpu_time_used": 22.4, "max_cpu_time_used": 61, "avg_memory_used": 31.2, "log_count": 120,
        "log_error_count": 0,
    }  # fmt: skip
