"""The tables that make a schema as large as it is wanted: four shapes, three ways to ask for a tenant, in turn."""

NOUNS = ("invoices", "contacts", "notes", "assets", "visits", "orders", "reports", "labels", "forms", "shifts")
ASKED = ("mine", "inlined", "exists")

HEAD = """
create table {name} (
  id         {id} primary key,
  org_id     uuid not null references public.orgs (id) on delete cascade,
  created_by uuid not null default auth.uid() references auth.users (id) on delete cascade,
  created_at timestamptz not null default now(),
  {body}
);
create index {short}_created_by on {name} (created_by);
@guard({name})
grant select, insert, update, delete on {name} to authenticated;
grant all on {name} to service_role;
create policy {short}_select on {name} for select to authenticated using (@{asked}({column}));
create policy {short}_insert on {name} for insert to authenticated
  with check (@{asked}({column}) and created_by = (select auth.uid()));
create policy {short}_update on {name} for update to authenticated
  using (@{asked}({column})) with check (@{asked}({column}));
create policy {short}_delete on {name} for delete to authenticated using (@managed(org_id));
create trigger {short}_author before update on {name} for each row execute function private.keep_author();
"""
UUID = "uuid default gen_random_uuid()"
IDENTITY = "bigint generated always as identity"
SHAPES = (
    (UUID, "number integer not null check (number > 0),\n  state public.work_state not null default 'draft',\n"
           "  net numeric(12, 2) not null default 0 check (net >= 0),\n"
           "  gross numeric(12, 2) generated always as (net * 1.2) stored,\n"
           "  unique (org_id, id),\n  unique (org_id, number)"),
    (IDENTITY, "title public.short_text not null,\n  body text,\n  tags text[] not null default '{}',\n"
               "  project_id uuid,\n"
               "  foreign key (org_id, project_id) references public.projects (org_id, id) on delete cascade,\n"
               "  unique (org_id, title)"),
    (UUID, "kind text not null check (kind in ('small', 'large')),\n"
           "  starts_at timestamptz not null,\n  ends_at timestamptz not null,\n"
           "  unique (org_id, kind, starts_at),\n"
           "  constraint {short}_window check (ends_at > starts_at and ends_at <= starts_at + interval '1 day')"),
    (UUID, "parent_id uuid,\n  detail jsonb not null default '{}' check (jsonb_typeof(detail) = 'object'),\n"
           "  email text check (email like '%@%'),\n  unique (org_id, id),\n"
           "  foreign key (org_id, parent_id) references {name} (org_id, id)"),
)  # fmt: skip


def table(number: int) -> str:
    """The SQL of the table of this number, from 1: its type of key, columns and policies depend on the number."""
    identity, body = SHAPES[(number - 1) % len(SHAPES)]
    short = f"{NOUNS[(number - 1) % len(NOUNS)]}_{number:04}"
    asked = ASKED[(number - 1) % len(ASKED)]
    column = f"{short}.org_id" if asked == "exists" else "org_id"
    names = {"name": f"public.{short}", "short": short, "id": identity, "asked": asked, "column": column}
    text = HEAD.replace("{body}", body)
    for key, value in names.items():
        text = text.replace(f"{{{key}}}", value)
    return text + _foreign_index(short, body)


def _foreign_index(short: str, body: str) -> str:
    for column in ("project_id", "parent_id"):
        if f"(org_id, {column})" in body:
            return f"create index {short}_{column} on public.{short} (org_id, {column});\n"
    return ""
