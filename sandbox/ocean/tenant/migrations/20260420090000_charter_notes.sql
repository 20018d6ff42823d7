alter table public.charters add column notes text not null default '';
