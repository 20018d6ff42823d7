"""What the restore drill shows of an error: Postgres's own words, names, and nothing that may be of a row."""

import pytest

from fixtures.restoring.complaints import complaints
from fixtures.restoring.facts import Flaw, Restored
from fixtures.restoring.messages import of_rows, shown, without_values
from fixtures.workbench.engines.local import LocalServer
from selftests.restoring_bench import connected, held
from selftests.restoring_bench import server as server  # a fixture, for whoever asks for it by name


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ('relation "plans" does not exist', 'relation "plans" does not exist'),
        ('null value in column "email" of relation "t"', 'null value in column "email" of relation "t"'),
        ('role "zoe" does not exist', 'role "zoe" does not exist'),
        (
            'heap tuple (0,1) from table "a" lacks matching index tuple within index "b"',
            'heap tuple (0,1) from table "a" lacks matching index tuple within index "b"',
        ),
        ('invalid input syntax for type json: "{x"', "invalid input syntax for type json"),
        ('invalid byte sequence for encoding "UTF8": 0xe2 0x28', 'invalid byte sequence for encoding "UTF8"'),
        ('invalid input syntax for type json: {"ssn":"123"}', "invalid input syntax for type json"),
        (
            'value "4111111111111111" is out of range for type integer',
            'value "…" is out of range for type integer',
        ),
        ("value 4111111111111111 is out of range", "value … is out of range"),
        ("Key (email)=(ada@example.org) exists", "Key "),
        ("division by zero of ada@example.org", "division by zero of …"),
        ("no function of 'Ada's' own", "no function of '…' own"),
        ('relation "ada@example.org" does not exist', 'relation "…" does not exist'),
        ('time zone "Ada', 'time zone "…"'),
        ("x" * 1000, "x" * 300),
    ],
)
def test_a_message_shows_names_and_no_values(said: str, kept: str) -> None:
    assert without_values(said) == kept


def test_what_the_command_says_may_be_repeated() -> None:
    command = 'CREATE VIEW public.logs_20250401 AS SELECT FROM public."an odd one"'

    assert without_values('"an odd one" is no table', command) == '"an odd one" is no table'
    assert without_values("logs_20250401 and logs_20250402", command) == "logs_20250401 and …"


@pytest.mark.parametrize(
    ("context", "why"),
    [
        (
            "PL/pgSQL function app.insist(text,text[]) line 3 at RAISE",
            "an error of the application's own, which app.insist(text,text[]) raises",
        ),
        ("PL/pgSQL function app.of_ada@example.org() line 3 at RAISE", "an error of the application's own, which … r"),
        ("PL/pgSQL function inline_code_block line 1 at RAISE", "an error of the application's own, which a function"),
        ("PL/pgSQL function insist(text) line 9 at ASSERT", "an error of the application's own, which insist(text)"),
        ('PL/Python function "insist"', "an error in a function of the application's"),
        ("insist() LINE 1: throw new Error(row.email)", "an error in a function of the application's"),
        ("PL/pgSQL function insist(text) line 9 at EXECUTE", 'relation "…" is not there'),
        ("PL/pgSQL function insist(text) line 9 at SQL statement", 'relation "Ada" is not there'),
    ],
)
def test_the_application_s_own_words_are_not_shown(context: str, why: str) -> None:
    said = f'relation "Ada" is not there\nDETAIL:  Ada.\nCONTEXT:  {context}\nCOPY t, line 1: "Ada"'

    assert shown(said, said).startswith(why)


def test_of_rows_nothing_after_a_colon_is_shown() -> None:
    assert of_rows("no date: Ada") == "no date"
    assert shown("no date: of that kind") == "no date: of that kind"


def test_every_complaint_goes_that_way() -> None:
    said = """\
pg_restore: error: COPY failed for table "t": ERROR:  Ada has no invoice
CONTEXT:  PL/pgSQL function app.insist(text) line 1 at RAISE
COPY t, line 1: "Ada"
pg_restore: error: could not execute query: ERROR:  value "4111111111111111" is out of range for type integer
Command was: INSERT INTO public.t VALUES ('4111111111111111');
pg_restore: error: could not execute query: ERROR:  "an odd one" is no table
Command was: CREATE POLICY p ON public."an odd one" USING (true);
"""

    assert [(flaw.name, flaw.why) for flaw in complaints(said)] == [
        ("rows of t", "an error of the application's own, which app.insist(text) raises"),
        ("rows of public.t", 'value "…" is out of range for type integer'),
        ('policy or trigger p on public."an odd one"', '"an odd one" is no table'),
    ]


RAISES = """
create function app.insist(who text, at_restore boolean) returns boolean language plpgsql immutable as $$
begin
  if current_database() <> 'source' and at_restore = (current_setting('application_name') = 'pg_restore') then
    raise exception 'Ada Lovelace of % has no invoice', who using errcode = 'P0042';
  end if;
  return true;
end $$;
alter table app.boats add constraint insisted check (app.insist(owner, true));
create index insistent on app.harbours (app.insist(name, false));
create index as_insistent on app.logs (app.insist(line, true));
"""


def test_what_a_function_raises_is_not_in_the_finding(server: LocalServer) -> None:
    with connected(server) as connection:
        connection.execute(RAISES.encode())
    try:
        seen = held(server)
    finally:
        with connected(server) as connection:
            connection.execute("drop function app.insist cascade")

    assert [(flaw.name, flaw.why) for flaw in wrong(seen["restores"])] == [
        ("rows of boats", RAISED),
        ("index as_insistent on app.logs", RAISED),
    ]
    assert ("index insistent on app.harbours", RAISED) in [(flaw.name, flaw.why) for flaw in wrong(seen["indexes"])]
    assert "Lovelace" not in repr(seen)
    assert "ada@" not in repr(seen)


RAISED = "an error of the application's own, which app.insist(text,boolean) raises"


def wrong(part: Restored | Exception) -> tuple[Flaw, ...]:
    assert isinstance(part, Restored)
    return part.wrong
