"""--subject judges one subject, --applied tells a history, and a run never shows the verdicts of another one."""

from pathlib import Path

import pytest

from selftests.small_house import House, build
from selftests.voyage import sail

BAD = 'if bad:\n    raise Finding("bad", bad)'
ROWS = '@pytest.mark.parametrize("bad", [pytest.param(("public.a", "public.b"), id="two")], indirect=True)'


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with one check that is verified, and one that finds two subjects."""
    built = build(tmp_path / "house", tmp_path.parent / "timber").check("ok")
    return built.check("found", BAD, "bad: tuple[Thing, ...]", ROWS)


def test_one_subject_is_judged(house: House) -> None:
    ran = house.run("--subject", "public.b")

    assert ran.verdicts["found[two]"]["subjects"] == ["public.b"]
    assert ran.outcomes == {"found[two]": "violated", "ok": "inapplicable"}
    assert ran.exit == 1


def test_a_subject_that_nobody_saw_is_not_verified(house: House) -> None:
    ran = house.run("--subject", "public.nowhere")

    assert set(ran.outcomes.values()) == {"inapplicable"}
    assert ran.exit == 10


def test_an_applied_version_takes_the_place_of_the_history(tmp_path: Path) -> None:
    voyage = sail(tmp_path, "--applied", "20260519083000", "-m", "prod-smoke", "--env", "local")

    # The database has what the last file did, so it is more than what the applied ones make.
    assert voyage.ids("violated") == {"migration_status[pending]", "no_drift[functions]"}
    (subject,) = voyage.verdicts["migration_status[pending]"]["subjects"]
    assert "20260811070000" in subject


def test_an_applied_version_that_no_file_has_is_told(tmp_path: Path) -> None:
    voyage = sail(tmp_path, "--applied", "20200101000000", "-m", "prod-smoke", "--env", "local")

    assert "no migration has this version" in voyage.verdicts["migration_status[pending]"]["message"]
    assert voyage.exit == 10


def test_the_verdicts_of_an_earlier_run_do_not_stay(house: House) -> None:
    house.run()
    old = house.root / "reports-out" / "verdicts.json"
    kept = old.read_text(encoding="utf-8")
    house.file("dies/verdicts.json", kept).check("dies", "os._exit(0)", "sound: int")

    ran = house.run("--report", "dies")

    assert ran.exit == 0  # nothing inside a process can keep it from ending itself
    assert not (house.root / "dies" / "verdicts.json").exists()
