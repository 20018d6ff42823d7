"""Whatever of an application rests on a stand-in that only pretends is named; what works for real is not."""

import asyncio
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from fixtures.workbench.engines.local import LocalServer
from fixtures.workbench.pretending.mentions import Body, mentions_of
from fixtures.workbench.pretending.pretending import Pretended, depends_on, pretended
from selftests.stand_in_servers import connected, started


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with started("embedded") as found:
        yield found


@pytest.fixture
def database(server: LocalServer) -> Iterator[str]:
    with connected(server, "supabase_admin", "template1") as admin:
        admin.execute("create database app template postgres owner postgres strategy file_copy")
        yield "app"
        admin.execute("drop database app with (force)")


def found(server: LocalServer, database: str, *statements: str) -> tuple[Pretended, ...]:
    async def look() -> tuple[Pretended, ...]:
        async with await psycopg.AsyncConnection.connect(make_conninfo(**server.conninfo(database))) as connection:
            return await pretended(connection)

    with connected(server, "postgres", database) as owner:
        for statement in statements:
            owner.execute(statement.encode())
    return asyncio.run(look())


def plpgsql(name: str, body: str, head: str = "returns void language plpgsql") -> str:
    return f"create function public.{name} {head} as $f$ {body} $f$"


def trigger(name: str, body: str) -> str:
    return plpgsql(f"{name}()", f"begin {body}; return new; end", "returns trigger language plpgsql")


POST = "perform net.http_post('https://x.example')"
FIRES = "create trigger welcome after insert on auth.users for each row execute function public.handle_new_user()"
TABLE = "create table public.people (id bigint primary key, word text)"


@pytest.mark.parametrize(
    ("statement", "used_by", "object_"),
    [
        (plpgsql("told()", f"begin {POST}; end"), "public.told", "net.http_post"),
        (trigger("told", POST), "public.told", "net.http_post"),
        (plpgsql("hashed(p text, out h text)", "begin h := crypt(p, gen_salt('bf')); end", "language plpgsql"),
         "public.hashed", "extensions.crypt"),
        (plpgsql("hashed(p text)", "select extensions.crypt(p, 'salt')", "returns text language sql"),
         "public.hashed", "extensions.crypt"),
        (plpgsql("hashed(p text)", "begin return crypt(p, 's'); end",
                 "returns text language plpgsql set search_path = public, extensions"),
         "public.hashed", "extensions.crypt"),
        ("create function public.hashed(p text) returns text language sql return extensions.crypt(p, 'salt')",
         "public.hashed", "extensions.crypt"),
        (plpgsql("later()", "begin execute 'select net.http_get(''https://x.example'')'; end"),
         "public.later", "net.http_get"),
        (plpgsql("key()", "declare k text; begin select decrypted_secret into k from vault.decrypted_secrets; end"),
         "public.key", "vault.decrypted_secrets"),
        ("create view public.keys as select name from vault.decrypted_secrets",
         "view public.keys", "vault.decrypted_secrets"),
        ("alter table public.people alter word set default extensions.crypt('x', 'salt')",
         "column public.people.word", "extensions.crypt"),
        ("alter table public.people add constraint kept check (extensions.crypt('x', word) = word)",
         "constraint kept on public.people", "extensions.crypt"),
        ("create policy known on public.people using (extensions.crypt('x', word) = word)",
         "policy known on public.people", "extensions.crypt"),
        ("create trigger told after insert on public.people for each row"
         " execute function supabase_functions.http_request('https://x.example', 'POST')",
         "trigger told on public.people", "supabase_functions.http_request"),
        ("create extension pg_cron; select cron.schedule('nightly', '@daily', 'select 1')",
         "cron job nightly", "cron.job"),
        ("create extension pg_cron; select cron.schedule('told', '@daily', 'select net.http_get(''https://x.example'')')",
         "cron job told", "net.http_get"),
        ("select vault.create_secret('value', 'name')", "rows of vault.secrets", "vault.secrets"),
        ("select net.http_get('https://x.example')", "rows of net.http_request_queue", "net.http_request_queue"),
        (plpgsql("moved()", "begin perform realtime.send('{}', 'a', 'b'); end"), "public.moved", "realtime.send"),
    ],
)  # fmt: skip
def test_what_rests_on_pretending_is_named(
    statement: str, used_by: str, object_: str, server: LocalServer, database: str
) -> None:
    seen = found(server, database, TABLE, statement)

    assert (used_by, object_) in {(one.used_by, one.object) for one in seen}


