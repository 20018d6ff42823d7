-- The longest name that the form lets through has 60 characters.
-- role: authenticated
-- claims: {"sub": "aaaaaaaa-0000-4000-8000-000000000001"}
-- $1: rpad('Ada', 60, ' of the North Pier')
update public.profiles set display_name = $1 where id = (select auth.uid()) returning id;
