"""A migration says in a comment what it does on purpose."""

from fixtures.migrations.acknowledged import acknowledged
from fixtures.migrations.files import MigrationFile, Source


def source(text: str) -> Source:
    return Source(MigrationFile(path="supabase/migrations/1_m.sql", version="1", name="m"), text)


def test_a_comment_accepts_one_subject_and_says_why() -> None:
    text = "select 1;\n  -- seatrial: accepts column public.plans.note because nobody ever wrote it \ndrop table x;"
    (found,) = acknowledged([source(text)]).values()
    assert (found.subject, found.line) == ("column public.plans.note", 2)
    assert found.reason == "nobody ever wrote it"
    assert found.path == "supabase/migrations/1_m.sql"


def test_a_comment_without_a_reason_accepts_nothing() -> None:
    assert acknowledged([source("-- seatrial: accepts public.plans\n-- seatrial: accepts public.plans because ")]) == {}


def test_only_a_comment_line_counts() -> None:
    assert acknowledged([source("select '\n seatrial: accepts public.plans because of reasons';")]) == {}
