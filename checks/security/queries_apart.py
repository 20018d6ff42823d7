import pytest

from checks import Finding, critical, drill, high, runbook
from fixtures.sessions import Asked, Sight

pytestmark = [runbook("SEC-6"), drill]

SIGHTS = [
    pytest.param("own", "own", id="own", marks=[high]),
    pytest.param("others", "others", id="others", marks=[critical]),
    pytest.param("not-signed-in", "not-signed-in", id="not-signed-in", marks=[critical]),
]


@pytest.mark.parametrize(("organizations_shown", "sight"), SIGHTS, indirect=["organizations_shown"])
def test_queries_apart(organizations_shown: tuple[Asked, ...], sight: Sight) -> None:
    """GraphQL tells everybody who signed in their own organizations, and nobody any other.

    Means:   customers see, by name, who else is one; or they do not find their own organization.
    Confirm: as two test accounts: curl --fail-with-body "$OCEAN_URL/api/graphql" \\
             --header "Authorization: Bearer <token>" --json '{"query":"{ my_organizations { id } }"}'
    Contain: take the query off: deploy graphql-v2 without it, or vercel rollback <the deployment before>.
    Fix:     resolve it as the caller (the caller's own token on the database client, never the secret key), and cache
             nothing without the caller in the key. A query of another name: [sessions] organizations = "{ … { id } }".
    """
    stranger, *signed_in = organizations_shown

    if sight == "own" and (lacking := [one for one in signed_in if not one.own]):
        said = next((one.said for one in lacking if one.said), "nothing")
        raise Finding(f"somebody with an organization is not shown it, but told: {said}", lacking)
    if sight == "others" and (seeing := [one for one in signed_in if one.others]):
        raise Finding("somebody is shown organizations of others", seeing)
    if sight == "not-signed-in" and stranger.others:
        raise Finding("somebody who is not signed in is shown organizations", [stranger])
