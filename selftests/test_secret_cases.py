"""What is a secret and what only looks like one, row by row; each secret is drawn anew and must not be told on."""

import base64
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fixtures.secrets.kinds import Around
from fixtures.secrets.scanning import Leak, leaks_in
from sandbox.drawn import DRAWN, filled

CASES: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "secret_cases.toml").read_text(encoding="utf-8")
)
LEAST = 60
SECRET_PART = re.compile(r"^\w[\w+]*://[^:]*:|@[^@]*$|-----[A-Z ]+-----|^\w{2,10}_(?:live_|test_|oauth_)?|^eyJ.*\.")
NOISE = "\n".join(f"const a{place} = f({place}, 'b');" for place in range(200))


def found(text: str, bundle: bool = False, configured: dict[str, str] | None = None) -> Iterator[tuple[Leak, str]]:
    return leaks_in(text, "here", Around(datetime.now(UTC), bundle), configured or {})


@pytest.mark.parametrize("name", CASES["found"])
def test_found(name: str) -> None:
    case = CASES["found"][name]
    text = filled(case["text"])

    ((leak, secret),) = found(f"{NOISE}\n{text}\n{NOISE}", case.get("bundle", False))

    assert leak.kind == case["kind"]
    assert secret in text
    assert leak.at[0].startswith("201:") or "\n" in text
    told = json.dumps(msgspec.to_builtins(leak)) + leak.subject + repr(leak)
    assert secret not in told
    body = SECRET_PART.sub("", secret)  # without the host and the label, which are told
    assert len(body) >= 7
    assert not any(body[at : at + 7] in told for at in range(len(body) - 6))


@pytest.mark.parametrize("name", CASES["silent"])
def test_silent(name: str) -> None:
    case = CASES["silent"][name]

    assert [leak for leak, _ in found(filled(case["text"]), case.get("bundle", False))] == []


def test_there_are_many_of_each() -> None:
    assert min(len(CASES["found"]), len(CASES["silent"])) >= LEAST


def test_none_of_the_found_ones_stands_in_its_file() -> None:
    """Two rows hold a password that a person typed: they are the whole of what this file gives away."""
    written = [name for name, case in CASES["found"].items() if list(found(case["text"], case.get("bundle", False)))]

    assert written == [
        "Supabase secret key of a local Supabase, bundle",
        "database with a typed password",
        "database, escaped password",
    ]


def test_two_secrets_in_one_text_are_two_leaks_and_one_in_two_places_is_one() -> None:
    key = DRAWN["stripe_live"]()
    leaks = [leak for leak, _ in found(f"a = '{key}'\nb = '{key}'\n  c = '{DRAWN['webhook']()}'")]

    assert [(leak.kind, leak.times, leak.at) for leak in leaks] == [
        ("Stripe key", 2, ("1:6", "2:6")),
        ("webhook signing secret", 1, ("3:8",)),
    ]


def test_what_is_told_by_its_name_and_its_shape_is_one_leak() -> None:
    ((leak, _),) = found(filled("PGPASSWORD={drawn.neon_password}"))

    assert leak.kind == "Neon role password"


def test_the_environment_s_own_secrets_are_found_without_a_shape() -> None:
    ((leak, secret),) = found("let a = 'correct horse battery'", configured={"OCEAN_PHRASE": "correct horse battery"})

    assert (leak.kind, leak.at, secret) == ("the value of OCEAN_PHRASE", ("1:10",), "correct horse battery")


def test_an_inline_source_map_is_read() -> None:
    source = json.dumps({"version": 3, "sources": ["a.ts"], "sourcesContent": [filled("// {drawn.github}")]})
    inline = base64.b64encode(source.encode()).decode()

    ((leak, _),) = found(f"a()\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,{inline}\n")

    assert (leak.kind, leak.where) == ("GitHub token", "here (its inline source map)")
