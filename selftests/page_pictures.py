"""What the pictures of the report page are drawn of: looks, an access matrix, earlier runs."""

from datetime import UTC, datetime, timedelta
from typing import Any

from reports.past.history import PastRun

STARTED = datetime(2026, 11, 22, 10, tzinfo=UTC)
"""When the run of `report_samples` began."""
PEOPLE = {
    "public.invoices": {"member": "SELECT=own", "service_role": "SELECT=all INSERT=all UPDATE=all DELETE=all"},
    "public.plans": {"anon": "SELECT=all", "anon-bare": "SELECT=all", "member": "SELECT=all", "stranger": "SELECT=all"},
    "public.profiles": {"member": "SELECT=own UPDATE=own", "stranger": "SELECT=own UPDATE=own"},
}
PRIVILEGES = {"public.total()": {"anon": "EXECUTE", "authenticated": "EXECUTE"}, "public.invoices": {"anon": "SELECT"}}


def look(key: str, at: float | None = 0.0, ms: float = 100.0, **fields: Any) -> dict[str, Any]:
    """An observation that began `at` milliseconds after the run, or never."""
    began = None if at is None else (STARTED + timedelta(milliseconds=at)).isoformat(timespec="milliseconds")
    seen: dict[str, Any] = {
        "key": key,
        "sight": "seen",
        "facts": [],
        "reason": "",
        "began": began,
        "ms": ms,
        "attempts": 1,
    }
    return seen | fields


def served(personas: dict[str, dict[str, str]] | None = None, **facts: Any) -> dict[str, Any]:
    """The observation that encloses access.json."""
    content = {"personas": PEOPLE if personas is None else personas, "privileges": PRIVILEGES}
    return look(
        'served {"case":"fails","on":"replayed"}',
        facts={"defects": [], "enclosures": [{"file": "access.json", "content": content}]} | facts,
    )


def trespass(on: str = "environment", **fields: Any) -> dict[str, Any]:
    """The observation of somebody who reads what is not theirs."""
    found = {
        "about": "public.invoices",
        "persona": "stranger",
        "others": ["member-A", "member-B"],
        "action": "select",
        "says": "Anybody who signs up can read rows of public.invoices",
    }
    key = f'attempted {{"case":"stranger-select","on":"{on}"}}'
    return look(key, facts={"trespasses": [found | fields], "blind": [], "tables": 3})


def past_run(hours: float, environment: str = "production", word: str = "GO", **fields: Any) -> PastRun:
    """A run that began so many hours before that of `report_samples`."""
    violated, blind = tuple(fields.get("violated", ())), tuple(fields.get("blind", ()))
    defaults: dict[str, Any] = {
        "environment": environment,
        "kind": environment,
        "lanes": ("prod-smoke",),
        "commit": "a1b2c3d4e5f6a7b8",
        "started": (STARTED - timedelta(hours=hours)).isoformat(),
        "seconds": 4.2,
        "exit": {"GO": 0, "HOLD": 1}.get(word, 10),
        "word": word,
        "totals": {"verified": 7, "violated": len(violated), "blind": len(blind)},
        "families": {"health": {"verified": 3}, "row_security": {"verified": 4}},
        "violated": violated,
        "blind": blind,
    }
    return PastRun(**(defaults | fields))
