-- pretends: jobs are rows and nothing runs them. As with the real one, scheduling a known name replaces that job,
-- unscheduling an unknown one is an error, and so is a schedule that cannot be read.
create schema cron;
create sequence cron.jobid_seq;
create sequence cron.runid_seq;
create table cron.job (
  jobid    bigint primary key default nextval('cron.jobid_seq'),
  schedule text not null,
  command  text not null,
  nodename text not null default 'localhost',
  nodeport integer not null default 5432,
  database text not null default current_database(),
  username text not null default current_user,
  active   boolean not null default true,
  jobname  text,
  constraint jobname_username_uniq unique (jobname, username)
);
comment on table cron.job is 'pretends: jobs are recorded and never run';
create table cron.job_run_details (
  jobid bigint, runid bigint primary key default nextval('cron.runid_seq'), job_pid integer, database text, username text,
  command text, status text, return_message text, start_time timestamptz, end_time timestamptz
);
alter table cron.job enable row level security;
create policy cron_job_policy on cron.job using (username = current_user);
alter table cron.job_run_details enable row level security;
create policy cron_job_run_details_policy on cron.job_run_details using (username = current_user);

-- one of the five parts: * or $ (the last day), numbers, names, ranges, each with a step, in a list
create function cron._readable(part text, low integer, high integer, names text) returns boolean
language sql immutable strict as $body$
  select bool_and(
    entry ~* ('^([*$]|([0-9]{1,2}|' || names || ')(-([0-9]{1,2}|' || names || '))?)(/[1-9][0-9]{0,2})?$')
    and coalesce(
      (select bool_and(number[1]::integer between low and high) from regexp_matches(split_part(entry, '/', 1), '[0-9]+', 'g') number),
      true
    )
  )
  from unnest(string_to_array(part, ',')) as entry
$body$;
create function cron._check(schedule text) returns void language plpgsql immutable as $body$
declare
  none   constant text := '(?!)';  -- matches nothing
  part   text[] := regexp_split_to_array(trim(schedule), '\s+');
  months constant text := 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
  days   constant text := 'sun|mon|tue|wed|thu|fri|sat';
begin
  if schedule ~* '^\s*([1-9]|[1-5][0-9])\s+seconds?\s*$'
    or schedule ~* '^\s*@(reboot|yearly|annually|monthly|weekly|daily|midnight|hourly)\s*$'
    or (
      cardinality(part) >= 5 and cron._readable(part[1], 0, 59, none) and cron._readable(part[2], 0, 23, none)
      and cron._readable(part[3], 1, 31, none) and cron._readable(part[4], 1, 12, months)
      and cron._readable(part[5], 0, 7, days)
    )
  then
    return;
  end if;
  raise exception 'invalid schedule: %', schedule using
    errcode = 'invalid_parameter_value', hint = 'Use cron format (e.g. 5 4 * * *), or interval format ''[1-59] seconds''';
end
$body$;

-- The owner of the table writes it for every caller, as the real extension does; hence the caller's name as an argument.
create function cron._put(
  caller text, job_name text, job_schedule text, job_command text, job_database text, job_active boolean
) returns bigint language plpgsql security definer set search_path = '' as $body$
declare
  id bigint;
begin
  if job_schedule is null then
    raise exception 'schedule can not be NULL';
  elsif job_command is null then
    raise exception 'command can not be NULL';
  end if;
  perform cron._check(job_schedule);
  insert into cron.job (jobname, schedule, command, database, username, active)
  values (job_name, job_schedule, job_command, job_database, caller, job_active)
  on conflict (jobname, username) do update
    set schedule = excluded.schedule, command = excluded.command, database = excluded.database, active = excluded.active
  returning jobid into id;
  return id;
end
$body$;
create function cron._remove(caller text, id bigint, name text) returns boolean
language plpgsql security definer set search_path = '' as $body$
begin
  delete from cron.job where (jobid = id or jobname = name) and username = caller;
  return found;
end
$body$;

create function cron.schedule(schedule text, command text) returns bigint language sql strict as $body$
  select cron._put(current_user, null, $1, $2, current_database(), true)
$body$;
create function cron.schedule(job_name text, schedule text, command text) returns bigint language plpgsql as $body$
begin
  if job_name is null then
    raise exception 'job_name can not be NULL';
  end if;
  return cron._put(current_user, job_name, schedule, command, current_database(), true);
end
$body$;
create function cron.schedule_in_database(
  job_name text, schedule text, command text, database text, username text default null, active boolean default true
) returns bigint language sql as $body$
  select cron._put(coalesce($5, current_user), $1, $2, $3, $4, $6)
$body$;
create function cron.unschedule(job_id bigint) returns boolean language plpgsql strict as $body$
begin
  if not cron._remove(current_user, job_id, null) then
    raise exception 'could not find valid entry for job %', job_id;
  end if;
  return true;
end
$body$;
create function cron.unschedule(job_name text) returns boolean language plpgsql strict as $body$
begin
  if not cron._remove(current_user, null, job_name) then
    raise exception 'could not find valid entry for job ''%''', job_name;
  end if;
  return true;
end
$body$;
create function cron.alter_job(
  job_id bigint, schedule text default null, command text default null, database text default null,
  username text default null, active boolean default null
) returns void language plpgsql security definer set search_path = '' as $body$
begin
  if schedule is not null then
    perform cron._check(schedule);
  end if;
  update cron.job j
  set schedule = coalesce(alter_job.schedule, j.schedule), command = coalesce(alter_job.command, j.command),
      database = coalesce(alter_job.database, j.database), username = coalesce(alter_job.username, j.username),
      active = coalesce(alter_job.active, j.active)
  where jobid = job_id;
  if not found then
    raise exception 'Job % does not exist or you don''t own it', job_id;
  end if;
end
$body$;

grant select on cron.job to public;
grant select, delete on cron.job_run_details to public;
grant select on sequence cron.jobid_seq, cron.runid_seq to public;
revoke all on function cron.alter_job(bigint, text, text, text, text, boolean) from public;
revoke all on function cron.schedule_in_database(text, text, text, text, text, boolean) from public;
-- On a project this is granted right after the extension is made; writing cron.job itself is not.
grant usage on schema cron to postgres with grant option;
grant all on all functions in schema cron to postgres with grant option;
grant all on all sequences in schema cron to postgres with grant option;
grant all on cron.job_run_details to postgres with grant option;
revoke trigger on cron.job_run_details from postgres;
grant select on cron.job to postgres with grant option;
