from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.events import Moded

pytestmark = [critical, runbook("PAY-1"), pre_deploy, prod_smoke]


def test_stored_of_mode(stored_modes: tuple[Moded, ...]) -> None:
    """The webhook handler has stored no event of another mode than the environment's.

    Means:   somebody's test payments count in production, or real ones are carried out in a test.
    Confirm: select livemode, count(*), max(received_at) from webhook_events group by livemode;
    Contain: look what the named event changed, and undo it.
    Fix:     give the handler the signing secret of the endpoint of its own mode only, and let it refuse events
             whose livemode is another.
    """
    wrong = [one for one in stored_modes if one.mode != one.expected]
    if wrong:
        raise Finding(f"events of {wrong[0].mode} mode were taken, the last is {wrong[0].what}", wrong)
