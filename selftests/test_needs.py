"""What the application needs to be told, by names alone: near misses are silent, and no value is kept."""

from pathlib import Path

import pytest

from fixtures import Unobservable
from fixtures.needs.env_files import names_in, read_env_files, read_example, read_in_code
from fixtures.needs.function_reads import read_needed, reads_of
from fixtures.needs.secret_names import is_published_secret


@pytest.mark.parametrize(
    "name",
    [
        "VITE_SUPABASE_SERVICE_ROLE_KEY", "VITE_SUPABASE_SERVICE_ROLE", "NEXT_PUBLIC_STRIPE_SECRET_KEY",
        "VITE_STRIPE_WEBHOOK_SECRET", "VITE_JWT_SECRET", "REACT_APP_DB_PASSWORD", "PUBLIC_SMTP_PASSWORD",
        "VITE_GITHUB_TOKEN", "NEXT_PUBLIC_SENTRY_AUTH_TOKEN", "VITE_PRIVATE_KEY", "EXPO_PUBLIC_DATABASE_URL",
        "VITE_DATABASE_URL_STAGING", "NUXT_PUBLIC_API_SECRET_2", "GATSBY_AWS_CREDENTIALS", "vite_api_secret",
        "VITE_ENCRYPTION_KEY_OLD", "VITE_SECRET", "VITE_OPENAI_API_KEY", "NEXT_PUBLIC_RESEND_API_KEY",
        "VITE_STRIPE_API_KEY", "VITE_STRIPE_SK", "VITE_NEON_API_KEY", "VITE_SUPABASE_JWT", "NEXT_PUBLIC_GITHUB_PAT",
        "VITE_AWS_SECRET_ACCESS_KEY", "VITE_SERVICE_ROLE_SUPABASE", "VITE_MIXPANEL_SECRET", "VITE_SLACK_WEBHOOK_URL",
        "VITE_SUPABASE_ANON_SERVICE_ROLE_KEY", "VITE_PUBLIC_CLIENT_SECRET",
    ],
)  # fmt: skip
def test_a_secret_that_is_published(name: str) -> None:
    assert is_published_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "SUPABASE_SERVICE_ROLE_KEY", "STRIPE_SECRET_KEY", "GITHUB_TOKEN", "VITE_SUPABASE_PUBLISHABLE_KEY",
        "NEXT_PUBLIC_SUPABASE_ANON_KEY", "VITE_SUPABASE_URL", "VITE_SENTRY_DSN", "VITE_MAPBOX_TOKEN",
        "NEXT_PUBLIC_MAPBOX_ACCESS_TOKEN", "VITE_DATADOG_CLIENT_TOKEN", "NEXT_PUBLIC_POSTHOG_TOKEN",
        "VITE_STRIPE_PUBLIC_TOKEN", "VITE_PASSWORD_MIN_LENGTH", "VITE_TOKEN_REFRESH_SECONDS",
        "VITE_PRIVATE_BETA", "VITE_RESET_PASSWORD_URL", "VITE_SECRET_SANTA", "NEXT_PUBLIC_TOKENS_PER_PAGE",
        "VITE_GOOGLE_CLIENT_ID", "VITE_GOOGLE_MAPS_API_KEY", "VITE_FIREBASE_API_KEY",
        "VITE_STRIPE_PUBLISHABLE_KEY", "VITE_ALGOLIA_SEARCH_KEY", "VITE_CLIENT_SECRET_ENABLED",
        "VITE_SECRET_NAME", "VITE_SUPABASE_PROJECT_ID", "VITE_STRIPE_PUBLIC_KEY", "VITE_TURNSTILE_SITE_KEY",
        "VITE_CLERK_PUBLISHABLE_KEY", "VITE_RECAPTCHA_SITE_KEY", "PUBLICATION_SECRET", "INVITE_TOKEN",
        "VITE_SHOW_PASSWORDLESS", "VITE_SUPABASE_KEY", "VITE_STRIPE_KEY",
    ],
)  # fmt: skip
def test_a_near_miss(name: str) -> None:
    assert not is_published_secret(name)


def test_names_of_an_env_file_without_values_comments_and_what_is_optional() -> None:
    text = '# A=1\nA=secret-value\nexport B = "x"\n\nC=  # optional\nD=#not-a-comment\n not a line\n1E=2\n'

    found = list(names_in(".env", text))

    assert [(one.name, one.place) for one in found] == [("A", ".env:2"), ("B", ".env:3"), ("D", ".env:6")]
    assert "secret-value" not in repr(found)


