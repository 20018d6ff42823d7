import pytest

from checks import ON_EVERY_DATABASE, Finding, critical, high, low, runbook
from fixtures.policies import Weakness

pytestmark = [critical, runbook("RLS-2")]

HIGH = ("free-tenant", "hard-coded", "never-true", "no-policy", "recursion", "session", "several-tenants")
LOW = ("free-author", "restriction", "to-everybody", "unserved")
RULES = [
    "always-true", "tautology", "signed-in", "any-member", "forgeable", "inverted", "self-join", "self-promotion",
    "unprotected-source", *(pytest.param(rule, marks=[high]) for rule in HIGH),
    *(pytest.param(rule, marks=[low]) for rule in LOW),
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("unsound_policies", ON_EVERY_DATABASE, indirect=True)
def test_policies_sound(unsound_policies: tuple[Weakness, ...], rule: str) -> None:
    """Every policy lets through the rows that it is meant for, and no others.

    Means:   somebody reads or changes rows of others through the API, or does not get their own.
    Confirm: psql "$DATABASE_URL" --command '\\d <table>'
             psql "$DATABASE_URL" --command 'select * from pg_policies' (qual: rows found; with_check: rows written)
    Contain: revoke all on <table> from anon, authenticated;
    Fix:     the finding's SQL as a migration: it is made from this schema's own sound policies; read it first.
             A table for everybody to read is named in [application] public_tables or seatrial/tenants.toml (public).
    """
    found = [each for each in unsound_policies if each.rule == rule and each.tried != "refuted"]
    if found:
        raise Finding(found[0].says, found, sql=[each.instead for each in found])
