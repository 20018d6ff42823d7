"""Who may do what in the sandbox: the people who sign up, Stripe, and the login that the checks look with."""

import json
import secrets
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg
import pytest
import stripe

from selftests.running_sandbox import Sandbox, ended, sandbox
from selftests.voyage import HOUSE

ROLES = ("anon", "authenticated", "service_role", "postgres", "supabase_admin", "supabase_auth_admin")
USE = """
import os, ssl, time, httpx, stripe
trusted = ssl.create_default_context(cafile=os.environ["OCEAN_CA"])
url, key = os.environ["SUPABASE_URL"], {"apikey": os.environ["SUPABASE_PUBLISHABLE_KEY"]}
new = {"email": "ida@isle.example", "password": "not-a-secret"}
assert httpx.post(url + "/auth/v1/signup", headers=key, json=new).status_code == 200
assert httpx.get(url + "/rest/v1/plans", headers=key).status_code == 200
body = {"query": "{ system_status { healthy } }"}
assert httpx.post(os.environ["OCEAN_URL"] + "/api/graphql", json=body, verify=trusted).status_code == 200
header = stripe.WebhookSignature.generate_signature_header("?", os.environ["STRIPE_WEBHOOK_SECRET"])
hook = url + "/functions/v1/handle-stripe-webhook"
assert httpx.post(hook, content="?", headers={"stripe-signature": header}).json() == {"error": "body is not JSON"}
"""
DRIVE = """
import json, sys
from sandbox.__main__ import main
sys.argv = ["sandbox", "--", sys.executable, "-c", sys.argv[1]]
code = main()
print(json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


@dataclass(frozen=True)
class Person:
    """Somebody who has signed up."""

    url: str
    key: str
    session: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.session["user"]["id"])

    def reads(self, path: str) -> httpx.Response:
        headers = {"apikey": self.key, "authorization": f"Bearer {self.session['access_token']}"}
        return httpx.get(self.url + path, headers=headers)


@pytest.fixture(scope="module")
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        yield started


def post(ocean: Sandbox, path: str, body: dict[str, Any]) -> httpx.Response:
    key = ocean.variables["SUPABASE_PUBLISHABLE_KEY"]
    return httpx.post(ocean.variables["SUPABASE_URL"] + path, headers={"apikey": key}, json=body)


def signed_up(ocean: Sandbox, organization: str) -> Person:
    email = f"{secrets.token_hex(6)}@isle.example"
    new = {"email": email, "password": "not-a-secret", "data": {"full_name": "Ida", "organization": organization}}
    answer = post(ocean, "/auth/v1/signup", new)
    assert answer.status_code == 200, answer.text
    return Person(ocean.variables["SUPABASE_URL"], ocean.variables["SUPABASE_PUBLISHABLE_KEY"], answer.json())


def test_signing_up_makes_profile_organization_membership_and_provisioning_event(ocean: Sandbox) -> None:
    ida = signed_up(ocean, "Isle Ferries")
    made = ocean.rows(
        "select p.full_name, o.name, m.role::text, e.kind, e.status::text from public.profiles p"
        " join public.memberships m on m.user_id = p.id join public.organizations o on o.id = m.organization_id"
        f" join public.provisioning_events e on e.organization_id = o.id where p.id = '{ida.id}'"
    )

    assert made == [("Ida", "Isle Ferries", "owner", "organization.created", "pending")]


def test_members_see_their_own_organization_and_nobody_else_s(ocean: Sandbox) -> None:
    ida, jon = signed_up(ocean, "Isle Ferries"), signed_up(ocean, "Jetty Cranes")

    assert [row["name"] for row in ida.reads("/rest/v1/organizations").json()] == ["Isle Ferries"]
    assert [row["name"] for row in jon.reads("/rest/v1/organizations").json()] == ["Jetty Cranes"]
    assert [row["user_id"] for row in jon.reads("/rest/v1/memberships").json()] == [jon.id]
    assert ocean.rows("select count(*) > 3 from public.organizations") == [(True,)]


def test_a_member_who_lacks_a_grant_is_forbidden_and_not_unknown(ocean: Sandbox) -> None:
    refused = signed_up(ocean, "Isle Ferries").reads("/rest/v1/webhook_events")

    assert (refused.status_code, refused.json()["code"]) == (403, "42501")


def test_the_signed_in_user_is_told_who_they_are_and_asks_graphql_as_themselves(ocean: Sandbox) -> None:
    ida = signed_up(ocean, "Isle Ferries")
    headers = {"authorization": f"Bearer {ida.session['access_token']}"}
    asked = {"query": "{ my_organizations { name role } }"}
    url = f"{ocean.variables['OCEAN_URL']}/api/graphql"
    answer = httpx.post(url, json=asked, headers=headers, verify=ocean.trusted)

    assert ida.reads("/auth/v1/user").json()["id"] == ida.id
    assert answer.json() == {"data": {"my_organizations": [{"name": "Isle Ferries", "role": "owner"}]}}


def test_a_refresh_token_is_good_once_and_the_one_before_the_current_is_forgiven(ocean: Sandbox) -> None:
    tokens = [signed_up(ocean, "Isle Ferries").session["refresh_token"]]
    for _ in range(2):
        tokens.append(refreshed(ocean, tokens[-1]).json()["refresh_token"])
    forgiven = refreshed(ocean, tokens[1])
    time.sleep(1.1)  # Ocean's reuse interval
    old, current = refreshed(ocean, tokens[0]), refreshed(ocean, tokens[2])

    assert len(set(tokens)) == 3
    assert (forgiven.status_code, forgiven.json()["refresh_token"]) == (200, tokens[2])
    assert (old.status_code, old.json()["error_code"]) == (400, "refresh_token_already_used")
    assert current.json()["error_code"] == "refresh_token_already_used"  # its whole family is revoked


def refreshed(ocean: Sandbox, token: str) -> httpx.Response:
    return post(ocean, "/auth/v1/token?grant_type=refresh_token", {"refresh_token": token})


def test_the_authentication_server_s_refusals(ocean: Sandbox) -> None:
    ida = signed_up(ocean, "Isle Ferries").session["user"]["email"]
    taken = post(ocean, "/auth/v1/signup", {"email": ida.upper(), "password": "not-a-secret"})
    wrong = post(ocean, "/auth/v1/token?grant_type=password", {"email": ida, "password": "another"})
    right = post(ocean, "/auth/v1/token?grant_type=password", {"email": ida, "password": "not-a-secret"})

    assert (taken.status_code, taken.json()["error_code"]) == (422, "user_already_exists")
    assert (wrong.status_code, wrong.headers["x-sb-error-code"]) == (400, "invalid_credentials")
    assert right.json()["token_type"] == "bearer"


def test_a_sign_up_whose_trigger_fails_makes_no_account() -> None:
    with sandbox("--fault", "signup-as-invoker") as broken:
        refused = post(broken, "/auth/v1/signup", {"email": "ida@isle.example", "password": "not-a-secret"})

        assert (refused.status_code, refused.json()["msg"]) == (500, "Database error saving new user")
        assert broken.rows("select count(*) from auth.users where email = 'ida@isle.example'") == [(0,)]


@pytest.mark.parametrize("secret", ["STRIPE_WEBHOOK_SECRET", "STRIPE_WEBHOOK_SECRET_PREVIOUS"])
def test_an_event_that_stripe_signed_is_accepted_twice_and_recorded_once(secret: str, ocean: Sandbox) -> None:
    event = {
        "id": f"evt_{secret.lower()}",
        "object": "event",
        "type": "seatrial.probe",
        "livemode": False,
        "created": 1,
    }
    body = json.dumps(event)
    header = stripe.WebhookSignature.generate_signature_header(body, ocean.variables[secret])
    answers = [delivered(ocean, body, header) for _ in range(2)]

    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {"received": True})] * 2
    assert ocean.rows(f"select type from public.webhook_events where id = '{event['id']}'") == [("seatrial.probe",)]


@pytest.mark.parametrize("age", [-1000, 1000])
def test_an_event_that_is_not_of_now_is_refused_and_not_recorded(age: int, ocean: Sandbox) -> None:
    event = {"id": f"evt_aged_{age}", "object": "event", "type": "invoice.paid", "livemode": False, "created": 1}
    body, moment = json.dumps(event), int(time.time()) - age
    secret = ocean.variables["STRIPE_WEBHOOK_SECRET"]
    header = stripe.WebhookSignature.generate_signature_header(body, secret, moment)

    assert delivered(ocean, body, header).status_code == 400
    assert ocean.rows(f"select count(*) from public.webhook_events where id = '{event['id']}'") == [(0,)]


def delivered(ocean: Sandbox, body: str, header: str) -> httpx.Response:
    url = f"{ocean.variables['SUPABASE_URL']}/functions/v1/handle-stripe-webhook"
    return httpx.post(url, content=body, headers={"stripe-signature": header})


@pytest.mark.parametrize("database", ["DATABASE_URL", "STAGING_DATABASE_URL"])
def test_the_reader_sees_catalogs_and_the_history_of_migrations(database: str, ocean: Sandbox) -> None:
    files = sorted((HOUSE / "sandbox" / "ocean" / "supabase" / "migrations").glob("*.sql"))
    applied = ocean.rows("select version from supabase_migrations.schema_migrations order by 1", database)

    assert [row[0] for row in applied] == [file.name.partition("_")[0] for file in files]
    assert ocean.rows("select relrowsecurity from pg_class where oid = 'public.invoices'::regclass", database) == [
        (True,)
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "select * from public.organizations",
        "select * from auth.users",
        "select * from storage.objects",
        "update public.plans set name = name",
        "insert into supabase_migrations.schema_migrations (version) values ('1')",
        "create table public.mine ()",
        "alter role seatrial_reader bypassrls",
        *[f"set role {role}" for role in ROLES],
    ],
)
def test_the_reader_reads_no_customer_writes_nothing_and_becomes_nobody(statement: str, ocean: Sandbox) -> None:
    with psycopg.connect(ocean.variables["DATABASE_URL"], autocommit=True) as reader:
        reader.execute("set default_transaction_read_only = off")  # a setting alone would be no protection
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute(statement.encode())


def test_the_reader_s_transactions_are_read_only_and_it_is_nobody_special(ocean: Sandbox) -> None:
    attributes = "rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication"
    query = f"select current_setting('transaction_read_only'), {attributes} from pg_roles where rolname = current_user"

    assert ocean.rows(query, "DATABASE_URL") == [("on", *[False] * 5)]
    inherits = "select roleid::regrole::text from pg_auth_members where member = current_user::regrole"
    assert ocean.rows(inherits, "DATABASE_URL") == [("pg_read_all_stats",)]


def test_the_reader_may_write_no_table_and_read_none_of_the_customers(ocean: Sandbox) -> None:
    tables = "select c.oid::regclass::text from pg_class c where c.relkind in ('r', 'p', 'v', 'm', 'f')"
    writes = "has_table_privilege('seatrial_reader', c.oid, 'insert, update, delete, truncate, references, trigger')"
    reads = "has_any_column_privilege('seatrial_reader', c.oid, 'select')"
    ours = "c.relnamespace in ('public'::regnamespace, 'auth'::regnamespace, 'storage'::regnamespace)"
    # everybody may: updating pg_settings is SET, and pg_net gives its two queues to everybody, as on a project
    everybody_s = {"pg_settings", "net.http_request_queue", "net._http_response"}

    assert {row[0] for row in ocean.rows(f"{tables} and {writes}")} == everybody_s
    assert ocean.rows(f"{tables} and {ours} and {reads}") == []


def test_a_sandbox_that_is_used_imports_nothing_of_the_suite() -> None:
    done = ended(prefix=(sys.executable, "-c", DRIVE, USE))
    assert done.returncode == 0, done.stderr
    code, modules = json.loads(done.stdout.splitlines()[-1])

    assert code == 0, done.stderr
    assert {"sandbox", "stripe", "jwt", "graphql"} <= set(modules)
    assert set(modules) & {"fixtures", "checks", "reports", "selftests", "benchmarks", "pytest"} == set()
