"""No secret gets out: planted ones are looked for in everything that a run prints and leaves behind."""

import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from selftests import planted_secrets
from selftests.canaries import CANARIES, Canaries, canary
from selftests.planted_house import ROOT, Ended, House, Started, build, start

PATIENCE = 60.0
FILES = ["--junitxml=left/pytest.xml", "--log-file=left/log", "-o", "junit_logging=all", "--log-file-level=INFO"]
LOUD = ["-rA", "-vv", "-s", "--log-cli-level=INFO", "--tb=long", "--durations=0", "--setup-show"]
MODES = {
    "plain": [],
    "locals": ["--assert=rewrite", "--showlocals", "--tb=long", "-rA", *FILES],
    "short": ["--showlocals", "--tb=short", "-rP", "-q", "--capture=tee-sys", *FILES],
    "loud": [*LOUD, *FILES],
    "workers": ["-n", "2", "--showlocals", "--tb=long", "-rA", "-v", *FILES],
    "native": ["--tb=native", "-rA", "--capture=sys", "-W", "always", "--debug=debug.log", *FILES],
}
UNGUARDED = """
import fixtures.engine.redactor

fixtures.engine.redactor.Redactor.clean = lambda self, text: text
fixtures.engine.redactor.Redactor.clean_bytes = lambda self, content: content
"""
EVERYWHERE = {
    "terminal", "step.md", "reports-out/verdicts.json", "reports-out/junit.xml", "reports-out/summary.md",
    "reports-out/observations.json", "reports-out/allure-results/*", "reports-out/ctrf.json", "reports-out/comment.md",
    "reports-out/seatrial.sarif", "reports-out/index.html", "reports-out/history.json", "left/pytest.xml", "left/log",
    ".cache/pytest/v/cache/nodeids", ".cache/pytest/v/cache/lastfailed",
}  # fmt: skip


@pytest.fixture(scope="module")
def timber(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("timber")


@pytest.fixture
def house(tmp_path: Path, timber: Path) -> House:
    return planted_secrets.plant(build(tmp_path / "house", timber))


@pytest.fixture
def small(tmp_path: Path, timber: Path) -> House:
    """A house in which a test plants what it needs."""
    return build(tmp_path / "house", timber)


def run(house: House, *arguments: str, **variables: str) -> Ended:
    # With annotations, as GitHub's runner has them printed.
    github = {"GITHUB_STEP_SUMMARY": str(house.root / "step.md"), "GITHUB_ACTIONS": "true"}
    variables = github | {"COLUMNS": "100"} | variables
    return start(house, *arguments, variables=variables).wait(PATIENCE)


def left(ended: Ended, secret: str) -> dict[str, set[str]]:
    return Canaries(SECRET=secret).found_in(ended.artefacts())


@pytest.mark.parametrize("mode", MODES)
def test_nothing_planted_is_found(house: House, mode: str) -> None:
    ended = run(house, *MODES[mode])

    assert CANARIES.found_in(ended.artefacts()) == {}
    assert len(ended.outcomes) == planted_secrets.CASES, ended.output
    assert ended.exit == 1


def test_without_the_redactor_each_is_found(house: House) -> None:
    """What this file looks for is really there to be found, in every artefact."""
    with open(house.root / "fixtures/planted/__init__.py", "a", encoding="utf-8") as door:
        door.write(UNGUARDED)

    found = CANARIES.found_in(run(house, *MODES["locals"], "--capture=tee-sys").artefacts())

    assert found.keys() == CANARIES.keys()
    places = {re.sub("allure-results/.*", "allure-results/*", place) for places in found.values() for place in places}
    assert places >= EVERYWHERE


def test_nothing_is_found_when_the_watchdog_ends_the_run(house: House) -> None:
    heading = planted_secrets.ENVIRONMENT.replace("\nstart", "\nwithin = 2\nstart")
    house.environment(heading).check("zz_hangs", "time.sleep(1000)\nraise Finding", above="import time")

    ended = run(house, *MODES["locals"])

    assert CANARIES.found_in(ended.artefacts()) == {}
    assert ended.outcomes["zz_hangs"] == "blind"
    assert len(ended.outcomes) == planted_secrets.CASES + 1


FAILING = {
    "a door": "raise RuntimeError(os.environ['API_TOKEN'])",
    "a collecting plugin": "def pytest_collection_modifyitems():\n    raise RuntimeError(os.environ['API_TOKEN'])",
    "an ending plugin": "def pytest_sessionfinish():\n    raise RuntimeError(os.environ['API_TOKEN'])",
    "a leaving plugin": "def pytest_unconfigure():\n    raise RuntimeError(os.environ['API_TOKEN'])",
}


@pytest.mark.parametrize("what", FAILING)
@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "workers"])
def test_nothing_is_found_when_the_suite_itself_fails(small: House, what: str, workers: list[str]) -> None:
    rows = "import os\n@pytest.mark.parametrize('row', [pytest.param(1, id=os.environ['API_TOKEN'])])"
    small.check("rows", "raise Finding", "sound: int, row: int", rows).door(FAILING[what])

    ended = run(small, "--showlocals", *workers, API_TOKEN=canary("token"))

    assert left(ended, canary("token")) == {}
    assert "RuntimeError: [secret]" in ended.output, ended.output
    assert ended.exit not in (0, 5)


