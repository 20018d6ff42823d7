import pytest

from checks import Finding, critical, migrations_lane, runbook
from fixtures.supabase import Attempt

pytestmark = [critical, runbook("AUTH-2"), migrations_lane]


@pytest.mark.parametrize("attempted_signups", ["email", "oauth", "without-metadata", "same-name"], indirect=True)
def test_signup_works(attempted_signups: tuple[Attempt, ...]) -> None:
    """Whoever signs up gets an account and all that belongs to it, on the database that the migrations make.

    Means:   "Database error saving new user" for some or all, or accounts that belong to no organization.
    Confirm: psql <a copy after the migrations> --command "begin; set local role supabase_auth_admin;
             insert into auth.users (id, email, raw_user_meta_data) values (gen_random_uuid(), 'a@example.org', '{}')"
    Contain: do not migrate. After it: put the sign-up function of the release before back by a migration.
    Fix:     the function named: give what may be missing a default (coalesce(new.raw_user_meta_data ->> 'name', …)),
             make what must be unique of the id, not of the name, and let new NOT NULL columns have a default. What
             only your own form sends along is declared: [application] signup_metadata = { handle = "ada" }.
    """
    for attempt in attempted_signups:
        if attempt.refused:
            at = f" in {attempt.function}, line {attempt.line} of its body" if attempt.line else ""
            raise Finding(
                f"who signs up {attempt.person} is refused{at}: {attempt.refused} ({attempt.sqlstate})", [attempt]
            )
        if attempt.lacking:
            lacking = ", ".join(attempt.lacking)
            raise Finding(f"who signs up {attempt.person} gets an account, but no row in {lacking}", [attempt])
