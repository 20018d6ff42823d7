"""No secret gets out: planted ones are looked for in everything that a run prints and leaves behind."""

from pathlib import Path

import pytest

from selftests import planted_secrets
from selftests.planted_house import Ended, House, build, start
from selftests.planted_secrets import CANARIES, ONLY_WITH_LOCALS

PATIENCE = 60.0
FILES = ["--junitxml", "left/pytest.xml", "--log-file", "left/log", "-o", "junit_logging=all", "--log-file-level=INFO"]
LOUD = ["-rA", "-vv", "-s", "--log-cli-level=INFO", "--tb=long", "--durations=0", "--setup-show"]
MODES = {
    "plain": [],
    "locals": ["--showlocals", "--tb=long", "-rA", *FILES],
    "short": ["--showlocals", "--tb=short", "-rP", "-q", "--capture=tee-sys", *FILES],
    "loud": [*LOUD, *FILES],
    "workers": ["-n", "2", "--showlocals", "--tb=long", "-rA", "-v", *FILES],
    "native": ["--tb=native", "-rA", "--capture=sys", "-W", "always", *FILES],
}
UNGUARDED = """
import fixtures.engine.redactor
fixtures.engine.redactor.Redactor.clean = lambda self, text: text
fixtures.engine.redactor.Redactor.clean_bytes = lambda self, content: content
"""


@pytest.fixture(scope="module")
def timber(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("timber")


@pytest.fixture
def house(tmp_path: Path, timber: Path) -> House:
    return planted_secrets.plant(build(tmp_path / "house", timber))


def run(house: House, *arguments: str, **variables: str) -> Ended:
    variables = {"GITHUB_STEP_SUMMARY": str(house.root / "step.md"), "COLUMNS": "100"} | variables
    return start(house, *arguments, **variables).wait(PATIENCE)


@pytest.mark.parametrize("mode", MODES)
def test_nothing_planted_is_found(house: House, mode: str) -> None:
    ended = run(house, *MODES[mode])

    assert CANARIES.found_in(ended.artefacts()) == {}
    assert len(ended.outcomes) == len(planted_secrets.FINDS) + 7, ended.output
    assert ended.exit == 1


def test_without_the_redactor_each_is_found(house: House) -> None:
    """What this file looks for is really there to be found, in every artefact."""
    with open(house.root / "fixtures/planted/__init__.py", "a", encoding="utf-8") as door:
        door.write(UNGUARDED)

    ended = run(house, *MODES["locals"], "--capture=tee-sys")

    found = CANARIES.found_in(ended.artefacts())
    print(found)
    assert found.keys() == CANARIES.keys(), ended.output
    places = set().union(*found.values())
    assert {place.split("/")[-1] for place in places} >= {"verdicts.json"}
