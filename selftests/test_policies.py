"""Each kind of unsound policy is found, at its table, and what looks like it is not; what mends it, mends it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from fixtures.workbench.engines.server import Server
from selftests.policy_house import found_after, house

IN_ORG = "org_id in (select private.my_orgs())"
MINE = "author_id = (select auth.uid())"


@dataclass(frozen=True)
class Case:
    """A change that brings a weakness, and one like it that does not."""

    rule: str
    about: str
    bad: str
    good: str
    mends: bool = True
    """Whether the finding's SQL, run as it is, takes the weakness away."""


def _notes(policy: str, clause: str) -> str:
    return f"alter policy {policy} on public.notes {clause};"


HELPER = """
create function private.{name} language {language} stable security definer set search_path = '' as $$ {body} $$;
"""
MEMBER_OF = (
    "begin if not exists (select from public.memberships m where m.org_id = {org} and m.user_id = auth.uid())"
    " then return false; end if; return true; end"
)
CASES = {
    "true for reading": Case(
        "always-true", "public.notes", _notes("notes_read", "using (true)"),
        "create policy more on public.plans for select to authenticated using (id <> '');"
        " drop policy plans_read on public.plans;",
    ),
    "true for writing": Case(
        "always-true", "public.notes", _notes("notes_add", "with check (true)"),
        _notes("notes_add", f"with check ({IN_ORG} and true)"),
    ),
    "or true": Case(
        "always-true", "public.notes", _notes("notes_read", f"using ({IN_ORG} or true)"),
        _notes("notes_read", f"using ({IN_ORG} or false)"),
    ),
    "not false": Case(
        "always-true", "public.notes", _notes("notes_remove", "using (not false)"),
        _notes("notes_remove", f"using (not (not {IN_ORG}))"),
    ),
    "people's telephone numbers": Case(
        "always-true", "public.profiles", "alter policy profiles_read on public.profiles using (true);",
        "alter policy badges_read on public.badges using (handle is not null);",
    ),
    "true, held by a restrictive policy": Case(
        "always-true", "public.notes", _notes("notes_read", "using (true)"),
        _notes("notes_read", "using (true)")
        + f"create policy hold on public.notes as restrictive for select to authenticated using ({IN_ORG});",
    ),
    "a column is itself": Case(
        "tautology", "public.notes", _notes("notes_read", "using (org_id = org_id)"),
        _notes("notes_read", "using (org_id = any (array(select private.my_orgs())))"),
    ),
    "one is one": Case(
        "tautology", "public.notes", _notes("notes_remove", f"using ({MINE} or 1 = 1)"),
        _notes("notes_remove", f"using ({MINE} and 1 = 1)"),
    ),
    "a column that is never null": Case(
        "tautology", "public.notes", _notes("notes_read", "using (org_id is not null)"),
        _notes("notes_read", f"using (org_id is not null and {IN_ORG})"),
    ),
    "a function that always says yes": Case(
        "always-true", "public.notes",
        HELPER.format(name="yes(org uuid) returns boolean", language="plpgsql", body="begin return true; end")
        + _notes("notes_read", "using (private.yes(org_id))"),
        HELPER.format(name="yes(org uuid) returns boolean", language="plpgsql", body=MEMBER_OF.format(org="org"))
        + _notes("notes_read", "using (private.yes(org_id))"),
    ),
    "coalesce lets anonymous callers in": Case(
        "inverted", "public.notes",
        "grant select on public.notes to anon;"
        + _notes("notes_read", "to anon, authenticated using (coalesce(author_id = (select auth.uid()), true))"),
        _notes("notes_read", "using (coalesce(author_id = (select auth.uid()), false))"),
    ),
    "not the caller's": Case(
        "inverted", "public.notes", _notes("notes_remove", "using (author_id <> (select auth.uid()))"),
        _notes("notes_remove", f"using (author_id <> (select auth.uid()) and {IN_ORG})"),
    ),
    "signed in, by role": Case(
        "signed-in", "public.notes", _notes("notes_read", "using ((select auth.role()) = 'authenticated')"),
        _notes("notes_read", f"using ((select auth.role()) = 'authenticated' and {IN_ORG})"),
    ),
    "signed in, by id": Case(
        "signed-in", "public.notes", _notes("notes_read", "using ((select auth.uid()) is not null)"),
        "create policy more on public.orgs for insert to authenticated with check ((select auth.uid()) is not null);"
        "grant insert on public.orgs to authenticated;",
    ),
    "signed in, twice over": Case(
        "signed-in", "public.notes", _notes("notes_read", "using ((select auth.jwt() ->> 'aal') = 'aal2')"),
        _notes("notes_read", f"using ((select auth.jwt() ->> 'aal') = 'aal2' and {IN_ORG})"),
    ),
    "a column of the inner table": Case(
        "any-member", "public.notes",
        _notes(
            "notes_read",
            "using (exists (select from public.memberships m where m.org_id = org_id and m.user_id = (select auth.uid())))",
        ),
        _notes(
            "notes_read",
            "using (exists (select from public.memberships m where m.org_id = notes.org_id"
            " and m.user_id = (select auth.uid())))",
        ),
    ),
    "an owner of anything": Case(
        "any-member", "public.notes",
        _notes("notes_remove", "using (exists (select private.orgs_i_own()))"),
        "create policy by_staff on public.notes for delete to authenticated using ("
        "exists (select from public.staff s where s.user_id = (select auth.uid()) and s.kind = 'support'));"
        "drop policy notes_remove on public.notes;",
    ),
    "a member of the house's own tenant": Case(
        "any-member", "public.notes",
        _notes("notes_remove", "using (exists (select from public.memberships m where m.user_id = (select auth.uid())))"),
        _notes(
            "notes_remove",
            "using (exists (select from public.memberships m join public.orgs o on o.id = m.org_id"
            " where m.user_id = (select auth.uid()) and o.is_internal))",
        ),
    ),
    "user_metadata": Case(
        "forgeable", "public.notes",
        _notes("notes_read", "using (org_id = (select (auth.jwt() -> 'user_metadata' ->> 'org')::uuid))"),
        _notes("notes_read", "using (org_id = (select (auth.jwt() -> 'app_metadata' ->> 'org')::uuid))"),
    ),
    "user_metadata from the table of users": Case(
        "forgeable", "public.notes",
        _notes(
            "notes_read",
            "using (org_id in (select (u.raw_user_meta_data ->> 'org')::uuid from auth.users u where u.id = (select auth.uid())))",
        ),
        _notes(
            "notes_read",
            "using (org_id in (select (u.raw_app_meta_data ->> 'org')::uuid from auth.users u where u.id = (select auth.uid())))",
        ),
    ),
    "a header": Case(
        "forgeable", "public.notes",
        _notes(
            "notes_read", "using (org_id = (select (current_setting('request.headers', true)::json ->> 'x-org')::uuid))"
        ),
        _notes("notes_read", "using (org_id = (select nullif(current_setting('app.org', true), '')::uuid))"),
    ),
    "user_metadata that is looked up": Case(
        "forgeable", "public.notes",
        _notes(
            "notes_read",
            "using (org_id = (select (auth.jwt() -> 'user_metadata' ->> 'org')::uuid) and exists"
            " (select from public.plans p where p.id = auth.jwt() -> 'user_metadata' ->> 'plan'))",
        ),
        _notes(
            "notes_read",
            "using (org_id = (select (auth.jwt() -> 'user_metadata' ->> 'org')::uuid) and exists (select from"
            " public.memberships m where m.user_id = (select auth.uid())"
            " and m.org_id = (select (auth.jwt() -> 'user_metadata' ->> 'org')::uuid)))",
        ),
    ),
    "the author's own, in any tenant": Case(
        "free-tenant", "public.notes", _notes("notes_add", f"with check ({MINE})"),
        _notes("notes_remove", f"using ({MINE})"),
    ),
    "found in one tenant, left in another": Case(
        "free-tenant", "public.notes", _notes("notes_change", f"using ({IN_ORG}) with check ({MINE})"),
        "drop policy notes_change on public.notes;"
        f"create policy notes_change on public.notes for update to authenticated using ({IN_ORG} and {MINE});",
    ),
    "joins by itself": Case(
        "self-join", "public.memberships",
        "alter policy members_add on public.memberships with check (user_id = (select auth.uid()));",
        "create table public.invitations (org_id uuid, email text);"
        "alter policy members_add on public.memberships with check (user_id = (select auth.uid()) and org_id in"
        " (select i.org_id from public.invitations i where i.email = (select auth.email())));",
    ),
    "becomes an owner": Case(
        "self-promotion", "public.memberships",
        f"alter policy members_change on public.memberships using (user_id = (select auth.uid()))"
        f" with check (user_id = (select auth.uid()) and {IN_ORG});",
        f"alter policy members_change on public.memberships using (user_id = (select auth.uid()))"
        f" with check (user_id = (select auth.uid()) and {IN_ORG} and role = 'member');",
    ),
    "no policy": Case(
        "no-policy", "public.notes",
        "drop policy notes_read on public.notes; drop policy notes_add on public.notes;"
        "drop policy notes_change on public.notes; drop policy notes_remove on public.notes;",
        "drop policy profiles_read on public.profiles; revoke all on public.profiles from authenticated;",
    ),
    "only restrictive": Case(
        "no-policy", "public.badges",
        "drop policy badges_read on public.badges;"
        "create policy badges_read on public.badges as restrictive for select to authenticated using (handle <> '');",
        "create policy more on public.badges as restrictive for select to authenticated using (handle <> '');",
    ),
    "a command that nobody serves": Case(
        "unserved", "public.notes", "drop policy notes_remove on public.notes;",
        "drop policy notes_remove on public.notes; revoke delete on public.notes from authenticated;",
    ),
    "a role that there is not": Case(
        "never-true", "public.badges", "alter policy badges_read on public.badges using ((select auth.role()) = 'user');",
        "alter policy badges_read on public.badges using (false);",
    ),
    "equal to null": Case(
        "never-true", "public.badges", "alter policy badges_read on public.badges using (handle = null);",
        "alter policy badges_read on public.badges using (handle is null);",
    ),
    "asks its own table": Case(
        "recursion", "public.memberships",
        "alter policy members_read on public.memberships using (exists (select from public.memberships m"
        " where m.org_id = memberships.org_id and m.user_id = (select auth.uid())));",
        f"alter policy members_read on public.memberships using (user_id = (select auth.uid()) or {IN_ORG});",
        mends=False,
    ),
    "asks its own table by way of another": Case(
        "recursion", "public.notes",
        _notes("notes_read", f"using ({IN_ORG} or exists (select from public.comments c where c.note_id = notes.id))"),
        "alter policy comments_read on public.comments using (exists (select from public.notes n"
        f" where n.id = note_id and n.{IN_ORG}));",
        mends=False,
    ),
    "a function with the caller's rights": Case(
        "recursion", "public.memberships", "alter function private.my_orgs() security invoker;",
        "alter function private.my_orgs() volatile; alter function private.my_orgs() stable;",
    ),
    "for everybody": Case(
        "to-everybody", "public.notes", "alter policy notes_read on public.notes to public;",
        "alter policy notes_read on public.notes to authenticated, service_role;",
    ),
    "a restriction that forbids nothing": Case(
        "restriction", "public.notes",
        "create policy hold on public.notes as restrictive for select to authenticated using (true);",
        "create policy hold on public.notes as restrictive for select to authenticated using (status <> 'gone');",
    ),
    "immutable, and asks who calls": Case(
        "session", "public.notes", "alter function private.my_orgs() immutable;",
        "create function private.twice(n int) returns int language sql immutable as 'select n * 2';"
        + _notes("notes_read", f"using ({IN_ORG} and private.twice(1) = 2)"),
    ),
    "somebody's id": Case(
        "hard-coded", "public.notes",
        _notes("notes_read", f"using ({IN_ORG} or (select auth.uid()) = '5f7a3c1e-58d4-4c1c-9c57-0c9b3f4f0d11'::uuid)"),
        _notes("notes_read", f"using ({IN_ORG} and org_id <> '5f7a3c1e-58d4-4c1c-9c57-0c9b3f4f0d11'::uuid)"),
    ),
    "memberships that anybody writes": Case(
        "unprotected-source", "public.memberships", "alter table public.memberships disable row level security;",
        "alter table public.memberships disable row level security;"
        "revoke insert, update, delete on public.memberships from authenticated;",
    ),
    "asked for every row": Case(
        "per-row-call", "public.profiles", "alter policy profiles_read on public.profiles using (id = auth.uid());",
        "alter policy profiles_read on public.profiles using ((select auth.uid() as me) = id);",
    ),
    "a claim, asked for every row": Case(
        "per-row-call", "public.notes",
        _notes("notes_read", "using (org_id = (auth.jwt() -> 'app_metadata' ->> 'org')::uuid)"),
        _notes("notes_read", "using (org_id = ((select auth.jwt()) -> 'app_metadata' ->> 'org')::uuid)"),
    ),
    "a setting, in other words": Case(
        "per-row-call", "public.notes",
        _notes("notes_read", "using (org_id = nullif(current_setting('app.org', true), '')::uuid)"),
        _notes("notes_read", "using (org_id = (select nullif(current_setting('app.org', true), ''))::uuid)"),
    ),
    "volatile": Case(
        "volatile-call", "public.notes",
        HELPER.format(name="member(org uuid) returns boolean", language="plpgsql", body=MEMBER_OF.format(org="org"))
        + "alter function private.member(uuid) volatile;" + _notes("notes_read", "using (private.member(org_id))"),
        HELPER.format(name="member(org uuid) returns boolean", language="plpgsql", body=MEMBER_OF.format(org="org"))
        + _notes("notes_read", "using (private.member(org_id))"),
    ),
    "no index": Case(
        "missing-index", "public.notes", "drop index public.notes_org_id_idx;",
        "drop index public.notes_org_id_idx; create index on public.notes (org_id, id);",
    ),
    "a cast around the column": Case(
        "wrapped-column", "public.notes",
        _notes("notes_read", "using (org_id::text = (select auth.jwt() -> 'app_metadata' ->> 'org'))"),
        _notes("notes_read", "using (org_id = (select auth.jwt() -> 'app_metadata' ->> 'org')::uuid)"),
        mends=False,
    ),
    "asked twice": Case(
        "duplicate", "public.notes",
        f"create policy again on public.notes for select to authenticated using ({MINE});",
        "create role clerk; grant select on public.notes to clerk;"
        f"create policy again on public.notes for select to clerk using ({MINE});",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with house() as server:
        yield server


def test_nothing_is_found_in_sound_policies(server: Server) -> None:
    assert found_after(server) == ()


@pytest.mark.parametrize("name", CASES)
def test_it_is_found(server: Server, name: str) -> None:
    case = CASES[name]
    assert (case.rule, case.about) in {(each.rule, each.about) for each in found_after(server, case.bad)}


@pytest.mark.parametrize("name", CASES)
def test_what_looks_like_it_is_not(server: Server, name: str) -> None:
    case = CASES[name]
    assert case.rule not in {each.rule for each in found_after(server, case.good)}


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.mends])
def test_its_sql_mends_it(server: Server, name: str) -> None:
    case = CASES[name]
    found = [each for each in found_after(server, case.bad) if each.rule == case.rule]
    mends = [each.instead.replace(" concurrently", "") for each in found]  # not in the transaction of a test
    assert case.rule not in {each.rule for each in found_after(server, case.bad, *mends)}
