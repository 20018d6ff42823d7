"""What is only accepted, or no longer looked for, is not told as mended: page, comment, summary and chat."""

from typing import Any

import pytest

from reports.chat.message import message, worth_telling
from reports.comment import comment
from reports.page.cases import checks_and_cases
from reports.page.changed import what_changed
from reports.past.history import Past
from reports.summary import summary
from reports.telling import Telling
from reports.verdicts import Outcome
from selftests.past_samples import after, found, instant, telling

GROUPS: dict[Outcome, tuple[str, str]] = {
    "waived": ("waived", "now waived"),
    "inapplicable": ("unasked", "no longer looked for"),
}
"""Outcome -> the group of changes, and what it is called."""


def made(now: Outcome, *between: Outcome) -> Telling:
    """A check that was violated on the first day, as it is told on the ninth."""
    days = enumerate(("violated", *between), 1)
    past = after(*(found({"a": outcome, "b": "verified"}, day) for day, outcome in days))
    return telling(found({"a": now, "b": "verified"}, 9), past)


def row_of(told: Telling) -> dict[str, Any]:
    """What the page knows of the check."""
    (row,) = (case for case in checks_and_cases(told)[1] if case["id"] == "a")
    return row


@pytest.mark.parametrize("between", [(), ("blind",)], ids=["at once", "after a blind run"])
@pytest.mark.parametrize("now", GROUPS)
def test_nothing_says_mended(now: Outcome, between: tuple[Outcome, ...]) -> None:
    told = made(now, *between)
    _, words = GROUPS[now]
    texts = (str(what_changed(told)), comment(told), summary(told.report, told.changes), str(message(told)))

    assert all(f"1 {words}" in text for text in texts)
    assert not any("mended" in text.lower() for text in texts)
    assert worth_telling(told, "changes")


@pytest.mark.parametrize("now", GROUPS)
def test_the_page_draws_it_as_what_it_is(now: Outcome) -> None:
    told = made(now)
    row = row_of(told)

    assert f'<li data-state="{now}">' in str(what_changed(told))
    assert 'data-state="verified"' not in str(what_changed(told)).partition("<ul>")[2]
    assert (row["change"], row["was"], row["was_since"]) == (GROUPS[now][0], "violated", instant(1))


def test_the_comment_names_what_is_accepted_now() -> None:
    assert "\nNow waived: `a`\n" in comment(made("waived"))
    assert "\nNo longer looked for: `a`\n" in comment(made("inapplicable"))
    assert "### No longer looked for\n\n- `a`" in summary(made("inapplicable").report, made("inapplicable").changes)


def test_the_page_knows_since_when_although_a_run_between_could_not_see() -> None:
    told = made("violated", "blind")
    row = row_of(told)

    assert (row["change"], row["was"], row["since"], row["was_since"]) == ("still", "violated", instant(1), instant(1))


def test_a_first_run_tells_of_no_change() -> None:
    told = telling(found({"a": "waived"}, 1, word="GO", exit=0), Past())

    assert "waived:" not in str(what_changed(told))
    assert not worth_telling(told, "changes")
