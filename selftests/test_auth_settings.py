"""Authentication as declared: which redirects hand a session to somebody else, and what production may never have."""

from pathlib import Path
from typing import Any

import pytest

from fixtures.authentication.configuration import AuthConfiguration, RunningAuth
from fixtures.authentication.flaws import DeclaredAuth, auth_flaws, not_in_effect
from fixtures.authentication.limits import CEILINGS, guard, rate_limit
from fixtures.authentication.redirects import danger, strange
from fixtures.facts import Inapplicable, Unobservable
from selftests.voyage import HOUSE, sail

SITE = "https://ocean.example"
UNDECLARED: dict[str, Any] = {"captcha": None, "password_length": 8, "leaked_passwords": None, "mfa": None}


def configured(**other: Any) -> AuthConfiguration:
    usual: dict[str, Any] = {
        "site_url": SITE, "redirects": (), "sign_up": True, "auto_confirm": False, "email": True, "phone": False,
        "anonymous": False, "web3": False, "rate_limits": dict.fromkeys(CEILINGS, 30), "captcha": "none",
        "password_length": 8, "leaked_passwords": False, "token_seconds": 3600,
        "mfa": dict.fromkeys(("totp", "phone", "web_authn"), False),
    }  # fmt: skip
    return AuthConfiguration(**{**usual, **other})


def declared(**other: Any) -> DeclaredAuth:
    usual: dict[str, Any] = {
        "kind": "production", "site_url": SITE, "sign_up": True, "auto_confirm": False, "redirects": None,
    }  # fmt: skip
    return DeclaredAuth(**{**usual, **other})


@pytest.mark.parametrize(
    "pattern",
    [
        "**", "*", "https://**", "https://*", "https://**/welcome", "*://ocean.example", "http*://ocean.example/**",
        "https://ocean.example**", "https://ocean.example*", "https://ocean.*/**", "https://*.example",
        "https://*.vercel.app/**", "https://**.netlify.app", "https://[!a-z].ocean.example", "https://{a,b}/x",
        "http://ocean.example/**", "http://localhost:3000", "https://127.0.0.1/**", "http://[::1]:3000/",
        "https://192.168.1.7/**", "https://ocean.local/",
        "https://ocean.example@*/**", "https://*:443/**", "https://ocean.example:**", "https://ocean.example:*/**",
        "https://ocean:x@ocean.example/", "https://ocean*.vercel.app/**", "https://*-ab.github.io/**",
        "https://*-a.vercel.app/**", "https://*.amazonaws.com",
    ],
)  # fmt: skip
def test_production_has_none_of_these(pattern: str) -> None:
    assert danger(pattern, "production")


@pytest.mark.parametrize(
    "pattern",
    [
        SITE, f"{SITE}/**", f"{SITE}:8443/*/welcome", "https://*.ocean.example/**", "https://**.ocean.example",
        "https://*-ocean-team.vercel.app/**", "com.ocean.app://callback", "https://OCEAN.example/",
    ],
)  # fmt: skip
def test_these_can_be_meant(pattern: str) -> None:
    assert danger(pattern, "production") is None


@pytest.mark.parametrize("kind", ["local", "preview"])
def test_a_developer_s_own_machine_is_well_where_nobody_else_is(kind: str) -> None:
    assert danger("http://localhost:3000/**", kind) is None
    assert danger("http://localhost:3000/**", "staging")


@pytest.mark.parametrize(
    ("pattern", "ours"),
    [
        (f"{SITE}/welcome", True), ("https://app.ocean.example/**", True), ("https://ocean.example.org/", False),
        ("https://notocean.example/", False), ("https://*.ocean.example/", False), ("com.other.app://x", False),
    ],
)  # fmt: skip
def test_what_nobody_declared_must_be_the_site_s_own(pattern: str, ours: bool) -> None:
    assert (strange(pattern, SITE) is None) is ours


def test_a_declared_list_is_the_whole_list() -> None:
    wanted = declared(redirects=("https://*.ocean.example/**", f"{SITE}/welcome"))
    seen = configured(redirects=("https://*.ocean.example/**", f"{SITE}/other"))

    assert {flaw.setting: flaw.says for flaw in auth_flaws(seen, wanted)} == {
        f"{SITE}/other": "is not declared",
        f"{SITE}/welcome": "is declared, and not there",
    }


def test_what_is_dangerous_does_not_become_well_by_being_declared() -> None:
    wanted = declared(redirects=("https://**",))

    assert [flaw.rule for flaw in auth_flaws(configured(redirects=("https://**",)), wanted)] == ["redirects"]


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        ({"auto_confirm": True}, "auto-confirm"), ({"sign_up": False}, "sign-up"),
        ({"site_url": "https://ocean.example.org"}, "site-url"), ({"site_url": ""}, "site-url"),
    ],
)  # fmt: skip
def test_each_setting_is_compared(other: dict[str, Any], rule: str) -> None:
    assert [flaw.rule for flaw in auth_flaws(configured(**other), declared())] == [rule]


