import pytest

from checks import Finding, drill, high, runbook
from fixtures.webhook import Effect

pytestmark = [high, runbook("PAY-4"), drill]

STRANGE = [
    pytest.param("unknown-type", (200, 299), id="unknown-type"),
    pytest.param("thin", (400, 499), id="thin"),
]


@pytest.mark.parametrize(("effect", "wanted"), STRANGE, indirect=["effect"])
def test_webhook_ignores_unknown(effect: Effect, wanted: tuple[int, int]) -> None:
    """An event of a type that the webhook does not know is accepted, a thin one refused, and neither has an effect.

    Means:   unknown-type: Stripe repeats it for three days, and disables the endpoint in the end; or it was taken for
             something else. thin: an event without contents was acted upon, or is thought to be carried out.
    Confirm: pytest checks/payments/webhook_ignores_unknown.py --env staging
    Contain: leave the endpoint only the types that the handler knows: stripe webhook_endpoints update <we_…> --live
             -d "enabled_events[]=customer.subscription.updated" …
    Fix:     answer 200 for a type that has no branch; read events with stripe.webhooks.constructEventAsync, which
             takes no thin ones, and answer 400 when it throws.
    """
    least, most = wanted
    if not all(least <= status <= most for status in effect.last):
        raise Finding(f"answered {', '.join(map(str, effect.last))}, where {least}-{most} is right", [effect])
    if not effect.is_applied:
        raise Finding(f"it had an effect: {effect.told}", [effect])
