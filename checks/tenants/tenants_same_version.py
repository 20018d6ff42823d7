from checks import Finding, drill, high, pre_deploy, runbook
from fixtures.tenants import Versions

pytestmark = [high, runbook("TEN-4"), pre_deploy, drill]


def test_tenants_same_version(tenant_versions: Versions) -> None:
    """All tenants have the same migrations, and those are the ones that the checkout has.

    Means:   the application's next query fails for the customers who are behind; their data has another shape.
    Confirm: PGPASSFILE="$TENANT_PGPASSFILE" psql --no-password --command
             "select version from public.schema_migrations order by version"
             "host=<host> dbname=neondb user=seatrial_reader sslmode=verify-full sslrootcert=system"
    Contain: hold the deploy back until they are level; where it is out, route those who are behind to the old release.
    Fix:     run the migrations of the groups that are named again, one tenant first; where the newest is the same and
             the digest is not, one in the middle is missing: compare the lists. A tenant that is ahead got a migration
             that no checkout has: find the branch it came from.
    """
    seen = tenant_versions
    if seen.astray:
        count = sum(group.count for group in seen.astray)
        than = f"than the checkout has, {seen.meant.subject}" if seen.meant else f"than most, {seen.groups[0].subject}"
        raise Finding(
            f"{count} of {seen.asked} tenants have other migrations {than}",
            seen.astray,
            groups={group.subject: group.count for group in seen.groups},
            unseen=seen.unseen,
        )
