"""DOC-1: commands, SQL and addresses that mislead are found, and those that only look so are not."""

import pytest

from fixtures.commands import Command
from fixtures.commands.documents import Block
from fixtures.commands.links import flaw_of, links_in
from fixtures.commands.meaning import NAMES, misread_in
from fixtures.commands.shell import commands_in


def typed(text: str) -> list[Command]:
    return list(commands_in(Block(file="r.md", line=1, kind="shell", text=text)))


WRONG = {
    "migration list": ("target", "supabase migration list"),
    "db reset --linked": ("remote-loss", "supabase db reset --linked"),
    "db reset --no-seed": ("remote-loss", "supabase db reset --no-seed"),
    "renaming": ("history", "./scripts/fix-migration-names.sh"),
    "echo a secret": ("shows-secret", "echo $STRIPE_WEBHOOK_SECRET"),
    "echo a key": ("shows-secret", 'echo "$VITE_SUPABASE_PUBLISHABLE_KEY"'),
    "cat a file of secrets": ("shows-secret", "cat .env.local | grep STRIPE"),
    "a password typed": ("typed-password", 'psql "postgresql://user:passw0rd1@x.neon.tech/neondb"'),
    "no certificate looked at": ("unverified", 'psql "postgresql://user@x.neon.tech/neondb?sslmode=require"'),
    "curl of a page": ("curl-fails", "curl https://ocean.example/health"),
    "curl of GraphQL": ("graphql", 'curl -w "@curl-format.txt" https://ocean.example/api/graphql'),
    "introspection without a key": ("graphql", "curl -i https://x.supabase.co/functions/v1/graphql-v2 -d '{}'"),
    "one page of projects": ("all-pages", "curl https://console.neon.tech/api/v2/projects"),
    "the listener's secret": ("stripe-secret", "stripe listen --forward-to localhost:3000/x"),
    "a second item": ("stripe-item", 'stripe subscriptions update sub_1 -d "items[0][price]=p"'),
    "the wrong mode": ("stripe-mode", "stripe subscriptions cancel sub_1"),
    "development values": ("vercel-environment", "vercel env pull"),
    "standard error": ("docker-logs", "docker logs supabase_db_ocean --tail 100 | grep ERROR"),
    "a hotfix branch": ("branch", "git push origin hotfix/login"),
    "a reset of a project": ("remote-loss", "supabase db reset --project-ref prod"),
    "migrations by a flag that went": ("target", "supabase migration up --project-ref prod-ref"),
    "an assigned password": ("typed-password", "PGPASSWORD=abc123def psql -h db -c 'select 1'"),
    "a typed key": ("typed-password", "supabase secrets set STRIPE_SECRET_KEY=sk_live_0123456789abcdef"),
    "base64 hides nothing": ("shows-secret", "echo $STRIPE_WEBHOOK_SECRET | base64"),
    "only said to be read-only": ("remark", "psql $PRODUCTION_DATABASE_URL  # (read-only)"),
    "promoted for rolled back": ("remark", "# Roll back:\nvercel promote [deployment-id]"),
    "a general flag before": ("remote-loss", "supabase --debug --workdir x db reset --linked"),
    "a token before": ("vercel-environment", "vercel --token $T env pull"),
    "a context before": ("docker-logs", "docker --context x logs db | grep ERROR"),
    "a folder before": ("branch", "git -C ocean push origin hotfix/x"),
    "a key before": ("stripe-item", 'stripe --api-key $K subscriptions update s -d "items[0][price]=p" --live'),
    "by pnpm": ("remote-loss", "pnpm exec supabase db reset --linked"),
    "by pnpm alone": ("remote-loss", "pnpm supabase db reset --linked"),
    "in another shell": ("remote-loss", 'bash -c "supabase db reset --linked"'),
    "in a container": ("sql", """docker exec -it -u postgres supabase_db_ocean psql -c "select auth.uid()\""""),
    "local volumes": ("remote-loss", "supabase stop --no-backup"),
    "by force": ("branch", "git push --force origin main"),
    "migrations removed": ("history", "rm -rf supabase/migrations"),
    "a feature branch": ("branch", "git push origin feature/migration"),
}
RIGHT = {
    "a named target": ("target", "supabase migration list --remote=abc"),
    "a local reset": ("remote-loss", "supabase db reset"),
    "a length": ("shows-secret", "echo ${#STRIPE_WEBHOOK_SECRET}"),
    "a fingerprint": ("shows-secret", 'printf %s "$STRIPE_WEBHOOK_SECRET" | sha256sum'),
    "the example": ("shows-secret", "cat .env.example"),
    "a variable": ("typed-password", 'psql "postgresql://user:$PGPASSWORD@h/db"'),
    "verified": ("unverified", 'psql "postgresql://user@h/db?sslmode=verify-full"'),
    "fails": ("curl-fails", "curl -fsS https://ocean.example/health"),
    "shows the status": ("curl-fails", "curl --include https://ocean.example/health"),
    "a query": ("graphql", """curl -i https://ocean.example/api/graphql --json '{"query":"{ a }"}'"""),
    "pages": ("all-pages", "curl 'https://console.neon.tech/api/v2/projects?org_id=o&limit=400'"),
    "an item": ("stripe-item", 'stripe subscriptions update s -d "items[0][id]=i" -d "items[0][price]=p"'),
    "live": ("stripe-mode", "stripe subscriptions cancel sub_1 --live"),
    "an environment": ("vercel-environment", "vercel env pull x.env --environment production"),
    "merged": ("docker-logs", "docker logs supabase_db_ocean 2>&1 | grep ERROR"),
    "read by eye": ("docker-logs", "docker logs supabase_db_ocean --tail 100"),
    "an assigned variable": ("typed-password", 'PGPASSWORD="$PASSWORD" psql -h db'),
    "a name without a value": ("typed-password", "vercel env update STRIPE_SECRET_KEY production"),
    "made read-only": ("remark", "PGOPTIONS='-c default_transaction_read_only=on' psql $URL  # read-only"),
    "main": ("branch", "git push origin main"),
}


