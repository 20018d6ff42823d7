"""``--shard K/N``: whole checks, each in exactly one part, the same in all of them; what is slow is done once."""

import ast
import re
from pathlib import Path

import pytest

from fixtures.engine.options import VALUES
from fixtures.engine.registry import Instrument, Observation, Registry
from reports.expectation import MANIFEST, read_manifest
from reports.sharding import Share, asked_by, parts
from selftests.small_house import ROOT, House, build

CHECKS = ("alpha", "beta", "gamma", "delta")


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with four checks of one case each."""
    house = build(tmp_path / "house", tmp_path.parent / "timber")
    for name in CHECKS:
        house.check(name)
    return house.manifest({name: ["pre-deploy"] for name in CHECKS})


def registry(**within: float) -> Registry:
    """Instruments by their deadlines, and an observation through each: ``sees_slow`` looks through ``slow``."""

    async def look() -> object:
        return None

    made = Registry()
    for name, seconds in within.items():
        made.instruments[name] = Instrument(name, look, seconds)
        made.observations[f"sees_{name}"] = Observation(f"sees_{name}", look, 10.0, "read", (name,))
    return made


def test_every_check_falls_to_one_part_and_all_parts_have_as_much() -> None:
    found = parts(dict.fromkeys(CHECKS, ()), [f"{name}[{row}]" for name in CHECKS for row in "ab"], Registry(), 2)

    assert sorted(found.values()) == [1, 1, 2, 2]
    assert found.keys() == {*CHECKS}


def test_the_largest_check_is_alone_where_the_others_are_small() -> None:
    cases = [*(f"alpha[{row}]" for row in range(9)), "beta", "gamma", "delta"]
    found = parts(dict.fromkeys(CHECKS, ()), cases, Registry(), 2)

    assert found == {"alpha": 1, "beta": 2, "gamma": 2, "delta": 2}


def test_what_looks_through_the_same_slow_instrument_stays_together() -> None:
    """Also by way of others: delta shares one instrument with alpha and another one with gamma."""
    known = registry(bench=90.0, rehearsal=31.0, quick=10.0)
    asked = {
        "alpha": ("sees_bench",),
        "beta": ("sees_quick",),
        "gamma": ("sees_rehearsal", "sees_quick"),
        "delta": ("sees_bench", "sees_rehearsal"),
        "epsilon": ("sees_quick",),
    }
    found = parts(asked, asked, known, 3)

    assert found["alpha"] == found["gamma"] == found["delta"]
    assert len({found["alpha"], found["beta"], found["epsilon"]}) == 3


def test_an_instrument_behind_an_instrument_counts() -> None:
    known = registry(bench=90.0)
    known.instruments["light"] = Instrument(
        "light", known.instruments["bench"].open, 1.0, ("bench", "light", "nonesuch")
    )
    found = parts({"alpha": ("light",), "beta": ("sees_bench",), "gamma": ()}, ["gamma"], known, 2)

    assert found["alpha"] == found["beta"] != found["gamma"]


def test_a_check_that_nobody_knows_falls_to_exactly_one_part() -> None:
    shares = [Share(part=part, number=5, parts={"known": 2}) for part in range(1, 6)]

    assert [share.holds("known[a]") for share in shares] == [False, True, False, False, False]
    assert sum(share.holds("gone[a]") for share in shares) == 1
    assert [share.holds("gone[a]") for share in shares] == [share.holds("gone[b]") for share in shares]


def test_a_deleted_file_is_missed_by_one_part(tmp_path: Path) -> None:
    """It is in the manifest still, so that it has a part."""
    found = parts({"alpha": ()}, ["alpha", "gone[a]"], Registry(), 2)

    assert {*found} == {"alpha", "gone"}


def test_a_file_that_cannot_be_read_has_a_part(tmp_path: Path) -> None:
    (tmp_path / "checks" / "small").mkdir(parents=True)
    for name, text in {"good": "def test_good(a, b): ...", "broken": "def test_(", "_helps": "", "zero": "\0"}.items():
        (tmp_path / "checks" / "small" / f"{name}.py").write_text(text)

    assert asked_by(tmp_path) == {"broken": (), "good": ("a", "b"), "zero": ()}


@pytest.mark.parametrize("number", [1, 2, 3, 4, 7, 300])
def test_the_real_checks_are_all_shared_out(number: int) -> None:
    manifest = read_manifest()
    found = parts(asked_by(MANIFEST.parents[1]), manifest, Registry(), number)
    shares = [Share(part=part, number=number, parts=found) for part in range(1, number + 1)]

    assert {case for case in manifest if sum(share.holds(case) for share in shares) != 1} == set()


def test_each_part_judges_and_expects_its_own(house: House) -> None:
    ran = [house.run("--shard", f"{part}/3") for part in (1, 2, 3)]
    judged = [set(each.outcomes) for each in ran]

    assert [each.exit for each in ran] == [0, 0, 0]
    assert sorted(case for cases in judged for case in cases) == sorted(CHECKS)
    assert [each.missing for each in ran] == [[], [], []]
    assert [each.report["run"]["shard"] for each in ran] == ["1/3", "2/3", "3/3"]
    assert "GO, as far as shard 1/3 goes: merge it with the others" in ran[0].last_line


def test_a_case_that_is_gone_is_missed_by_one_part(house: House) -> None:
    (house.root / "checks/small/gamma.py").unlink()
    ran = [house.run("--shard", f"{part}/2") for part in (1, 2)]

    assert sorted(each.missing for each in ran) == [[], ["gamma"]]
    assert sorted(each.exit for each in ran) == [0, 10]


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "workers"])
def test_a_part_to_which_nothing_falls(house: House, workers: list[str]) -> None:
    ran = house.run("--shard=5/5", *workers)

    assert (ran.exit, ran.outcomes, ran.missing, house.looked()) == (0, {}, [], [])
    assert "shard 5/5: no check falls to it, so nothing was looked at here" in ran.output


def test_a_part_of_a_narrowed_run_to_which_nothing_falls(house: House) -> None:
    ran = [house.run(f"--shard={part}/2", "-k", "alpha") for part in (1, 2)]

    assert [(each.exit, list(each.outcomes)) for each in ran] == [(0, ["alpha"]), (0, [])]


def test_nothing_selected_is_no_empty_part(house: House) -> None:
    assert house.run("--shard=1/2", "-k", "nonesuch").exit == 5


def test_workers_share_out_alike(house: House) -> None:
    alone, workers = house.run("--shard=1/2"), house.run("--shard=1/2", "-n", "2")

    assert alone.outcomes == workers.outcomes
    assert len(alone.outcomes) == 2
    assert workers.exit == 0


def test_a_part_in_which_nothing_can_be_verified_leaves_that_to_the_whole(house: House) -> None:
    house.environment(
        '[environment]\nname = "local"\nkind = "local"\n\n[small]\n\n[inapplicable]\nalpha = "none here"\n'
    )
    ran = house.run("--shard=1/4")

    assert (ran.exit, ran.outcomes) == (0, {"alpha": "inapplicable"})


def test_pytest_takes_no_value_of_our_options_for_a_path() -> None:
    """``--history kept/history.json``, typed with a space, would otherwise move pytest's home there."""
    text = (ROOT / "make" / "seatrial_arguments.py").read_text(encoding="utf-8")
    assigned = {
        ast.unparse(node.targets[0]): node.value for node in ast.parse(text).body if isinstance(node, ast.Assign)
    }

    assert ast.literal_eval(assigned["OPTIONS"]) == {*VALUES}


@pytest.mark.parametrize("shard", ["0/4", "5/4", "x", "1", "1/", "/4", "1/0", "-1/4", "1/4/2", "1.5/4", "", " "])
def test_what_is_no_part_is_refused(house: House, shard: str) -> None:
    ran = house.run(f"--shard={shard}")

    assert (ran.exit, house.looked()) == (4, [])
    assert re.search("write K/N, the K-th of N parts|--shard is empty", ran.output)
    assert len(ran.output.strip().splitlines()) == 1
