"""Keys: where they are found, what they say of themselves, who signed them, and whether the API takes them."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
import respx
from cryptography.hazmat.primitives.asymmetric import ec

from fixtures import Unobservable
from fixtures.engine.fingerprint import fingerprint
from fixtures.engine.http import Http
from fixtures.keys import Keys
from fixtures.keys.accepting import Gateway
from fixtures.keys.finding import LOCAL_FILES, Found, in_files, in_variables
from fixtures.keys.key import RULES, Keyring, Rule, key_of
from fixtures.keys.signing import Signers
from selftests.broken_answers import BROKEN, THROTTLED, said

URL = "https://oceanoceanoceanocean.supabase.co"
REST = f"{URL}/rest/v1/seatrial_asks_for_no_table"
JWKS = f"{URL}/auth/v1/.well-known/jwks.json"
SECRET = "a-jwt-secret-that-is-long-enough-for-hs256"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
SOON = (NOW + timedelta(hours=1)).timestamp()
OURS: dict[str, Any] = {"iss": "supabase", "ref": "oceanoceanoceanocean", "role": "anon", "exp": SOON}
LOCAL = "super-secret-jwt-token-" + "with-at-least-32-characters-long"
PRIVATE = ec.generate_private_key(ec.SECP256R1())
LET_IN = httpx.Response(404, json={"code": "PGRST205", "message": "no such table"})
REFUSED = httpx.Response(401, json={"message": "Invalid API key"})


def token(secret: str = SECRET, **claims: Any) -> str:
    return jwt.encode({**OURS, **claims}, secret, "HS256")


def published(key_id: str = "one") -> dict[str, Any]:
    jwk = jwt.algorithms.ECAlgorithm.to_jwk(PRIVATE.public_key(), as_dict=True)
    return {**jwk, "kid": key_id, "alg": "ES256", "use": "sig"}


def flaws(text: str, rule: Rule, *, browser: bool = False, role: str | None = None, signed: str = "") -> list[str]:
    key = key_of(Found("here", text, role, browser), signed, True)
    ring = Keyring(keys=(key,), ref=OURS["ref"], issuers=("supabase",), local=False, now=NOW)
    return [flaw for _, flaw in ring.flaws(rule)]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    "text", [token(), "sb_publishable_x", token(role="service_role")], ids=["anon", "new", "service"]
)
def test_a_key_that_is_what_it_claims_to_be_has_no_flaw(text: str, rule: Rule) -> None:
    assert flaws(text, rule) == []


@pytest.mark.parametrize(
    ("rule", "text", "more"),
    [
        ("shape", "undefined", {}),
        ("shape", "eyJhbGciOiJIUzI1NiJ9.e30", {}),
        ("algorithm", jwt.encode(OURS, "", "none"), {}),
        ("expiry", token(exp=NOW.timestamp()), {}),
        ("expiry", token(exp=1e15), {}),
        ("issuer", token(iss="https://elsewhere.invalid"), {}),
        ("issuer", token(iss=""), {}),
        ("project", token(ref="lagoonlagoonlagoonla"), {}),
        ("role", token(role="service_role"), {"role": "anon"}),
        ("role", "sb_secret_x", {"role": "anon"}),
        ("role", token(), {"role": "service_role"}),
        ("browser", "sb_secret_x", {"browser": True}),
        ("browser", token(role="service_role"), {"browser": True}),
        ("browser", token(role="supabase_admin"), {"browser": True}),
        ("local", token(iss="supabase-demo"), {}),
        ("local", token(LOCAL), {}),
        ("local", "sb_publishable_" + "ACJWlzQHlZjBrEguHvfOxg_3BJgxAaH", {}),
        ("signature", token(), {"signed": "by somebody else"}),
    ],
)
def test_each_flaw_is_found(rule: Rule, text: str, more: dict[str, Any]) -> None:
    assert len(flaws(text, rule, **more)) == 1


def test_a_key_s_text_is_in_no_fact() -> None:
    text = token()
    key = key_of(Found("here", text, "anon", True), None, None)

    assert text not in repr(key)
    assert text.split(".")[2] not in repr(key)
    assert text not in repr(Found("here", text, "anon", True))
    assert key.fingerprint == fingerprint(text)


def test_keys_of_the_checkout_are_those_that_a_build_for_this_environment_reads(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('# A=sb_secret_no\nexport VITE_KEY="sb_publishable_a"  # ours\nVITE_URL=https://x\n')
    (tmp_path / ".env.local").write_text(
        "SUPABASE_SECRET_KEY=sb_secret_b # not built in\nEMPTY=\nNEXT_PUBLIC_X='sb_secret_c'"
    )
    (tmp_path / ".env.example").write_text("VITE_KEY=sb_publishable_d\n")
    (tmp_path / ".env.production").write_bytes(b"\xff\xfe VITE_KEY=\x00")
    found = {one.place: one for one in in_files(tmp_path, LOCAL_FILES)}

    assert {place: one.text for place, one in found.items()} == {
        "VITE_KEY in .env": "sb_publishable_a",
        "SUPABASE_SECRET_KEY in .env.local": "sb_secret_b",
        "NEXT_PUBLIC_X in .env.local": "sb_secret_c",
    }
    assert [one.browser for one in found.values()] == [True, False, True]
    assert found["SUPABASE_SECRET_KEY in .env.local"].role == "service_role"


def test_variables_that_are_built_in_are_looked_at_and_others_are_not() -> None:
    variables = {
        "VITE_A": "sb_secret_a",
        "SUPABASE_SECRET_KEY": "sb_secret_b",
        "NEXT_PUBLIC_B": "pk.eyJ1Ijoi.x",
        "PUBLIC_C": token(),
    }

    assert [one.place for one in in_variables(variables)] == ["the variable PUBLIC_C", "the variable VITE_A"]


def test_a_variable_that_is_called_a_key_is_one_whatever_it_holds() -> None:
    """Half a token, cut by a copy, or one whose claims are of other types."""
    half = {
        "VITE_SUPABASE_ANON_KEY": token()[:60],
        "VITE_SUPABASE_URL": "https://a.example",
        "VITE_SUPABASE_ANON_KEY_2": "",
    }
    found = in_variables(half)

    assert [one.place for one in found] == ["the variable VITE_SUPABASE_ANON_KEY"]
    assert key_of(found[0], None, None).shape == "unknown"


def sign_of(text: str, jwt_secret: str | None = SECRET) -> str:
    http = Http()
    return asyncio.run(Signers(http, URL, jwt_secret, Gateway(http, URL)).sign_of(text))


@respx.mock
def test_a_signature_of_the_project_s_is_right_and_any_other_is_not() -> None:
    respx.get(JWKS).mock(return_value=httpx.Response(200, json={"keys": [published("other"), published()]}))
    other = ec.generate_private_key(ec.SECP256R1())
    expired = jwt.encode({**OURS, "exp": 1}, PRIVATE, "ES256", {"kid": "one"})

    assert sign_of(token()) == ""
    assert sign_of(expired) == ""  # its lifetime is judged under another name
    assert sign_of("sb_publishable_x") == ""
    assert "JWT secret" in sign_of(token("another-secret-that-is-long-enough-too"))
    assert "none of the project's" in sign_of(jwt.encode(OURS, other, "ES256", {"kid": "one"}))
    assert "none of the project's" in sign_of(jwt.encode(OURS, PRIVATE, "ES256", {"kid": "gone"}))
    assert "no signature" in sign_of(jwt.encode(OURS, "", "none"))


@respx.mock
def test_a_published_key_is_no_secret_to_sign_with() -> None:
    """The old confusion: HS256 with the text of the public key as its secret."""
    respx.get(JWKS).mock(return_value=httpx.Response(200, json={"keys": [published()]}))

    assert sign_of(token(str(published()["x"]) * 2)) != ""


@respx.mock
@pytest.mark.parametrize("broken", [*BROKEN, *THROTTLED])
def test_published_keys_that_cannot_be_read_leave_nothing_to_say(broken: httpx.Response | Exception) -> None:
    respx.get(JWKS).mock(**said(broken))

    with pytest.raises(Unobservable, match=r"/auth/v1/\.well-known/jwks\.json"):
        sign_of(jwt.encode(OURS, PRIVATE, "ES256", {"kid": "one"}))


@respx.mock
def test_without_the_jwt_secret_the_api_says_whose_key_it_is() -> None:
    ours = token()
    respx.get(REST).mock(side_effect=lambda request: LET_IN if request.headers["apikey"] == ours else REFUSED)

    assert sign_of(ours, None) == ""
    assert "not signed by this project" in sign_of(token("another-secret-that-is-long-enough-too"), None)


def accepts(key: str) -> bool:
    return asyncio.run(Gateway(Http(), URL).accepts(key))


@respx.mock
@pytest.mark.parametrize("key", ["sb_publishable_x", token()])
def test_a_key_is_accepted_when_it_alone_is_let_in(key: str) -> None:
    respx.get(REST).mock(side_effect=lambda request: LET_IN if request.headers["apikey"] == key else REFUSED)

    assert accepts(key) is True
    assert accepts("sb_secret_y") is False
    assert {call.request.headers.get("authorization") for call in respx.calls} <= {None, f"Bearer {key}"}


@respx.mock
def test_who_lets_everybody_in_proves_nothing() -> None:
    respx.get(REST).mock(return_value=LET_IN)

    with pytest.raises(Unobservable, match="nobody issued"):
        accepts("sb_publishable_x")


@respx.mock
@pytest.mark.parametrize("broken", [each for each in [*BROKEN, *THROTTLED] if each.id not in ("401", "403")])
def test_an_answer_that_is_not_the_api_s_leaves_nothing_to_say(broken: httpx.Response | Exception) -> None:
    respx.get(REST).mock(**said(broken))

    with pytest.raises(Unobservable, match="seatrial_asks_for_no_table"):
        accepts("sb_publishable_x")


def kinds(files: tuple[str, ...] | None = None) -> dict[str, tuple[str, ...]]:
    return {kind: Keys(files=files).read_in(kind) for kind in ("local", "staging", "production")}


def test_what_only_a_developer_s_machine_builds_with_is_looked_at_in_a_local_environment_alone() -> None:
    """There it usually names a local stack's keys, and git ignores it."""
    assert [".env.local" in files for files in kinds().values()] == [True, False, False]
    assert set(kinds((".env.live",)).values()) == {(".env.live",)}
