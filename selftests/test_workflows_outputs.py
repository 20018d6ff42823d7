"""What the action says about a run: always the whole list, and never GO for a run that was not."""

from pathlib import Path

import pytest

from reports.json_file import write_json
from reports.step_outputs import step_outputs
from selftests.github_shell import read_action
from selftests.report_samples import one_of_each, report, verdict


def outputs(folder: Path, code: int) -> dict[str, str]:
    return dict(line.split("=", 1) for line in step_outputs(folder, code))


def test_everything_is_counted(tmp_path: Path) -> None:
    write_json(report(*one_of_each(), missing=("gone",), exit=1, word="HOLD"), tmp_path)

    said = outputs(tmp_path, 1)

    assert (said["word"], said["exit"], said["violated"], said["report"]) == ("HOLD", "1", "1", str(tmp_path))
    assert said["blind"] == "3", "blind, crashed and missing: none of them was seen"


@pytest.mark.parametrize(("code", "word"), [(0, "GO"), (1, "HOLD"), (4, "CANNOT SEE"), (10, "CANNOT SEE")])
def test_a_run_without_verdicts_is_told_by_its_exit_code(code: int, word: str, tmp_path: Path) -> None:
    said = outputs(tmp_path, code)

    assert (said["word"], said["exit"], said["violated"], said["blind"]) == (word, str(code), "0", "0")


def test_verdicts_of_another_run_do_not_say_go(tmp_path: Path) -> None:
    write_json(report(verdict(), exit=0, word="GO"), tmp_path)

    assert outputs(tmp_path, 4)["word"] == "CANNOT SEE"


@pytest.mark.parametrize("text", ["", "{", '{"run": 1}'])
def test_damaged_verdicts_are_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "verdicts.json").write_text(text)

    assert outputs(tmp_path, 10)["word"] == "CANNOT SEE"


def test_the_action_declares_what_is_said() -> None:
    assert read_action("")["outputs"].keys() <= {line.split("=")[0] for line in step_outputs(Path("none"), 0)}
