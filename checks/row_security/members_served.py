import pytest

from checks import Finding, drill, high, migrations_lane, runbook
from fixtures.trying import Served, Trial

pytestmark = [high, runbook("RLS-3")]

TRIALS = [
    pytest.param(Trial("fails"), id="replayed", marks=[migrations_lane]),
    pytest.param(Trial("fails", "environment"), id="environment", marks=[drill]),
]


@pytest.mark.parametrize("served", TRIALS, indirect=True)
def test_members_served(served: Served) -> None:
    """No policy, trigger or helper function fails for the people whom it should serve.

    Means:   every request for the table ends with an error: recursion in a policy, a trigger that names what is not
             there, a subquery with more than one row.
    Confirm: the finding's `shown` in verdicts.json, in psql: it makes the rows, and rolls back
    Contain: do not deploy. If it is live: put the policy or the function back as it was.
    Fix:     42P17: a policy of the table asks the table itself; ask a SECURITY DEFINER function with a search_path of
             its own. 21000: ask with IN, not with =. 42703, 42883: correct the name in the trigger's function.
    """
    if served.defects:
        first = served.defects[0]
        raise Finding(f"{first.about} fails for those who may use it: {first.message}", served.defects)
