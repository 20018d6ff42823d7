"""The docstring of a check is its runbook text."""

import pytest

from reports.promise import Promise, parse

DOCSTRING = """Row-level security is on for every table
    the API can reach.

    Means:   anyone holding the publishable key
             reads every row.
    Confirm: psql "$DATABASE_URL" \\
               -f tables.sql
    Contain:
        revoke all on <table> from anon;

        revoke all on <table> from authenticated;
    Fix:     alter table <table> enable row level security: then
             Note: ship it as a migration.
    """


def test_parts() -> None:
    assert parse(DOCSTRING) == Promise(
        promise="Row-level security is on for every table the API can reach.",
        means="anyone holding the publishable key\nreads every row.",
        confirm='psql "$DATABASE_URL" \\\n-f tables.sql',
        contain="revoke all on <table> from anon;\n\nrevoke all on <table> from authenticated;",
        fix="alter table <table> enable row level security: then\nNote: ship it as a migration.",
    )


def test_parts_right_after_the_promise() -> None:
    assert parse("Safe.\nMeans: a\nConfirm: b\nContain: c\nFix: d").means == "a"


@pytest.mark.parametrize("name", ["Means", "Confirm", "Contain", "Fix"])
@pytest.mark.parametrize("spoil", ["left-out", "empty"])
def test_a_missing_part_is_named(name: str, spoil: str) -> None:
    lines = ["Safe.", "", "Means: a", "Confirm: b", "Contain: c", "Fix: d"]
    kept = [line for line in lines if not line.startswith(name)] + ([f"{name}:  "] if spoil == "empty" else [])

    with pytest.raises(ValueError, match=f'"{name}:" is missing from the docstring, or empty'):
        parse("\n".join(kept))


@pytest.mark.parametrize("docstring", [None, "", "\n\n", "Means: a\nConfirm: b\nContain: c\nFix: d"])
def test_a_missing_promise_is_named(docstring: str | None) -> None:
    with pytest.raises(ValueError, match="the promise is missing"):
        parse(docstring)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Note: x", '"Note: x" belongs to no part'),
        ("Fix: again", '"Fix:" is there twice'),
        ("loose", '"loose" belongs'),
    ],
)
def test_nothing_is_dropped_silently(line: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse(f"Safe.\n\nMeans: a\nConfirm: b\nContain: c\nFix: d\n{line}")


def test_a_second_paragraph_belongs_to_nothing() -> None:
    with pytest.raises(ValueError, match=r'"More text\." belongs to no part'):
        parse("Safe.\n\nMore text.\n\nMeans: a\nConfirm: b\nContain: c\nFix: d")
