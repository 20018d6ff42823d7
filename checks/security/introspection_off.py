import pytest

from checks import Finding, low, prod_smoke, runbook
from fixtures.graphql import Endpoint, Introspection

pytestmark = [low, runbook("SEC-5"), prod_smoke]

ENDPOINTS = [
    pytest.param(Endpoint("application"), id="application"),
    pytest.param(Endpoint("pg_graphql"), id="pg-graphql"),
]
LEAKS = {
    "schema": ("types", "the whole schema is told to strangers"),
    "type": ("fields", "a type's fields are told to strangers"),
    "suggestions": ("suggested", "errors suggest the names of fields"),
}


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("introspection", ENDPOINTS, indirect=True)
def test_introspection_off(introspection: Introspection, leak: str) -> None:
    """GraphQL tells strangers nothing of its schema: introspection and field suggestions are off.

    Means:   who looks for a way in is handed the list of everything that can be asked, admin's queries included.
    Confirm: curl --fail-with-body "$OCEAN_URL/api/graphql" --json '{"query":"{ __schema { types { name } } }"}'
             curl --fail-with-body "$SUPABASE_URL/graphql/v1" --header "apikey: $SUPABASE_PUBLISHABLE_KEY" --json \\
             '{"query":"{ __schema { types { name } } }"}'
    Contain: nothing is lost yet: what may be asked is still decided by row security. Make sure of that first.
    Fix:     the application: NoSchemaIntrospectionCustomRule (graphql-js) among the rules of validate(), and "Did you
             mean" cut off its errors. pg_graphql: 1.6 and later are silent unless the comment on the schema says
             @graphql({"introspection": true}); upgrade older ones, or, when nobody asks it: drop extension pg_graphql.
    """
    name, message = LEAKS[leak]
    told = {"types": introspection.types, "fields": introspection.fields, "suggested": introspection.suggested}[name]

    if told:
        raise Finding(f"{message}: {', '.join(told)}", [introspection])
