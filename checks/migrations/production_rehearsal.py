import pytest

from checks import Finding, critical, migrations_lane, pre_deploy, runbook
from fixtures.rehearsal import Rehearsed

pytestmark = [critical, runbook("MIG-5"), pre_deploy, migrations_lane]


@pytest.mark.parametrize("rehearsed", ["applies", "same-schema"], indirect=True)
def test_production_rehearsal(rehearsed: Rehearsed) -> None:
    """The pending migrations apply to the schema that the environment has, and make of it what they make from zero.

    Means:   the deploy stops half-way on something that only production has; or production becomes a database that
             nobody has tested and that no other developer has.
    Confirm: supabase db diff --remote=<project ref>   (CLI 2: --linked; it exits with 0 whatever it finds)
    Contain: do not deploy. Nothing was written: the copy was made from reading the catalog.
    Fix:     put what was changed by hand into a migration (supabase db pull --remote=<project ref> writes it), or take
             it back in production; the finding shows the SQL that ends each difference.
    """
    if rehearsed.failure is not None:
        raise Finding(f"on a copy of the environment's schema: {rehearsed.failure.message}", [rehearsed.failure])
    if rehearsed.differences:
        raise Finding("the environment would not become what the migrations make from zero", rehearsed.differences)
