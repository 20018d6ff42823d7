-- Exact: the algorithm of hashids.org, version 1.0, as the real extension has it.
-- A number is written in an alphabet that is shuffled by the salt; separators and guards are taken out of the alphabet.
create function hashids_shuffled(letters text, salt text) returns text language plpgsql immutable strict as $body$
declare
  v    integer := 0;
  p    integer := 0;
  code integer;
  j    integer;
  kept text;
begin
  if salt = '' then
    return letters;
  end if;
  for i in reverse length(letters) - 1 .. 1 loop
    v := v % length(salt);
    code := ascii(substr(salt, v + 1, 1));
    p := p + code;
    j := (code + v + p) % i;
    kept := substr(letters, j + 1, 1);
    letters := overlay(letters placing substr(letters, i + 1, 1) from j + 1 for 1);
    letters := overlay(letters placing kept from i + 1 for 1);
    v := v + 1;
  end loop;
  return letters;
end
$body$;

create function hashids_parts(salt text, alphabet text, out letters text, out separators text, out guards text)
language plpgsql immutable strict as $body$
declare
  usual  constant text := 'cfhistuCFHISTU';
  wanted integer;
  count  integer;
begin
  select string_agg(letter, '' order by place) into letters
  from (
    select distinct on (letter) letter, place
    from regexp_split_to_table(alphabet, '') with ordinality as a (letter, place) order by letter, place
  ) as unique_letters;
  if length(letters) < 16 then
    raise exception 'alphabet must contain at least 16 unique characters';
  end if;
  separators := (
    select coalesce(string_agg(letter, '' order by place), '')
    from regexp_split_to_table(usual, '') with ordinality as s (letter, place) where strpos(letters, letter) > 0
  );
  letters := translate(letters, separators, '');
  separators := @extschema@.hashids_shuffled(separators, salt);
  if separators = '' or length(letters) / length(separators)::numeric > 3.5 then
    wanted := greatest(ceil(length(letters) / 3.5)::integer, 2);
    if wanted > length(separators) then
      count := wanted - length(separators);
      separators := separators || left(letters, count);
      letters := substr(letters, count + 1);
    else
      separators := left(separators, wanted);
    end if;
  end if;
  letters := @extschema@.hashids_shuffled(letters, salt);
  count := ceil(length(letters) / 12.0)::integer;
  if length(letters) < 3 then
    guards := left(separators, count);
    separators := substr(separators, count + 1);
  else
    guards := left(letters, count);
    letters := substr(letters, count + 1);
  end if;
end
$body$;

create function id_encode(
  numbers bigint[], salt text default '', min_length integer default 0,
  alphabet text default 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890'
) returns text language plpgsql immutable strict as $body$
declare
  part    record;
  total   bigint := 0;
  lottery text;
  result  text;
  rest    bigint;
  written text;
  half    integer;
  surplus integer;
begin
  part := @extschema@.hashids_parts(salt, alphabet);
  for i in 1 .. cardinality(numbers) loop
    if numbers[i] < 0 then
      return '';
    end if;
    total := total + numbers[i] % (i + 99);
  end loop;
  lottery := substr(part.letters, (total % length(part.letters))::integer + 1, 1);
  result := lottery;
  for i in 1 .. cardinality(numbers) loop
    part.letters := @extschema@.hashids_shuffled(part.letters, left(lottery || salt || part.letters, length(part.letters)));
    rest := numbers[i];
    written := '';
    loop
      written := substr(part.letters, (rest % length(part.letters))::integer + 1, 1) || written;
      rest := rest / length(part.letters);
      exit when rest = 0;
    end loop;
    result := result || written;
    if i < cardinality(numbers) then
      result := result || substr(
        part.separators, ((numbers[i] % (ascii(written) + i - 1)) % length(part.separators))::integer + 1, 1
      );
    end if;
  end loop;
  if length(result) < min_length then
    result := substr(part.guards, ((total + ascii(result)) % length(part.guards))::integer + 1, 1) || result;
    if length(result) < min_length then
      result := result
        || substr(part.guards, ((total + ascii(substr(result, 3, 1))) % length(part.guards))::integer + 1, 1);
    end if;
  end if;
  half := length(part.letters) / 2;
  while length(result) < min_length loop
    part.letters := @extschema@.hashids_shuffled(part.letters, part.letters);
    result := substr(part.letters, half + 1) || result || left(part.letters, half);
    surplus := length(result) - min_length;
    if surplus > 0 then
      result := substr(result, surplus / 2 + 1, min_length);
    end if;
  end loop;
  return result;
end
$body$;
create function id_encode(
  number bigint, salt text default '', min_length integer default 0,
  alphabet text default 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890'
) returns text language sql immutable strict as $body$ select @extschema@.id_encode(array[$1], $2, $3, $4) $body$;

create function id_decode(
  hash text, salt text default '', min_length integer default 0,
  alphabet text default 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890'
) returns bigint[] language plpgsql immutable strict as $body$
declare
  part    record;
  pieces  text[];
  lottery text;
  piece   text;
  number  bigint;
  numbers bigint[] := '{}';
begin
  part := @extschema@.hashids_parts(salt, alphabet);
  pieces := string_to_array(translate(hash, part.guards, repeat(' ', length(part.guards))), ' ');
  piece := pieces[case when cardinality(pieces) in (2, 3) then 2 else 1 end];
  lottery := left(piece, 1);
  foreach piece in array
    string_to_array(translate(substr(piece, 2), part.separators, repeat(' ', length(part.separators))), ' ')
  loop
    part.letters := @extschema@.hashids_shuffled(part.letters, left(lottery || salt || part.letters, length(part.letters)));
    number := 0;
    for i in 1 .. length(piece) loop
      number := number * length(part.letters) + strpos(part.letters, substr(piece, i, 1)) - 1;
    end loop;
    numbers := numbers || number;
  end loop;
  -- a text that is no hash of these settings encodes to something else
  return case when @extschema@.id_encode(numbers, salt, min_length, alphabet) = hash then numbers else '{}' end;
end
$body$;
create function id_decode_once(
  hash text, salt text default '', min_length integer default 0,
  alphabet text default 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890'
) returns bigint language sql immutable strict as $body$ select (@extschema@.id_decode($1, $2, $3, $4))[1] $body$;
create function hash_encode(id bigint) returns text language sql immutable strict as $body$ select @extschema@.id_encode($1) $body$;
create function hash_decode(hash text, salt text, min_length integer) returns bigint language sql immutable strict as $body$
  select @extschema@.id_decode_once($1, $2, $3)
$body$;