@pytest.mark.parametrize("site", ["http://ocean.example", "https://localhost:3000", "http://127.0.0.1:3000"])
def test_production_s_site_is_public_though_something_else_is_declared(site: str) -> None:
    assert [flaw.rule for flaw in auth_flaws(configured(site_url=site), declared(site_url=site))] == ["site-url"]
    assert auth_flaws(configured(site_url=site), declared(site_url=site, kind="local")) == ()


def test_a_slash_at_the_end_makes_no_other_site() -> None:
    assert auth_flaws(configured(site_url=f"{SITE}/", redirects=(f"{SITE}/**",)), declared()) == ()


def test_what_runs_is_compared_with_what_is_configured() -> None:
    runs = RunningAuth(sign_up=True, auto_confirm=False, email=True, phone=True, anonymous=False)

    assert [flaw.setting for flaw in not_in_effect(configured(), runs)] == ["external_phone_enabled"]


def test_a_declared_limit_takes_the_place_of_ours() -> None:
    assert rate_limit(configured(), "otp", {"otp": 10}).most == 10
    assert rate_limit(configured(), "otp", {}).most == CEILINGS["otp"]


@pytest.mark.parametrize(("name", "way"), [("sms_sent", "phone"), ("anonymous_users", "anonymous"), ("web3", "web3")])
def test_a_limit_counts_where_the_way_in_is_open(name: Any, way: str) -> None:
    assert not rate_limit(configured(), name, {}).used
    assert rate_limit(configured(**{way: True}), name, {}).used
    assert rate_limit(configured(), "email_sent", {}).used


@pytest.mark.parametrize("name", ["captcha", "leaked-passwords", "mfa"])
def test_what_is_not_declared_is_not_judged(name: Any) -> None:
    with pytest.raises(Inapplicable, match=name.replace("-", "_")):
        guard(configured(), name, **UNDECLARED)


@pytest.mark.parametrize("setting", ["sign_up", "auto_confirm"])
def test_null_is_not_off(setting: str) -> None:
    with pytest.raises(Unobservable, match="null"):
        auth_flaws(configured(**{setting: None}), declared())


@pytest.mark.parametrize(("name", "way"), [("sms_sent", "phone"), ("anonymous_users", "anonymous"), ("web3", "web3")])
def test_a_way_in_of_which_nothing_is_said_is_not_closed(name: Any, way: str) -> None:
    with pytest.raises(Unobservable, match="null"):
        rate_limit(configured(**{way: None}), name, {})


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("captcha", {"captcha": None}),
        ("leaked-passwords", {"leaked_passwords": None}),
        ("mfa", {"mfa": {"totp": None}}),
    ],
)
def test_a_guard_of_which_nothing_is_said_is_not_there(name: Any, setting: dict[str, Any]) -> None:
    wanted = {**UNDECLARED, "captcha": "none", "mfa": ("totp",), "leaked_passwords": True}
    with pytest.raises(Unobservable, match="null"):
        guard(configured(**setting), name, **wanted)


def test_declared_guards_are_compared() -> None:
    wanted = {**UNDECLARED, "captcha": "turnstile", "mfa": ("totp",), "leaked_passwords": True}
    strong = configured(
        captcha="turnstile", mfa={"totp": True, "phone": True, "web_authn": None}, leaked_passwords=True
    )

    assert [guard(configured(), name, **wanted).enough for name in ("captcha", "mfa", "leaked-passwords")] == [
        False
    ] * 3
    assert all(guard(strong, name, **wanted).enough for name in ("captcha", "mfa", "leaked-passwords"))
    assert not guard(configured(password_length=None), "password-length", **wanted).enough


def test_in_production_addresses_have_to_be_confirmed_unless_something_else_is_declared(tmp_path: Path) -> None:
    """The sandbox, looked at as production is: with the declaration nothing is wrong, without it something is."""
    text = (HOUSE / "benchmarks" / "ocean.toml").read_text(encoding="utf-8")
    undeclared = tmp_path / "undeclared.toml"
    undeclared.write_text(text.replace("auto_confirm = true\n", ""), encoding="utf-8")
    assert undeclared.read_text(encoding="utf-8") != text
    check = "checks/authentication/auth_as_declared.py"

    as_declared = sail(tmp_path / "declared", check, "--env-file", str(HOUSE / "benchmarks" / "ocean.toml"))
    without = sail(tmp_path / "without", check, "--env-file", str(undeclared))

    assert as_declared.ids("violated") == set()
    assert without.ids("violated") == {"auth_as_declared[auto-confirm]"}
    assert len(without.ids("verified")) == len(as_declared.ids("verified")) - 1 == 3
