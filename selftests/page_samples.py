"""Tellings to make pages of: small ones with every outcome, hostile ones, large ones."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from reports.check_files import CheckFile, check_files
from reports.page import page
from reports.page.sections import SECTIONS
from reports.past.history import Past, PastCase, PastRun
from reports.telling import Telling
from reports.verdicts import OUTCOMES, Verdict
from selftests.report_samples import HOSTILE, one_of_each, report, verdict, violated

ROOT = Path(__file__).parents[1]
BEFORE = "2026-11-21T09:00:00+00:00"
FAMILIES = ("authentication", "database", "health", "migrations", "payments", "row_security", "tenants")


def telling(
    *verdicts: Verdict, missing: tuple[str, ...] = (), run: dict[str, Any] | None = None, **fields: Any
) -> Telling:
    """What a writer is given of these verdicts; `run` replaces fields of the run, `fields` those of the telling."""
    made = report(*verdicts, missing=missing, **(run or {}))
    given: dict[str, Any] = {"report": made, "directory": Path("reports/out")}
    return Telling(**(given | fields))


def runbook_alone(sample: Telling, folder: Path) -> Path:
    """The page with the first screen and the runbook only: what the pictures do is told elsewhere."""
    made = folder / "index.html"
    made.write_text(page(sample, SECTIONS[:1]), encoding="utf-8")
    return made


@cache
def runbook() -> tuple[CheckFile, ...]:
    """All checks of this checkout."""
    return tuple(check_files(ROOT))


def every_outcome(**fields: Any) -> Telling:
    """A verdict of each outcome, a missing case, and the whole runbook, of which most was not run."""
    given: dict[str, Any] = {"missing": ("applied_unchanged[edited-base]",), "runbook": runbook(), "past": before()}
    return telling(*one_of_each(), **(given | fields))


def all_green(**fields: Any) -> Telling:
    """Everything held."""
    return telling(
        *(verdict(check=check.check, case="", file=check.file) for check in runbook()), runbook=runbook(), **fields
    )


def unseen(**fields: Any) -> Telling:
    """Nothing is broken, and two cases are blind for one reason."""
    blind = [verdict("blind", case=case, message="DATABASE_URL is not set: export it") for case in ("a", "b")]
    return telling(verdict(), *blind, **fields)


def died() -> Telling:
    """A run that ended before anything was judged."""
    return telling(run={"reason": "the run's deadline of 60 s passed", "exit": 10, "word": "CANNOT SEE"})


def hostile() -> Telling:
    """Everything that comes from outside, as somebody hostile would answer it."""
    breakouts = f"</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)> ' \" {HOSTILE}"
    found = violated(
        check="evil</script>",
        case=f"{breakouts}&%zz#,=",
        message=f"{breakouts} {'long ' * 200_000}",
        subjects=(breakouts, "x" * 100_000),
        evidence={breakouts: [{"a": breakouts, "b": 1}, {"a": None}], "deep": [[[[[[[[breakouts]]]]]]]]},
        promise=breakouts,
        means=breakouts,
        contain=breakouts,
        fix=breakouts,
        runbook=(breakouts,),
    )
    blind = verdict("blind", case="b", message=breakouts)
    environment = {"environment": breakouts, "commit": breakouts, "reason": breakouts, "notes": (breakouts,)}
    return telling(found, blind, missing=(breakouts,), run=environment)


def many(number: int, loud: bool = False) -> Telling:
    """So many verdicts, twenty a check, every ninth not green; `loud`: all of them violated."""
    return telling(*_many(number, loud))


def _many(number: int, loud: bool) -> Iterator[Verdict]:
    for at in range(number):
        check = f"promise_{at // 20:04}"
        file = f"checks/{FAMILIES[at // 20 % len(FAMILIES)]}/{check}.py"
        outcome = "violated" if loud else OUTCOMES[at // 9 % len(OUTCOMES)] if at % 9 == 0 else "verified"
        found = {"subjects": (f"public.t{at}",), "message": f"public.t{at} is open"} if outcome != "verified" else {}
        yield verdict(
            outcome, check=check, case=f"case-{at}", file=file, evidence={"looked_at": {"tables": at}}, **found
        )


def before() -> Past:
    """An earlier run of production, in which one table was open already, another too, and all could be seen."""
    cases = {
        "rls_enabled[environment]": past_case("violated"),
        "endpoint_healthy[api]": past_case("violated"),
        "migration_status[unknown]": past_case("verified"),
        "auth_in_effect": past_case("verified"),
    }
    run = PastRun(
        environment="production",
        kind="production",
        lanes=("prod-smoke",),
        commit="a1b2c3d4e5f6",
        started=BEFORE,
        seconds=3.9,
        exit=1,
        word="HOLD",
        totals={"verified": 10, "violated": 2},
        families={"row_security": {"violated": 1}, "health": {"violated": 1}},
        violated=("rls_enabled[environment]", "endpoint_healthy[api]"),
        blind=(),
    )
    return Past(runs=(run,), cases={"production": cases})


def past_case(outcome: str) -> PastCase:
    """A case of the earlier run."""
    return PastCase(outcome=outcome, since=BEFORE, verified=BEFORE if outcome == "verified" else None, commit="a1b2c3d")
