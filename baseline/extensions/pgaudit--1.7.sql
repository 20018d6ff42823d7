-- pretends: nothing is logged. The real extension works by event triggers and settings, not by functions that are called.
create function pgaudit_ddl_command_end() returns event_trigger language plpgsql as $body$ begin end $body$;
create function pgaudit_sql_drop() returns event_trigger language plpgsql as $body$ begin end $body$;
comment on function pgaudit_ddl_command_end() is 'pretends: nothing is logged';
