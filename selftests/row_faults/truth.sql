-- Two tenants in use, and what shows who can do what there without any of our checks: functions that become somebody,
-- do something, look, and undo it. Made before a fault is, so that no fault keeps them out.
create schema truth;
grant usage on schema truth to anon, authenticated;
create function truth.id(name text) returns uuid language sql immutable as $$ select md5(name)::uuid $$;
grant execute on function truth.id(text) to anon, authenticated;

insert into auth.users (id, email, raw_user_meta_data)
  select truth.id(name), name || '@seatrial.example', '{}' from unnest(array['ann','amy','ada','bob','bea','zed','two']) name;
insert into public.orgs (id, name, created_by) values (truth.id('A'), 'A', truth.id('ann')), (truth.id('B'), 'B', truth.id('bob'));
insert into public.memberships (org_id, user_id, role)
  select truth.id(org), truth.id(name), role::public.member_role
  from (values ('A', 'amy', 'admin'), ('A', 'ada', 'member'), ('B', 'bea', 'member'), ('A', 'two', 'member'),
    ('B', 'two', 'member')) as member (org, name, role);
update public.profiles set full_name = 'somebody', phone = '555';

create table truth.tenants (id uuid, org text, author uuid);
insert into truth.tenants values (truth.id('A'), 'A', truth.id('ada')), (truth.id('B'), 'B', truth.id('bob'));
insert into public.projects (id, org_id, name, created_by)
  select truth.id('project ' || org), id, 'project ' || org, author from truth.tenants;
insert into public.tasks (org_id, project_id, number, title, state, done_at, created_by)
  select id, truth.id('project ' || org), 1 + ascii(org), 'task ' || org, 'done', now(), author from truth.tenants;
insert into public.jobs (org_id, title, created_by) select id, 'job ' || org, author from truth.tenants;
insert into public.api_keys (org_id, name, secret_hash) select id, 'key', 'hash' from truth.tenants;
insert into public.webhook_deliveries (org_id, payload) select id, '{}' from truth.tenants;
insert into public.billing_customers (org_id, stripe_customer_id) select id, 'cus_' || org from truth.tenants;
insert into public.events (org_id, kind, occurred_at) select id, 'opened', '2026-05-05' from truth.tenants;
insert into public.invoices_0001 (org_id, number, created_by) select id, ascii(org), author from truth.tenants;
insert into public.contacts_0002 (org_id, title, created_by) select id, 'contact ' || org, author from truth.tenants;
insert into public.notes_0003 (org_id, kind, starts_at, ends_at, created_by)
  select id, 'small', now(), now() + interval '1 hour', author from truth.tenants;
insert into public.assets_0004 (org_id, created_by) select id, author from truth.tenants;
insert into public.visits_0005 (org_id, number, created_by) select id, ascii(org), author from truth.tenants;
insert into public.orders_0006 (org_id, title, created_by) select id, 'order ' || org, author from truth.tenants;
insert into public.reports_0007 (org_id, kind, starts_at, ends_at, created_by)
  select id, 'small', now(), now() + interval '1 hour', author from truth.tenants;
insert into public.labels_0008 (org_id, created_by) select id, author from truth.tenants;
insert into public.forms_0009 (org_id, number, created_by) select id, ascii(org), author from truth.tenants;
insert into storage.objects (bucket_id, name)
  select 'documents', id || '/report.pdf' from truth.tenants union all select 'avatars', author || '/face.png' from truth.tenants;
refresh materialized view public.tasks_a_day;

-- A name of somebody, then claims over theirs: 'ada', 'anon', 'zed {"user_metadata": ...}', 'ada {"aal": "aal2"}'.
create function truth.become(who text) returns void language plpgsql as $$
declare
  name   constant text := split_part(who, ' ', 1);
  role   constant text := case name when 'anon' then 'anon' else 'authenticated' end;
  claims constant jsonb := jsonb_strip_nulls(jsonb_build_object(
    'role', role, 'aal', 'aal1', 'sub', case name when 'anon' then null else truth.id(name) end
  )) || coalesce(nullif(substr(who, length(name) + 2), ''), '{}')::jsonb;
begin
  perform set_config('request.jwt.claims', claims::text, true), set_config('role', role, true);
end
$$;

-- How many rows somebody gets from a query; -1: an error.
create function truth.sees(who text, query text) returns bigint language plpgsql as $$
declare
  seen bigint := -1;
begin
  begin
    perform truth.become(who);
    execute query;
    get diagnostics seen = row_count;
    raise exception using errcode = 'UNDO1';
  exception when others then
    if sqlstate <> 'UNDO1' then seen := -1; end if;
  end;
  return seen;
end
$$;

-- The SQLSTATE that somebody's statement ends with; '00000': it ran.
create function truth.state(who text, statement text) returns text language plpgsql as $$
declare
  state text;
begin
  begin
    perform truth.become(who);
    execute statement;
    raise exception using errcode = 'UNDO1';
  exception when others then
    state := case sqlstate when 'UNDO1' then '00000' else sqlstate end;
  end;
  return state;
end
$$;

-- The message of the error that somebody's statement ends with.
create function truth.told(who text, statement text) returns text language plpgsql as $$
begin
  perform truth.become(who);
  execute statement;
  raise exception 'nothing';
exception when others then
  return sqlerrm;
end
$$;

-- Whether something is so once somebody has done something; false when it is refused.
create function truth.then(who text, statement text, question text) returns boolean language plpgsql as $$
declare
  answer boolean := false;
begin
  begin
    perform truth.become(who);
    execute statement;
    perform set_config('role', 'postgres', true);
    execute 'select ' || question into answer;
    raise exception using errcode = 'UNDO1';
  exception when others then
    if sqlstate <> 'UNDO1' then answer := false; end if;
  end;
  return answer;
end
$$;

-- How Postgres would run somebody's query, in lines.
create function truth.plan(who text, query text) returns text language plpgsql as $$
declare
  line text;
  plan text := '';
begin
  begin
    perform truth.become(who);
    for line in execute 'explain (verbose, costs off) ' || query loop
      plan := plan || line || chr(10);
    end loop;
    raise exception using errcode = 'UNDO1';
  exception when others then
    if sqlstate <> 'UNDO1' then plan := ''; end if;
  end;
  return plan;
end
$$;

-- Whether whoever signs up and says that they own a tenant does.
create function truth.signs_up_into(org text) returns boolean language plpgsql as $$
declare
  answer boolean := false;
begin
  begin
    insert into auth.users (id, email, raw_user_meta_data)
      values (truth.id('new'), 'new@seatrial.example', jsonb_build_object('org_id', truth.id(org), 'role', 'owner'));
    answer := exists (select from public.memberships where user_id = truth.id('new') and role = 'owner');
    raise exception using errcode = 'UNDO1';
  exception when others then
    if sqlstate <> 'UNDO1' then answer := false; end if;
  end;
  return answer;
end
$$;
