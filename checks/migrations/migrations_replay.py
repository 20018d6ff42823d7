import pytest

from checks import Finding, high, migrations_lane, pre_deploy, runbook
from fixtures.workbench import ReplayOutcome

pytestmark = [high, runbook("MIG-3"), pre_deploy, migrations_lane]

WAYS = {
    "empty": "the migrations stop on a new database",
    "seeded": "the seed files stop on a new database that has all migrations",
    "reseeded": "the seed files cannot be run twice",
    "hosted": "the migrations stop with the rights that hosted Supabase gives",
}


@pytest.mark.parametrize("replay_outcome", WAYS, indirect=True)
def test_migrations_replay(replay_outcome: ReplayOutcome) -> None:
    """All migrations run on a new database as the Supabase CLI runs them: without seed, with it, and as hosted.

    Means:   no database can be made anew: no preview, no laptop, no restore; and the next push may stop half-way.
    Confirm: supabase db reset   (the seed files again: psql -f supabase/seed.sql; the rights: only on a hosted project)
    Contain: do not deploy. A push that stopped is looked at first: supabase migration list --remote=<project ref>
    Fix:     what the finding says; it names file, line, statement and cause. A version that is applied anywhere keeps
             its name and content. Seed files: `insert … on conflict do nothing`, fixed ids, `if not exists`.
    """
    found = replay_outcome
    if found.failure:
        raise Finding(f"{WAYS[found.case]}: {found.failure.told}", [found.failure])
    if found.repeated:
        raise Finding("a second run of the seed files adds or changes rows", found.repeated)
