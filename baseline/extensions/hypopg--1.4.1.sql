-- pretends: an index can be named and listed, and no plan ever uses it.
create function hypopg_create_index(sql_order text, out indexrelid oid, out indexname text) returns setof record
language sql as $body$ select 0::oid, '<0>hypothetical' $body$;
create function hypopg_drop_index(indexid oid) returns boolean language sql as $body$ select true $body$;
create function hypopg_reset() returns void language sql as $body$ select $body$;
create function hypopg_reset_index() returns void language sql as $body$ select $body$;
create function hypopg_hide_index(indexid oid) returns boolean language sql as $body$ select true $body$;
create function hypopg_unhide_index(indexid oid) returns boolean language sql as $body$ select true $body$;
create function hypopg_unhide_all_indexes() returns void language sql as $body$ select $body$;
create function hypopg_relation_size(indexid oid) returns bigint language sql as $body$ select 0::bigint $body$;
create function hypopg_get_indexdef(indexid oid) returns text language sql as $body$ select null::text $body$;
create view hypopg_list_indexes as
  select 0::oid as indexrelid, ''::text as index_name, ''::name as schema_name, ''::name as table_name, ''::name as am_name
  where false;
create view hypopg_hidden_indexes as
  select 0::oid as indexrelid, ''::name as index_name, ''::name as schema_name, ''::name as table_name, ''::name as am_name,
    false as is_hypo
  where false;
comment on function hypopg_create_index(text) is 'pretends: the index is not considered by any plan';
comment on function hypopg_hide_index(oid) is 'pretends: plans go on using the index';
comment on function hypopg_relation_size(oid) is 'pretends: the size is always 0';
