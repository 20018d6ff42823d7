"""Runs that could not see, runs that overlap, and clocks that are ahead: what is told of them, and what stays known."""

import pytest

from reports.past.changes import Changes, as_known, changes, standing, told
from reports.past.history import Past, PastCase
from reports.verdicts import Outcome, Report
from selftests.past_samples import after, found, instant

AHEAD = "2036-01-01T00:00:00.000+00:00"
UNSEEN = ("blind", "crashed", "missing")


def one(outcome: Outcome | str, day: int) -> Report:
    """A run of one day that judged one case; "missing" is no verdict."""
    if outcome == "missing":
        return found({}, day, missing=("a",))
    return found({"a": outcome}, day)  # type: ignore[dict-item] # the words come from a parametrization


def case(past: Past) -> PastCase:
    return past.cases["production"]["a"]


def groups(differing: Changes) -> set[str]:
    return {
        name for name in ("new", "mended", "waived", "unasked", "still", "unseen", "seen") if getattr(differing, name)
    }


@pytest.mark.parametrize("unseen", UNSEEN)
def test_a_violation_that_nobody_could_see_for_a_while_is_not_new(unseen: str) -> None:
    past = after(one("violated", 1), one(unseen, 2), one(unseen, 3))
    now = one("violated", 4)
    [still] = changes(past, now).still

    assert groups(changes(past, now)) == {"still"}
    assert (still.was, still.since) == ("violated", instant(1))
    assert standing(changes(past, now)) == {"a": "since 2026-11-01 10:00 UTC"}
    assert told(changes(past, now), instant(4)) == "since the previous run (1 day ago, 0123abc): 1 still violated"
    assert (case(after(now, past=past)).since, case(after(now, past=past)).looked) == (instant(1), None)


@pytest.mark.parametrize(
    ("now", "group"), [("verified", "mended"), ("waived", "waived"), ("inapplicable", "unasked"), ("blind", "")]
)
@pytest.mark.parametrize("unseen", UNSEEN)
def test_what_became_of_it_after_nobody_could_see_it(unseen: str, now: str, group: str) -> None:
    differing = changes(after(one("violated", 1), one(unseen, 2)), one(now, 3))

    assert groups(differing) == ({group} if group else set())
    assert all(row.was == "violated" for row in getattr(differing, group or "new"))


def test_what_was_well_is_not_taken_to_have_been_so_while_nobody_saw_it() -> None:
    past = after(one("verified", 1), one("blind", 2), one("verified", 3))

    assert case(past).since == instant(3)
    assert groups(changes(after(one("verified", 1), one("blind", 2)), one("violated", 3))) == {"new"}
    assert groups(changes(after(one("verified", 1), one("blind", 2)), one("verified", 3))) == {"seen"}


def test_a_violation_that_was_accepted_in_between_begins_anew() -> None:
    past = after(one("violated", 1), one("waived", 2), one("blind", 3))

    assert groups(changes(past, one("violated", 4))) == {"new"}


def test_a_run_is_not_compared_with_one_that_began_after_it() -> None:
    """Two at once: the one that began on day 3 ends after the one that began on day 4."""
    past = after(one("violated", 2), one("violated", 4))
    late = one("violated", 3)
    differing = changes(past, late)

    assert differing.previous is not None
    assert differing.previous.started == instant(2)
    assert [row.since for row in differing.still] == [instant(2)]


def test_a_run_that_ends_late_overwrites_nothing_that_a_later_one_saw() -> None:
    past = after(one("verified", 1), one("violated", 4))
    end = after(one("verified", 3), past=past)

    assert case(end) == case(past)
    assert [run.started for run in end.runs] == [instant(4), instant(3), instant(1)]
    assert groups(changes(past, one("verified", 3))) == set()
    assert groups(changes(end, one("violated", 5))) == {"still"}


def test_what_a_later_run_wrote_hides_nothing_from_one_that_ends_late() -> None:
    mended = after(one("violated", 1), one("verified", 4))
    blinded = after(one("violated", 1), one("blind", 4))
    first = after(one("verified", 4))

    assert [row.since for row in changes(mended, one("violated", 3)).still] == [instant(1)]
    assert [row.since for row in changes(blinded, one("violated", 3)).still] == [instant(1)]
    assert groups(changes(after(one("blind", 1), one("violated", 4)), one("verified", 3))) == {"seen"}
    assert changes(first, one("violated", 3)).previous is None


def test_a_case_that_the_later_run_did_not_judge_is_written_down() -> None:
    past = after(found({"b": "verified"}, 4))

    assert case(after(one("violated", 3), past=past)).since == instant(3)


def test_a_clock_that_was_ahead_keeps_nobody_out() -> None:
    ahead = found({"a": "verified"}, started=AHEAD)
    past = after(one("verified", 1), ahead)
    now = one("violated", 3)

    assert told(changes(past, now), instant(3)) == "since the previous run (2 days ago, 0123abc): 1 new"
    past = after(now, past=past)
    assert (case(past).outcome, case(past).since, case(past).judged) == ("violated", instant(3), instant(3))
    assert groups(changes(past, one("violated", 4))) == {"still"}


def test_a_first_clock_that_was_ahead_is_no_previous_run() -> None:
    past = after(found({"a": "violated"}, started=AHEAD))
    now = one("violated", 3)

    assert (changes(past, now).previous, [row.was for row in changes(past, now).new]) == (None, [None])
    assert case(after(now, past=past)).since == instant(3)


def test_nothing_was_verified_after_the_run_that_says_so() -> None:
    """A clock that is ahead, and a run that ends late: neither puts an instant to come into "last verified"."""
    ahead = after(one("verified", 1), found({"a": "verified"}, started=AHEAD))
    never = after(one("violated", 1), found({"a": "verified"}, started=AHEAD))

    assert as_known(ahead, one("violated", 3))["a"].verified == instant(1)
    assert case(after(one("violated", 3), past=ahead)).verified == instant(1)
    assert case(after(one("violated", 3), past=never)).verified is None
