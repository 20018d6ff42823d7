-- pretends: an extension that is installed here is kept and listed, but CREATE EXTENSION does not find it.
do $role$
begin
  if not exists (select from pg_roles where rolname = 'pgtle_admin') then
    create role pgtle_admin nologin;
  end if;
end
$role$;
create type pgtle.pg_tle_features as enum ('passcheck', 'clientauth');
create table pgtle.installed (
  name name not null, version text not null, superuser boolean not null default false, comment text, script text not null,
  requires name[], is_default boolean not null default false, primary key (name, version)
);
create table pgtle.update_path (name name, source text, target text, script text, primary key (name, source, target));
create table pgtle.feature_info (feature pgtle.pg_tle_features, schema_name text, proname text, obj_identity text);

create function pgtle.install_extension(name text, version text, description text, ext text, requires text[] default null)
returns boolean language plpgsql as $body$
begin
  if exists (select from pgtle.installed i where i.name = install_extension.name) then
    raise exception 'control file already exists for the % extension', name using errcode = 'duplicate_object';
  end if;
  insert into pgtle.installed values (name, version, false, description, ext, requires, true);
  return true;
end
$body$;
create function pgtle.install_extension_version_sql(name text, version text, ext text) returns boolean language sql as $body$
  insert into pgtle.installed select $1, $2, false, i.comment, $3, i.requires from pgtle.installed i where i.name = $1 and is_default
  returning true
$body$;
create function pgtle.install_update_path(name text, fromvers text, tovers text, ext text) returns boolean language sql as $body$
  insert into pgtle.update_path values ($1, $2, $3, $4) returning true
$body$;
create function pgtle.set_default_version(name text, version text) returns boolean language sql as $body$
  update pgtle.installed i set is_default = i.version = $2 where i.name = $1;
  select true
$body$;
create function pgtle.uninstall_extension(extname text) returns boolean language plpgsql as $body$
begin
  delete from pgtle.installed where name = extname;
  if not found then
    raise exception 'Extension % does not exist', extname using errcode = 'no_data_found';
  end if;
  delete from pgtle.update_path where name = extname;
  return true;
end
$body$;
create function pgtle.uninstall_extension(extname text, version text) returns boolean language sql as $body$
  delete from pgtle.installed i where i.name = $1 and i.version = $2;
  select true
$body$;
create function pgtle.uninstall_extension_if_exists(extname text) returns boolean language plpgsql as $body$
begin
  delete from pgtle.installed where name = extname;
  return found;
end
$body$;
create function pgtle.available_extensions(out name name, out default_version text, out comment text)
returns setof record language sql stable as $body$ select name, version, comment from pgtle.installed where is_default $body$;
create function pgtle.available_extension_versions(
  out name name, out version text, out superuser boolean, out trusted boolean, out relocatable boolean, out schema name,
  out requires name[], out comment text
) returns setof record language sql stable as $body$
  select name, version, superuser, false, false, null::name, requires, comment from pgtle.installed
$body$;
create function pgtle.extension_update_paths(name name, out source text, out target text, out path text)
returns setof record language sql stable as $body$
  select source, target, source || '--' || target from pgtle.update_path u where u.name = $1
$body$;
create function pgtle.register_feature(proc regproc, feature pgtle.pg_tle_features) returns void language sql as $body$
  insert into pgtle.feature_info
  select $2, p.pronamespace::regnamespace, p.proname, p.oid::regprocedure from pg_proc p where p.oid = $1
$body$;

comment on function pgtle.install_extension(text, text, text, text, text[])
  is 'pretends: the extension is kept and listed, and CREATE EXTENSION does not find it';
comment on function pgtle.register_feature(regproc, pgtle.pg_tle_features) is 'pretends: the function is never called';
grant usage on schema pgtle to pgtle_admin;
grant all on all tables in schema pgtle to pgtle_admin;
grant pgtle_admin to postgres;
