from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.migrations import Applied

pytestmark = [high, runbook("MIG-2", "DEP-4"), pre_deploy, prod_smoke]


def test_staging_first(never_on_staging: tuple[Applied, ...]) -> None:
    """Every migration that is applied to this environment is applied to staging too.

    Means:   staging is behind, so that nothing tried there says anything about production.
    Confirm: q="select version, name from supabase_migrations.schema_migrations order by version"
             diff <(psql "$DATABASE_URL" -Atc "$q") <(psql "$STAGING_DATABASE_URL" -Atc "$q")
    Contain: do not deploy what was only tried on staging.
    Fix:     supabase db push --dry-run --remote=<staging's project ref>, then without --dry-run (CLI 2: supabase link
             --project-ref <staging>, and --linked). And find out who went around it.
    """
    if never_on_staging:
        raise Finding("applied here, never on staging", never_on_staging)
