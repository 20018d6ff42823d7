"""The `[stripe]` table: which mode is meant, which key may do what, and what is refused before anything is sent."""

from pathlib import Path

import msgspec
import pytest

from fixtures import Inapplicable, Secret, Unobservable
from fixtures.engine.environment import Environment, Heading, Kind
from fixtures.engine.registry import Effect
from fixtures.engine.settings import decode_settings
from fixtures.stripe.modes import key_of
from fixtures.stripe.settings import Mode, Stripe

EVERYTHING: tuple[Effect, ...] = ("read", "send", "write")


def environment(kind: Kind = "local", allows: tuple[Effect, ...] = EVERYTHING) -> Environment:
    return Environment(Heading(name="here", kind=kind, allows=allows), Path("here.toml"), {})


def secret(text: str | None) -> Secret:
    return Secret("STRIPE_KEY", text)


@pytest.mark.parametrize(
    ("kind", "said", "mode"),
    [("production", None, "live"), ("staging", None, "test"), ("local", None, "test"), ("production", "test", "test")],
)
def test_the_mode_is_live_in_production_unless_said(kind: Kind, said: Mode | None, mode: Mode) -> None:
    assert Stripe(mode=said).mode_in(environment(kind)) == mode


@pytest.mark.parametrize(("mode", "pace"), [("live", 10.0), ("test", 20.0)])
def test_live_mode_is_asked_less_often(mode: Mode, pace: float) -> None:
    assert Stripe(mode=mode).pace_in(environment()) == pace
    assert Stripe(mode=mode, requests_per_second=3).pace_in(environment()) == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sk_live_abc", "holds no key of test mode"),
        ("rk_live_abc", "holds no key of test mode"),
        ("pk_test_abc", "holds no key of test mode"),
        ("sk_test_abc\n", "holds white space"),
        ("sk_test_äbc", "holds white space or letters"),
        (None, "STRIPE_KEY is not set"),
    ],
)
def test_nothing_is_written_with_another_key(text: str | None, told: str) -> None:
    with pytest.raises(Unobservable, match=told) as problem:
        Stripe(test_key=secret(text)).writing_key(environment())

    assert "abc" not in str(problem.value)


def test_nothing_is_written_where_it_is_not_allowed() -> None:
    settings = Stripe(test_key=secret("sk_test_abc"))

    for forbidden in (environment("production"), environment("staging", ("read", "send"))):
        with pytest.raises(Inapplicable, match="allows no writing at Stripe"):
            settings.writing_key(forbidden)
    with pytest.raises(Unobservable, match="is in live mode"):
        Stripe(test_key=secret("sk_test_abc"), mode="live").writing_key(environment())
    assert settings.writing_key(environment()).value == "sk_test_abc"


def test_a_key_that_is_not_named_is_told() -> None:
    with pytest.raises(Unobservable, match="in the environment file has no key"):
        Stripe().reading_key()
    with pytest.raises(Unobservable, match="in the environment file has no test_key"):
        Stripe().writing_key(environment())


@pytest.mark.parametrize(
    ("text", "kind", "mode"),
    [
        ("rk_test_abc", "restricted", "test"),
        ("rk_live_abc", "restricted", "live"),
        ("sk_test_abc", "secret", "test"),
        ("pk_live_abc", "publishable", "live"),
    ],
)
def test_a_key_says_its_kind_and_mode(text: str, kind: str, mode: str) -> None:
    found = key_of(secret(text), "test")

    assert (found.kind, found.mode, found.name) == (kind, mode, "STRIPE_KEY")


@pytest.mark.parametrize("text", ["sk_org_live_abc", "whsec_abc", "ek_test_abc", "hunter2abc", "sk_abc"])
def test_a_text_that_is_no_key_is_not_judged_or_shown(text: str) -> None:
    with pytest.raises(Unobservable, match="STRIPE_KEY holds a text that begins as none") as problem:
        key_of(secret(text), "test")

    assert "abc" not in str(problem.value)


@pytest.mark.parametrize("key", ["requests_per_second", "delivery_minutes", "delivery_days"])
@pytest.mark.parametrize("number", [0, -1, "many"])
def test_a_number_that_makes_no_sense_is_refused(key: str, number: object) -> None:
    with pytest.raises(msgspec.ValidationError, match=key):
        decode_settings({key: number}, Stripe, {})
