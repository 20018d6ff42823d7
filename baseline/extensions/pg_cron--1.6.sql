-- pretends: jobs are rows and nothing runs them. As with the real one, scheduling a known name replaces that job, and
-- unscheduling an unknown one is an error.
create schema cron;
create table cron.job (
  jobid    bigserial primary key,
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
create table cron.job_run_details (
  jobid bigint, runid bigserial primary key, job_pid integer, database text, username text, command text, status text,
  return_message text, start_time timestamptz, end_time timestamptz
);

create function cron.schedule(schedule text, command text) returns bigint language sql as $body$
  insert into cron.job (schedule, command) values ($1, $2) returning jobid
$body$;
create function cron.schedule_in_database(
  job_name text, schedule text, command text, database text, username text default null, active boolean default true
) returns bigint language sql as $body$
  insert into cron.job (jobname, schedule, command, database, username, active)
  values ($1, $2, $3, $4, coalesce($5, current_user), $6)
  on conflict (jobname, username) do update
    set schedule = excluded.schedule, command = excluded.command, database = excluded.database, active = excluded.active
  returning jobid
$body$;
create function cron.schedule(job_name text, schedule text, command text) returns bigint language sql as $body$
  select cron.schedule_in_database($1, $2, $3, current_database())
$body$;
create function cron.unschedule(job_id bigint) returns boolean language plpgsql as $body$
begin
  delete from cron.job where jobid = job_id;
  if not found then
    raise exception 'could not find valid entry for job %', job_id;
  end if;
  return true;
end
$body$;
create function cron.unschedule(job_name text) returns boolean language plpgsql as $body$
begin
  delete from cron.job where jobname = job_name and username = current_user;
  if not found then
    raise exception 'could not find valid entry for job ''%''', job_name;
  end if;
  return true;
end
$body$;
create function cron.alter_job(
  job_id bigint, schedule text default null, command text default null, database text default null,
  username text default null, active boolean default null
) returns void language sql as $body$
  update cron.job
  set schedule = coalesce($2, job.schedule), command = coalesce($3, job.command), database = coalesce($4, job.database),
      username = coalesce($5, job.username), active = coalesce($6, job.active)
  where jobid = $1
$body$;

grant usage on schema cron to public;
grant select on cron.job, cron.job_run_details to public;
grant all on cron.job, cron.job_run_details to postgres;
grant usage on all sequences in schema cron to postgres;
