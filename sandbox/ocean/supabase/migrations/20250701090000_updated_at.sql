create function private.touch() returns trigger language plpgsql set search_path = '' as $$
begin
  new.updated_at := now();
  return new;
end
$$;

create trigger touch before update on public.profiles for each row execute function private.touch();
create trigger touch before update on public.organizations for each row execute function private.touch();
create trigger touch before update on public.subscriptions for each row execute function private.touch();
create trigger touch before update on public.organization_databases for each row execute function private.touch();
