"""What is read in the code of a webhook handler: its events, its files, and the version of the API that it speaks."""

from pathlib import Path

import pytest

from fixtures import Unobservable
from fixtures.events.handler_source import handled_in
from fixtures.events.handler_versions import read_versions, with_sdk
from fixtures.events.imports import source_files
from fixtures.stripe.versions import NODE_SDKS, api_versions, event_types, sdk_default

FUNCTION = "handle-stripe-webhook"
NEWEST = "2026-10-28.endive"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "supabase/functions" / FUNCTION).mkdir(parents=True)
    return tmp_path


def wrote(checkout: Path, **files: str) -> dict[str, str]:
    """The handler's files after these were written: `index` is index.ts, a path begins at the functions' folder."""
    for name, text in files.items():
        path = name if "/" in name else f"{FUNCTION}/{name}.ts"
        file = checkout / "supabase/functions" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return source_files(checkout, f"supabase/functions/{FUNCTION}")


@pytest.mark.parametrize(
    "code",
    [
        'switch (event.type) { case "invoice.paid": case "charge.refunded": run() }',
        'if (event.type === "invoice.paid") run(); else if ("charge.refunded" == event.type) stop();',
        'const handlers = { "invoice.paid": run, "charge.refunded": stop };',
        'const types = new Set<string>(["invoice.paid", `charge.refunded`]);',
        'enum Kind { Paid = "invoice.paid", Refunded = "charge.refunded" }',
        'if (type.endsWith(".refunded")) stop(); const types = ["charge.refunded", "invoice.paid"];',
    ],
    ids=["switch", "comparison", "map", "set", "enum", "and-an-end"],
)
def test_types_are_read_however_the_code_is_written(code: str) -> None:
    found = handled_in({"index.ts": f"// one line\n{code}"})

    assert found.types == ("charge.refunded", "invoice.paid")
    assert set(found.places.values()) == {"index.ts:2"}


@pytest.mark.parametrize(
    "code",
    [
        '// case "invoice.paid":',
        "const said = 'invoice.paid and others'; const name = \"stripe.js\";",
        'if (event.type.startsWith("invoice.")) run();',
        'if (event.type.startsWith("invoice.")) run(); else if (event.type === "charge.refunded") stop();',
        "await handlers[event.type]?.(event);",
    ],
    ids=["comment", "prose", "beginning", "beginning-and-more", "no-name"],
)
def test_what_the_code_does_not_say_is_not_guessed(code: str) -> None:
    with pytest.raises(Unobservable, match=r"say events in \[stripe\]"):
        handled_in({"index.ts": code})


def test_imported_files_are_part_of_the_handler_and_tests_are_not(checkout: Path) -> None:
    files = {
        "index": 'import { a } from "./a.ts"; import { b } from "../_shared/b"; import { c } from "@shared/c.ts";'
        ' export * from "npm:x"; import Stripe from "stripe"; const d = await import("../_shared/deep/index.ts");',
        "a": "export const a = 1;",
        "index.test": 'const fake = "charge.refunded"; import x from "./not-there.ts";',
        "_shared/b.ts": 'import { e } from "./deep/e.ts"; export const b = e;',
        "_shared/c.ts": "export const c = 1;",
        "_shared/deep/e.ts": "export const e = 1;",
        "_shared/deep/index.ts": "export const d = 1;",
        "_shared/unused.ts": "export const unused = 1;",
        "../functions/deno.json": '{ "imports": { "@shared/": "./_shared/", "stripe": "npm:stripe@23.1.0" } }',
    }

    found = wrote(checkout, **files)

    assert sorted(Path(path).name for path in found) == ["a.ts", "b.ts", "c.ts", "e.ts", "index.ts", "index.ts"]


@pytest.mark.parametrize(
    "said", ['"./gone.ts"', '"../_shared/gone"', '"@/lib/gone.ts"', '"@shared/gone.ts"', '"../../../../out.ts"']
)
def test_an_import_that_is_not_found_is_told(said: str, checkout: Path) -> None:
    with pytest.raises(Unobservable, match=r"handle-stripe-webhook/index\.ts:2 imports .* not found in the checkout"):
        wrote(checkout, index=f"// first\nimport {{ x }} from {said};")


def test_an_import_that_is_not_written_there_is_told(checkout: Path) -> None:
    with pytest.raises(Unobservable, match="imports what is not written there"):
        wrote(checkout, index="const handler = await import(`./${type}.ts`);")


@pytest.mark.parametrize("where", ["src/app/api/stripe", "src/app/api/stripe/"])
def test_a_handler_may_be_anywhere_in_the_checkout(where: str, checkout: Path) -> None:
    file = checkout / "src/app/api/stripe/route.ts"
    file.parent.mkdir(parents=True)
    file.write_text('if (event.type === "invoice.paid") run();')

    assert handled_in(source_files(checkout, where)).places == {"invoice.paid": "src/app/api/stripe/route.ts:1"}
    with pytest.raises(Unobservable, match="holds no code"):
        source_files(checkout / "src", "..")


