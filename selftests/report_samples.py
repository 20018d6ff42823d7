"""Small reports to write and read: one verdict of each outcome, with the texts of a real check."""

from typing import Any

from reports.verdicts import Outcome, Report, Run, Verdict, Waived, exit_code, word

# What a hostile database or web server might answer: terminal, XML, Markdown, GitHub Actions and Unicode at once.
HOSTILE = (
    "a\x00b\x1b[31mred\x1b]0;title\x07\x9b2J\u202eevil\ud800 <script>|`x`| @octocat #1 [l](http://x) ]]>\n::error::boo"
)
UNSET = "DATABASE_URL is not set: export it"


def verdict(outcome: Outcome = "verified", **fields: Any) -> Verdict:
    """A verdict on ``rls_enabled[environment]``; `fields` replace its own."""
    defaults: dict[str, Any] = {
        "check": "rls_enabled",
        "case": "environment",
        "runbook": ("RLS-1",),
        "lanes": ("pre-deploy", "prod-smoke"),
        "severity": "critical",
        "outcome": outcome,
        "promise": "Row-level security is on for every table the API can reach.",
        "means": "anyone reads every row.",
        "confirm": 'psql "$DATABASE_URL" -f tables.sql',
        "contain": "revoke all on <table> from anon;",
        "fix": "alter table <table> enable row level security;",
        "file": "checks/row_security/rls_enabled.py",
        "line": 7,
        "observed_ms": 12.5,
        "began": "2026-11-22T10:00:01+00:00",
    }
    return Verdict(**(defaults | fields))


def violated(**fields: Any) -> Verdict:
    """Two tables without row-level security."""
    found: dict[str, Any] = {"message": "row-level security is off", "subjects": ("public.invoices", "public.plans")}
    return verdict("violated", **(found | fields))


def waived(**fields: Any) -> Verdict:
    """A table that may stay as it is until the end of the year."""
    waiver = Waived(subjects=("public.plans",), reason="prices are public", until="2026-12-31")
    return verdict("waived", **({"waiver": waiver, "case": "replayed"} | fields))


def one_of_each() -> tuple[Verdict, ...]:
    """Six verdicts, one of each outcome."""
    return (
        verdict(check="endpoint_healthy", case="api", runbook=("HLTH-1",), file="checks/health/endpoint_healthy.py"),
        violated(),
        verdict("blind", check="migration_status", case="unknown", severity="high", message=UNSET),
        verdict("crashed", check="signup_trigger", case="", severity="low", message="KeyError: 'oid'"),
        waived(),
        verdict("inapplicable", check="rollback_candidate", case="domains", message="no custom domain is declared"),
    )


def report(*verdicts: Verdict, missing: tuple[str, ...] = (), **run: Any) -> Report:
    """A report of `verdicts`, its exit code computed; `run` replaces fields of the run."""
    code = exit_code(verdicts, missing)
    defaults: dict[str, Any] = {
        "environment": "production",
        "kind": "production",
        "lanes": ("prod-smoke",),
        "commit": "0123abc",
        "started": "2026-11-22T10:00:00+00:00",
        "seconds": 4.23,
        "versions": {"pytest": "9.2.0"},
        "exit": code,
        "word": word(code),
    }
    return Report(run=Run(**(defaults | run)), verdicts=verdicts, missing=missing)
