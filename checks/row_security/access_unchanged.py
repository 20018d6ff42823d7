from checks import Finding, high, migrations_lane, runbook
from fixtures.trying import AccessChange

pytestmark = [high, runbook("RLS-3"), migrations_lane]


def test_access_unchanged(access_changes: tuple[AccessChange, ...]) -> None:
    """Who may do what is what was agreed on in the application's repository.

    Means:   a migration gave somebody more than anybody decided, or took from somebody what they need.
    Confirm: diff reports/out/access.json ../ocean/seatrial/access.json
    Contain: do not deploy, until somebody has read the difference.
    Fix:     mend the policy or the grant. If it is meant: copy reports/out/access.json of this run to
             seatrial/access.json, and let the review of the migration be the review of that difference.
    """
    if access_changes:
        more = f", and {len(access_changes) - 1} more" if len(access_changes) > 1 else ""
        raise Finding(access_changes[0].says + more, access_changes)
