from checks import Finding, low, pre_deploy, runbook
from fixtures.commands import Link

pytestmark = [low, runbook("DOC-1"), pre_deploy]


def test_links_formed(runbook_links: tuple[Link, ...]) -> None:
    """Every web address of the runbook is well formed, and leads to where the provider is today.

    Means:   whoever looks for a provider's support or status page in an incident does not find it.
    Confirm: open the address in a browser.
    Contain: the providers' own sites are https://supabase.com/dashboard/support/new, https://support.stripe.com,
             https://vercel.com/help and https://neon.com/docs/introduction/support
    Fix:     write the address that the finding names.
    """
    wrong = [link for link in runbook_links if link.flaw]
    if wrong:
        raise Finding("; ".join(dict.fromkeys(link.flaw or "" for link in wrong)), wrong)
