import pytest

from checks import ON_EVERY_DATABASE, Finding, critical, runbook
from fixtures.supabase import Signup

pytestmark = [critical, runbook("AUTH-1")]

RULES = ["fires", "definer", "search-path", "names", "owner"]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("signup", ON_EVERY_DATABASE, indirect=True)
def test_signup_trigger(signup: Signup, rule: str) -> None:
    """Signing up works: a trigger on auth.users calls a function that is able to do its work.

    Means:   nobody can sign up ("Database error saving new user"), or new users get no organization.
    Confirm: psql "$DATABASE_URL" --command '\\dft+ auth.users' --command '\\sf public.handle_new_user'
    Contain: say so on the sign-up page; users who are in already are not affected.
    Fix:     alter table auth.users enable trigger <trigger>; or restore the function by a migration: security definer,
             set search_path = '', every name with its schema, owned by a role that can write what it writes.
    """
    broken = {
        "fires": not signup.triggers and "no enabled trigger on auth.users calls it after each insert",
        "definer": not signup.security_definer and "it runs with the new user's rights: it is not SECURITY DEFINER",
        "search-path": signup.search_path is None and "its search_path is not pinned",
        "names": signup.lost and f"it writes to what does not exist under its search_path: {', '.join(signup.lost)}",
        "owner": signup.barred and f"its owner {signup.owner} may not {', '.join(signup.barred)}",
    }[rule]
    if not signup.exists or broken:
        raise Finding(str(broken) if signup.exists else "the sign-up function does not exist", [signup])
