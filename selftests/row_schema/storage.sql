-- Files: one folder a tenant in `documents`, one folder a person in `avatars`, which everybody may download by its name.
insert into storage.buckets (id, name, public) values ('documents', 'documents', false), ('avatars', 'avatars', true);
create policy documents_select on storage.objects for select to authenticated
  using (bucket_id = 'documents' and @folder(name));
create policy documents_insert on storage.objects for insert to authenticated
  with check (bucket_id = 'documents' and @folder(name));
create policy documents_update on storage.objects for update to authenticated
  using (bucket_id = 'documents' and @folder(name)) with check (bucket_id = 'documents' and @folder(name));
create policy documents_delete on storage.objects for delete to authenticated
  using (bucket_id = 'documents' and @folder(name));
create policy avatars_insert on storage.objects for insert to authenticated
  with check (bucket_id = 'avatars' and (storage.foldername(name))[1] = (select auth.uid())::text);
