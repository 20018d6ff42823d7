-- Checks what the common keywords of JSON Schema say, of drafts 4 to 2020-12. Left out: "format", "unevaluated…",
-- "dependentSchemas", references to other documents (an error), and the differences between regular expressions of
-- JavaScript and of Postgres.
create function jsonschema_of_kind(kind text, instance jsonb) returns boolean language sql immutable as $body$
  select case kind
    when 'integer' then jsonb_typeof(instance) = 'number' and instance::text::numeric = trunc(instance::text::numeric)
    else jsonb_typeof(instance) = kind
  end
$body$;

-- what a reference within the document points at (RFC 6901)
create function jsonschema_at(root jsonb, reference text) returns jsonb language plpgsql immutable as $body$
declare
  found jsonb;
begin
  if reference not like '#%' then
    raise exception 'cannot resolve "%": this pg_jsonschema is a stand-in and knows one document only', reference;
  end if;
  found := root #> array(
    select replace(replace(step, '~1', '/'), '~0', '~')
    from unnest(string_to_array(substr(reference, 3), '/')) as step
    where reference not in ('#', '#/')
  );
  if found is null then
    raise exception 'the schema has nothing at "%"', reference;
  end if;
  return found;
end
$body$;

create function jsonschema_number_holds(keyword text, rule jsonb, instance numeric, whole jsonb) returns boolean
language sql immutable as $body$
  select case keyword
    when 'minimum' then instance >= rule::text::numeric
    when 'maximum' then instance <= rule::text::numeric
    when 'multipleOf' then mod(instance, rule::text::numeric) = 0
    -- draft 4 has a boolean here, which sharpens its neighbour
    when 'exclusiveMinimum' then
      case jsonb_typeof(rule)
        when 'boolean' then rule = 'false' or instance > (whole ->> 'minimum')::numeric
        else instance > rule::text::numeric
      end
    when 'exclusiveMaximum' then
      case jsonb_typeof(rule)
        when 'boolean' then rule = 'false' or instance < (whole ->> 'maximum')::numeric
        else instance < rule::text::numeric
      end
    else true
  end
$body$;

