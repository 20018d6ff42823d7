"""What the author of a provider or a check can get wrong has a sentence that names the place and the next step."""

from pathlib import Path

import pytest

from selftests.small_house import JUDGES, House, build

MISTAKES = {
    "declared twice": ("@observation\nasync def sound() -> int:\n    return 2", "two doors declare 'sound'"),
    "two unknown arguments": (
        "@observation\nasync def lost(here: int, there: int) -> int:\n    return 1",
        "observation 'lost' asks for here, there: no door declares them",
    ),
    "an import that fails": ("import no_such_library", "No module named 'no_such_library'"),
    "not Python": ("def broken(:", "SyntaxError"),
}


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with one check that is verified."""
    return build(tmp_path / "house", tmp_path.parent / "timber").check("ok")


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_door_that_cannot_be_opened_is_named(house: House, mistake: str) -> None:
    code, said = MISTAKES[mistake]

    ran = house.door(code).run()

    assert ran.exit == 4, ran.output
    assert said in ran.output
    assert "Traceback" not in ran.output
    assert "INTERNALERROR" not in ran.output


def test_an_observation_that_nobody_declares_has_a_near_miss(house: House) -> None:
    ran = house.check("deaf", JUDGES, asks="sond: int").run()

    assert ran.exit == 4
    assert "deaf asks for 'sond', which no door declares: did you mean sound?" in ran.output


def test_a_misspelt_argument_is_not_taken_for_a_row(house: House) -> None:
    house.door("@observation\nasync def page(htp: object) -> int:\n    return 1")

    ran = house.check("read", "if not page:\n    raise Finding('none')", asks="page: int").run()

    assert ran.exit == 4
    assert "'page' asks for 'htp'" in ran.output
    assert "did you mean http?" in ran.output


def test_a_probe_that_holds_up_the_loop_is_named(house: House) -> None:
    house.door("""
        @observation
        async def blocking() -> int:
            await asyncio.sleep(0.3)
            time.sleep(4)
            return 1

        @observation(within=2)
        async def patient() -> int:
            await asyncio.sleep(3)
            return 1
    """)
    for name in ("blocking", "patient"):
        house.check(name, f"if not {name}:\n    raise Finding('no')", f"{name}: int")

    ran = house.run()

    assert ran.outcomes["patient"] == "blind"
    assert "fixtures/small/__init__.py" in ran.message("patient")
    assert "held up all looking" in ran.message("patient")
    assert "use in_thread" in ran.message("patient")
