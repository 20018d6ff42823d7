"""The exit code, the totals, verdicts.json and its published schema."""

import json
from pathlib import Path
from typing import Any, get_args

import jsonschema  # type: ignore[import-untyped]  # it has no types
import msgspec
import pytest

from reports import schema
from reports.json_file import write_json
from reports.verdicts import OUTCOMES, Outcome, Report, Verdict, exit_code, word
from selftests.report_samples import HOSTILE, one_of_each, report, verdict, violated, waived


def written(sample: Report, directory: Path) -> Any:
    return json.loads(write_json(sample, directory).read_text("utf-8"))


@pytest.mark.parametrize(
    ("verdicts", "missing", "code", "said"),
    [
        pytest.param([verdict()], [], 0, "GO", id="verified"),
        pytest.param([verdict(), waived(), verdict("inapplicable")], [], 0, "GO", id="waived"),
        pytest.param([verdict(), violated()], [], 1, "HOLD", id="violated"),
        pytest.param([violated(), verdict("blind"), verdict("crashed")], ["a"], 1, "HOLD", id="violated-and-blind"),
        pytest.param([verdict(), verdict("blind")], [], 10, "CANNOT SEE", id="blind"),
        pytest.param([verdict(), verdict("crashed")], [], 10, "CANNOT SEE", id="crashed"),
        pytest.param([verdict()], ["rls_enabled[replayed]"], 10, "CANNOT SEE", id="missing"),
        pytest.param([waived(), verdict("inapplicable")], [], 10, "CANNOT SEE", id="nothing-verified"),
        pytest.param([], [], 10, "CANNOT SEE", id="empty"),
    ],
)
def test_exit_code(verdicts: list[Verdict], missing: list[str], code: int, said: str) -> None:
    assert exit_code(verdicts, missing) == code
    assert word(code) == said


@pytest.mark.parametrize("code", [2, 3, 4, 5])
def test_pytests_own_codes_are_no_go(code: int) -> None:
    assert word(code) == "CANNOT SEE"


def test_totals_cannot_disagree_with_the_verdicts() -> None:
    sample = Report(run=report().run, verdicts=one_of_each(), totals={"verified": 99})

    assert sample.totals == dict.fromkeys(OUTCOMES, 1)


def test_every_outcome_is_listed() -> None:
    assert sorted(OUTCOMES) == sorted(get_args(Outcome))


def test_id_and_family() -> None:
    assert (verdict().id, verdict(case="").id) == ("rls_enabled[environment]", "rls_enabled")
    assert verdict().family == "row_security"
    assert verdict(file="rls_enabled.py").family == ""


def test_json_has_the_published_shape(tmp_path: Path) -> None:
    document = written(report(*one_of_each(), missing=("gone",)), tmp_path)

    jsonschema.Draft202012Validator(schema.schema()).validate(document)
    assert document["totals"] == dict.fromkeys(OUTCOMES, 1)
    assert document["missing"] == ["gone"]
    assert document["run"]["word"] == "HOLD"
    assert document["verdicts"][1]["subjects"] == ["public.invoices", "public.plans"]
    assert document["verdicts"][4]["waiver"]["until"] == "2026-12-31"


def without(document: Any) -> None:
    del document["verdicts"][0]["severity"]


def unknown(document: Any) -> None:
    document["verdicts"][0]["grade"] = 1


def misspelt(document: Any) -> None:
    document["verdicts"][0]["outcome"] = "passed"


def uncounted(document: Any) -> None:
    del document["totals"]["blind"]


@pytest.mark.parametrize("spoil", [without, unknown, misspelt, uncounted])
def test_the_schema_is_strict(spoil: Any, tmp_path: Path) -> None:
    document = written(report(*one_of_each()), tmp_path)
    spoil(document)

    assert not jsonschema.Draft202012Validator(schema.schema()).is_valid(document)


def test_the_published_schema_is_current() -> None:
    jsonschema.Draft202012Validator.check_schema(schema.schema())
    assert schema.main(["--check"]) == 0


def test_an_old_schema_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(schema, "FILE", tmp_path / "verdicts.schema.json")

    assert schema.main(["--check"]) == 1
    assert "Run: python -m reports.schema" in capsys.readouterr().err
    assert schema.main([]) == 0
    assert schema.main(["--check"]) == 0


def test_the_schema_describes_every_field() -> None:
    definitions = schema.schema()["$defs"]
    fields = [(name, field) for name, shape in definitions.items() for field in shape["properties"].items()]

    assert [(name, field) for name, (field, shape) in fields if not shape.get("description")] == []
    assert all(shape["additionalProperties"] is False for shape in definitions.values())


def test_json_reads_back_as_it_was(tmp_path: Path) -> None:
    sample = report(*one_of_each(), missing=("gone",), reason="the run's deadline of 30 s passed")

    assert msgspec.json.decode(write_json(sample, tmp_path).read_bytes(), type=Report) == sample


def test_json_takes_what_json_cannot_hold(tmp_path: Path) -> None:
    document = written(
        report(violated(message=HOSTILE, evidence={"value": object(), "number": float("nan")})), tmp_path
    )

    assert document["verdicts"][0]["evidence"] == {"value": "<object>", "number": None}
    assert document["verdicts"][0]["message"] == HOSTILE.replace("\ud800", "\ufffd")


def test_a_disk_that_fills_up_leaves_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError("no space left on device")

    before = write_json(report(verdict()), tmp_path).read_bytes()
    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(OSError, match="no space"):
        write_json(report(*one_of_each()), tmp_path)

    assert [path.read_bytes() for path in tmp_path.iterdir()] == [before]


def test_a_report_is_replaced_whole(tmp_path: Path) -> None:
    write_json(report(*one_of_each()), tmp_path)
    write_json(report(verdict()), tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["verdicts.json"]
    assert len(json.loads((tmp_path / "verdicts.json").read_text("utf-8"))["verdicts"]) == 1
