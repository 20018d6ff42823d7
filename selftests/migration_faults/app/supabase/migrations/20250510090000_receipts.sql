-- Receipts are files; the first folder of a file's path is its organization.
insert into storage.buckets (id, name, public) values ('receipts', 'receipts', false);

create policy "members see receipts" on storage.objects
  for select to authenticated
  using (bucket_id = 'receipts' and (storage.foldername(name))[1] in (select private.my_organizations()::text));
create policy "members add receipts" on storage.objects
  for insert to authenticated
  with check (bucket_id = 'receipts' and (storage.foldername(name))[1] in (select private.my_organizations()::text));
