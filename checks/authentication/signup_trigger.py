import pytest

from checks import ON_EVERY_DATABASE, Finding, critical, runbook
from fixtures import Unobservable
from fixtures.supabase import NoSignup, Signup

pytestmark = [critical, runbook("AUTH-1")]

RULES = ["fires", "definer", "search-path", "names", "owner"]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("signup", ON_EVERY_DATABASE, indirect=True)
def test_signup_trigger(signup: Signup | NoSignup, rule: str) -> None:
    """Signing up works: a trigger on auth.users calls a function that is able to do its work.

    Means:   nobody can sign up ("Database error saving new user"), or new users get no organization.
    Confirm: psql "$DATABASE_URL" --command '\\dft+ auth.users' --command '\\sf public.handle_new_user'
    Contain: say so on the sign-up page; users who are in already are not affected.
    Fix:     alter table auth.users enable trigger <trigger>; or restore the function by a migration: security definer,
             set search_path = '', every name with its schema, owned by a role that can write what it writes.
    """
    if isinstance(signup, NoSignup) and rule != "fires":
        raise Unobservable(f"{signup.function} does not exist, so nothing can be said about it")
    wrong = does_not_fire(signup) if rule == "fires" else unable(signup, rule)
    if wrong:
        raise Finding(wrong, [signup])


def does_not_fire(signup: Signup | NoSignup) -> str | None:
    """Why the function is not called when a user signs up."""
    if isinstance(signup, NoSignup):
        return "the sign-up function does not exist"
    if signup.triggers:
        return None
    silent = f" ({', '.join(signup.silent)} is disabled, or does not fire for each row after the insert)"
    return "no enabled trigger on auth.users calls it" + (silent if signup.silent else "")


def unable(signup: Signup | NoSignup, rule: str) -> str | None:
    """Which of the function's properties keeps it from its work."""
    if isinstance(signup, NoSignup):
        return None
    lost = ", ".join(target.table for target in signup.targets if not target.exists)
    barred = ", ".join(f"{t.command} {t.table}" for t in signup.targets if t.exists and not t.permitted)
    return {
        "definer": None if signup.security_definer else "it runs with the rights of the new user: not SECURITY DEFINER",
        "search-path": None if signup.search_path is not None else "its search_path is not pinned",
        "names": f"it writes to tables that do not exist under its search_path: {lost}" if lost else None,
        "owner": f"its owner {signup.owner} may not {barred}" if barred else None,
    }[rule]
