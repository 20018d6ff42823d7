"""The redactor by itself: which values it takes for secrets, in which forms it knows them, and what it leaves alone."""

import base64
import json
from pathlib import Path

import pytest

from fixtures import Secret, Variable
from fixtures.engine.redactor import MASK, Redactor
from fixtures.engine.settings import Settings
from selftests.canaries import Canaries, canary, forms

PLAIN = canary("plain")
NASTY = canary("nasty", nasty=True)
SECRETS = {
    "plain": PLAIN,
    "nasty": NASTY,
    "with a public beginning": "sk_live_" + PLAIN,
    "a pass phrase": "correct horse battery staple",
    "not ASCII": "пароль-для-базы-данных",
    "all hexadecimal": "0123456789abcdef" * 2,
}


def knowing(**variables: str) -> Redactor:
    redactor = Redactor()
    redactor.hide_variables(variables)
    return redactor


def left(text: str, secret: str) -> object:
    """What of a secret can still be found in a text; its public beginning may."""
    return Canaries(SECRET=secret.removeprefix("sk_live_")).found_in({"text": text})


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_every_form_is_hidden_wherever_it_stands(secret: str) -> None:
    redactor = knowing(API_TOKEN=secret)

    for form in forms(secret):
        for text in (form, f"before{form}after", f"({form}) {form}", f"{form}\n{form}"):
            assert left(redactor.clean(text), secret) == {}, text


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_secret_is_hidden_inside_what_is_encoded_whole(secret: str, encode: object) -> None:
    redactor = knowing(API_TOKEN=secret)
    assert callable(encode)

    for before in ("", "a", "ab", "user:"):
        for after in ("", ":", "; path=/"):
            encoded = encode(f"{before}{secret}{after}".encode()).decode()
            assert left(redactor.clean(f"Basic {encoded}"), secret) == {}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_a_cut_secret_is_hidden(secret: str) -> None:
    redactor = knowing(API_TOKEN=secret)

    for form in forms(secret):
        for length in range(1, len(form)):
            for piece in (f"{form[:length]}…", f"...{form[-length:]}", f"{form[:length]}...{form[-length:]}"):
                assert left(redactor.clean(f"it was '{piece}'"), secret) == {}


def test_neighbours_are_hidden_too() -> None:
    other = canary("other")
    redactor = knowing(API_TOKEN=PLAIN, API_KEY=other, LONGER_KEY=PLAIN + other)

    assert redactor.clean(f"{PLAIN}{other}") == MASK
    assert redactor.clean(f"{other}{PLAIN}") == MASK * 2
    assert redactor.clean(f"a {PLAIN} b {other} c") == f"a {MASK} b {MASK} c"


