from checks import Finding, high, pre_deploy, runbook
from fixtures.needs import Needed

pytestmark = [high, runbook("DEP-3"), pre_deploy]


def test_variables_set(missing_variables: tuple[Needed, ...]) -> None:
    """Every environment variable that production needs is set for it on Vercel.

    Means:   the next build has nothing in its place: it fails, or goes live and fails for customers.
    Confirm: vercel env ls production
    Contain: do not deploy; what is live was built with what was set then, and is not changed by it.
    Fix:     vercel env add <NAME> production; on one that is there for other targets: vercel env update. A value
             reaches only deployments that are built afterwards: deploy again. Not needed: take it out of .env.example,
             or write `# optional` behind it.
    """
    if missing_variables:
        where = {one.name: list(one.elsewhere) for one in missing_variables if one.elsewhere}
        raise Finding("is not set for production", missing_variables, set_for=where)
