from checks import Finding, high, pre_deploy, prod_smoke, runbook
from fixtures.authentication import AuthFlaw

pytestmark = [high, runbook("AUTH-8"), pre_deploy, prod_smoke]


def test_auth_in_effect(auth_not_in_effect: tuple[AuthFlaw, ...]) -> None:
    """The authentication service runs with what is configured.

    Means:   a change that was made in the dashboard, maybe in an emergency, has not happened.
    Confirm: curl --fail-with-body --header "apikey: $SUPABASE_PUBLISHABLE_KEY" "$SUPABASE_URL/auth/v1/settings"
    Contain: save the setting again in the dashboard, which starts the service anew.
    Fix:     compare $SUPABASE_PROJECT_REF with the address in $SUPABASE_URL: they may be two projects; else restart
             the project from its settings; https://supabase.com/dashboard/support
    """
    if auth_not_in_effect:
        raise Finding(auth_not_in_effect[0].says, auth_not_in_effect)
