from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.management import ReadOnlyMode

pytestmark = [critical, runbook("HLTH-3"), pre_deploy, prod_smoke]


def test_database_writable(read_only_mode: ReadOnlyMode) -> None:
    """Supabase does not force the database to be read-only.

    Means:   nothing is saved: all changes fail with "cannot execute … in a read-only transaction".
    Confirm: curl --fail-with-body --header "Authorization: Bearer $SUPABASE_ACCESS_TOKEN" \\
             "https://api.supabase.com/v1/projects/$SUPABASE_PROJECT_REF/readonly"
    Contain: the disk is full: free space, for which writing is let through for a while:
             curl --fail-with-body --request POST --header "Authorization: Bearer $SUPABASE_ACCESS_TOKEN" \\
             "https://api.supabase.com/v1/projects/$SUPABASE_PROJECT_REF/readonly/temporary-disable"
    Fix:     enlarge the disk (Database > Settings), drop or vacuum what is not needed; read-only mode ends by itself
             once enough is free.
    """
    if read_only_mode.enabled:
        until = f", writing is let through until {read_only_mode.override_active_until}"
        override = until if read_only_mode.override_enabled else ""
        raise Finding(f"the database is in read-only mode{override}", [read_only_mode])
