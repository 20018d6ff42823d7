-- 2 of 3. Older rows get theirs. There are few enough for one statement; it finds nothing to do when run again.
update public.organizations set slug = 'org-' || substr(replace(id::text, '-', ''), 1, 12) where slug is null;
