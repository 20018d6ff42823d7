import pytest

from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.postgres import Road

pytestmark = [high, runbook("DB-1"), pre_deploy, prod_smoke]

ROADS = [pytest.param(name, id=name) for name in ("direct", "session-pooler", "transaction-pooler")]


@pytest.mark.parametrize("road", ROADS, indirect=True)
def test_roads_open(road: Road) -> None:
    """Each road to the database is open, and nobody on the way can read along or answer in its place.

    Means:   functions (transaction pooler), jobs (session pooler) or people (direct) cannot work; or their passwords
             and rows can be read on the way.
    Confirm: psql "$TRANSACTION_POOLER_URL" --command "select 1"   (also $SESSION_POOLER_URL, $DATABASE_URL)
    Contain: have what depends on it take another road that is open; never lower sslmode to get through.
    Fix:     sslmode=verify-full with the project's CA in each connection string (Database settings, SSL); direct is
             IPv6 only: take the session pooler where there is none. Too many clients: connections_free.
    """
    if not road.is_open:
        raise Finding(road.problem, [road])
    if not road.encrypted or road.sslmode != "verify-full":
        seen = "encrypted, and nobody looks whose certificate it is" if road.encrypted else "not encrypted"
        raise Finding(f"{seen}: sslmode is {road.sslmode}, not verify-full", [road])
    if not road.read_only:
        raise Finding("a transaction that was begun read-only can write", [road])
