"""`make benchmark`: a failing part stops no other, a missing peer is named, every figure that is told was measured."""

import json
from pathlib import Path

import pytest

from benchmarks import catalogue, machine, results, tables
from benchmarks.__main__ import main
from benchmarks.aims import within
from benchmarks.catalogue import Entry
from benchmarks.kept_peers import NotHere, from_npm
from benchmarks.part import Beside, Missing, Part
from benchmarks.telling import of_calm, of_part
from selftests.voyage import HOUSE

OURS, PEER = "ours, 10 files", "theirs, 10 files"


def small(name: str = "small", **fields: object) -> Part:
    """Two rounds of ours and of a peer."""
    given: dict[str, object] = {"seconds": {OURS: [2.0, 4.0], PEER: [8.0, 8.0]}, "beside": [Beside(OURS, PEER)]}
    return Part(name, "A small part", **{**given, **fields})  # type: ignore[arg-type]  # the fields are its own


def entry(part: Part | Exception) -> Entry:
    def measure(count: int, tell: object) -> Part:
        if isinstance(part, Exception):
            raise part
        return part

    return Entry(measure, "what is measured", "whom beside")


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measuring changes the folder and the environment; that ends with the test."""
    monkeypatch.chdir(HOUSE)
    monkeypatch.setenv("SEATRIAL_ENV", "to-be-forgotten")


def test_a_part_that_fails_stops_no_other_and_the_exit_code_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = {"one": entry(RuntimeError("no server | here")), "odd": entry(KeyError("x")), "two": entry(small("two"))}

    code = main([], parts, tmp_path)

    said = capsys.readouterr()
    assert code == 1
    assert "benchmarks: one failed: no server | here" in said.err
    assert "benchmarks: odd failed: KeyError: 'x'" in said.err
    assert "1 of 3 parts measured" in said.out
    assert "failed: one, odd" in said.out
    assert json.loads((tmp_path / "two.json").read_bytes())["seconds"] == {OURS: [2.0, 4.0], PEER: [8.0, 8.0]}
    assert "Failed: no server \\| here" in (tmp_path / results.TABLES).read_text("utf-8")


def test_ours_is_told_beside_the_peer_as_the_median_of_each_rounds_ratio(tmp_path: Path) -> None:
    assert main([], {"small": entry(small())}, tmp_path) == 0

    page = (tmp_path / results.TABLES).read_text("utf-8")
    assert f"| {OURS}: 3 s | {PEER}: 8 s | 0.38 (0.25 to 0.50) |" in page
    content = json.loads((tmp_path / "small.json").read_bytes())
    assert content["ratios"][f"{OURS} / {PEER}"] == {
        "median": 0.375, "least": 0.25, "most": 0.5, "rounds": 2, "unit": "x",
    }  # fmt: skip
    assert {"cores", "processor", "memory", "system", "python", "postgres", "date", "commit"} <= set(content["machine"])
    assert {"load_before", "load_after", "calm_runs", "busy_runs"} <= set(content)


def test_a_missing_peer_is_named_with_how_to_get_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    part = small(seconds={OURS: [1.0]}, beside=[], missing=[Missing("curl", "apt install curl")])

    assert main([], {"small": entry(part)}, tmp_path) == 0

    assert "peer missing: curl: apt install curl" in capsys.readouterr().out
    assert "|  | curl: peer missing | apt install curl |" in (tmp_path / results.TABLES).read_text("utf-8")


def test_a_peer_that_cannot_be_fetched_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(NotHere, match="there is no node here: install Node"):
        from_npm("allure", "3.18.0")


def test_only_what_is_asked_for_is_measured(tmp_path: Path) -> None:
    parts = {name: entry(small(name)) for name in ("one", "two", "three")}

    main(["--only", "three", "--only", "one"], parts, tmp_path)

    assert {file.name for file in tmp_path.iterdir()} == {"one.json", "three.json", results.TABLES}


@pytest.mark.parametrize("arguments", [["--only", "nothing"], ["--rounds", "0"], ["--quick", "--keep"], ["--on", "x"]])
def test_a_wrong_command_line_measures_nothing(arguments: list[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments, {"one": entry(small())}, tmp_path)

    assert ended.value.code == 2
    assert [*tmp_path.iterdir()] == []


def test_the_list_names_every_part_and_its_peers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0

    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said] == [*catalogue.PARTS]
    assert all("; beside: " in line for line in said)


def test_quick_asks_for_one_round_of_something_small() -> None:
    asked: list[object] = []

    def measure(count: int, tell: object, sizes: object = (1000,)) -> Part:
        asked.append((count, sizes))
        return small()

    part = Entry(measure, "", "", most=3, quick={"sizes": (20,)})
    part.run(9, print, quick=True)
    part.run(9, print, quick=False)

    assert asked == [(1, (20,)), (3, (1000,))]


def test_quick_figures_are_told_to_be_none(tmp_path: Path) -> None:
    main(["--quick"], {"one": entry(small())}, tmp_path)

    assert "Quick: one round of something small, no figure to rely on." in (tmp_path / results.TABLES).read_text(
        "utf-8"
    )


def test_a_busy_machine_is_said_and_waited_for_less_and_less(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    def look(patience: float) -> bool:
        waited.append(patience)
        return len(waited) == 4

    monkeypatch.setattr(machine, "wait_for_calm", look)
    begun = machine.Begun()

    calm = [begun.wait() for _ in range(5)]

    assert calm == [False, False, False, True, False]
    assert waited == [10.0, 2.5, 0.625, machine.LOOK_SECONDS, 10.0]
    assert of_calm(**{"calm": 1, "busy": 4}).startswith("a busy machine before 4 of 5 runs")
    assert begun.take() == {"calm_runs": 1, "busy_runs": 4}
    assert begun.take() == {"calm_runs": 0, "busy_runs": 0}


def test_an_aim_that_was_missed_is_told_and_is_no_failure(tmp_path: Path) -> None:
    part = small(aims=[within("it within 3 s", [2.0, 4.0, 4.0], 3.0)])

    assert main([], {"small": entry(part)}, tmp_path) == 0

    assert any(line.startswith("  MISSED it within 3 s") for line in of_part(part))
    assert "| it within 3 s | **missed** | 4 s | 3 s | 1 of 3 |" in (tmp_path / results.TABLES).read_text("utf-8")


def test_what_is_kept_replaces_its_part_only_and_leaves_single_runs_out(tmp_path: Path) -> None:
    file, page, readme = tmp_path / "results.json", tmp_path / "RESULTS.md", tmp_path / "README.md"
    readme.write_text("no marks: nothing is written here\n", encoding="utf-8")
    out = tmp_path / "out"
    main([], {"one": entry(small("one")), "two": entry(small("two"))}, out)
    results.keep(out, ["one", "two"], file, page, readme, template="")
    main([], {"one": entry(small("one", seconds={OURS: [9.0], PEER: [9.0]}))}, out)

    results.keep(out, ["one"], file, page, readme, template="")

    kept = results.committed(file)
    assert [kept[name]["figures"][OURS]["median"] for name in ("one", "two")] == [9.0, 3.0]
    assert not any(results.SINGLE in content for content in kept.values())
    assert page.read_text("utf-8") == tables.page(kept)
    assert readme.read_text("utf-8") == "no marks: nothing is written here\n"
