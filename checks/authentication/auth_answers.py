from checks import Finding, critical, pre_deploy, prod_smoke, runbook
from fixtures.authentication import AuthService

pytestmark = [critical, runbook("AUTH-8"), pre_deploy, prod_smoke]


def test_auth_answers(auth_service: AuthService) -> None:
    """The authentication service answers at the project's own address, as itself.

    Means:   nobody can sign in or sign up, and sessions end when their hour is over.
    Confirm: curl --fail-with-body --include --header "apikey: $SUPABASE_PUBLISHABLE_KEY" "$SUPABASE_URL/auth/v1/health"
    Contain: say so on the sign-in page; do not deploy.
    Fix:     services_healthy[auth] tells what Supabase thinks of it. Well there and not here: what stands before it is
             wrong: the custom domain, DNS, a proxy. Else restart the project from its settings.
    """
    if auth_service.status != 200:
        raise Finding(f"answered {auth_service.status}", [auth_service])
    if auth_service.name != "GoTrue":
        raise Finding(f"answered {auth_service.content_type or 'something'}, and not as GoTrue", [auth_service])
