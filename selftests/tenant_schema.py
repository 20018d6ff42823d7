"""A healthy multi-tenant schema on Supabase's baseline, in six variants; faults are put into it one at a time.

Run it as ``postgres`` in a database of a throwaway server. Its texts are `row_schema/*.sql`; ``@word(argument)`` in
them stands for what the variant makes of it.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, get_args

from selftests.row_schema.tables import table

Variant = Literal["hardened", "easy", "default-grants", "claim-app-metadata", "claim-top-level", "session-setting"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)
FOLDER = Path(__file__).with_name("row_schema")
WORD = re.compile(r"@(\w+)\(([\w.]+)\)")
HARDENED = """
alter default privileges for role postgres in schema public
  revoke all on tables from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke all on sequences from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke all on functions from anon, authenticated, service_role;
alter default privileges for role postgres revoke execute on functions from public;
"""


def schema(tables: int = 20, variant: Variant = "hardened") -> str:
    """The SQL: `tables` tables in public, or as many as `row_schema` names, about eleven; without partitions."""
    return "\n".join(pieces(tables, variant))


def pieces(tables: int, variant: Variant = "hardened") -> list[str]:
    """The same in pieces: thousands of tables in one transaction need more locks than a server has."""
    members = _by_membership(variant)
    words = _words(variant)
    files = ["organizations", *(["memberships"] if members else []), "work"]
    files += [*(["owner"] if members and _forced(variant) else []), "storage"]
    texts = [(FOLDER / f"{file}.sql").read_text(encoding="utf-8") for file in files]
    fixed = sum(text.count("create table public.") - text.count(" partition of ") for text in texts)
    texts += [table(number) for number in range(1, tables - fixed + 1)]
    start = [] if variant == "default-grants" else [HARDENED]
    return start + [_replaced(text, words) for text in texts]


def _by_membership(variant: Variant) -> bool:
    return variant in ("hardened", "easy", "default-grants")


def _forced(variant: Variant) -> bool:
    return variant not in ("easy", "default-grants")


def _replaced(text: str, words: Mapping[str, Callable[[str], str]]) -> str:
    while WORD.search(text):
        text = WORD.sub(lambda found: words[found[1]](found[2]), text)
    return text


def _words(variant: Variant) -> dict[str, Callable[[str], str]]:
    force = "alter table {0} force row level security;" if _forced(variant) else ""
    guard = "alter table {0} enable row level security;" + force
    words = {"guard": guard, "service": SERVICE, "work": WORK, **_tenancy(variant)}
    return {name: _filled(text) for name, text in words.items()}


def _filled(text: str) -> Callable[[str], str]:
    return lambda argument: text.replace("{0}", argument).replace("{1}", argument.split(".")[-1])


def _tenancy(variant: Variant) -> dict[str, str]:
    """What tells that a tenant is the caller's own: by membership, or by one value that the caller comes with."""
    if _by_membership(variant):
        return MEMBERSHIP
    words = {
        name: f"({{0}} = {TENANT[variant]}" + (f" and {ROLE[variant]} in ({roles}))" if roles else ")")
        for name, roles in (("mine", ""), ("managed", "'admin', 'owner'"), ("owned", "'owner'"))
    }
    folder = f"((storage.foldername({{0}}))[1] = {TENANT[variant]}::text)"
    return {**words, "inlined": words["mine"], "exists": words["mine"], "folder": folder}


TENANT = {
    "claim-app-metadata": "(select (auth.jwt() -> 'app_metadata' ->> 'org_id')::uuid)",
    "claim-top-level": "(select (auth.jwt() ->> 'org_id')::uuid)",
    "session-setting": "(select nullif(current_setting('app.tenant_id', true), '')::uuid)",
}
ROLE = {
    "claim-app-metadata": "(select auth.jwt() -> 'app_metadata' ->> 'org_role')",
    "claim-top-level": "(select auth.jwt() ->> 'org_role')",
    "session-setting": "(select current_setting('app.role', true))",
}
MEMBERSHIP = {
    "mine": "{0} in (select private.my_orgs())",
    "managed": "{0} in (select private.orgs_as('{admin,owner}'))",
    "owned": "{0} in (select private.orgs_as('{owner}'))",
    "inlined": "{0} in (select m.org_id from public.memberships m where m.user_id = (select auth.uid()))",
    "exists": "exists (select from public.memberships m where m.org_id = {0} and m.user_id = (select auth.uid()))",
    "folder": "(storage.foldername({0}))[1] in (select mine::text from private.my_orgs() mine)",
}
SERVICE = """
revoke all on {0} from anon, authenticated;
grant all on {0} to service_role;"""
WORK = """
@guard({0})
grant select, insert, update, delete on {0} to authenticated;
grant all on {0} to service_role;
create policy {1}_select on {0} for select to authenticated using (@mine(org_id));
create policy {1}_insert on {0} for insert to authenticated
  with check (@mine(org_id) and created_by = (select auth.uid()));
create policy {1}_update on {0} for update to authenticated using (@mine(org_id)) with check (@mine(org_id));
create policy {1}_delete on {0} for delete to authenticated using (@managed(org_id));
create trigger {1}_author before update on {0} for each row execute function private.keep_author();"""
