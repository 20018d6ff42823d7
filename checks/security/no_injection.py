import pytest

from checks import ON_EVERY_DATABASE, Finding, critical, high, low, runbook
from fixtures.policies import Weakness

pytestmark = [critical, runbook("SEC-3")]

RULES = [
    "concatenated",
    pytest.param("chosen-name", marks=[high]),
    pytest.param("concatenated-inside", marks=[low]),
]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("injections", ON_EVERY_DATABASE, indirect=True)
def test_no_injection(injections: tuple[Weakness, ...], rule: str) -> None:
    """No function runs SQL that is put together from what its caller gives it.

    Means:   a caller of the API writes the SQL that runs, with the rights of the function.
    Confirm: psql "$DATABASE_URL" --command '\\sf <function>'
    Contain: revoke execute on function <function> from public, anon, authenticated;
    Fix:     values: execute '… $1 …' using <argument>. Names: format('… %I …', <argument>), after the argument was
             compared with a list of what it may be. Ship it as a migration.
    """
    found = [each for each in injections if each.rule == rule]
    if found:
        raise Finding(found[0].says, found, sql=[each.instead for each in found])
