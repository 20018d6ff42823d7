-- Signing up makes a profile, an organization, its first owner and the order to provision it, in one transaction with
-- the account itself. The authentication server inserts into auth.users as a role that may touch nothing in public, with
-- its own search_path: hence SECURITY DEFINER, an empty search_path, and names with their schema.
create function public.handle_new_user() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  first_organization uuid;
begin
  insert into public.profiles (id, email, full_name)
  values (new.id, new.email, new.raw_user_meta_data ->> 'full_name');

  insert into public.organizations (name, created_by)
  values (coalesce(nullif(left(new.raw_user_meta_data ->> 'organization', 120), ''), 'My organization'), new.id)
  returning id into first_organization;

  insert into public.memberships (organization_id, user_id, role)
  values (first_organization, new.id, 'owner');

  insert into public.provisioning_events (organization_id, kind)
  values (first_organization, 'organization.created');

  return new;
end
$$;

create trigger on_auth_user_created
  after insert on auth.users
  for each row execute function public.handle_new_user();
