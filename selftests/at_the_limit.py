"""What no fault of the sandbox can hit: facts that stand exactly at a limit, or one step aside of what a fault makes.

A check that compares with what is declared has to say which side the limit itself is on, and a check with two things
to say has to say either alone. A fact here has only the fields that its check reads.
"""

from collections.abc import Sequence
from typing import Any

from selftests.limits import Fact, at, beyond


def _points(**fields: Any) -> Fact:
    usual = {"project_days": 90, "oldest_days": 30.0, "gap_hours": 1.0, "newest_hours": 1.0, "point_in_time": False}
    return Fact(**{**usual, **fields})


def _rates(since: int, per_minute: float) -> Fact:
    quiet = Fact(errors=1, per_minute=1.0, minutes=60)
    return Fact(before=quiet, since=Fact(errors=since, per_minute=per_minute, minutes=60), least=10, ratio=2.0)


def _session(**fields: Any) -> Fact:
    usual = {"is_client": True, "state": "idle in transaction", "state_seconds": 60.0, "subject": "app", "pid": 1}
    return Fact(sessions=(Fact(**{**usual, **fields}),))


def _function(**fields: Any) -> tuple[Fact]:
    usual = {"slug": "f", "requests": 100, "failed": 6, "failed_share": 0.06, "average_ms": 100}
    return (Fact(**{**usual, **fields}),)


def _edge(**fields: Any) -> Fact:
    return Fact(**{"coming": False, "missing": False, "foreign": False, "deployed": None, **fields})


def _table(**fields: Any) -> Fact:
    return Fact(**{"subject": "public.plans", "rls_enabled": False, "writers": (), **fields})


def _key(**fields: Any) -> Fact:
    return Fact(**{"id": "k", "status": "in_use", "algorithm": "ES256", **fields})


def _signup(**fields: Any) -> Fact:
    usual = {"exists": True, "triggers": ("t",), "security_definer": False, "barred": (), "search_path": "", "lost": ()}
    return Fact(**{**usual, "owner": "postgres", **fields})


def _endpoints(enabled: Sequence[str], off: Sequence[str]) -> Fact:
    sent, others = (tuple(Fact(types=(kind,)) for kind in kinds) for kinds in (enabled, off))
    return Fact(enabled=sent, ours=(*sent, *others))


def _road(**fields: Any) -> Fact:
    return Fact(**{"is_open": True, "encrypted": True, "sslmode": "verify-full", "read_only": True, **fields})


