"""Ocean's handler exists twice, in the sandbox's Python and in TypeScript, and the checks say the same of both.

The latter is run by Deno with Stripe's and Supabase's own libraries. Mistakes are written into it, and are found as
the same mistakes of the former are, by the rows of sandbox/faults that they are named after.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.services.supabase.deno import LIBRARIES, NoDeno, deno, variables
from sandbox.services.supabase.functions import IN_DENO
from selftests.fault_reach import all_faults
from selftests.running_sandbox import Sandbox, sandbox
from selftests.voyage import HOUSE, Voyage, run

FUNCTION = Path("supabase/functions/handle-stripe-webhook")
CHECKS = {
    name: f"checks/payments/{name}.py"
    for name in (
        "webhook_answers_itself", "webhook_accepts_signed", "webhook_refuses_forgery", "webhook_idempotent",
        "webhook_order_safe", "webhook_ignores_unknown", "webhook_verifies_first", "subscribing_works",
    )
}  # fmt: skip
SIGNED = ("webhook_accepts_signed", "webhook_refuses_forgery")
MISTAKES = {
    "webhook-accepts-future": (SIGNED, "index.ts", {"if (isFromTheFuture(header)) return null;": ""}),
    "webhook-ignores-age": (SIGNED, "index.ts", {"secret, TOLERANCE_SECONDS, crypto": "secret, 0, crypto"}),
    "webhook-one-secret": (SIGNED, "index.ts", {'  Deno.env.get("STRIPE_WEBHOOK_SECRET_PREVIOUS"),\n': ""}),
    "webhook-by-second": (
        ("webhook_order_safe",),
        "effects.ts",
        {
            'if (event.type.endsWith(".created")) return older;': "",
            'if (event.type.endsWith(".deleted")) return': "return",
        },
    ),
    "webhook-strictly-newer": (
        ("webhook_order_safe",),
        "effects.ts",
        {'if (event.type.endsWith(".created")) return older;': "return older;"},
    ),
    "webhook-ends-any": (
        ("webhook_order_safe",),
        "effects.ts",
        {"if (!SERVED.includes(said.status)) {": "if (false) {"},
    ),
    "webhook-stored-is-done": (
        ("webhook_idempotent",),
        "events.ts",
        {"if (known.processed_at) return null;": "if (known.processed_at || known.attempts) return null;"},
    ),
    "webhook-swallows": (
        ("webhook_idempotent",),
        "events.ts",
        {'return "the event could not be carried out";': "return null;"},
    ),
    "webhook-stores-first": (
        ("webhook_verifies_first",),
        "index.ts",
        {"  if (body === null) return": "  if (body) await handle(JSON.parse(body));\n  if (body === null) return"},
    ),
    "webhook-known-types-only": (
        ("webhook_ignores_unknown", "webhook_accepts_signed"),
        "effects.ts",
        {'case "invoice.paid":': 'default:\n      throw new Error("no branch");\n    case "invoice.paid":'},
    ),
}


@pytest.fixture
def ocean() -> Iterator[Sandbox]:
    _demand_deno()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(IN_DENO, "deno")
        with sandbox() as started:
            yield started


def test_the_function_is_accepted_by_every_check_as_the_sandbox_s_own_is(ocean: Sandbox, tmp_path: Path) -> None:
    voyage = _judged(ocean, tmp_path, *CHECKS)

    assert voyage.exit == 0, voyage.output
    assert len(voyage.ids("verified")) == len(voyage.verdicts) >= 40


@pytest.mark.parametrize("row", MISTAKES)
def test_a_mistake_in_typescript_is_found_as_its_twin_is(row: str, ocean: Sandbox, tmp_path: Path) -> None:
    checks, file, changes = MISTAKES[row]
    source = Path(ocean.variables["OCEAN_CHECKOUT"]) / FUNCTION / file
    right = source.read_text(encoding="utf-8")
    try:
        source.write_text(_changed(right, changes), encoding="utf-8")
        voyage = _judged(ocean, tmp_path, *checks)
    finally:
        source.write_text(right, encoding="utf-8")

    twin = all_faults()[row]
    assert voyage.ids("violated") == _of(checks, twin.violates), voyage.output
    assert voyage.ids("blind") == _of(checks, twin.blinds), voyage.output
    assert voyage.ids("violated")


def test_the_function_is_sound_typescript() -> None:
    _demand_deno()
    source = HOUSE / "sandbox" / "ocean" / FUNCTION / "index.ts"
    done = subprocess.run(
        [deno(), "check", "--quiet", "--cached-only", str(source)],
        env=variables(), cwd=source.parent, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr


def _demand_deno() -> None:
    try:
        deno()
    except NoDeno as problem:
        pytest.skip(str(problem))
    if not (LIBRARIES / "fetched").exists():
        pytest.skip(
            "the libraries of Ocean's Edge Function are not here, because npm could not be reached: make functions"
        )


def _judged(ocean: Sandbox, folder: Path, *checks: str) -> Voyage:
    files = [CHECKS[check] for check in checks]
    command = [sys.executable, "-m", "pytest", *files, "--report", str(folder), "-o", f"cache_dir={folder / 'cache'}"]
    return run(command, folder, 120, ocean.variables)


def _changed(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        assert text.count(old) == 1, f"{old!r} is not there once"
        text = text.replace(old, new)
    return text


def _of(checks: tuple[str, ...], cases: list[str]) -> set[str]:
    return {case for case in cases if case.partition("[")[0] in checks}