def test_a_function_that_there_is_not_is_told(checkout: Path) -> None:
    with pytest.raises(Unobservable, match="holds no code: name the function"):
        source_files(checkout, "supabase/functions/another")


MADE = {
    "pinned": (f'import Stripe from "npm:stripe@23.1.0"; new Stripe(key, {{ apiVersion: "{NEWEST}" }});', NEWEST),
    "cast": (f'import Stripe from "npm:stripe@23.1.0"; new Stripe(key, {{ apiVersion: "{NEWEST}" as any }});', NEWEST),
    "constant": (
        f'import Stripe from "npm:stripe@23.1.0"; const V = "{NEWEST}"; new Stripe(k, {{ apiVersion: V }});', NEWEST,
    ),
    "options": (
        f'import Stripe from "npm:stripe@22.6.1"; const o = {{ apiVersion: "{NEWEST}" }}; new Stripe(key, o);', NEWEST,
    ),
    "sdk": ('import Stripe from "npm:stripe@17.4.0"; new Stripe(key);', "2024-11-20.acacia"),
    "between": ('import Stripe from "npm:stripe@20.2.1"; new Stripe(k, { timeout: 1 });', "2025-12-15.clover"),
    "another-name": ('import Billing from "npm:stripe@23.1.0"; new Billing(key);', NEWEST),
    "alias": ('import { Stripe as S } from "npm:stripe@23.1.0"; new S(key);', NEWEST),
    "esm.sh": ('import Stripe from "https://esm.sh/stripe@18.2.0?target=deno"; new Stripe(key);', "2025-05-28.basil"),
}  # fmt: skip


@pytest.mark.parametrize("made", MADE)
def test_the_version_is_what_is_pinned_or_what_the_sdk_speaks(made: str, checkout: Path) -> None:
    code, version = MADE[made]

    (found,) = read_versions(checkout, wrote(checkout, index=code))

    assert (found.version, found.genuine) == (version, True)
    assert found.pinned == ("apiVersion" in code)
    assert with_sdk((found,))


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("deno.json", '{ "imports": { "stripe": "npm:stripe@23.1.0" } }'),
        ("import_map.json", '{ "imports": { "stripe": "https://esm.sh/stripe@23.1.0?target=denonext" } }'),
        ("package.json", '{ "dependencies": { "stripe": "23.1.0" } }'),
    ],
)
def test_the_release_is_looked_up_where_the_import_goes_by(file: str, text: str, checkout: Path) -> None:
    (checkout / "supabase/functions" / file).write_text(text)

    (found,) = read_versions(checkout, wrote(checkout, index='import Stripe from "stripe"; new Stripe(key);'))

    assert (found.release, found.sdk) == ("23.1.0", NEWEST)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("2024-11-20", "2024-11-20.acacia"), ("2026-10-28.clover", NEWEST), ("2024-11-21", None)],
)
def test_a_version_that_there_is_not_names_the_one_that_is_meant(said: str, meant: str | None, checkout: Path) -> None:
    code = f'import Stripe from "npm:stripe@23.1.0"; new Stripe(key, {{ apiVersion: "{said}" }});'

    (found,) = read_versions(checkout, wrote(checkout, index=code))

    assert (found.genuine, found.meant) == (False, meant)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ('new Stripe(key, { apiVersion: Deno.env.get("V") });', "which apiVersion it pins is not written there"),
        ("new Stripe(key, { ...options });", "which apiVersion it pins is not written there"),
        ("new Stripe(key, options());", "which apiVersion it pins is not written there"),
        ('new Stripe(key, { apiVersion: "2031-01-31.hibiscus" });', "newer than the SDK of this suite"),
        ("const stripe = null;", "no `new Stripe"),
        ('import Stripe from "npm:stripe@22"; new Stripe(key);', "which one stripe@22 speaks is not known"),
        ('import Stripe from "npm:stripe@99.0.0"; new Stripe(key);', "which one stripe@99.0.0 speaks is not known"),
    ],
)
def test_a_version_that_is_not_known_is_told(code: str, told: str, checkout: Path) -> None:
    with pytest.raises(Unobservable, match=told):
        read_versions(checkout, wrote(checkout, index=code))


def test_a_release_without_a_known_version_leaves_the_sdk_open(checkout: Path) -> None:
    code = f'import Stripe from "npm:stripe@^23"; new Stripe(key, {{ apiVersion: "{NEWEST}" }});'
    found = read_versions(checkout, wrote(checkout, index=code))

    with pytest.raises(Unobservable, match="which version of the API that release was made for is not known"):
        with_sdk(found)


def test_every_version_of_the_table_is_one_that_stripe_has() -> None:
    assert set(NODE_SDKS.values()) <= api_versions()
    assert sdk_default("12.3.0") == "2022-11-15"
    assert [sdk_default(release) for release in ("11.13.0", "23.2.0", "24.0.0", "23", "next")] == [None] * 5


def test_the_lists_of_the_sdk_are_found() -> None:
    assert NEWEST in api_versions()
    assert "2024-11-20" not in api_versions()
    assert {"invoice.paid", "customer.subscription.deleted"} <= event_types()
    assert "*" not in event_types()