NAMES = [
    "VERCEL_TOKEN", "STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_WEBHOOK_SECRET_PREVIOUS", "PGPASSWORD", "KEY",
    "DB_PASSWD", "SSH_PASSPHRASE", "npm_config__authtoken", "Api_Key", "AWS_SECRET_ACCESS_KEY", "API_KEY_2",
    "SENTRY_DSN", "REGISTRY_CREDENTIALS", "DATABASE_PASSWORD_NEW",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_variable_named_like_a_secret_is_one(name: str) -> None:
    assert knowing(**{name: PLAIN}).clean(PLAIN) == MASK


CONNECTIONS = {
    "url": "postgresql://reader:{}@db.example:5432/ocean",
    "url without user": "redis://:{}@cache.example/0",
    "url of two hosts": "postgresql://reader:{}@a.example:5432,b.example:5432/ocean?sslmode=require",
    "query": "postgresql://reader@db.example/ocean?sslmode=require&password={}",
    "token in a query": "https://hooks.example/build?project=ocean&token={}#now",
    "keywords": "host=db.example user=reader password={} dbname=ocean",
    "quoted keywords": "host=db.example user=reader password = '{}' dbname=ocean",
    "list": "amqp://one:first@a.example, amqp://two:{}@b.example",
}


@pytest.mark.parametrize("value", CONNECTIONS.values(), ids=CONNECTIONS)
@pytest.mark.parametrize("password", [PLAIN, "s3cr3t:with+marks"], ids=["plain", "marks"])
@pytest.mark.parametrize("name", ["DATABASE_URL", "WHERE"])
def test_the_password_of_a_connection_is_hidden_and_the_rest_is_not(value: str, password: str, name: str) -> None:
    redactor = knowing(**{name: value.format(password)})

    text = redactor.clean(f"{value.format(password)} said {password}")

    assert left(text, password) == {}
    assert "db.example" in text or "db.example" not in value
    assert redactor.clean("the table ocean of db.example") == "the table ocean of db.example"


def test_a_quoted_password_is_hidden_as_written_and_as_meant() -> None:
    redactor = knowing(DATABASE_URL="postgresql://reader:pa%2fss%40w%6Frd-9x7@db.example/ocean")

    assert redactor.clean("pa/ss@word-9x7") == MASK
    assert redactor.clean("pa%2fss%40w%6Frd-9x7") == MASK
    assert redactor.clean("pa%2Fss%40word-9x7") == MASK


@pytest.mark.parametrize("mark", "#?")
def test_a_password_that_should_have_been_quoted_is_hidden(mark: str) -> None:
    """libpq takes it; urllib sees a fragment or a query instead."""
    redactor = knowing(DATABASE_URL=f"postgresql://reader:half{mark}other-half@db.example/ocean")

    assert redactor.clean(f"half{mark}other-half at db.example") == f"{MASK} at db.example"


def test_a_private_key_is_hidden_line_by_line() -> None:
    lines = [canary(str(number)) for number in range(4)]
    key = "\n".join(["-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----", ""])
    redactor = knowing(APP_PRIVATE_KEY=key)

    for form in (key, key.replace("\n", "\\n"), key.replace("\n", " "), f"    {lines[2]}", json.dumps(key)):
        for line in lines:
            assert left(redactor.clean(form), line) == {}


def test_of_a_service_account_only_the_secret_members_are_hidden() -> None:
    account = {"type": "service_account", "project_id": "ocean-1", "private_key": f"-----BEGIN\n{PLAIN}\n-----END\n"}
    text = json.dumps({"type": "service_account", "message": f"project_id is ocean-1, key {PLAIN}"}, indent=2)

    cleaned = knowing(GOOGLE_SERVICE_ACCOUNT_KEY=json.dumps(account, indent=2)).clean(text)

    assert cleaned == text.replace(PLAIN, MASK)


def test_a_secret_that_only_looks_like_an_object_is_hidden_whole() -> None:
    assert knowing(API_KEY="{" + PLAIN).clean("{" + PLAIN) == MASK


class Careful(Settings, frozen=True, kw_only=True):
    token: Secret
    login: Secret
    unset: Secret
    place: Variable


def test_a_setting_declared_secret_is_one_whatever_its_variable_is_called() -> None:
    redactor = Redactor()
    redactor.hide_settings(
        Careful(
            token=Secret("WHATEVER", PLAIN),
            login=Secret("LOGIN", "postgresql://reader:tr0ub4dor@db.example/ocean"),
            unset=Secret("UNSET", None),
            place=Variable("PLACE", "https://ocean.example"),
        )
    )

    assert redactor.clean(f"{PLAIN} {PLAIN[:14]}…") == f"{MASK} {MASK}…"
    assert redactor.clean("tr0ub4dor at db.example") == f"{MASK} at db.example"
    assert redactor.clean("https://ocean.example") == "https://ocean.example"


ORDINARY = (
    "rls_enabled[environment] is violated: row-level security is off for public.invoices on the production database; "
    "the password of postgres, a secret token key, true or false, localhost, bearer, vault, /srv/runner/work/ocean"
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POSTGRES_PASSWORD", "postgres"),
        ("DB_PASSWORD", "Password"),
        ("SECRET_KEY", "secret"),
        ("ACCESS_TOKEN", "abc"),
        ("PIN_KEY", "off"),
        ("EMPTY_TOKEN", ""),
        ("PGDATABASE", "production"),
        ("DATABASE_NAME", "production"),
        ("DATABASE_HOST", "localhost"),
        ("TOKEN_TYPE", "bearer"),
        ("KEYBOARD", "environment"),
        ("OCEAN_URL", "https://production.example/invoices"),
        ("VERCEL_API_URL", "http://localhost:3000"),
        ("DB_PASSWORD", "production-database"),
        ("DB_PASSWORD", "row-level-1"),
        ("GOOGLE_APPLICATION_CREDENTIALS", "{here}"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "{here}"),
        ("SSH_PRIVATE_KEY_PATH", "/srv/runner/work/ocean"),
    ],
)
def test_ordinary_words_stay(name: str, value: str) -> None:
    here = str(Path(__file__).resolve())
    redactor = knowing(**{name: value.format(here=here)})

    for text in (ORDINARY, f"{here}: {ORDINARY}"):
        assert redactor.clean(text) == text


def test_without_secrets_nothing_changes() -> None:
    assert Redactor().clean(ORDINARY) == ORDINARY
    assert knowing().clean_bytes(b"\xff\x00 bytes") == b"\xff\x00 bytes"


def test_bytes_that_are_no_text_keep_their_place() -> None:
    assert knowing(API_KEY=PLAIN).clean_bytes(b"\xff" + PLAIN.encode() + b"\xfe") == b"\xff" + MASK.encode() + b"\xfe"


def test_values_are_cleaned_before_they_are_written() -> None:
    seen = {"text": NASTY, "deep": [{"er": (NASTY, 1, None, True)}], NASTY: 2.5}

    cleaned = json.loads(json.dumps(knowing(API_KEY=NASTY).clean_values(seen)))

    assert cleaned == {"text": MASK, "deep": [{"er": [MASK, 1, None, True]}], MASK: 2.5}


def test_a_long_text_without_secrets_stays() -> None:
    redactor = knowing(**{f"KEY_{number}": canary(str(number)) for number in range(30)})
    text = "public.invoices answered 200 application/json; " * 10_000

    assert redactor.clean(text) == text


def test_of_a_whole_url_user_and_host_stay() -> None:
    redactor = Redactor()
    redactor.hide("postgresql://authenticator:horse-battery-staple@database.internal.example:5432/postgres")

    told = "authenticator at database.internal.example, horse-battery-st"

    assert redactor.clean(told) == "authenticator at database.internal.example, [secret]"
