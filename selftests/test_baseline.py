"""The baseline computes what the real extensions compute, has a project's roles, and runs any number of times."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from selftests.running_sandbox import Sandbox, sandbox
from selftests.voyage import HOUSE

BASELINE = HOUSE / "baseline"
API_ROLES = ("anon", "authenticated", "service_role")
RESIDUE = {"REFERENCES", "TRIGGER", "TRUNCATE"}
DATA = {"SELECT", "INSERT", "UPDATE", "DELETE"}
MAINTAIN = {"MAINTAIN"}
"""Part of ALL since Postgres 17."""


@pytest.fixture(scope="module")
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        yield started


def files(folder: str) -> list[Path]:
    return sorted((BASELINE / folder).glob("*.sql"))


# FIPS 180 and RFC 1321: their examples, and one of sixteen blocks
@pytest.mark.parametrize(
    ("text", "algorithm", "expected"),
    [
        ("'abc'", "sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("''", "sha1", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        (
            "'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'",
            "sha1",
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
        ),
        ("repeat('a', 1000)", "sha1", "291e9a6c66994949b57ba5e650361e98fc36b1ba"),
        ("'abc'", "md5", "900150983cd24fb0d6963f7d28e17f72"),
        ("'abc'", "SHA256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "'abc'",
            "sha512",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ),
    ],
)
def test_digest(text: str, algorithm: str, expected: str, ocean: Sandbox) -> None:
    assert ocean.rows(f"select encode(extensions.digest({text}, '{algorithm}'), 'hex')") == [(expected,)]


@pytest.mark.parametrize("length", [54, 55, 56, 63, 64, 65, 119, 120, 128])
def test_sha1_at_the_ends_of_blocks(length: int, ocean: Sandbox) -> None:
    expected = hashlib.sha1(b"x" * length, usedforsecurity=False).hexdigest()
    assert ocean.rows(f"select encode(extensions.digest(repeat('x', {length}), 'sha1'), 'hex')") == [(expected,)]


def test_an_unknown_digest_is_an_error(ocean: Sandbox) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="No such hash algorithm"):
        ocean.rows("select extensions.digest('abc', 'sha0')")


LONG_KEY = "decode(repeat('aa', {}), 'hex')"
HASH_FIRST = "convert_to('Test Using Larger Than Block-Size Key - Hash Key First', 'UTF8')"


@pytest.mark.parametrize(
    ("data", "key", "algorithm", "expected"),
    [  # RFC 2202 3.1, 3.2, 3.6; RFC 2202 2.2; RFC 4231 4.3, 4.7
        ("'Hi There'::bytea", r"decode(repeat('0b', 20), 'hex')", "sha1", "b617318655057264e28bc0b6fb378c8ef146be00"),
        ("'what do ya want for nothing?'", "'Jefe'", "sha1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        (HASH_FIRST, LONG_KEY.format(80), "sha1", "aa4ae5e15272d00e95705637ce8a3b55ed402112"),
        ("'what do ya want for nothing?'", "'Jefe'", "md5", "750c783e6ab0b503eaa86e310a5db738"),
        (
            "'what do ya want for nothing?'",
            "'Jefe'",
            "sha256",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            HASH_FIRST,
            LONG_KEY.format(131),
            "sha256",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
        (
            HASH_FIRST,
            LONG_KEY.format(131),
            "sha512",
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
            "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
        ),
    ],
)
def test_hmac(data: str, key: str, algorithm: str, expected: str, ocean: Sandbox) -> None:
    assert ocean.rows(f"select encode(extensions.hmac({data}, {key}, '{algorithm}'), 'hex')") == [(expected,)]


@pytest.mark.parametrize(
    ("call", "expected"),
    [  # RFC 9562, appendix A.2 and A.4; the third is the same name in another namespace (Python's uuid module)
        ("uuid_generate_v3(extensions.uuid_ns_dns(), 'www.example.com')", "5df41881-3aed-3515-88a7-2f4a814cf09e"),
        ("uuid_generate_v5(extensions.uuid_ns_dns(), 'www.example.com')", "2ed6657d-e927-568b-95e1-2665a8aea6a2"),
        ("uuid_generate_v5(extensions.uuid_ns_url(), 'www.example.com')", "b63cdfa4-3df9-568e-97ae-006c5b8fd652"),
    ],
)
def test_named_uuids(call: str, expected: str, ocean: Sandbox) -> None:
    assert ocean.rows(f"select extensions.{call}::text") == [(expected,)]


def test_random_uuids_are_version_4_and_differ(ocean: Sandbox) -> None:
    made = "select extensions.uuid_generate_v4()::text from generate_series(1, 50)"
    versions = f"select count(distinct made), min(substr(made, 15, 1)), max(substr(made, 15, 1)) from ({made}) m(made)"

    assert ocean.rows(versions) == [(50, "4", "4")]


def test_a_password_is_checked_against_what_was_stored(ocean: Sandbox) -> None:
    stored = ocean.rows("select extensions.crypt('sail', extensions.gen_salt('bf'))")[0][0]
    tried = f"select extensions.crypt(word, '{stored}') = '{stored}' from unnest(array['sail', 'Sail']) word"

    assert ocean.rows(tried) == [(True,), (False,)]


# supabase/postgres, migrations/db/init-scripts: what distinguishes the roles that policies and services rely on
@pytest.mark.parametrize(
    ("role", "attributes"),
    [
        ("postgres", {"rolcanlogin", "rolcreatedb", "rolcreaterole", "rolreplication", "rolbypassrls", "rolinherit"}),
        ("anon", {"rolinherit"}),
        ("authenticated", {"rolinherit"}),
        ("service_role", {"rolbypassrls", "rolinherit"}),
        ("authenticator", {"rolcanlogin"}),
        ("supabase_auth_admin", {"rolcanlogin", "rolcreaterole"}),
        ("supabase_storage_admin", {"rolcanlogin", "rolcreaterole"}),
        ("supabase_read_only_user", {"rolcanlogin", "rolbypassrls", "rolinherit"}),
    ],
)
def test_roles_are_as_on_a_hosted_project(role: str, attributes: set[str], ocean: Sandbox) -> None:
    (found,) = ocean.rows(f"select to_json(r) from pg_roles r where rolname = '{role}'")
    flags = {name for name, value in found[0].items() if value is True}

    assert flags == attributes


def test_the_api_s_login_becomes_each_caller_and_the_project_s_owner_does_not_own_the_accounts(ocean: Sandbox) -> None:
    members = f"select pg_has_role('authenticator', r, 'set') from unnest(array{list(API_ROLES)}) r"
    owners = "select relowner::regrole::text from pg_class where oid = 'auth.users'::regclass"

    assert ocean.rows(members) == [(True,)] * 3
    assert ocean.rows(owners) == [("supabase_auth_admin",)]
    assert ocean.rows("select pg_has_role('postgres', 'supabase_auth_admin', 'member')") == [(False,)]


@pytest.fixture(scope="module", params=["exposed", "revoked"])
def project(request: pytest.FixtureRequest, ocean: Sandbox) -> Iterator[tuple[str, "psycopg.Connection[Any]"]]:
    """A new database with one regime of privileges, to which everything was applied twice."""
    regime = str(request.param)
    url = ocean.variables["ADMIN_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"create database {regime} template template0 owner postgres".encode())
    url = urlsplit(url)._replace(path=f"/{regime}").geturl()
    with psycopg.connect(url, autocommit=True) as admin:
        for file in [*files("roles"), *files("database"), BASELINE / "privileges" / f"{regime}.sql"] * 2:
            admin.execute(file.read_bytes())
        yield regime, admin
    with psycopg.connect(ocean.variables["ADMIN_DATABASE_URL"], autocommit=True) as admin:
        admin.execute(f"drop database {regime}".encode())  # it is set up again when the tests come in another order


def granted(admin: "psycopg.Connection[Any]", table: str) -> dict[str, set[str]]:
    """Role -> its privileges on a table of schema public."""
    acl = "select a.grantee::regrole::text, a.privilege_type from pg_class, aclexplode(relacl) a"
    found: dict[str, set[str]] = {role: set() for role in API_ROLES}
    for role, privilege in admin.execute(f"{acl} where relname = '{table}'".encode()):
        found.setdefault(role, set()).add(privilege)
    return {role: found[role] for role in API_ROLES}


def test_a_new_table_is_granted_what_its_regime_says(project: tuple[str, "psycopg.Connection[Any]"]) -> None:
    regime, admin = project
    with admin.transaction():
        admin.execute("set local role postgres")
        admin.execute("create table public.of_the_owner (id bigint generated always as identity)")
    admin.execute("create table public.of_the_platform ()")
    expected = DATA | RESIDUE | MAINTAIN if regime == "exposed" else RESIDUE | MAINTAIN

    assert granted(admin, "of_the_owner") == dict.fromkeys(API_ROLES, expected)
    assert granted(admin, "of_the_platform") == dict.fromkeys(API_ROLES, DATA | RESIDUE | MAINTAIN)


def test_a_new_function_can_be_executed_by_everybody_in_both_regimes(
    project: tuple[str, "psycopg.Connection[Any]"],
) -> None:
    _, admin = project
    with admin.transaction():
        admin.execute("set local role postgres")
        admin.execute("create function public.callable() returns int language sql as 'select 1'")
    named = "select coalesce(proacl::text, '') like '%anon=X%' from pg_proc where proname = 'callable'"

    assert admin.execute("select has_function_privilege('anon', 'public.callable()', 'execute')").fetchone() == (True,)
    assert admin.execute(named.encode()).fetchone() == (project[0] == "exposed",)


def test_the_caller_of_the_api_is_who_the_claims_say(project: tuple[str, "psycopg.Connection[Any]"]) -> None:
    _, admin = project
    sub = "a11ce000-0000-4000-8000-000000000001"
    asked = "select auth.uid()::text, auth.role(), auth.email(), auth.jwt() ->> 'aal'"
    with admin.transaction():
        claims = f'{{"sub": "{sub}", "role": "authenticated", "email": "ada@atoll.example", "aal": "aal1"}}'
        admin.execute("select set_config('request.jwt.claims', %s, true)", (claims,))
        assert admin.execute(asked.encode()).fetchone() == (sub, "authenticated", "ada@atoll.example", "aal1")
    assert admin.execute("select auth.uid()").fetchone() == (None,)  # an empty setting counts as unset
