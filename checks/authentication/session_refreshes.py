import pytest

from checks import Finding, critical, drill, high, runbook
from fixtures.sessions import Session

pytestmark = [runbook("AUTH-6"), drill]

STEPS = [
    pytest.param("refreshes", id="refreshes", marks=[critical]),
    pytest.param("old-refused", id="old-refused", marks=[high]),
    pytest.param("accepted-by-auth", id="accepted-by-auth", marks=[critical]),
    pytest.param("accepted-by-api", id="accepted-by-api", marks=[critical]),
]


@pytest.mark.parametrize("session", STEPS, indirect=True)
def test_session_refreshes(session: Session, request: pytest.FixtureRequest) -> None:
    """A session is refreshed once by each token: the new access token is accepted, an old refresh token is not.

    Means:   people are signed out every hour; or who once got hold of a refresh token stays signed in for ever.
    Confirm: curl --fail-with-body "$SUPABASE_URL/auth/v1/token?grant_type=refresh_token" --header
             "apikey: $SUPABASE_PUBLISHABLE_KEY" --json '{"refresh_token":"<a test account's>"}'   (it is used up by this)
    Contain: sessions that were stolen: auth.admin.signOut(<the user's token>, 'global'), or delete rows of auth.sessions.
    Fix:     old-refused: Authentication > Sessions > detect compromised refresh tokens: on; reuse interval 10 s. The
             API refuses what auth accepts: a signing key was revoked too early, or the API's JWT secret is another one.
    """
    raise NotImplementedError(request)
