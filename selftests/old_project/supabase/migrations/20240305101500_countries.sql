create table public.countries (
    code text primary key,
    name text not null
);

insert into public.countries (code, name) values ('no', 'Norway'), ('pt', 'Portugal');
