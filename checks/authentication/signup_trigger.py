import pytest

from checks import ON_EVERY_DATABASE, Finding, critical, high, runbook
from fixtures.supabase import Signup

pytestmark = [critical, runbook("AUTH-1")]

RULES = ["fires", "definer", pytest.param("search-path", marks=[high]), "names", "owner"]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("signups", ON_EVERY_DATABASE, indirect=True)
def test_signup_trigger(signups: tuple[Signup, ...], rule: str) -> None:
    """Signing up works: a trigger on auth.users calls a function that is able to do its work.

    Means:   nobody can sign up ("Database error saving new user"), or new users get no organization. A search_path
             that is not pinned does no harm yet: it lets others put their own tables in the function's way.
    Confirm: psql "$DATABASE_URL" --command '\\d auth.users' --command '\\sf public.handle_new_user'
    Contain: say so on the sign-up page; users who are in already are not affected.
    Fix:     create or replace trigger <trigger> after insert on auth.users for each row execute function <function>;
             also enables it (alter table is for its owner only). Or restore the function by a migration: security
             definer, set search_path = '', names with their schema, owned by a role that can write what it writes.
    """
    for signup in signups:
        broken = {
            "fires": not signup.triggers and "no enabled trigger on auth.users calls it after each insert",
            "definer": not signup.security_definer and signup.barred and "not SECURITY DEFINER, it may not write",
            "search-path": signup.search_path is None
            and bool(signup.security_definer or signup.barred)
            and "its search_path is not pinned",
            "names": signup.lost and f"what it writes to is not under its search_path: {', '.join(signup.lost)}",
            "owner": signup.security_definer and signup.barred and f"{signup.owner}, its owner, may not write",
        }[rule]
        if not signup.exists or broken:
            message = str(broken) if signup.exists else "the sign-up function does not exist"
            raise Finding(message, [signup], barred=list(signup.barred))