@pytest.mark.parametrize(
    "statement",
    [
        plpgsql("summed()", "begin perform extensions.digest('abc', 'sha256'), extensions.hmac('a', 'b', 'sha1'); end"),
        plpgsql("named()", "select extensions.uuid_generate_v4()", "returns uuid language sql"),
        "create table public.boats (id uuid default extensions.uuid_generate_v5(extensions.uuid_ns_dns(), 'x'))",
        # what the application itself has given such a name
        f"create table http (id bigint); {plpgsql('calls()', 'begin perform id from http; end')}",
        plpgsql("crypt(p text)", "select p", "returns text language sql"),
        plpgsql("told()", "begin /* net.http_post() is not called */ perform 1; end"),
        "create extension pgmq; select pgmq.create('orders'); select pgmq.send('orders', '{}')",
        "create extension pg_hashids; create table public.boats (h text default id_encode(1))",
        "insert into auth.users (id) values (gen_random_uuid())",
        "create extension pg_trgm with schema extensions",
    ],
)
def test_what_works_for_real_is_not_named(statement: str, server: LocalServer, database: str) -> None:
    assert found(server, database, statement) == ()


def test_a_function_of_ones_own_comes_before_a_stand_in_on_the_path(server: LocalServer, database: str) -> None:
    own = plpgsql("crypt(p text, s text)", "select p", "returns text language sql")
    caller = plpgsql("hashed()", "begin perform crypt('a', 'b'); end")

    assert found(server, database, own, caller) == ()


def test_a_comment_of_the_application_s_own_is_no_registry(server: LocalServer, database: str) -> None:
    statements = (
        plpgsql("told()", "begin perform 1; end"),
        "comment on function public.told() is 'pretends: to be busy'",
        plpgsql("called()", "begin perform public.told(); end"),
    )

    assert found(server, database, *statements) == ()


def test_a_sign_up_that_posts_through_two_functions(server: LocalServer, database: str) -> None:
    seen = found(
        server,
        database,
        plpgsql("notify()", f"begin {POST}; end"),
        plpgsql("welcome()", "begin perform public.notify(); end"),
        trigger("handle_new_user", "perform public.welcome()"),
        FIRES,
    )

    assert [one.used_by for one in seen] == ["public.notify"]
    assert set(seen[0].through) == {
        "public.welcome", "public.handle_new_user", "trigger welcome on auth.users",
    }  # fmt: skip
    assert depends_on("public.handle_new_user", seen) == seen
    assert depends_on("trigger welcome on auth.users", seen) == seen
    assert depends_on("public.other", seen) == ()


def test_functions_that_call_each_other_come_to_an_end(server: LocalServer, database: str) -> None:
    seen = found(
        server,
        database,
        plpgsql("ping()", f"begin perform public.pong(); {POST}; end"),
        plpgsql("pong()", "begin perform public.ping(); end"),
    )

    assert [(one.used_by, one.through) for one in seen] == [("public.ping", ("public.pong",))]


def test_the_remark_says_who_what_and_how(server: LocalServer, database: str) -> None:
    (seen,) = found(server, database, plpgsql("told()", f"begin {POST}; end"))

    said = "public.told uses net.http_post, which is a stand-in here: the request is queued and never sent"
    assert seen.remark == said
    assert (seen.extension, seen.subject) == ("pg_net", "public.told")


def test_nothing_is_said_where_the_server_has_the_real_extension() -> None:
    with started("system") as server, connected(server) as owner:
        owner.execute(plpgsql("hashed(p text)", "begin perform extensions.crypt(p, 's'); end").encode())
        owner.execute(plpgsql("told()", f"begin {POST}; end").encode())

        assert [one.used_by for one in found(server, "postgres")] == ["public.told"]


def test_a_body_that_cannot_be_parsed_is_said_to_be_so() -> None:
    assert mentions_of(Body("plpgsql", "begin perform 1 end", "")) is None
    assert mentions_of(Body("sql", "selec 1", "")) is None
