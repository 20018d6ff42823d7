"""The publishable key in every place that holds it: agreed on, another one, none, and places that are not there."""

from collections.abc import Callable

import pytest

from fixtures import Inapplicable, Unobservable
from fixtures.agreement.holding import Held, held_in_bundle, held_in_checkout, held_in_project
from fixtures.engine.fingerprint import fingerprint
from fixtures.keys.finding import Found
from fixtures.management.api_keys import ApiKey

OURS, ANON, OTHER = "sb_publishable_ours", "sha256:0000000a", "sb_publishable_other"
NAMED = [fingerprint(OURS), ANON]


def found(*texts: str) -> list[Found]:
    return [Found(f"VITE_{number} in .env", text, None, True) for number, text in enumerate(texts)]


def served(*keys: str) -> dict[str, tuple[str, ...]]:
    return {f"https://a.example/{number}.js": (key,) for number, key in enumerate(keys)}


def listed(*keys: str | None, kind: str = "publishable") -> list[ApiKey]:
    return [ApiKey(name="default", kind=kind, fingerprint=key) for key in keys]


@pytest.mark.parametrize(
    "held",
    [
        held_in_checkout(NAMED, found(OURS, "sb_secret_x"), [".env"]),
        held_in_bundle("served", NAMED, served(NAMED[0], ANON)),
        held_in_project(NAMED, listed(fingerprint(OTHER), NAMED[0])),
    ],
    ids=["checkout", "bundle", "project"],
)
def test_places_that_hold_the_same_key_agree(held: Held) -> None:
    assert (held.strange, held.lacking) == ({}, ())


def test_another_key_is_told_with_its_place_and_never_its_text() -> None:
    checkout = held_in_checkout(NAMED, found(OURS, OTHER), [".env"])
    bundle = held_in_bundle("built", NAMED, served(NAMED[0], fingerprint(OTHER)))

    assert checkout.strange == {fingerprint(OTHER): "VITE_1 in .env"}
    assert bundle.strange == {fingerprint(OTHER): "https://a.example/1.js"}
    assert OTHER not in repr((checkout, bundle))


def test_a_project_that_does_not_know_the_key_lacks_it() -> None:
    assert held_in_project(NAMED, listed(fingerprint(OTHER))).lacking == (NAMED[0],)


@pytest.mark.parametrize(
    "look",
    [
        lambda: held_in_checkout(NAMED, found("sb_secret_x"), [".env"]),
        lambda: held_in_bundle("built", NAMED, {"a.js": ()}),
        lambda: held_in_project(NAMED, listed(None)),
        lambda: held_in_project(NAMED, listed(NAMED[0], kind="secret")),
    ],
    ids=["checkout", "bundle", "masked", "secret"],
)
def test_a_place_without_any_key_says_nothing(look: Callable[[], Held]) -> None:
    with pytest.raises(Unobservable):
        look()


def test_a_clone_without_files_of_variables_is_no_place() -> None:
    with pytest.raises(Inapplicable, match="no file of variables"):
        held_in_checkout(NAMED, [], [])
