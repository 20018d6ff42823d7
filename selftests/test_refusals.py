"""A refusal to look can be counted, and taken out of functions that are there, and a row notices that it is gone."""

import ast
import importlib.util
import sys
from pathlib import Path

import pytest

from selftests import refusals as command
from selftests.fault_reach import all_faults
from selftests.refusal_removed import put_without, without
from selftests.refusals import NOTICED, ROOT, UNREACHED, Refusal, Sailing, became_of, main, refusals

SOURCE = """
class Cannot(Exception): ...

def look(seen):
    if not seen:
        raise Cannot(
            "nothing"
        )
    return seen

class Probe:
    async def ask(self, said):
        def inner():
            if said is None:
                raise Cannot("no answer") from None
            return said
        return inner()
"""


def test_a_refusal_is_taken_out_of_functions_that_are_there(tmp_path: Path) -> None:
    path = tmp_path / "probing.py"
    path.write_text(SOURCE)
    spec = importlib.util.spec_from_file_location("probing_without_refusals", path)
    assert spec is not None and spec.loader is not None
    probing = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(probing)

    assert put_without(path, 6) == 1
    assert probing.look([]) == []
    with pytest.raises(probing.Cannot):
        probing.Probe().ask(None).send(None)
    assert put_without(path, 15) == 1
    with pytest.raises(StopIteration):
        probing.Probe().ask(None).send(None)


def test_a_line_that_raises_nothing_is_told() -> None:
    with pytest.raises(LookupError, match="line 4"):
        without(SOURCE, 4)


def test_every_refusal_of_the_house_can_be_taken_out() -> None:
    for one in refusals(sorted((ROOT / "fixtures").rglob("*.py"))):
        file, _, line = one.place.rpartition(":")
        source = (ROOT / file).read_text(encoding="utf-8")

        assert raises(without(source, int(line))) == raises(ast.parse(source)) - 1, one.place


def raises(tree: ast.Module) -> int:
    return sum(isinstance(node, ast.Raise) for node in ast.walk(tree))


def test_a_row_comes_to_refusals_and_notices_one_that_is_gone() -> None:
    fault = all_faults()["logs-elsewhere"]
    with Sailing() as sailing:
        (place,) = [place for place in sailing.comes_to(fault) if place.startswith("fixtures/logs/file.py:")]

        assert became_of(sailing, [fault], Refusal(place, "")) == f"{NOTICED} (logs-elsewhere)"


def test_what_no_row_comes_to_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(command, "rows_by_place", lambda sailing, threads: {})

    assert main([str(ROOT / "fixtures" / "stripe" / "plans.py")]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told
    assert all(line.startswith(f"{UNREACHED}: fixtures/stripe/plans.py:") for line in told)


def test_a_file_that_is_not_ours_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([sys.executable]) == 2
    assert "no file of the house" in capsys.readouterr().err
