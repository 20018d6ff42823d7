from typing import get_args

import pytest

from checks import Finding, critical, high, low, migrations_lane, pre_deploy, prod_smoke, runbook
from fixtures.around import Around, Weakness
from fixtures.postgres import Target

pytestmark = [runbook("RLS-5")]

CRITICAL = """auth-users definer-reads definer-view definer-writes foreign-table materialized-view own-privileges
    partition publication role-membership storage-folders"""
HIGH = """beyond-policies default-privileges makes-objects owner-not-forced public-bucket-listing secret-column"""
LOW = """existence-oracle leaky-view search-path"""
LANES = {"environment": [pre_deploy, prod_smoke], "replayed": [migrations_lane]}
WAYS = [
    pytest.param(Around(kind, target), id=f"{target}-{kind}", marks=[*LANES[target], severity])
    for target in get_args(Target)
    for kinds, severity in ((CRITICAL, critical), (HIGH, high), (LOW, low))
    for kind in kinds.split()
]


@pytest.mark.parametrize("ways_around", WAYS, indirect=True)
def test_nothing_around(ways_around: tuple[Weakness, ...]) -> None:
    """Nobody comes to a row without its policies deciding: by a view, a function, a grant, a role, a file.

    Means:   what policies keep apart is read or changed beside them, by whoever holds the publishable key (anon) or
             has signed up (authenticated); the finding says who, what, and by which object.
    Confirm: psql "$DATABASE_URL" --command '\\d+ <view>' --command '\\sf <function>' --command '\\dp <table>'
    Contain: the SQL under `instead` in what was seen, which takes away no more than the way around; without one:
             revoke all on <object> from public, anon, authenticated;   (functions: revoke execute on function)
    Fix:     the same, as a migration. What is meant: views and tables that everybody may read under
             [application] public_tables, or in seatrial/tenants.toml (public); functions there too (intended).
    """
    found = [way for way in ways_around if way.tried != "refuted"]
    if found:
        more = f", and {len(found) - 1} more" if found[1:] else ""
        raise Finding(found[0].says + more, found, sql=[way.instead for way in found])
