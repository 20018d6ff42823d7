"""A long look says how far it is: to whoever waits, and in the sentence that says where a deadline found it."""

import asyncio
import re
from pathlib import Path

import pytest

from fixtures.engine import progress
from selftests.small_house import LOCAL, House, build

SLOW = """
    from fixtures.engine import progress

    @observation(within=WITHIN)
    async def counting() -> int:
        for number in range(1000, 40000, 1000):
            progress.say(f"{number:,} of 40,000")
            await asyncio.sleep(0.5)
        return 1

    @observation
    async def derived(counting: int) -> int:
        return counting

    @observation(within=WITHIN)
    async def silent() -> int:
        await asyncio.sleep(30)
        return 1
"""


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path / "house", tmp_path.parent / "timber")


def looking(house: House, within: float, environment: str = LOCAL) -> House:
    house.environment(environment).door(SLOW.replace("WITHIN", str(within)))
    for name in ("counting", "derived", "silent"):
        house.check(name, f"assert {name}", f"{name}: int")
    return house


@pytest.mark.parametrize("mode", [(), ("-n2",)])
def test_a_deadline_says_how_far_it_came(house: House, mode: tuple[str, ...]) -> None:
    ran = looking(house, 1.3).run(*mode)

    late = r"counting: no answer within 1\.3 s, the deadline of this observation \([123],000 of 40,000 until then\)"
    assert ran.outcomes == dict.fromkeys(("counting", "derived", "silent"), "blind")
    assert re.fullmatch(late, ran.message("counting"))
    assert ran.message("derived") == ran.message("counting")
    assert ran.message("silent") == "silent: no answer within 1.3 s, the deadline of this observation"


def test_so_does_the_deadline_of_the_run(house: House) -> None:
    ran = looking(house, 20, LOCAL.replace("[small]", "within = 2\n[small]")).run()

    assert ran.outcomes == dict.fromkeys(("counting", "derived", "silent"), "blind")
    for name in ("counting", "derived"):
        assert "the run's deadline of 2 s passed" in ran.message(name)
        assert "of 40,000 until then): raise within under [environment] in its file" in ran.message(name)
    assert "until then" not in ran.message("silent")


@pytest.mark.parametrize("mode", [(), ("-n2",)])
def test_it_is_told_to_whoever_waits(house: House, mode: tuple[str, ...]) -> None:
    ran = looking(house, 6.4).run(*mode)

    told = [line for line in ran.output.splitlines() if line.startswith("still looking")]
    assert any("counting (" in line and "of 40,000)" in line for line in told), ran.output
    assert len(told) <= 3


def test_those_that_say_something_come_first_and_the_others_are_counted() -> None:
    waiting = [*"abcdefgh", 'h {"row":1}', "long"]

    told = progress.outstanding(waiting, {"long": "5 of 9"})

    assert told == "long (5 of 9), a, b, c, d, e, 3 more"
    assert progress.outstanding(["one"], {}) == "one"


def test_outside_an_observation_nothing_is_said_and_observations_do_not_hear_each_other() -> None:
    async def one(number: int) -> str:
        said = progress.Progress()
        progress.CURRENT.set(said)
        await asyncio.sleep(0)
        progress.say(f"{number}")
        await asyncio.sleep(0)
        return said.text

    async def both() -> list[str]:
        return list(await asyncio.gather(one(1), one(2)))

    progress.say("to nobody")

    assert asyncio.run(both()) == ["1", "2"]