@pytest.mark.parametrize(("rule", "text"), WRONG.values(), ids=WRONG)
def test_a_command_that_does_something_else(rule: str, text: str) -> None:
    commands = tuple(typed(text))

    assert [name for name in NAMES if misread_in(name, [], commands)][:1] in ([rule], ["curl-fails"])
    assert misread_in(rule, [], commands)


@pytest.mark.parametrize(("rule", "text"), RIGHT.values(), ids=RIGHT)
def test_a_command_that_does_what_it_says(rule: str, text: str) -> None:
    assert not misread_in(rule, [], tuple(typed(text)))


SQL = {
    "claims by name": ("set local request.jwt.claims.sub = 'x';", "parameter that nothing reads"),
    "no claims": ("select auth.uid();", "null here"),
    "everybody's sessions": ("select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle';", "pool"),
    "logging": ("alter database postgres set log_statement = 'all';", "refused"),
    "literals": ("select query from pg_stat_statements where query like '%<script>%';", "normalised"),
    "a number sign": ("select 1; # check indexes", "# begins no comment"),
    "psql and a number sign": ("\\dt # List tables", "no such comment"),
    "every row deleted": ("delete from public.users;", "every row"),
    "every row changed": ("begin; update public.users set name = ''; commit;", "every row"),
    "every row truncated": ("truncate public.users;", "every row"),
    "a table dropped": ("drop table public.users;", "every row"),
    "a restore point": ("begin; savepoint before_migration;", "gone with the session"),
    "analyze of a function": ("explain analyze select public.charge_everybody();", "runs the statement"),
    "analyze": ("explain (analyze) update t set a = 1;", "runs the statement"),
}
TYPED = [
    """psql "$URL" -Atc "select pg_terminate_backend(pid) from pg_stat_activity where state='idle'\"""",
    """psql "$URL" -c"select pg_terminate_backend(pid) from pg_stat_activity where state='idle'\"""",
    """psql "$URL" <<'SQL'\nselect pg_terminate_backend(pid) from pg_stat_activity where state = 'idle';\nSQL""",
    """psql "$URL" <<< "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle'\"""",
    """echo "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle'" | psql "$URL\"""",
]
SOUND = [
    "select set_config('request.jwt.claims', '{}', true); select auth.uid();",
    "select pg_terminate_backend(<pid>);",
    "begin; explain analyze select 1; rollback;",
    "begin; delete from public.users; rollback;",
    "delete from public.users where id = '<id>';",
    "\\d public.invoices\nselect 1; -- # of rows",
    "select a #> '{b}' from t;",
]


@pytest.mark.parametrize(("text", "really"), SQL.values(), ids=SQL)
def test_sql_that_does_something_else(text: str, really: str) -> None:
    (found_one, *_) = misread_in("sql", [("r.md", f"```sql\n{text}\n```\n")], ())

    assert really in found_one.really


@pytest.mark.parametrize("text", TYPED)
def test_sql_is_seen_however_psql_is_told(text: str) -> None:
    assert misread_in("sql", [], tuple(typed(text)))


def test_a_long_statement_is_read_to_its_end() -> None:
    columns = ", ".join(f"column_{number}" for number in range(60))

    assert not misread_in("sql", [], tuple(typed(f'psql "$URL" --command "select {columns} from public.invoices"')))


@pytest.mark.parametrize("text", SOUND)
def test_sql_that_does_what_it_says(text: str) -> None:
    assert not misread_in("sql", [("r.md", f"```sql\n{text}\n```\n")], ())


@pytest.mark.parametrize(
    ("url", "flaw"),
    [
        ("https://supabase.com/dashboard/support/new", None),
        ("support.Supabase.io", "moved"),
        ("https://dashboard.stripe.com/test/webhooks", "workbench"),
        ("https://dashboard.stripe.com/workbench/webhooks", None),
        ("http://support.stripe.com", "https://"),
        ("https:/vercel.com/help", "https://"),
        ("https://vercel", "no host name"),
        ("https://vercel.com:99999/x", "no address"),
        ("http://localhost:54323", None),
        ("https://x.neon.tech/api", None),
    ],
)
def test_links(url: str, flaw: str | None) -> None:
    said = flaw_of(url)

    assert said is None if flaw is None else flaw in (said or "")


def test_links_are_found_where_they_stand() -> None:
    text = "See <https://a.example/x>, (https://b.example/y).\nAsk support.Supabase.io, or mia@support.example."

    assert [(link.line, link.url) for link in links_in("r.md", text)] == [
        (1, "https://a.example/x"),
        (1, "https://b.example/y"),
        (2, "support.Supabase.io"),
    ]
