from checks import Finding, high, pre_deploy, runbook
from fixtures.needs import Needed

pytestmark = [high, runbook("DEP-3"), pre_deploy]


def test_function_secrets_set(missing_function_secrets: tuple[Needed, ...]) -> None:
    """Every secret that an Edge Function reads is set on the project.

    Means:   the function gets nothing where it expects a key: webhooks are refused, or it does not start.
    Confirm: supabase secrets list   (of the linked project, names and digests; CLI 3 also: --remote=<project ref>)
    Contain: do not deploy the functions; the ones that run keep what they have.
    Fix:     supabase secrets set --env-file <file that is in no repository>; names that begin with SUPABASE_ cannot be
             set: read the ones that the platform gives, SUPABASE_PUBLISHABLE_KEYS and SUPABASE_SECRET_KEYS. One that
             may be missing: give it a default (??), or write `// optional` behind it.
    """
    if missing_function_secrets:
        places = {one.name: one.place for one in missing_function_secrets}
        raise Finding("is read by a function and is not set", missing_function_secrets, read_in=places)