@pytest.mark.parametrize("text", [None, "# nothing\n"], ids=["none", "empty"])
def test_without_an_example_nothing_says_what_is_needed(text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / ".env.example").write_text(text)

    with pytest.raises(Unobservable, match=r"\.env\.example"):
        read_example(tmp_path)


def test_env_files_of_packages_are_found_and_those_of_dependencies_are_not(tmp_path: Path) -> None:
    for folder in ("", "apps/web", "node_modules/some", "a/b/c/d"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / ".env.production").write_text("NAME=1\n")

    assert [one.place for one in read_env_files(tmp_path)] == [".env.production:1", "apps/web/.env.production:1"]


def test_code_reads_variables_in_both_ways() -> None:
    code = {"a.ts": "x(import.meta.env.VITE_A);\ny(process.env['NEXT_PUBLIC_B'], process.env.C)"}

    assert [(one.name, one.place) for one in read_in_code(code)] == [
        ("VITE_A", "a.ts:1"), ("NEXT_PUBLIC_B", "a.ts:2"), ("C", "a.ts:2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('const a = Deno.env.get("A")!;', ["A"]),
        ("const a = Deno.env.get('A');", ["A"]),
        ('const a = Deno.env.get("A") ?? "x";', []),
        ('const a = Deno.env.get("A") || 60;', []),
        ('const a = Deno.env.get("A") ?? "";', ["A"]),
        ("const a = Deno.env.get('A') ?? '';", ["A"]),
        ('const a = Deno.env.get("A") || null;', ["A"]),
        ('const a = Deno.env.get("A") ?? missing("A");', ["A"]),
        ("const a = process.env.A; const b = process.env['B'] ?? '1'; process.env.NODE_ENV", ["A"]),
        ('const a = Deno.env.get("A"); // optional: while a secret is rolled', []),
        ('// Deno.env.get("A")', []),
        ('/* Deno.env.get("A")\n*/ const b = Deno.env.get("B")!;', ["B"]),
        ('const u = "https://x"; const a = Deno.env.get("A")!;', ["A"]),
        ('f(Deno.env.get("A")!, Deno.env.get("B")!)', ["A", "B"]),
        ('const a = Deno.env.get("A") ?? Deno.env.get("B")!;', ["B"]),
        ("const a = Deno.env.get(\n  'A',\n)!;", ["A"]),
    ],
)
def test_what_a_function_cannot_do_without(line: str, names: list[str]) -> None:
    found = reads_of({"index.ts": line})

    assert [one.name for one in found.needed] == names
    assert not found.unnamed


HELPERS = [
    "function need(name: string): string {\n  const value = Deno.env.get(name);\n  return value ?? fail(name);\n}",
    "const need = (name) => Deno.env.get(name)!;",
    "export const need = async (name: string, other = 1) => Deno.env.get( name );",
]


@pytest.mark.parametrize("helper", HELPERS)
def test_what_is_read_through_a_function_of_their_own(helper: str) -> None:
    files = {"_shared/env.ts": helper, "pay/index.ts": 'import { need } from "../env.ts";\nneed("STRIPE_SECRET_KEY");'}

    found = reads_of(files)

    assert [(one.name, one.place) for one in found.needed] == [("STRIPE_SECRET_KEY", "pay/index.ts:2")]
    assert not found.unnamed


@pytest.mark.parametrize(
    "line", ["const { KEY } = Deno.env.toObject();", "const key = Deno.env.get(names.key);", "Deno.env.get(name)"]
)
def test_what_is_read_by_another_name_is_not_known(line: str) -> None:
    assert reads_of({"index.ts": f"\n{line}"}).unnamed == ("index.ts:2",)


def test_functions_that_are_seen_to_read_nothing_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "supabase/functions/hello").mkdir(parents=True)
    (tmp_path / "supabase/functions/hello/index.ts").write_text('Deno.serve(() => new Response("hello"));')

    with pytest.raises(Unobservable, match="is seen to read a secret"):
        read_needed(tmp_path)


def test_a_checkout_without_functions_says_nothing(tmp_path: Path) -> None:
    with pytest.raises(Unobservable, match="holds no function"):
        read_needed(tmp_path)
