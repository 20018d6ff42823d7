import pytest

from checks import Finding, high, low, pre_deploy, prod_smoke, runbook
from fixtures.fingerprint import GROUPS, Difference

pytestmark = [high, runbook("DB-6"), pre_deploy, prod_smoke]

ABOUT = [pytest.param(group, id=group, marks=[low] if group == "comments" else []) for group in GROUPS]


@pytest.mark.parametrize("drift", ABOUT, indirect=True)
def test_no_drift(drift: tuple[Difference, ...]) -> None:
    """The environment's database is what its applied migrations make, and nothing else.

    Means:   somebody changed it by hand. The next migration meets a schema it was not tested on, and a restored or
             new environment lacks what was done: a policy, an index, a grant.
    Confirm: psql "$DATABASE_URL" --command '\\d+ <table>' --command '\\sf <function>', beside the migrations
    Contain: do not deploy. What protects less than the migrations do (policies, privileges, triggers) is put right
             at once: the SQL of the finding makes the environment what the migrations make.
    Fix:     wanted: write it as a migration that can run where it is already so, and mark it applied here
             (supabase migration repair --status applied <version> --remote=<project ref>). Not wanted: run its SQL.
    """
    if drift:
        shown = "; ".join(f"{one.subject}: here {one.here}, in the migrations {one.there}" for one in drift[:3])
        sql = [one.sql for one in drift]
        raise Finding(f"not as the migrations make it ({len(drift)}): {shown}", drift, sql=sql)
