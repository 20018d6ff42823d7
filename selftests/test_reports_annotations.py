"""Annotations: on the right line, the most urgent first, as many as GitHub shows; nobody else's command is obeyed."""

from pathlib import Path
from typing import Any

import pytest

from reports import annotations
from reports.annotations import annotation_lines, pausing, resuming
from reports.verdicts import Report, Verdict, Waived
from selftests.report_readers import telling
from selftests.report_samples import HOSTILE, UNSET, one_of_each, report, verdict, violated
from selftests.runner_commands import Command, obeyed

LISTENING = {"GITHUB_ACTIONS": "true"}
MIGRATION = "supabase/migrations/20261105090000_plans.sql"
FLAW = {"path": MIGRATION, "line": 3, "says": "it is refused", "instead": "leave it out"}


@pytest.fixture(autouse=True)
def nobody_paused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotations, "_TOKENS", [])


def finding(*facts: dict[str, Any], **fields: Any) -> Verdict:
    subjects = {f"s{number}": fact for number, fact in enumerate(facts)}
    return violated(**{"subjects": tuple(subjects), "evidence": {"subjects": subjects}} | fields)


def sent(sample: Report, variables: dict[str, str] = LISTENING) -> list[Command]:
    return obeyed(annotation_lines(telling(sample, Path()), variables))


def test_a_finding_in_a_file() -> None:
    [command] = sent(report(finding(FLAW, case="syntax")))

    assert command.name == "error"
    assert command.properties == {"file": MIGRATION, "line": "3", "title": "critical: rls_enabled[syntax]"}
    assert command.data == "s0: it is refused\n\nInstead: leave it out"


def test_a_leak_has_its_column() -> None:
    leak = {
        "where": "supabase/functions/x.ts",
        "at": ("2:28", "4:2"),
        "kind": "key",
        "fingerprint": "f",
        "says": "live",
    }

    places = [(command.properties["line"], command.properties["col"]) for command in sent(report(finding(leak)))]

    assert places == [("2", "28"), ("4", "2")]


def test_what_is_in_no_file_names_its_subjects_and_what_to_do() -> None:
    [command] = sent(report(violated()))

    assert command.properties == {"title": "critical: rls_enabled[environment]"}
    assert command.data == (
        "row-level security is off: public.invoices, public.plans\n\nContain: revoke all on <table> from anon;"
    )


def test_the_checks_own_file_only_where_it_is_one_of_the_workspace(tmp_path: Path) -> None:
    variables = LISTENING | {"GITHUB_WORKSPACE": str(tmp_path)}
    before = sent(report(violated()), variables)
    (tmp_path / "checks/row_security").mkdir(parents=True)
    (tmp_path / "checks/row_security/rls_enabled.py").write_text("")
    [after] = sent(report(violated()), variables)

    assert [command.properties.get("file") for command in before] == [None]
    assert (after.properties["file"], after.properties["line"]) == ("checks/row_security/rls_enabled.py", "7")


def test_only_what_is_red_is_an_error() -> None:
    sample = report(*one_of_each(), violated(case="minor", severity="low"), missing=("gone", "too"))

    told = [(command.name, command.properties["title"]) for command in sent(sample)]

    assert told == [
        ("error", "critical: rls_enabled[environment]"),
        ("warning", "blind: migration_status[unknown]"),
        ("warning", "low: rls_enabled[minor]"),
        ("warning", "crashed: signup_trigger"),
        ("warning", "missing: 2 cases"),
    ]


def test_green_waived_and_inapplicable_say_nothing() -> None:
    assert sent(report(verdict(), one_of_each()[4], one_of_each()[5])) == []


def test_one_reason_is_told_once() -> None:
    [command] = sent(report(*(verdict("blind", case=f"c{number}", message=UNSET) for number in range(50))))

    assert command.properties["title"] == "blind: 50 cases"
    assert command.data.startswith(f"{UNSET}\nNot seen: rls_enabled[c0], ")
    assert command.data.endswith("and 30 more")


def test_what_is_waived_in_a_file_is_not_annotated() -> None:
    waiver = Waived(subjects=("s1",), reason="known", until="2027-01-01")
    [command] = sent(report(finding(FLAW, FLAW | {"line": 9}, waiver=waiver, subjects=("s0",))))

    assert command.properties["line"] == "3"


