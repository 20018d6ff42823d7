create policy "members see their organizations" on public.organizations
  for select to authenticated using (id in (select private.my_organization_ids()));
create policy "owners and admins edit the organization" on public.organizations
  for update to authenticated
  using (id in (select private.organization_ids_i_am('{owner,admin}')))
  with check (id in (select private.organization_ids_i_am('{owner,admin}')));

create policy "members see who else is in" on public.memberships
  for select to authenticated using (organization_id in (select private.my_organization_ids()));
-- Only an owner lets people in, moves them or puts them out: an invitation never makes anybody an owner by itself.
create policy "owners add members" on public.memberships
  for insert to authenticated
  with check (organization_id in (select private.organization_ids_i_am('{owner}')));
create policy "owners change roles" on public.memberships
  for update to authenticated
  using (organization_id in (select private.organization_ids_i_am('{owner}')))
  with check (organization_id in (select private.organization_ids_i_am('{owner}')));
create policy "owners remove members" on public.memberships
  for delete to authenticated
  using (organization_id in (select private.organization_ids_i_am('{owner}')));
