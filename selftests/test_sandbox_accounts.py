"""The sandbox's accounts as their owners manage them, its legacy keys, and its published one."""

import secrets
from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import pytest

from selftests.running_sandbox import Sandbox, sandbox


@pytest.fixture(scope="module")
def ocean() -> Iterator[Sandbox]:
    with sandbox() as started:
        yield started


def administered(ocean: Sandbox, method: str, path: str = "", key: str = "SECRET", **body: Any) -> httpx.Response:
    secret = ocean.variables[f"SUPABASE_{key}_KEY"]
    headers = {"apikey": secret, "authorization": f"Bearer {secret}"}
    return httpx.request(
        method, f"{ocean.variables['SUPABASE_URL']}/auth/v1/admin/users{path}", headers=headers, json=body
    )


@pytest.mark.parametrize("key", ["SECRET", "SERVICE_ROLE"])
def test_accounts_are_managed_with_a_secret_key(key: str, ocean: Sandbox) -> None:
    email = f"{secrets.token_hex(6)}@isle.example"
    made = administered(ocean, "POST", key=key, email=email, password="not-a-secret", email_confirm=True)
    again = administered(ocean, "POST", key=key, email=email, password="not-a-secret")
    listed = administered(ocean, "GET", "?page=1&per_page=1", key=key)
    removed = [administered(ocean, "DELETE", f"/{made.json()['id']}", key=key) for _ in range(2)]

    assert (again.status_code, again.json()["error_code"]) == (422, "email_exists")
    assert [user["email"] for user in listed.json()["users"]] == [email]
    assert int(listed.headers["x-total-count"]) > 1
    assert [answer.status_code for answer in removed] == [200, 404]


def test_accounts_are_managed_by_nobody_else(ocean: Sandbox) -> None:
    anon = administered(ocean, "GET", key="ANON")
    publishable = administered(ocean, "POST", key="PUBLISHABLE", email="a@isle.example", password="not-a-secret")
    no_bearer = httpx.get(
        f"{ocean.variables['SUPABASE_URL']}/auth/v1/admin/users",
        headers={"apikey": ocean.variables["SUPABASE_SECRET_KEY"]},
    )

    assert (anon.status_code, anon.json()["error_code"]) == (403, "not_admin")
    assert (publishable.status_code, publishable.json()["error_code"]) == (403, "not_admin")
    assert no_bearer.status_code == 401


def test_a_legacy_key_is_known_by_its_signature_its_project_and_its_role(ocean: Sandbox) -> None:
    secret = ocean.variables["SUPABASE_JWT_SECRET"]
    claims = {"iss": "supabase", "ref": ocean.variables["SUPABASE_PROJECT_REF"], "role": "anon", "exp": 4_000_000_000}
    asked = {
        "right": jwt.encode(claims, secret, "HS256"),
        "forged": jwt.encode(claims, secret[::-1], "HS256"),
        "elsewhere": jwt.encode({**claims, "ref": "lagoonlagoonlagoonla"}, secret, "HS256"),
        "owner": jwt.encode({**claims, "role": "postgres"}, secret, "HS256"),
        "unsigned": jwt.encode(claims, "", "none"),
        "expired": jwt.encode({**claims, "exp": 1}, secret, "HS256"),
    }
    url = f"{ocean.variables['SUPABASE_URL']}/rest/v1/plans?limit=1"
    answers = {name: httpx.get(url, headers={"apikey": key}).status_code for name, key in asked.items()}

    assert answers.pop("right") == 200
    assert set(answers.values()) == {401}


def test_a_project_with_a_published_key_signs_with_it() -> None:
    with sandbox("--fault", "quiet-keys-migrated") as moved:
        url, key = moved.variables["SUPABASE_URL"], {"apikey": moved.variables["SUPABASE_PUBLISHABLE_KEY"]}
        new = {"email": "ida@isle.example", "password": "not-a-secret"}
        token = httpx.post(f"{url}/auth/v1/signup", headers=key, json=new).json()["access_token"]
        listed = httpx.get(f"{url}/auth/v1/.well-known/jwks.json").json()["keys"]
        claims = jwt.decode(token, jwt.PyJWK(listed[0]), ["ES256"], audience="authenticated")

        assert claims["email"] == "ida@isle.example"
        assert jwt.get_unverified_header(token)["kid"] == listed[0]["kid"]
        organizations = f"{url}/rest/v1/organizations"
        assert httpx.get(organizations, headers={**key, "authorization": f"Bearer {token}"}).status_code == 200
