-- Who is connected, by application, and who keeps others waiting. Reads only.
select application_name, state, count(*), max(now() - state_change) as longest
  from pg_stat_activity
 where datname = current_database() and backend_type = 'client backend'
 group by application_name, state
 order by count(*) desc;

select waiting.pid, pg_blocking_pids(waiting.pid) as waits_for, left(waiting.query, 80) as statement
  from pg_stat_activity as waiting
 where cardinality(pg_blocking_pids(waiting.pid)) > 0;