create function jsonschema_text_holds(keyword text, rule jsonb, instance text) returns boolean language sql immutable as $body$
  select case keyword
    when 'minLength' then length(instance) >= rule::text::integer
    when 'maxLength' then length(instance) <= rule::text::integer
    when 'pattern' then instance ~ (rule #>> '{}')
    else true
  end
$body$;

create function jsonschema_array_holds(keyword text, rule jsonb, instance jsonb, whole jsonb, root jsonb) returns boolean
language plpgsql immutable as $body$
declare
  -- how many items have a schema of their own: "prefixItems", in older drafts an array of "items"
  fixed integer := coalesce(
    jsonb_array_length(whole -> 'prefixItems'),
    case when jsonb_typeof(whole -> 'items') = 'array' then jsonb_array_length(whole -> 'items') else 0 end
  );
begin
  return case
    when keyword = 'minItems' then jsonb_array_length(instance) >= rule::text::integer
    when keyword = 'maxItems' then jsonb_array_length(instance) <= rule::text::integer
    when keyword = 'uniqueItems' then rule = 'false'
      or (select count(*) = count(distinct item) from jsonb_array_elements(instance) as item)
    when keyword = 'contains' then exists (
      select from jsonb_array_elements(instance) as item where @extschema@.jsonschema_holds(rule, item, root)
    )
    when keyword = 'prefixItems' or keyword = 'items' and jsonb_typeof(rule) = 'array' then not exists (
      select from jsonb_array_elements(instance) with ordinality as given (item, place)
      where place <= fixed and not @extschema@.jsonschema_holds(rule -> place::integer - 1, item, root)
    )
    when keyword = 'items' or keyword = 'additionalItems' and jsonb_typeof(whole -> 'items') = 'array' then not exists (
      select from jsonb_array_elements(instance) with ordinality as given (item, place)
      where place > fixed and not @extschema@.jsonschema_holds(rule, item, root)
    )
    else true
  end;
end
$body$;

create function jsonschema_object_holds(keyword text, rule jsonb, instance jsonb, whole jsonb, root jsonb) returns boolean
language plpgsql immutable as $body$
begin
  return case keyword
    when 'required' then jsonb_typeof(rule) <> 'array' or instance ?& array(select jsonb_array_elements_text(rule))
    when 'minProperties' then (select count(*) from jsonb_object_keys(instance)) >= rule::text::integer
    when 'maxProperties' then (select count(*) from jsonb_object_keys(instance)) <= rule::text::integer
    when 'propertyNames' then not exists (
      select from jsonb_object_keys(instance) as name where not @extschema@.jsonschema_holds(rule, to_jsonb(name), root)
    )
    when 'properties' then not exists (
      select from jsonb_each(rule) as wanted (name, schema)
      where instance ? name and not @extschema@.jsonschema_holds(schema, instance -> name, root)
    )
    when 'patternProperties' then not exists (
      select from jsonb_each(rule) as wanted (pattern, schema), jsonb_each(instance) as given (name, item)
      where name ~ pattern and not @extschema@.jsonschema_holds(schema, item, root)
    )
    when 'additionalProperties' then not exists (
      select from jsonb_each(instance) as given (name, item)
      where not coalesce(whole -> 'properties' ? name, false)
        and not exists (select from jsonb_object_keys(coalesce(whole -> 'patternProperties', '{}')) p (pattern) where name ~ pattern)
        and not @extschema@.jsonschema_holds(rule, item, root)
    )
    when 'dependentRequired' then not exists (
      select from jsonb_each(rule) as wanted (name, others)
      where instance ? name and not instance ?& array(select jsonb_array_elements_text(others))
    )
    else true
  end;
end
$body$;

create function jsonschema_any_holds(keyword text, rule jsonb, instance jsonb, whole jsonb, root jsonb) returns boolean
language plpgsql immutable as $body$
begin
  return case keyword
    when '$ref' then @extschema@.jsonschema_holds(@extschema@.jsonschema_at(root, rule #>> '{}'), instance, root)
    when 'type' then
      case jsonb_typeof(rule)
        when 'array' then exists (
          select from jsonb_array_elements_text(rule) as kind where @extschema@.jsonschema_of_kind(kind, instance)
        )
        else @extschema@.jsonschema_of_kind(rule #>> '{}', instance)
      end
    when 'const' then rule = instance
    when 'enum' then exists (select from jsonb_array_elements(rule) as allowed where allowed = instance)
    when 'not' then not @extschema@.jsonschema_holds(rule, instance, root)
    when 'allOf' then not exists (
      select from jsonb_array_elements(rule) as part where not @extschema@.jsonschema_holds(part, instance, root)
    )
    when 'anyOf' then exists (
      select from jsonb_array_elements(rule) as part where @extschema@.jsonschema_holds(part, instance, root)
    )
    when 'oneOf' then (
      select count(*) = 1 from jsonb_array_elements(rule) as part where @extschema@.jsonschema_holds(part, instance, root)
    )
    when 'if' then @extschema@.jsonschema_holds(
      coalesce(whole -> case when @extschema@.jsonschema_holds(rule, instance, root) then 'then' else 'else' end, 'true'),
      instance, root
    )
    else true
  end;
end
$body$;

create function jsonschema_holds(schema jsonb, instance jsonb, root jsonb) returns boolean language plpgsql immutable as $body$
declare
  keyword text;
  rule    jsonb;
  kind    constant text := jsonb_typeof(instance);
  holds   boolean;
begin
  if jsonb_typeof(schema) <> 'object' then
    return schema is distinct from 'false';
  end if;
  for keyword, rule in select * from jsonb_each(schema) loop
    holds := @extschema@.jsonschema_any_holds(keyword, rule, instance, schema, root) and case kind
      when 'number' then @extschema@.jsonschema_number_holds(keyword, rule, instance::text::numeric, schema)
      when 'string' then @extschema@.jsonschema_text_holds(keyword, rule, instance #>> '{}')
      when 'array' then @extschema@.jsonschema_array_holds(keyword, rule, instance, schema, root)
      when 'object' then @extschema@.jsonschema_object_holds(keyword, rule, instance, schema, root)
      else true
    end;
    if not holds then
      return false;
    end if;
  end loop;
  return true;
end
$body$;

create function json_matches_schema(schema json, instance json) returns boolean language sql immutable strict as $body$
  select @extschema@.jsonschema_holds(schema::jsonb, instance::jsonb, schema::jsonb)
$body$;
create function jsonb_matches_schema(schema json, instance jsonb) returns boolean language sql immutable strict as $body$
  select @extschema@.jsonschema_holds(schema::jsonb, instance, schema::jsonb)
$body$;
create function jsonschema_is_valid(schema json) returns boolean language sql immutable strict as $body$
  select case json_typeof(schema)
    when 'boolean' then true
    when 'object' then not exists (
      select
      from jsonb_path_query(schema::jsonb, 'lax $.**.type ? (@.type() == "string")') as named
      where named #>> '{}' not in ('array', 'boolean', 'integer', 'null', 'number', 'object', 'string')
    )
    else false
  end
$body$;
create function jsonschema_validation_errors(schema json, instance json) returns text[] language sql immutable strict as $body$
  select case
    when @extschema@.json_matches_schema(schema, instance) then '{}'::text[]
    else array['the instance does not match the schema']
  end
$body$;
comment on function jsonschema_is_valid(json) is 'pretends: looks only at the names of types';
comment on function jsonschema_validation_errors(json, json) is 'pretends: says that there is an error, not which';
