"""Who belongs to whom, as mined from catalogs: tables, claims, settings, folders; and what is declared instead."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from fixtures.access.reading import catalog_of
from fixtures.facts import Unobservable
from fixtures.tenancy.comparing import Comparison, compared
from fixtures.tenancy.declared import PLACE, Declared, proposal, read_declared
from fixtures.tenancy.mining import mine
from fixtures.tenancy.model import Belonging, Model
from fixtures.tenancy.operands import Operand
from fixtures.workbench.engines.local import LocalServer
from selftests.populated import ORGS
from selftests.throwaway import running


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with running() as started:
        yield started


def mined(server: LocalServer, schema: str, declared: Declared | None = None) -> Model:
    async def run() -> Model:
        connection = await psycopg.AsyncConnection.connect(make_conninfo(**server.conninfo()), autocommit=True)
        async with connection:
            await connection.execute("begin")
            await connection.execute(schema.encode())
            catalog = await catalog_of(connection)
            await connection.execute("rollback")
            return mine(catalog, declared or Declared())

    return asyncio.run(run())


def belonging(model: Model, table: str) -> Belonging:
    return model.belongings[f"public.{table}"]


def test_a_membership_table_makes_tenants(server: LocalServer) -> None:
    model = mined(server, ORGS)
    assert model.roots == ("public.orgs",)
    (membership,) = model.memberships
    assert (membership.user, membership.tenant, membership.role) == ("user_id", "org_id", "role")
    assert membership.roles == ("member", "admin", "owner")


def test_a_team_of_an_organization_is_no_tenant_of_its_own(server: LocalServer) -> None:
    model = mined(
        server,
        ORGS
        + """create table teams (id uuid primary key, org_id uuid not null references orgs);
        create table team_members (team_id uuid references teams, user_id uuid references auth.users, role text,
          primary key (team_id, user_id));
        create table projects (id uuid primary key, team_id uuid not null references teams);
        create table tasks (id uuid primary key, project_id uuid not null references projects);""",
    )
    assert model.roots == ("public.orgs",)
    assert belonging(model, "teams").how == "tenant"
    assert belonging(model, "tasks").how == "parent"
    assert {one.relation for one in model.memberships} == {"public.memberships", "public.team_members"}


def test_likes_are_no_memberships(server: LocalServer) -> None:
    model = mined(
        server,
        """create table posts (id uuid primary key, author_id uuid references auth.users);
        create table post_likes (post_id uuid references posts, user_id uuid references auth.users,
          primary key (post_id, user_id));""",
    )
    assert (model.roots, model.memberships) == ((), ())
    assert belonging(model, "posts").user == ("author_id",)


def test_tables_without_an_owner(server: LocalServer) -> None:
    model = mined(
        server,
        """create table plans (id text primary key); alter table plans enable row level security;
        create policy read on plans for select using (true);
        create table jobs (id int primary key); alter table jobs enable row level security;
        create table words (id int primary key); grant select on words to anon;""",
    )
    assert [belonging(model, name).how for name in ("plans", "jobs", "words")] == ["public", "service", "global"]
    assert model.public == {"public.plans"}


CLAIMS = {
    "(auth.jwt() -> 'app_metadata' ->> 'org_id')::uuid = org_id": ("app_metadata", "org_id"),
    "org_id = (select (auth.jwt() ->> 'org_id')::uuid)": ("org_id",),
    "org_id = (current_setting('request.jwt.claims', true)::json ->> 'tenant_id')::uuid": ("tenant_id",),
    "org_id = nullif(current_setting('request.jwt.claim.org_id', true), '')::uuid": ("org_id",),
    "org_id::text = (auth.jwt() #>> '{app_metadata,org_id}')": ("app_metadata", "org_id"),
    "org_id = (select (u.raw_app_meta_data ->> 'org')::uuid from auth.users u where u.id = auth.uid())": (
        "app_metadata",
        "org",
    ),
}


@pytest.mark.parametrize("policy", CLAIMS)
def test_claims_that_name_the_tenant(server: LocalServer, policy: str) -> None:
    schema = f"create table things (id int, org_id uuid); create policy own on things using ({policy});"
    (claim,) = mined(server, schema).claims
    assert (claim.path, claim.means) == (CLAIMS[policy], "tenant")


def test_claims_that_a_helper_reads_into_a_variable(server: LocalServer) -> None:
    model = mined(
        server,
        """create function current_org() returns uuid language plpgsql stable as $$
          declare claims jsonb := current_setting('request.jwt.claims', true)::jsonb;
          begin return (claims -> 'app_metadata' ->> 'organization_id')::uuid; end $$;
        create table things (id int, org_id uuid); create policy own on things using (org_id = current_org());""",
    )
    assert [claim.path for claim in model.claims] == [("app_metadata", "organization_id")]


def test_roles_and_lists_in_claims_and_settings(server: LocalServer) -> None:
    model = mined(
        server,
        """create table things (id int, org_id uuid);
        create policy one on things using ((auth.jwt() -> 'app_metadata' ->> 'org_role') in ('admin', 'owner'));
        create policy two on things using ((auth.jwt() -> 'app_metadata' -> 'org_ids') ? org_id::text);
        create policy three on things using (org_id = current_setting('app.tenant_id')::uuid);""",
    )
    claims = {claim.path[-1]: claim for claim in model.claims}
    assert (claims["org_role"].means, claims["org_role"].literals) == ("role", ("admin", "owner"))
    assert (claims["org_ids"].means, claims["org_ids"].many) == ("tenant", True)
    assert [(one.name, one.means) for one in model.settings] == [("app.tenant_id", "tenant")]


def test_folders_of_buckets(server: LocalServer) -> None:
    model = mined(
        server,
        ORGS
        + """create policy one on storage.objects for select using (bucket_id = 'docs' and
          (storage.foldername(name))[1] in (select my_orgs()::text));
        create policy two on storage.objects for select using (bucket_id = 'faces' and
          (storage.foldername(name))[1] = auth.uid()::text);
        create policy three on storage.objects for select using (bucket_id = 'sorted' and
          split_part(name, '/', 1) = 'by-user' and split_part(name, '/', 2) = auth.uid()::text);""",
    )
    assert model.folders == {"docs": "{tenant}/", "faces": "{user}/", "sorted": "by-user/{user}/"}


def test_comparisons_in_sub_selects_know_their_relation() -> None:
    text = "EXISTS ( SELECT 1 FROM public.memberships m WHERE ((m.org_id = things.org_id) AND (NOT m.gone)))"
    assert Comparison(Operand("column", "gone", "public.memberships"), "false", ()) in [
        Comparison(one.left, one.operator, one.right) for one in compared(text)
    ]
    assert compared("this is not SQL") == ()


TYPOS = {
    "rot = 'orgs'": "do you mean `root`?",
    "[membership]\ntabel = 'x'": "do you mean `table`?",
    "public = 3": "Expected `array`",
    "[claims]\n'app_metadata.org_id' = 'tennant'": "it can be tenant, user, role, other",
    "[buckets]\ndocs = 'all/'": "names neither {tenant} nor {user}",
    "root = [": "cannot be read",
}


@pytest.mark.parametrize("text", TYPOS)
def test_a_mistake_in_the_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / PLACE).parent.mkdir()
    (tmp_path / PLACE).write_text(text, encoding="utf-8")
    with pytest.raises(Unobservable, match=r"tenants\.toml") as refused:
        read_declared(tmp_path)
    assert TYPOS[text] in str(refused.value)


def test_a_table_that_is_not_there_is_refused(server: LocalServer) -> None:
    with pytest.raises(Unobservable, match=r"do you mean public\.orgs"):
        mined(server, ORGS, Declared(root=("org",)))


def test_what_is_proposed_can_be_read(server: LocalServer, tmp_path: Path) -> None:
    model = mined(server, ORGS + "create table plans (id int); create policy read on plans for select using (true);")
    (tmp_path / PLACE).parent.mkdir()
    (tmp_path / PLACE).write_text(proposal(model), encoding="utf-8")
    declared = read_declared(tmp_path)
    assert declared.root == ("public.orgs",)
    assert declared.public == ("public.plans",)
    assert declared.membership is not None
    assert declared.membership.roles == ("member", "admin", "owner")
    assert mined(server, ORGS, Declared(membership=declared.membership)).memberships == model.memberships


def test_no_file_declares_nothing(tmp_path: Path) -> None:
    assert read_declared(tmp_path) == Declared()


def test_what_is_declared_goes_first(server: LocalServer) -> None:
    schema = """create table holdings (id uuid primary key); create table assets (id int, holding uuid);
      create table tags (id int);"""
    declared = Declared(root=("holdings",), tenant_columns=("holding",), public=("tags",))
    model = mined(server, schema, declared)
    assert model.roots == ("public.holdings",)
    assert (belonging(model, "assets").how, belonging(model, "assets").tenant) == ("tenant", ("holding",))
    assert belonging(model, "tags").how == "public"
