create table public.audit_log (
  id              bigint primary key generated always as identity,
  occurred_at     timestamptz not null default now(),
  organization_id uuid not null,  -- no foreign key: the log outlives the organization
  actor_id        uuid,
  action          text not null check (action in ('INSERT', 'UPDATE', 'DELETE')),
  table_name      text not null,
  before          jsonb,
  after           jsonb
);
create index audit_log_organization_id_idx on public.audit_log (organization_id, occurred_at desc);

alter table public.audit_log enable row level security;
grant select on public.audit_log to authenticated;
grant select on public.audit_log to service_role;  -- written by the trigger alone

create policy "owners read the audit log" on public.audit_log
  for select to authenticated using (organization_id in (select private.organization_ids_i_am('{owner}')));

create function private.record_change() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  old_row jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  new_row jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
begin
  insert into public.audit_log (organization_id, actor_id, action, table_name, before, after)
  values (
    (coalesce(new_row, old_row) ->> tg_argv[0])::uuid, (select auth.uid()), tg_op, tg_table_name, old_row, new_row
  );
  return null;
end
$$;

-- the argument names the column that holds the organization
create trigger audit after insert or update or delete on public.organizations
  for each row execute function private.record_change('id');
create trigger audit after insert or update or delete on public.memberships
  for each row execute function private.record_change('organization_id');
create trigger audit after insert or update or delete on public.subscriptions
  for each row execute function private.record_change('organization_id');
