"""What is new, mended, still so and no longer seen since the previous run."""

import pytest

from reports.past.changes import Changes, ago, changes, minute, standing, told
from reports.past.history import Past
from reports.terminal import closing_lines
from reports.verdicts import Outcome, Report
from selftests.past_samples import after, found, instant
from selftests.report_samples import HOSTILE

OUTCOMES: tuple[Outcome, ...] = ("verified", "violated", "blind", "crashed", "waived", "inapplicable")
GROUPS = ("new", "mended", "waived", "unasked", "still", "unseen", "seen")


def groups(differing: Changes) -> dict[str, list[str]]:
    """The cases of each group that has some."""
    found = {name: [row.case for row in getattr(differing, name)] for name in GROUPS}
    return {name: cases for name, cases in found.items() if cases}


def between(was: str, now: str) -> dict[str, list[str]]:
    return groups(changes(after(alone(was, 1)), alone(now, 2)))


def alone(outcome: str, day: int) -> Report:
    """A report of one case, which may be missing."""
    known = [name for name in OUTCOMES if name == outcome]
    return found({"a": known[0]}, day) if known else found({}, day, missing=("a",))


EXPECTED = {
    "verified": {"violated": "new", "blind": "unseen", "crashed": "unseen", "missing": "unseen"},
    "waived": {"violated": "new", "blind": "unseen", "crashed": "unseen", "missing": "unseen"},
    "violated": {
        "violated": "still", "verified": "mended", "waived": "waived", "inapplicable": "unasked",
        "blind": "unseen", "crashed": "unseen", "missing": "unseen",
    },
    "inapplicable": {"violated": "new"},
    **{
        unseen: {"violated": "new", "verified": "seen", "waived": "seen", "inapplicable": "seen"}
        for unseen in ("blind", "crashed", "missing")
    },
}  # fmt: skip


@pytest.mark.parametrize("now", [*OUTCOMES, "missing"])
@pytest.mark.parametrize("was", [*OUTCOMES, "missing"])
def test_every_pair_of_outcomes(was: str, now: str) -> None:
    group = EXPECTED[was].get(now)

    assert between(was, now) == ({group: ["a"]} if group else {})


def test_a_case_that_nobody_knew_is_new_when_it_is_violated() -> None:
    differing = changes(after(found({"a": "verified"}, 1)), found({"a": "verified", "b": "violated"}, 2))

    assert groups(differing) == {"new": ["b"]}
    assert (differing.new[0].was, differing.new[0].since) == (None, instant(2))


def test_how_long_it_has_been_so() -> None:
    past = after(found({"a": "verified"}, 1), found({"a": "violated"}, 2), found({"a": "violated"}, 3))
    [still] = changes(past, found({"a": "violated"}, 4)).still

    assert (still.was, still.now, still.since) == ("violated", "violated", instant(2))


def test_the_previous_run_is_the_newest_that_had_a_lane_of_this_one() -> None:
    past = after(
        found({}, 1, lanes=("pre-deploy",)),
        found({}, 2, lanes=("pre-deploy", "migrations")),
        found({}, 3, lanes=("drill",)),
        found({}, 4, lanes=("pre-deploy",), environment="staging"),
    )
    previous = changes(past, found({}, 5, lanes=("pre-deploy", "prod-smoke"))).previous

    assert previous is not None
    assert previous.started == instant(2)
    assert changes(past, found({}, 5, lanes=("prod-smoke",))).previous is None


def test_a_case_of_other_lanes_is_compared_with_its_own_last_entry() -> None:
    past = after(found({"a": "violated"}, 1, lanes=("drill",)), found({"b": "verified"}, 2))
    differing = changes(past, found({"a": "verified", "b": "verified"}, 3))

    assert groups(differing) == {"mended": ["a"]}


def test_in_one_line() -> None:
    was: dict[str, Outcome] = {"a": "verified", "d": "verified", "e": "blind"}
    past = after(found(was | dict.fromkeys("bcfg", "violated"), 1))
    now = found({
        "a": "violated", "b": "verified", "c": "violated", "d": "blind", "e": "verified", "f": "waived",
        "g": "inapplicable",
    }, 3)  # fmt: skip

    assert told(changes(past, now), now.run.started) == (
        "since the previous run (2 days ago, 0123abc): 1 new, 1 mended, 1 now waived, 1 no longer looked for, "
        "1 still violated, 1 no longer seen, 1 seen again"
    )


def test_nothing_changed_and_nothing_known() -> None:
    now = found({"a": "verified"}, 2)
    again = changes(after(found({"a": "verified"}, 1)), now)

    assert told(again, now.run.started) == "since the previous run (1 day ago, 0123abc): nothing changed"
    assert told(changes(Past(), now), now.run.started) is None


def test_a_run_that_died_does_not_say_that_nothing_changed() -> None:
    died = found({}, 2, reason="the deadline passed", exit=10, word="CANNOT SEE")
    said = told(changes(after(found({"a": "verified"}, 1)), died), died.run.started)

    assert said == "since the previous run (1 day ago, 0123abc): nothing can be compared, this run judged nothing"


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ("2026-11-22T09:59:30+00:00", "just before"),
        ("2026-11-22T09:30:00+00:00", "30 min ago"),
        ("2026-11-22T10:00:00+02:00", "2 h ago"),
        ("2026-11-20T09:59:30", "2 days ago"),
        ("2026-11-23T09:59:30+00:00", "just before"),
        ("0001-01-01T00:00:00+14:00", ""),
        (HOSTILE, ""),
    ],
)
def test_how_long_ago(then: str, said: str) -> None:
    assert ago(then, "2026-11-22T10:00:00+00:00") == said


def test_a_minute_in_utc() -> None:
    assert minute("2026-11-22T01:30:59.123+02:00") == "2026-11-21 23:30 UTC"
    assert "\x1b" not in minute(HOSTILE)


def test_the_terminal_says_since_when_and_what_changed() -> None:
    past = after(found({"a": "violated", "b": "verified"}, 1))
    now = found({"a": "violated", "b": "violated"}, 2)
    lines = closing_lines(now, 100, colour=False, changes=changes(past, now))

    assert lines[0] == "VIOLATED  critical  a  RLS-1  since 2026-11-01 10:00 UTC"
    assert "VIOLATED  critical  b  RLS-1  new" in lines
    assert lines[-3:-1] == ["since the previous run (1 day ago, 0123abc): 1 new, 1 still violated", ""]


def test_a_first_run_calls_nothing_new() -> None:
    now = found({"a": "violated"}, 1)
    differing = changes(Past(), now)

    assert groups(differing) == {"new": ["a"]}
    assert standing(differing) == {}
    assert closing_lines(now, 100, colour=False, changes=differing) == closing_lines(now, 100, colour=False)


def test_where_the_page_is_stands_above_the_closing_line() -> None:
    lines = closing_lines(found({"a": "verified"}), 100, colour=False, page="out/index.html")

    assert lines[-2] == "report: out/index.html"
    assert "report: " not in "".join(closing_lines(found({"a": "verified"}), 100, colour=False))
    assert "\x1b" not in closing_lines(found({}), 100, colour=False, page=HOSTILE)[-2]