PAID = Fact(types=("paid",), places={"paid": "index.ts:1"})
LIMITS = Fact(idle_in_transaction_seconds=60.0, connections_share=0.5)
FUNCTIONS = Fact(few_failures=5, failed_share=0.05, average_ms=100, boot_ms=100)
DECLARED = Fact(days=7, hours=26)
AT_THE_LIMIT = [
    at("connections_free", "the share", bounds=(Fact(used=50, most=100, subject="server"),), database_limits=LIMITS),
    at("room_left", "the limit", stores=(Fact(used=5, limit=5, most=9, subject="s", unit="", detail=""),)),
    at("transactions_end", "the time", activity=_session(), database_limits=LIMITS),
    at("transactions_end", "no transaction", activity=_session(state="idle", state_seconds=61), database_limits=LIMITS),
    at(
        "transactions_end",
        "not a client's",
        activity=_session(is_client=False, state_seconds=61),
        database_limits=LIMITS,
    ),
    at("transactions_end", "of unknown age", activity=_session(state_seconds=None), database_limits=LIMITS),
    at("certificate_valid", "the days", property_="lasting", shown_certificate=Fact(days_left=14, least_days=14)),
    at("errors_rare", "as many as are allowed", log_window=Fact(errors=3, allowed=3)),
    at("errors_usual", "as often as is usual", error_rates=_rates(10, 2.0)),
    at("errors_usual", "often, and too few to say", error_rates=_rates(9, 9.0)),
    beyond("errors_usual", "as few as can be said", error_rates=_rates(10, 2.1)),
    at("sessions_crash_free", "the floor", sessions_ended=Fact(total=50, least=50, crash_free=99.0, floor=99.0)),
    at("sessions_crash_free", "too few to say", sessions_ended=Fact(total=49, least=50, crash_free=1.0, floor=99.0)),
    beyond(
        "sessions_crash_free",
        "as few as can be said",
        sessions_ended=Fact(total=50, least=50, crash_free=98.9, floor=99.0, by_status={}, hours=24),
    ),
    at("events_prompt", "the share", webhook_lag=Fact(late=5, least=5, share=0.05, arrived=100)),
    at("events_prompt", "too few to say", webhook_lag=Fact(late=4, least=5, share=0.05, arrived=4)),
    beyond(
        "events_prompt",
        "as few as can be said",
        webhook_lag=Fact(late=5, least=5, share=0.05, arrived=99, limit=60, slowest=61, first=()),
    ),
    at("payments_succeed", "the share", payments=Fact(failed=5, least=5, share=0.2, limit=0.2)),
    at("payments_succeed", "too few to say", payments=Fact(failed=4, least=5, share=0.9, limit=0.2)),
    beyond(
        "payments_succeed",
        "as few as can be said",
        payments=Fact(failed=5, least=5, share=0.3, limit=0.2, paid=9, invoices=()),
    ),
    at("cold_starts_fast", "the time", cold_starts=Fact(p95_ms=100), function_budget=FUNCTIONS),
    at(
        "endpoints_fast",
        "the times",
        timings=Fact(budget=Fact(p50=100, p95=300), percentile=lambda share: 100 if share == 0.5 else 300),
    ),
    at(
        "functions_fast",
        "few failures",
        function_statistics=_function(failed=5),
        function_budget=FUNCTIONS,
        rule="failures",
    ),
    at(
        "functions_fast",
        "the share",
        function_statistics=_function(failed_share=0.05),
        function_budget=FUNCTIONS,
        rule="failures",
    ),
    at("functions_fast", "the time", function_statistics=_function(), function_budget=FUNCTIONS, rule="duration"),
    at("functions_start", "few failures", function_boots=Fact(failures=5), function_budget=FUNCTIONS),
    at("pages_fast", "the floor", lighthouse_scores=(Fact(score=0.9, floor=0.9, path="/"),)),
    at(
        "backups_kept",
        "a project as old as what is kept",
        restore_points=_points(project_days=7, oldest_days=1),
        retention_declared=DECLARED,
    ),
    at(
        "backups_kept",
        "a day less, for the hour of the day",
        restore_points=_points(oldest_days=6),
        retention_declared=DECLARED,
    ),
    at("backups_kept", "the gap", restore_points=_points(gap_hours=26), retention_declared=DECLARED),
    at(
        "backups_recent",
        "a project as old as its first backup is due",
        restore_points=_points(newest_hours=None, project_days=26 / 24),
        retention_declared=DECLARED,
    ),
    at("backups_recent", "the hours", restore_points=_points(newest_hours=26), retention_declared=DECLARED),
    at(
        "backups_recent",
        "the days",
        restore_points=_points(newest_hours=168, point_in_time=True),
        retention_declared=DECLARED,
    ),
    at("api_keys_young", "the days", dated_keys=(Fact(days=90),), oldest_key_days=90),
    at("api_keys_young", "of unknown age", dated_keys=(Fact(days=None),), oldest_key_days=90),
    at("auth_rate_limits", "the most", rate_limit=Fact(used=True, value=30, most=30)),
    at(
        "signing_keys_sound",
        "the days",
        signing_keys=(Fact(status="in_use", days=365),),
        oldest_key_days=365,
        rule="young",
    ),
    beyond("auth_answers", "ill, under its own name", auth_service=Fact(status=503, name="GoTrue")),
    at("functions_deployed", "coming, and there", edge_functions=(_edge(coming=True),), rule="released"),
    beyond(
        "functions_deployed", "coming, and foreign", edge_functions=(_edge(coming=True, foreign=True),), rule="released"
    ),
    beyond("services_healthy", "no word but its status", service_health=Fact(status="UNHEALTHY", healthy=None)),
    beyond("leaves_nothing", "it fails, and leaves nothing", reversal=Fact(failed="line 1", judged=(), leftovers=())),
    at("chunks_known", "half of it", contents=(Fact(map="a.js.map", known=0.5, file="a.js"),)),
    beyond("chunks_known", "known without a map", contents=(Fact(map=None, known=1.0, file="a.js"),)),
    at("promotion_finished", "done", vercel_project=Fact(last_release=Fact(status="succeeded"))),
    at("nothing_around", "refuted by trying", ways_around=(Fact(tried="refuted"),)),
    at(
        "policies_sound",
        "refuted by trying",
        unsound_policies=(Fact(tried="refuted", rule="write-check"),),
        rule="write-check",
    ),
    at("rls_enabled", "declared public, and read only", exposed_tables=(_table(),), public_tables=("public.plans",)),
    beyond(
        "rls_enabled",
        "declared public, and written",
        exposed_tables=(_table(writers=("anon",)),),
        public_tables=("public.plans",),
    ),
    at("signing_keys_published", "a secret is not", signing_keys=(_key(algorithm="HS256"),), key_set=()),
    at("signing_keys_published", "published", signing_keys=(_key(),), key_set=("k",)),
    at("signing_keys_published", "no more", signing_keys=(_key(status="revoked"),), key_set=()),
    beyond("signing_keys_published", "still", signing_keys=(_key(status="revoked"),), key_set=("k",)),
    at("signup_trigger", "the caller's own path", signups=(_signup(search_path=None),), rule="search-path"),
    at(
        "events_subscribed",
        "by one that is off, as all are",
        our_endpoints=_endpoints((), ["paid"]),
        handled_events=PAID,
    ),
    beyond(
        "events_subscribed", "by one that is off", our_endpoints=_endpoints(["left"], ["paid"]), handled_events=PAID
    ),
    beyond("roads_open", "read-only, and it writes", road=_road(read_only=False)),
    at("ssl_enforced", "nobody asked for it", ssl_enforcement=Fact(enforced=False, applied=False), ssl_declared=False),
    beyond("webhook_idempotent", "another's", effect=Fact(last=(200,), again=(200,), is_applied=True, ours=False)),
    beyond(
        "webhook_ignores_unknown",
        "accepted, and done",
        effect=Fact(last=(200,), is_applied=False, told=""),
        wanted=(200, 299),
    ),
    beyond("webhook_verifies_first", "a row", forged=Fact(rows=1, stored=0, answer=400)),
    beyond("webhook_verifies_first", "the event", forged=Fact(rows=0, stored=1, answer=400)),
]
