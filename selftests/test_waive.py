"""`python -m reports.waive`: today's findings as waivers, which the environment file takes as they are."""

import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from fixtures.engine.environment import Waiver
from reports.json_file import write_json
from reports.verdicts import Report, Waived
from reports.waive import left_out, main, waivers
from selftests.report_samples import HOSTILE, one_of_each, report, verdict, violated

DAY = date(2999, 1, 31)
HIGH = {"severity": "high"}


def rows(made: Report, critical: bool = False) -> list[Waiver]:
    """The waivers, as an environment file reads them."""
    text = "\n\n".join(waivers(made, DAY, "known since March", critical))
    return [msgspec.convert(row, Waiver) for row in tomllib.loads(text).get("waiver", [])]


def test_each_subject_gets_a_waiver_that_covers_it() -> None:
    found = violated(**HIGH)

    made = rows(report(found))

    assert [(row.check, row.subject, row.reason, row.until) for row in made] == [
        (found.id, subject, "known since March", DAY) for subject in found.subjects
    ]
    assert all(row.covers(found.id, row.subject, DAY) for row in made)


@pytest.mark.parametrize("subject", [HOSTILE.replace("\ud800", ""), '"""', "\\", "a\nb = 1", "\x7f\x00", "[[waiver]]"])
def test_a_text_from_outside_stays_a_text(subject: str) -> None:
    (row,) = rows(report(violated(subjects=(subject,), **HIGH)))

    assert row.subject == subject


def test_critical_findings_are_left_out_and_named_unless_they_are_asked_for() -> None:
    made = report(violated())

    assert rows(made) == []
    assert list(left_out(made, critical=False)) == [
        "rls_enabled[environment]: critical, not waived: mend it, or say --critical"
    ]
    assert len(rows(made, critical=True)) == 2
    assert list(left_out(made, critical=True)) == []


def test_what_is_waived_or_well_or_unseen_gets_none() -> None:
    half = Waived(subjects=("public.plans",), reason="prices", until="2999-12-31")
    made = report(*(row for row in one_of_each() if row.outcome != "violated"), violated(waiver=half, **HIGH))

    assert [row.subject for row in rows(made)] == ["public.invoices"]
    assert [line.split(":")[0] for line in left_out(made, critical=False)] == [
        "migration_status[unknown]",
        "signup_trigger",
    ]


def test_a_finding_without_a_subject_is_named() -> None:
    assert "names no subject" in "".join(left_out(report(violated(subjects=(), **HIGH)), critical=True))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "nowhere/verdicts.json cannot be read"),
        (["--until", "2020-01-01"], "--until 2020-01-01 is over: name a day to come"),
        (["--because", " "], "--because is empty: say why"),
    ],
)
def test_a_mistake_is_told_in_one_line(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 4

    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert said in told.err


def test_it_can_be_appended_to_a_file_as_it_comes(tmp_path: Path, repository: Path) -> None:
    write_json(report(violated(**HIGH), verdict()), tmp_path)

    command = [sys.executable, "-m", "reports.waive", str(tmp_path)]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True, timeout=60)

    (first, *_) = tomllib.loads("[environment]\nname = 'local'\n" + done.stdout)["waiver"]
    assert first["until"] == datetime.now(UTC).date() + timedelta(90)
    assert done.stderr == ""
