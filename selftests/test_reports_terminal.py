"""The end of the terminal's output, and its last line."""

import re
from typing import Any

import pytest

from reports.closing_line import closing_line
from reports.terminal import closing_lines
from reports.verdicts import Report, Verdict
from selftests.report_samples import HOSTILE, UNSET, one_of_each, report, verdict, violated, waived


def shown(sample: Report, width: int = 80) -> str:
    return "\n".join(closing_lines(sample, width, colour=False))


def last(*verdicts: Verdict, **fields: Any) -> str:
    return closing_lines(report(*verdicts, **fields), 80, colour=False)[-1]


def test_violated_in_full() -> None:
    assert (
        shown(report(violated()))
        == """\
VIOLATED  critical  rls_enabled[environment]  RLS-1
  Promise: Row-level security is on for every table the API can reach.
  Found:   row-level security is off
           - public.invoices
           - public.plans
  Contain: revoke all on <table> from anon;
  Fix:     alter table <table> enable row level security;

prod-smoke on production: 0 verified, 1 violated, 0 blind in 4.2 s: HOLD, contain it now; start with \
rls_enabled[environment]"""
    )


def test_one_of_each() -> None:
    assert (
        shown(report(*one_of_each(), missing=("gone",), notes=("Postgres: embedded",))).split("\n\n", 1)[1]
        == """\
BLIND  high  migration_status[unknown]  RLS-1
  Reason:  DATABASE_URL is not set: export it

CRASHED  low  signup_trigger  RLS-1
  Reason:  KeyError: 'oid'
  This is a fault of the suite: it says nothing about the application.

MISSING  gone: expected in this lane, but it reached no verdict
WAIVED  rls_enabled[replayed] until 2026-12-31: public.plans (prices are public)
note: Postgres: embedded

prod-smoke on production: 1 verified, 1 violated, 1 blind, 1 crashed, 1 waived, 1 inapplicable, 1 missing in 4.2 s: \
HOLD, contain it now; start with rls_enabled[environment]"""
    )


def test_green_is_one_line() -> None:
    assert shown(report(verdict(), verdict("inapplicable"))) == (
        "prod-smoke on production: 1 verified, 0 violated, 0 blind, 1 inapplicable in 4.2 s: GO, keep this release"
    )


def test_severity_comes_before_outcome() -> None:
    verdicts = (
        violated(case="a", severity="low"),
        verdict("crashed", case="b", severity="high"),
        verdict("blind", case="c", severity="high"),
        violated(case="d", severity="high"),
        verdict("blind", case="e", message="other"),
        violated(case="f"),
    )
    headings = [line for line in closing_lines(report(*verdicts), 80, colour=False) if re.match("[A-Z]", line)]

    assert [re.findall(r"\[(.)\]", line)[0] for line in headings] == ["f", "e", "d", "c", "b", "a"]


def test_equal_reasons_are_told_once() -> None:
    blind = [verdict("blind", case=f"c{n}", severity="high" if n else "critical", message=UNSET) for n in range(15)]
    text = shown(report(*blind, verdict("blind", case="other", message="the server is silent")))

    assert text.count(UNSET) == 2  # once in its block, once in the last line
    assert "BLIND  critical  15 cases  RLS-1\n  Reason:  DATABASE_URL is not set: export it\n  Cases:   rls" in text
    assert all(f"rls_enabled[c{number}]" in text for number in range(15))


def test_subjects_are_capped() -> None:
    text = shown(report(violated(subjects=tuple(f"public.t{number}" for number in range(22)))))

    assert "- public.t9\n           and 12 more, see reports/out/verdicts.json\n" in text
    assert "public.t10" not in text


def test_ten_subjects_need_no_remainder() -> None:
    assert "more" not in shown(report(violated(subjects=("public.t",) * 10)))


def test_a_violated_case_names_what_is_waived() -> None:
    assert "  Waived:  until 2026-12-31, public.plans\n" in shown(report(violated(waiver=waived().waiver)))


def test_unsteady() -> None:
    text = shown(report(verdict(unsteady=True, attempts=3)))

    assert text.startswith("UNSTEADY  rls_enabled[environment]: verified after 3 attempts\n\n")


def test_inapplicable_is_named_when_there_is_nothing_else() -> None:
    text = shown(report(verdict("inapplicable", message="no custom domain")))

    assert text.startswith("INAPPLICABLE  rls_enabled[environment]: no custom domain\n\n")


