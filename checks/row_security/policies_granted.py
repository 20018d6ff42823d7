import pytest

from checks import Finding, high, migrations_lane, pre_deploy, prod_smoke, runbook
from fixtures.around import Around, Weakness

pytestmark = [high, runbook("RLS-6")]

WAYS = [
    pytest.param(Around("policy-without-grant"), id="environment", marks=[pre_deploy, prod_smoke]),
    pytest.param(Around("policy-without-grant", "replayed"), id="replayed", marks=[migrations_lane]),
]


@pytest.mark.parametrize("ways_around", WAYS, indirect=True)
def test_policies_granted(ways_around: tuple[Weakness, ...]) -> None:
    """Whoever a policy is written for also holds the privilege that it is about.

    Means:   the application's requests end with 42501, permission denied: a policy does not grant anything by itself.
    Confirm: psql "$DATABASE_URL" --command '\\dp <table>'
    Contain: the finding's SQL, if the policy is sound.
    Fix:     grant it in a migration, or drop the policy that nobody can use.
    """
    if ways_around:
        more = f", and {len(ways_around) - 1} more" if len(ways_around) > 1 else ""
        raise Finding(ways_around[0].says + more, ways_around, sql=[each.instead for each in ways_around])
