import pytest

from checks import Finding, critical, drill, runbook
from fixtures.webhook import Effect

pytestmark = [critical, runbook("PAY-4"), drill]

TIMES = [
    pytest.param("once", id="once"),
    pytest.param("repeated", id="repeated"),
    pytest.param("parallel", id="parallel"),
    pytest.param("after-failure", id="after-failure"),
]


@pytest.mark.parametrize("effect", TIMES, indirect=True)
def test_webhook_idempotent(effect: Effect) -> None:
    """An event of Stripe's has its effect once, however often it is delivered, and also after its handling failed.

    Means:   once, after-failure: who has paid is not served, or is served for ever. repeated, parallel: what comes
             twice is counted twice, or is refused until Stripe gives up and disables the endpoint.
    Confirm: pytest checks/payments/webhook_idempotent.py --env staging; then, as a login that sees all rows:
             psql "$OWNER_DATABASE_URL" --command "select id, last_error from webhook_events where processed_at is null"
    Contain: stripe events resend <evt_…> --webhook-endpoint <we_…> --live, for what is missing; Stripe keeps 30 days.
    Fix:     insert … on conflict do nothing into a table of events with their id as primary key; write rows by upsert;
             set processed_at in the end, and ignore a repeated event only when that is set; answer 500 when it failed.
    """
    if not all(200 <= status < 300 for status in (*effect.last, *effect.again)):
        raise Finding(f"refused what Stripe repeats until it is accepted: {_answers(effect)}", [effect])
    if not effect.is_applied:
        raise Finding(f"the database says: {effect.told} (answered {_answers(effect)})", [effect])
    if not effect.ours:
        raise Finding("the subscription is another organization's than its metadata say", [effect])


def _answers(effect: Effect) -> str:
    return ", ".join(map(str, effect.answers))
