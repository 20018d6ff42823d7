from checks import Finding, drill, low, pre_deploy, runbook
from fixtures.lighthouse import Assertion

pytestmark = [low, runbook("PERF-4"), pre_deploy, drill]


def test_budget_kept(lighthouse_budget: tuple[Assertion, ...]) -> None:
    """Each page keeps the budget of its repository: lighthouserc.json, as Lighthouse CI reads it, or a budget.json.

    Means:   a page takes longer or loads more than was agreed on.
    Confirm: npx lighthouse "$OCEAN_URL" --view
    Contain: deploy only if that is meant, and change the file in the same commit.
    Fix:     the finding names audit, bound and what was found; the report says under the audit what to change.
    """
    broken = [each for each in lighthouse_budget if not each.is_met]
    if broken:
        first = broken[0]
        raise Finding(f"{first.about} is {first.found:g}, {first.bound} is {first.wanted:g}", broken)
