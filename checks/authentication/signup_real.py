import pytest

from checks import Finding, critical, drill, high, runbook
from fixtures.sessions import RealSignup

pytestmark = [runbook("AUTH-2"), drill]

PARTS = [
    pytest.param("joins", marks=[critical]),
    pytest.param("rows", marks=[critical]),
    pytest.param("leaves", marks=[high]),
]


@pytest.mark.parametrize("part", PARTS)
def test_signup_real(real_signup: RealSignup, part: str) -> None:
    """A real sign-up makes the account and all that belongs to it, and whoever signed up can leave again.

    Means:   joins, rows: nobody gets an account, or one that belongs to no organization. leaves: who asks to be deleted
             cannot be, by law or otherwise.
    Confirm: sign up on staging with a new address; psql "$DATABASE_URL" --command "select * from public.memberships m
             join auth.users u on u.id = m.user_id where u.email = '<the address>'"
    Contain: say so on the sign-up page. Accounts that lack rows: make these rows by hand before the owner signs in.
    Fix:     joins, rows: Logs > Postgres, at that second, names the function and the line; mend it by a migration.
             leaves: foreign keys that lead to auth.users want on delete cascade, or set null for what has to stay.
    """
    if part == "joins" and real_signup.refused:
        raise Finding(f"nobody can sign up: {real_signup.refused}", [real_signup])
    if part == "rows" and (real_signup.refused or real_signup.lacking):
        raise Finding(f"no row appeared in {', '.join(real_signup.lacking) or 'any table'}", [real_signup])
    if part == "leaves" and real_signup.kept:
        raise Finding(f"the account cannot be deleted: {real_signup.kept}", [real_signup])