def test_a_start_command_that_fails_does_not_tell_what_it_printed(small: House) -> None:
    heading = '[environment]\nname = "local"\nkind = "local"\nstart = ["python", "start.py"]\n\n[small]\n'
    small.environment(heading).door("@observation\nasync def needs_it(variables: object) -> int:\n    return 1")
    small.file("start.py", f"import sys\nprint('API_TOKEN={canary('started')}')\nsys.exit('no {canary('started')}')")
    small.check("needs_it", "raise Finding", "needs_it: object")

    ended = run(small)

    assert left(ended, canary("started")) == {}
    assert "the environment did not start: exit code 1: no [secret]" in ended.verdicts["needs_it"]["message"]


@pytest.mark.parametrize(
    ("place", "columns"),
    [pytest.param(190, "100", id="the closing line's reason"), pytest.param(791, "40", id="twenty lines of a block")],
)
def test_what_is_cut_was_cleaned_before(small: House, place: int, columns: str) -> None:
    """A few characters of a secret stand before the place at which its text is cut: too few to be known for a piece."""
    secret = canary("cut")[:15]
    body = f'raise Unobservable("{"x" * place} " + os.environ["API_TOKEN"] + " and" * 99)\nraise Finding'
    small.check("cut", body, above="import os\nfrom fixtures import Unobservable")

    ended = run(small, COLUMNS=columns, API_TOKEN=secret)

    assert "x" * place in ended.output, "the secret is not near the cut"
    assert "…" in ended.output
    assert secret[:4] not in ended.output


EVERYTHING = """
@observation
async def everything() -> dict[str, str]:
    return {**os.environ, "cut": os.environ["B_KEY"][:11]}
"""


def test_reports_stay_readable_whatever_the_secrets_are(small: House) -> None:
    """A service account has in it what every JSON file has; a secret can be cut where its next sign ends a text."""
    account = json.dumps({"type": "service_account", "private_key": canary("key"), "outcome": "verified"}, indent=2)
    small.door(EVERYTHING)
    body = "raise Finding(everything['cut'], [everything['A_KEY']], one=everything)"
    small.check("bad", body, "everything: dict")

    ended = run(small, A_KEY=account, B_KEY='elevensigns"and<then>&more', C_KEY='": "', D_KEY='\\"},{\\"check\\":')

    assert ended.outcomes == {"bad": "violated"}
    assert ended.verdicts["bad"]["file"] == "checks/small/bad.py"
    assert ended.verdicts["bad"]["message"] == "elevensigns"
    stored = json.loads((small.root / "reports-out/observations.json").read_text(encoding="utf-8"))
    assert stored["observations"][0]["facts"]["cut"] == "elevensigns"
    ElementTree.parse(small.root / "reports-out/junit.xml")  # noqa: S314 - our own file


def test_two_rows_with_secrets_are_two_cases(small: House) -> None:
    rows = "import os\n@pytest.mark.parametrize('row', [os.environ['A_TOKEN'], os.environ['B_TOKEN']])"
    small.check("rows", "if not row:\n    raise Finding", "sound: int, row: str", rows)

    ended = run(small, A_TOKEN=canary("a"), B_TOKEN=canary("b"))

    assert list(ended.outcomes.values()) == ["verified", "verified"]


@pytest.mark.parametrize("place", [".", "reports-out"])
def test_only_what_a_run_wrote_is_cleaned(small: House, place: str) -> None:
    """`--report .` must not take the secrets out of somebody's .env file."""
    small.check("bad", "raise Finding(os.environ['API_TOKEN'])", above="import os")
    for folder in (".", "reports-out/kept", "left"):
        small.file(f"{folder}/.env", f"API_TOKEN={canary('token')}\n")

    Started([f"--report={place}", *FILES], small.root, {"API_TOKEN": canary("token")}).wait(PATIENCE)

    for folder in (".", "reports-out/kept", "left"):
        assert (small.root / folder / ".env").read_text(encoding="utf-8") == f"API_TOKEN={canary('token')}\n"
    assert (small.root / place / "verdicts.json").exists()


SAILING = """
import json, os, sys
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(dict(os.environ), file)
os.execv(sys.argv[2], sys.argv[2:])
"""
KNOWN_PARTS = "^.*://[^:]*:|@.*$|^sb_[a-z]+_|^sbp_|^whsec_"
SECRET_NAMES = re.compile("KEY|SECRET|TOKEN|DATABASE_URL")


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "workers"])
def test_the_real_house_keeps_the_secrets_of_the_sandbox(tmp_path: Path, workers: list[str]) -> None:
    """Nor is any of them among the arguments of a process, which everybody on a machine can read."""
    variables = tmp_path / "variables.json"
    sailing = tmp_path / "sailing.py"
    sailing.write_text(SAILING, encoding="utf-8")
    sandbox = [sys.executable, "-m", "sandbox", "--", sys.executable, str(sailing), str(variables)]

    run = Started(["-s", "-vv", *workers], tmp_path / "run", cwd=ROOT, before=sandbox)
    seen = {pid: args for family in run.look() for pid, args in family.items()}
    ended = run.wait(PATIENCE)

    announced = json.loads(variables.read_text(encoding="utf-8"))
    drawn = {name: value for name, value in announced.items() if SECRET_NAMES.search(name)}
    secrets = Canaries({name: re.sub(KNOWN_PARTS, "", value) for name, value in drawn.items()})
    assert len(secrets) >= 7
    assert secrets.found_in({f"{pid}": args for pid, args in seen.items()}) == {}
    assert secrets.found_in(ended.artefacts()) == {}
    assert any("postgres -D" in args for args in seen.values())


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "workers"])
def test_an_ordinary_run_of_the_real_house_hides_nothing(tmp_path: Path, workers: list[str]) -> None:
    ended = Started(["-v", *workers], tmp_path / "run", cwd=ROOT).wait(PATIENCE)

    assert ended.outcomes
    assert [name for name, text in ended.artefacts().items() if "[secret]" in text] == []
