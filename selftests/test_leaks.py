"""Secrets are looked for in every text of a place: what is no text is left out, what cannot be read is said."""

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import pytest

from fixtures import Secret, Unobservable, Variable
from fixtures.engine.settings import Settings
from fixtures.leaks.configured import configured_secrets, is_public, secret_part
from fixtures.leaks.places import of_folder, of_tracked, text_of
from sandbox.drawn import DRAWN


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_is_read_in_every_encoding_that_says_which_it_is(encoding: str) -> None:
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}

    assert "KEY=straße" in text_of(marks.get(encoding, b"") + "KEY=straße".encode(encoding))


def test_a_binary_file_is_no_text() -> None:
    assert text_of(b"\x89PNG\r\n\x1a\n\0\0sk_live") == ""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    files = {
        "src/app.ts": "tracked",
        "supabase/migrations/1_a.sql": "migration", "supabase/functions/f/index.ts": "function",
        "supabase/functions/node_modules/x.js": "installed", ".env.local": "ignored", ".gitignore": ".env*\n",
        "gone.ts": "gone", "ümlaut und leer.md": "named",
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "link").symlink_to("/etc/hostname")
    for words in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    (tmp_path / "gone.ts").unlink()
    (tmp_path / "untracked.ts").write_text("untracked")
    return tmp_path


def test_tracked_files_are_read_as_they_are_now(checkout: Path) -> None:
    assert dict(of_tracked(checkout)) == {
        ".gitignore": ".env*\n", "src/app.ts": "tracked", "ümlaut und leer.md": "named",
    }  # fmt: skip


def test_what_is_deployed_is_read_whether_it_is_tracked_or_not(checkout: Path) -> None:
    (checkout / "supabase/functions/f/new.ts").write_text("new")

    assert dict(of_folder(checkout, "supabase/functions/")) == {
        "supabase/functions/f/index.ts": "function", "supabase/functions/f/new.ts": "new",
    }  # fmt: skip
    assert dict(of_folder(checkout, "supabase/no-such-folder/")) == {}


def test_outside_of_a_repository_nobody_knows_what_is_tracked(tmp_path: Path) -> None:
    with pytest.raises(Unobservable, match="is in no git repository"):
        list(of_tracked(tmp_path))


class Shop(Settings, frozen=True, kw_only=True):
    key: Secret
    url: Secret
    publishable: Secret
    short: Secret
    unset: Secret | None = None
    name: Variable = Variable(None, "a long written text")


class Opened:
    """Opens settings as a run does; what it does not know is blind."""

    def __init__(self, **settings: Any) -> None:
        self._settings = settings
        self.tables = [*settings, "absent"]

    async def get(self, name: str, kind: type = object) -> object:
        if name not in self._settings:
            raise Unobservable("not set")
        return self._settings[name]


def test_the_environment_s_own_secrets_are_those_that_are_set_secret_and_long() -> None:
    shop = Shop(
        key=Secret("SHOP_KEY", "correct horse battery"),
        url=Secret("SHOP_URL", "postgresql://reader:s3cr3tpassw0rd@db.example/postgres"),
        publishable=Secret("SHOP_PUBLIC", DRAWN["supabase_publishable"]()),
        short=Secret("SHOP_SHORT", "short"),
    )
    opened: Any = Opened(shop=shop)

    found = asyncio.run(configured_secrets(opened, opened))

    assert found == {"SHOP_KEY": "correct horse battery", "SHOP_URL": "s3cr3tpassw0rd"}


@pytest.mark.parametrize(
    ("kind", "public"),
    [("stripe_publishable", True), ("anon", True), ("service_role", False), ("stripe_live", False), ("hex40", False)],
)
def test_a_key_that_is_made_to_be_public_is_no_secret(kind: str, public: bool) -> None:
    assert is_public(DRAWN[kind]()) is public


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a token", "a token"),
        ("postgres://a:b%40c@d/e", "b%40c"),
        ("https://ocean.example", ""),
        ("http://[", "http://["),
    ],
)
def test_of_an_address_only_its_password_is_secret(text: str, part: str) -> None:
    assert secret_part(text) == part
