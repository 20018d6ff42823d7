import pytest

from checks import ON_EVERY_DATABASE, Finding, high, runbook
from fixtures.access import PrivilegeChange

pytestmark = [high, runbook("RLS-6")]


@pytest.mark.parametrize("privilege_changes", ON_EVERY_DATABASE, indirect=True)
def test_privileges_declared(privilege_changes: tuple[PrivilegeChange, ...]) -> None:
    """Roles may do with tables, columns, functions and schemas what the application's repository declares.

    Means:   somebody can do more than was agreed on; or the application lacks what it needs, and gets 42501.
    Confirm: psql "$DATABASE_URL" --command '\\dp <table>' --command '\\df+ <function>' --command '\\dn+ <schema>'
             They show grants. What counts is what comes of them, through PUBLIC and memberships too.
    Contain: the finding's SQL; read it first: what comes through PUBLIC or a role has to be revoked from there.
    Fix:     write it as a migration. If the change is meant: declare it in seatrial/access.json, under privileges.
    """
    if privilege_changes:
        sql = [change.instead for change in privilege_changes]
        more = f", and {len(privilege_changes) - 1} more" if len(privilege_changes) > 1 else ""
        raise Finding(privilege_changes[0].says + more, privilege_changes, sql=sql)
