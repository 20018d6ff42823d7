-- Signing up makes a profile, an organization and its owner, in the transaction that makes the account.
create function public.handle_new_user() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  first_organization uuid;
begin
  insert into public.profiles (id, display_name, email)
  values (new.id, left(new.raw_user_meta_data ->> 'full_name', 80), new.email);

  insert into public.organizations (name)
  values (coalesce(nullif(new.raw_user_meta_data ->> 'organization', ''), 'My organization'))
  returning id into first_organization;

  insert into public.members (organization_id, user_id, role) values (first_organization, new.id, 'owner');
  return new;
end
$$;
revoke execute on function public.handle_new_user() from public;

create trigger on_auth_user_created
  after insert on auth.users
  for each row execute function public.handle_new_user();
