import pytest

from checks import Finding, critical, drill, low, migrations_lane, runbook
from fixtures.trying import Attempted, Trial

pytestmark = [critical, runbook("RLS-3")]

PEOPLE = ("anon", "stranger", "member")
"""Without an account; with one and without a tenant; and of another tenant, whatever their role there."""
COMMANDS = ("select", "insert", "update", "delete")
ACTS = (
    *(f"{who}-{command}" for who in PEOPLE for command in COMMANDS),
    "hop", "join", "promotion", "truncate", "views", "functions", "storage",
)  # fmt: skip
TRIALS = [
    *(pytest.param(Trial(act), id=f"replayed-{act}", marks=[migrations_lane]) for act in ACTS),
    pytest.param(Trial("references"), id="replayed-references", marks=[migrations_lane, low]),
    *(pytest.param(Trial(act, "environment"), id=f"environment-{act}", marks=[drill]) for act in ACTS),
    pytest.param(Trial("references", "environment"), id="environment-references", marks=[drill, low]),
]


@pytest.mark.parametrize("attempted", TRIALS, indirect=True)
def test_tenants_apart(attempted: Attempted) -> None:
    """Nobody sees, changes, makes or removes a row of a tenant that they do not belong to: it was tried.

    Means:   customers read or change what belongs to other customers (promotion: or make more of themselves).
    Confirm: psql "$LOCAL_DATABASE_URL" --file reports/out/shown-<case>.sql   (as superuser of a local copy)
    Contain: revoke <command> on <table> from <role>;   (as the finding names them, no more; functions: execute on)
    Fix:     where a migration that mends it was found, it stands in shown-<case>.sql (of a replayed case), with whether
             it was tried: the fault was gone, and those who should be served still were. What is meant as it is:
             seatrial/tenants.toml, docs/row-security.md.
    """
    if attempted.trespasses:
        first, more = attempted.trespasses[0], len(attempted.trespasses) - 1
        says = f"{first.says}: {'; '.join(first.allowed_by)}" if first.allowed_by else first.says
        raise Finding(says + (f" (and {more} more)" if more else ""), attempted.trespasses, blind=attempted.blind)
