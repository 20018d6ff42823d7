import pytest

from checks import Finding, critical, drill, high, runbook
from fixtures.sessions import Session, Step

pytestmark = [runbook("AUTH-6"), drill]

STEPS = [
    pytest.param("refreshes", "refreshes", id="refreshes", marks=[critical]),
    pytest.param("old-refused", "old-refused", id="old-refused", marks=[high]),
    pytest.param("accepted-by-auth", "accepted-by-auth", id="accepted-by-auth", marks=[critical]),
    pytest.param("accepted-by-api", "accepted-by-api", id="accepted-by-api", marks=[critical]),
]


@pytest.mark.parametrize(("session", "step"), STEPS, indirect=["session"])
def test_session_refreshes(session: Session, step: Step) -> None:
    """A session is refreshed: the new access token is accepted, and an old refresh token is refused.

    Means:   people are signed out every hour; or whoever once got hold of a refresh token stays signed in for ever.
    Confirm: with a test account: curl --fail-with-body "$SUPABASE_URL/auth/v1/token?grant_type=refresh_token" \\
             --header "apikey: $SUPABASE_PUBLISHABLE_KEY" --json '{"refresh_token":"<its token, which this uses up>"}'
    Contain: sessions that were stolen: auth.admin.signOut(<the user's token>, 'global').
    Fix:     old-refused: Authentication > Sessions: detect and revoke compromised refresh tokens; reuse interval: 10 s
             (an interval of your own: [sessions] reuse_interval). accepted-by-api: a signing key was revoked too early.
    """
    if step == "refreshes" and session.refreshed:
        raise Finding(f"a session cannot be refreshed: {session.refreshed}", [session])
    if step == "old-refused" and session.reused:
        raise Finding(f"a refresh token opened the session again, {session.waited:g} s after two newer ones", [session])
    if step == "accepted-by-auth" and session.refused_by_auth:
        raise Finding(f"/auth/v1 refuses the access token that it made: {session.refused_by_auth}", [session])
    if step == "accepted-by-api" and session.refused_by_api:
        raise Finding("/rest/v1 refuses an access token that /auth/v1 made", [session])