def test_ten_of_each_and_a_notice_about_the_others() -> None:
    many = [finding(FLAW, case=f"e{number}") for number in range(12)]
    blind = [verdict("blind", case=f"b{number}", message=f"reason {number}") for number in range(13)]
    found = sent(report(*many, *blind))
    kinds = [command.name for command in found]

    assert [kinds.count(kind) for kind in ("error", "warning", "notice")] == [10, 10, 1]
    assert found[-1].data.startswith("2 more errors and 3 more warnings: ")


def test_the_most_urgent_come_first_and_further_places_last() -> None:
    everywhere = finding(*(FLAW | {"line": number} for number in range(1, 30)), severity="high", case="a")
    found = sent(report(everywhere, finding(FLAW | {"line": 99}, severity="high", case="b"), violated(case="urgent")))

    assert [command.properties.get("line") for command in found[:4]] == [None, "1", "99", "2"]
    assert [command.name for command in found] == ["error"] * 10 + ["notice"]
    assert found[-1].data.startswith("21 more errors: ")


@pytest.mark.parametrize("variables", [{}, {"GITHUB_ACTIONS": ""}, {"GITHUB_ACTIONS": "false"}])
def test_nothing_unless_a_runner_listens(variables: dict[str, str]) -> None:
    assert annotation_lines(telling(report(violated()), Path()), variables) == []
    assert pausing(variables) == []


NASTY = ("a%0Ab", "x,file=evil", "x::error::y", "100% : 5, 6", "]##[error]z", "\r\n::error::y", "%3A%2C%25", " ")


@pytest.mark.parametrize("text", [*NASTY, HOSTILE])
def test_texts_from_outside_come_through_and_command_nothing(text: str) -> None:
    file = f"supabase/{text.replace(chr(13), '').replace(chr(10), '').replace(':', '').replace(chr(92), '')}x.sql"
    fact = {"path": file, "line": 3, "says": text, "instead": text}
    sample = report(
        finding(fact, message=text, case=text),
        violated(message=text, subjects=(text,), contain=text, case=f"other {text}"),
        verdict("blind", message=text, case=text), missing=(text,), environment=text,
    )  # fmt: skip
    lines = annotation_lines(telling(sample, Path()), LISTENING)
    found = obeyed(lines)

    assert all("\n" not in line and "\r" not in line for line in lines)
    assert len(lines) == len(found) == 4
    assert {command.name for command in found} == {"error", "warning"}
    assert all(command.properties.keys() <= {"file", "line", "title"} for command in found)
    assert {command.properties.get("file") for command in found} <= {None, file}


@pytest.mark.parametrize("text", NASTY[:3])
def test_they_come_through_whole(text: str) -> None:
    [command] = sent(report(finding(FLAW | {"says": text, "instead": ""}, case=text)))

    assert command.data == f"s0: {text}"
    assert command.properties["title"] == f"critical: rls_enabled[{text}]"


def test_long_texts_are_cut() -> None:
    long = "x" * 1_000_000
    [line] = annotation_lines(telling(report(finding(FLAW | {"says": long}, case=long)), Path()), LISTENING)

    assert len(line) < 2_000


def test_what_is_printed_meanwhile_is_not_obeyed() -> None:
    forged = ["::error::forged", "##[warning]forged", "::stop-commands::forged", "::forged::", "::add-mask::x"]

    lines = [*pausing(LISTENING), *forged, *annotation_lines(telling(report(violated()), Path()), LISTENING)]

    assert [command.data[:12] for command in obeyed(lines)] == ["row-level se"]
    assert len(obeyed([*forged[:2], *lines])) == 3, "this runner does obey"


def test_a_pause_is_ended_once_and_has_another_token_each_time() -> None:
    first, again = pausing(LISTENING), pausing(LISTENING)
    ended = resuming()
    second = pausing(LISTENING)

    assert (again, len(ended), first[0].partition("::stop-commands::")[2]) == ([], 1, ended[0].strip(":"))
    assert second and second != first
    assert len(resuming()) == 1
    assert resuming() == []