@pytest.mark.parametrize("width", [10, 40, 80, 200])
def test_lines_keep_to_the_width(width: int) -> None:
    long = violated(message="row level security " * 40, fix="alter table " * 40, subjects=("public." + "x" * 300,))
    heading, *lines, _ = closing_lines(report(long, waived()), width, colour=False)

    assert heading.startswith("VIOLATED")  # ids are never cut
    assert max(map(len, lines)) <= max(width, 40)
    assert len(lines) > 5


def test_a_command_keeps_its_lines_and_words() -> None:
    command = "psql -c 'select 1' \\\n  --set=very-long-option=" + "x" * 90
    text = shown(report(violated(contain=command)))

    assert "  Contain: psql -c 'select 1' \\\n" in text
    assert "--set=very-long-option=" + "x" * 90 in text


def test_a_long_text_is_cut() -> None:
    text = shown(report(violated(message="\n".join("line" for _ in range(1_000)))))

    assert text.count("line\n") == 20
    assert "\n           …\n" in text


def test_text_from_outside_steers_nothing() -> None:
    fields = dict.fromkeys(("message", "case", "contain", "fix", "promise"), HOSTILE)
    verdicts = (
        violated(subjects=(HOSTILE, "::stop-commands::x", "a ##[error] b"), **fields),
        verdict("blind", message="::error::x"),
        waived(case=HOSTILE),
    )
    lines = closing_lines(report(*verdicts, missing=("::x",), notes=(HOSTILE,), environment=HOSTILE), 80, colour=False)

    assert not {*"\x00\x1b\x9b\x07\u202e\ud800\n\r"} & {*"".join(lines)}
    assert [line for line in lines if line.lstrip().startswith("::") or "##[" in line] == []
    assert any("abredevil" in line for line in lines)


def test_a_name_with_colons_stays_as_it_is() -> None:
    assert "- public.f(a::text)" in shown(report(violated(subjects=("public.f(a::text)",))))


def test_colour_is_only_colour() -> None:
    sample = report(*one_of_each(), missing=("gone",))
    coloured = closing_lines(sample, 80, colour=True)

    assert re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(coloured)) == shown(sample)
    assert coloured[0].startswith("\x1b[1;31mVIOLATED\x1b[0m  critical")
    assert "\x1b[1;31mHOLD\x1b[0m" in coloured[-1]


@pytest.mark.parametrize(
    ("verdicts", "fields", "said"),
    [
        ([verdict()], {}, ": GO, keep this release"),
        ([verdict()], {"lanes": ("pre-deploy",)}, ": GO, ship it"),
        ([verdict(), violated()], {"lanes": ()}, ": HOLD, do not ship; start with rls_enabled[environment]"),
        ([violated(case="a", severity="low"), violated(case="b")], {}, "start with rls_enabled[b]"),
        ([verdict("blind", message=UNSET)], {}, f": CANNOT SEE, not everything could be looked at: {UNSET}"),
        (
            [verdict("blind", message="no a"), verdict("blind", case="b", message="no b."), verdict("crashed")],
            {"lanes": ("migrations",)},
            "not everything could be looked at: no a (and 2 other reasons)",
        ),
        ([verdict("crashed")], {}, "looked at: rls_enabled[environment] crashed"),
        ([verdict()], {"missing": ("gone[a]", "gone[b]")}, "looked at: no verdict on gone[a]"),
        (
            [verdict("blind", message="x")],
            {"reason": "the run's deadline of 30 s passed"},
            "30 s passed (and 1 other reason)",
        ),
        ([waived()], {}, ": CANNOT SEE, nothing was verified"),
        ([], {}, "0 verified, 0 violated, 0 blind in 4.2 s: CANNOT SEE, nothing was verified"),
        ([violated()], {"exit": 2, "word": "CANNOT SEE", "reason": "interrupted"}, "could be looked at: interrupted"),
        ([violated(), verdict()], {"exit": 2, "word": "CANNOT SEE"}, ": CANNOT SEE, the run did not end as it should"),
        ([verdict()], {"exit": 2, "word": "CANNOT SEE"}, ": CANNOT SEE, the run did not end as it should"),
    ],
)
def test_last_line(verdicts: list[Verdict], fields: dict[str, Any], said: str) -> None:
    assert said in last(*verdicts, **fields)


def test_last_line_names_the_lanes() -> None:
    assert last(verdict(), lanes=("pre-deploy", "migrations")).startswith("pre-deploy, migrations on production: ")
    assert last(verdict(), lanes=()).startswith("all lanes on production: ")


def test_last_line_is_one_short_line() -> None:
    line = closing_line(report(verdict("blind", message="reason\nof\n" + "many words " * 100)))

    assert "\n" not in line
    assert len(line) < 350
