"""Everything that the selected checks need is looked at once, at once, before judging, and can be judged again."""

from pathlib import Path

import pytest

from selftests.small_house import JUDGES, LOCAL, House, build

MODES = pytest.mark.parametrize("mode", [(), ("-n", "2")], ids=["plain", "workers"])
SEEN = 'if not {name}:\n    raise Finding("nothing")'
NOTES_JUDGING = 'from fixtures.small import note\nnote("judged")\n' + JUDGES
BAD = 'if bad:\n    raise Finding("bad", bad)'
BAD_ROWS = """
@pytest.mark.parametrize("bad", [
    pytest.param(("a", "b"), id="two"), pytest.param((), id="none"),
], indirect=True)
"""
NO_ROWS = '@pytest.mark.parametrize("bad", [pytest.param((), id="none")], indirect=True)'


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with one check that is verified."""
    return build(tmp_path / "house", tmp_path.parent / "timber").check("ok")


def seeing(house: House, *names: str) -> House:
    """Add a check for each observation, of its name, that is verified when anything was seen."""
    for name in names:
        house.check(name, SEEN.format(name=name), f"{name}: object")
    return house


@MODES
def test_identical_observations_are_made_once_by_the_controller(house: House, mode: tuple[str, ...]) -> None:
    for name in ("one", "two", "three"):
        house.check(name, BAD, "bad: tuple[Thing, ...]", NO_ROWS)
        house.check(f"{name}_more", NOTES_JUDGING)
    ran = house.run(*mode)

    assert (ran.exit, ran.report["totals"]["verified"]) == (0, 7)
    assert sorted(name for name in house.looked() if name != "judged") == ["bad", "sound"]
    assert bool(house.who("sound") & house.who("judged")) == (not mode)


def test_other_rows_are_other_observations(house: House) -> None:
    house.check("rows", BAD, "bad: tuple[Thing, ...]", BAD_ROWS).run()

    assert sorted(house.looked()) == ["bad", "bad", "sound"]


@pytest.mark.parametrize(
    "arguments", [("-m", "drill"), ("-k", "elsewhere"), ("checks/small/elsewhere.py",)], ids=["lane", "word", "file"]
)
def test_nothing_is_looked_at_for_a_deselected_check(house: House, arguments: tuple[str, ...]) -> None:
    house.check("elsewhere", SEEN.format(name="bad"), "bad: object", BAD_ROWS, lanes="drill").run(*arguments)

    assert set(house.looked()) == {"bad"}


@MODES
def test_all_are_under_way_together(house: House, mode: tuple[str, ...]) -> None:
    house.door("""
        MEETING = asyncio.Barrier(10)

        @observation(within=5)
        async def met(number: int) -> bool:
            await MEETING.wait()
            return True
    """)
    rows = '@pytest.mark.parametrize("met", range(10), indirect=True)'
    ran = house.check("met", SEEN.format(name="met"), "met: bool", rows).run(*mode)

    assert (ran.exit, ran.report["totals"]["verified"]) == (0, 11)


def test_a_deadline_is_total(house: House) -> None:
    house.door("""
        @observation(within=0.3)
        async def dripping() -> int:
            for _ in range(200):
                await asyncio.sleep(0.1)
            return 1

        @observation(within=0.3)
        async def stubborn() -> int:
            until = time.monotonic() + 20
            while time.monotonic() < until:
                try:
                    await asyncio.sleep(20)
                except asyncio.CancelledError:
                    pass
            return 1

        @observation(within=0.3)
        async def threaded() -> int:
            await in_thread(time.sleep, 20)
            return 1
    """)
    ran = seeing(house, "dripping", "stubborn", "threaded").run()

    assert ran.outcomes == {"ok": "verified", "dripping": "blind", "stubborn": "blind", "threaded": "blind"}
    assert "dripping: no answer within 0.3 s" in ran.message("dripping")
    assert ran.seconds < 12


def test_an_observation_of_observations(house: House) -> None:
    house.door("""
        @observation
        async def louder(sound: int) -> int:
            note("louder")
            return sound + 1

        @observation
        async def colder(frozen: int) -> int:
            note("colder")
            return frozen
    """)
    house.check("louder", "if louder != sound + 1:\n    raise Finding('?')", "sound: int, louder: int")
    ran = seeing(house, "colder").run()

    assert ran.outcomes == {"ok": "verified", "louder": "verified", "colder": "blind"}
    assert ran.message("colder") == "the gauge is frozen: thaw it"
    assert sorted(house.looked()) == ["frozen", "louder", "sound"]


def test_an_instrument_is_opened_once_and_closed(house: House) -> None:
    house.door("""
        @instrument()
        async def tube() -> AsyncIterator[object]:
            note("opened")
            yield 1
            note("closed")

        @instrument()
        async def unneeded() -> AsyncIterator[object]:
            note("unneeded")
            yield 1

        @observation
        async def near(tube: object) -> int:
            note("near")
            return 1

        @observation
        async def far(tube: object, near: int) -> int:
            note("far")
            return 1
    """)
    ran = seeing(house, "near", "far").run()

    assert ran.exit == 0
    assert [name for name in house.looked() if name != "sound"] == ["opened", "near", "far", "closed"]


@MODES
def test_a_probe_that_crashes_harms_no_other(house: House, mode: tuple[str, ...]) -> None:
    house.door("""
        @observation
        async def raising() -> int:
            raise KeyError("boom")

        @observation
        async def no_json() -> object:
            return object()

        @observation
        async def another_type() -> int:
            return "one"

        @observation
        async def cancelling() -> int:
            raise asyncio.CancelledError

        @observation
        async def leaving() -> int:
            raise SystemExit(0)

        @instrument()
        async def broken_tube() -> AsyncIterator[object]:
            raise LookupError("no tube")
            yield 1

        @observation
        async def through(broken_tube: object) -> int:
            return 1
    """)
    names = ("raising", "no_json", "another_type", "cancelling", "leaving", "through")
    ran = seeing(house.environment(LOCAL.replace("[small]", "within = 8\n[small]")), *names).run(*mode)

    assert (ran.exit, ran.outcomes) == (10, {"ok": "verified"} | dict.fromkeys(names, "crashed"))
    assert "KeyError: 'boom'" in ran.message("raising")
    assert 'raise KeyError("boom")' in ran.message("raising")
    assert "LookupError: no tube" in ran.message("through")


def test_another_attempt_is_recorded(house: House) -> None:
    house.door("""
        TRIES = []

        @observation
        async def third_time() -> int:
            async def look() -> int:
                TRIES.append(1)
                if len(TRIES) < 3:
                    raise Unobservable("not yet")
                return 1
            return await eventually(look, within=5, every=0.02)

        @observation
        async def never() -> int:
            async def look() -> int:
                note("never")
                raise Unobservable("still not")
            return await eventually(look, within=0.2, every=0.05)

        class Refused(Unobservable):
            final = True

        @observation
        async def refused() -> int:
            async def look() -> int:
                note("refused")
                raise Refused("go away")
            return await eventually(look, within=5, every=0.05)
    """)
    ran = seeing(house, "third_time", "never", "refused").run()

    assert ran.outcomes == {"ok": "verified", "third_time": "verified", "never": "blind", "refused": "blind"}
    assert (ran.verdicts["third_time"]["attempts"], ran.verdicts["third_time"]["unsteady"]) == (3, True)
    assert (ran.verdicts["ok"]["attempts"], ran.verdicts["ok"]["unsteady"]) == (1, False)
    assert "UNSTEADY  third_time" in ran.output
    assert ran.verdicts["never"]["attempts"] == house.looked().count("never") > 1
    assert house.looked().count("refused") == 1
