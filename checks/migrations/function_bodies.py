import pytest

from checks import Finding, high, low, migrations_lane, pre_deploy, runbook
from fixtures.lint import Bodies

pytestmark = [high, runbook("MIG-4"), pre_deploy, migrations_lane]

KINDS = ("plpgsql", "trigger", "sql")
NEW = [pytest.param(kind, False, id=kind) for kind in KINDS]
OLD = [pytest.param(kind, True, id=f"{kind}-before", marks=[low]) for kind in KINDS]


@pytest.mark.parametrize(("function_bodies", "before"), [*NEW, *OLD], indirect=["function_bodies"])
def test_function_bodies(function_bodies: Bodies, before: bool) -> None:
    """Every table, column and function that a function's body names is there when the migrations have run.

    Means:   the function was created without a complaint and fails when it is called; a trigger, on every write.
    Confirm: psql "$DATABASE_URL" --command '\\sf <function>', and look for what the finding says is missing
    Contain: do not deploy. If it is live: create or replace the function as it was. Cases that end in -before are
             about functions that were broken before this release too, and hold up nothing.
    Fix:     correct the name in a new migration. A function that nobody calls is dropped.
             Left out are dynamic SQL, records of unknown shape and what extensions bring; `left_out` names them.
    """
    broken = [one for one in function_bodies.broken if (one.before is True) is before]
    if broken:
        raise Finding(f"a body names what is not there: {broken[0].place}", broken)
