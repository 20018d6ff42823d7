import pytest

from checks import Finding, high, migrations_lane, pre_deploy, runbook
from fixtures.lint import Flaw

pytestmark = [high, runbook("MIG-4"), pre_deploy, migrations_lane]

RULES = {
    "syntax": "Postgres cannot read it",
    "psql": "it is for psql, and the CLI sends it to Postgres",
    "long-names": "a name is cut",
    "whole-server": "it reaches beyond this database",
    "nothing-done": "it does nothing where something else has its name",
}
CASES = [pytest.param(f"migration_lint[{rule}]", id=rule) for rule in RULES]


@pytest.mark.parametrize("flaws", CASES, indirect=True)
def test_migration_lint(flaws: tuple[Flaw, ...]) -> None:
    """Every pending migration says what it means, in SQL that Postgres understands.

    Means:   the push stops there, or goes on with a schema that is not the one that was written down.
    Confirm: .venv/bin/squawk <file>
             psql "$DATABASE_URL" --command '\\d <table>'   (nothing-done: what is there under that name)
    Contain: do not deploy; nothing has happened yet.
    Fix:     as the finding says, for this statement. What is meant as it is: a comment before the statement,
             -- seatrial: accepts <subject> because <reason>   (or -- squawk-ignore <rule>).
    """
    if flaws:
        rule = flaws[0].case.partition("[")[2].rstrip("]")
        raise Finding(f"{RULES[rule]}: {flaws[0].place}", flaws)
