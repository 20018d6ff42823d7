"""What the user got wrong ends with pytest's usage exit code and one sentence: file, line, key, next step."""

import os
import re
from pathlib import Path

import pytest

from selftests.small_house import LOCAL, House, build

USAGE = 4
HEAD = '[environment]\nname = "local"\nkind = "local"\n'
WAIVER = '[[waiver]]\ncheck = "ok"\nsubject = "a"\nreason = "b"\nuntil = 2099-01-01\n'
FILE = "local.toml"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with one check, which is in the manifest."""
    house = build(tmp_path / "house", tmp_path.parent / "timber").check("ok")
    house.file("app/README.md", "no supabase folder").manifest({"ok": ["pre-deploy"]})
    return house


def refused(house: House, *arguments: str) -> str:
    """The one sentence with which a run is refused before anything is looked at."""
    ran = house.run(*arguments)

    assert ran.exit == USAGE, ran.output
    assert [line[:6] for line in ran.output.strip().splitlines()] == ["ERROR:"]
    assert house.looked() == []
    return ran.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["-m", ""], "-m is empty.*pre-deploy, prod-smoke, migrations, drill", id="empty"),
        pytest.param(["-m="], "-m is empty", id="empty-after-equals"),
        pytest.param(["-m", " "], "-m is empty", id="blank"),
        pytest.param(["-m "], "-m is empty", id="blank-attached"),
        pytest.param(["-qm", ""], "-m is empty", id="empty-bundled"),
        pytest.param(["-m", "prod-smok"], "prod-smok.*did you mean prod-smoke", id="unknown-lane"),
        pytest.param(["-m", "prod-smok", "-n", "2"], "prod-smok.*did you mean prod-smoke", id="unknown-lane-workers"),
        pytest.param(["-m", "pre-deploy and nonesuch"], "nonesuch", id="unknown-among-known"),
        pytest.param(["-m", "pre-deploy and"], "no expression", id="half-an-expression"),
        pytest.param(["-m", "pre-deploy drill"], "no expression", id="two-lanes"),
        pytest.param(["--env", "stagin"], r"'stagin' is not known.*local", id="unknown-environment"),
        pytest.param(["--env", ""], "--env is empty", id="empty-environment"),
        pytest.param(["--env-file", "gone.toml"], "gone.toml does not exist: create it", id="missing-file"),
        pytest.param(["--env-file", ""], "--env-file is empty", id="empty-file-name"),
        pytest.param(["--app", "app"], "--app app: no supabase/ in it; name the folder", id="no-supabase"),
        pytest.param(["--app", "gone"], "--app gone: there is no such folder", id="missing-folder"),
        pytest.param(["--app", ""], "--app is empty", id="empty-folder-name"),
        pytest.param(["--replay", "gone.json"], "gone.json does not exist: name", id="missing-replay"),
        pytest.param(["--replay", "app/README.md"], "README.md holds no stored observations", id="garbage-replay"),
        pytest.param(["--replay", ""], "--replay is empty", id="empty-replay"),
        pytest.param(["--report", "app/README.md"], "app/README.md is a file; name a folder", id="report-is-a-file"),
        pytest.param(["--report", "app/README.md/out"], "app/README.md is a file", id="report-in-a-file"),
        pytest.param(["--history", "app/README.md"], "holds something else than a history", id="no-history"),
    ],
)
def test_command_line(house: House, arguments: list[str], said: str) -> None:
    assert re.search(said, refused(house, *arguments))


@pytest.mark.parametrize("options", ["-m ''", '-m ""', "-q '-m '"])
def test_empty_expression_in_a_variable(house: House, options: str) -> None:
    house.variables["PYTEST_ADDOPTS"] = options

    assert "-m is empty" in refused(house)


@pytest.mark.parametrize(
    ("store", "said"),
    [
        pytest.param('{"version": 0, "environment": "x", "started": "", "observations": []}', "version 0", id="old"),
        pytest.param('{"environment": "x", "started": "", "observations": []}', "version", id="no-version"),
        pytest.param('{"version": 1}', "environment", id="incomplete"),
    ],
)
def test_stored_observations(house: House, store: str, said: str) -> None:
    assert said in refused(house.file("stored.json", store), "--replay", "stored.json")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        pytest.param(HEAD + "allows = \n", 4, "not valid TOML", id="bad-toml"),
        pytest.param("[small]\n", None, r"no \[environment\] table: begin it", id="no-heading"),
        pytest.param("environment = 3\n", None, "write.*environment", id="heading-is-no-table"),
        pytest.param('[environment]\nname = "local"\n', 1, "lacks the key 'kind': add it", id="missing-key"),
        pytest.param(HEAD.replace('kind = "local"', 'kind = "prod"'), 3, "kind is wrong: .*'prod'", id="unknown-kind"),
        pytest.param(HEAD + 'allows = ["fly"]\n', 4, "allows is wrong: .*'fly'", id="unknown-effect"),
        pytest.param(HEAD + "\n[smal]\n", 5, r"\[smal\].*did you mean \[small\]", id="unknown-table"),
        pytest.param(HEAD + "\n[zzz]\n", 5, r"\[zzz\].*known are .*small", id="unknown-table-far-off"),
        pytest.param(HEAD + "[[small]]\n", None, r"small must be a table: write \[small\]", id="list-of-tables"),
        pytest.param(HEAD + "[small]\n\nnumbr = 3\n", 6, "no key 'numbr': did you mean number", id="unknown-key"),
        pytest.param(HEAD + '[small]\n\nnumber = "3"\n', 6, "number is wrong: Expected `int`", id="wrong-type"),
        pytest.param(HEAD + '[small]\ntoken = "plain-text-1"\n', 5, "token.*named, never held", id="literal-secret"),
        pytest.param(HEAD + "[small]\ntoken = 1234567890\n", 5, "token.*named, never held", id="literal-number"),
        pytest.param(
            HEAD.replace('kind = "local"', 'kind = "production"\nallows = ["read", "write"]'),
            4,
            'production environment never allows "write": take it out',
            id="production-that-writes",
        ),
        pytest.param(HEAD + WAIVER.replace('reason = "b"\n', ""), 4, "lacks the key 'reason'", id="no-reason"),
        pytest.param(HEAD + WAIVER.replace('"b"', '" "'), 7, "reason is wrong", id="blank-reason"),
        pytest.param(HEAD + WAIVER.replace("2099-01-01", '"soon"'), 8, "until is wrong", id="no-day"),
        pytest.param(HEAD + WAIVER.replace("2099-01-01", "2099-02-30"), 8, "TOML|until", id="impossible-day"),
        pytest.param(HEAD + WAIVER + 'ticket = "1"\n', 9, "no key 'ticket': known are check", id="unknown-waiver-key"),
        pytest.param(HEAD + WAIVER + WAIVER.replace("2099-01-01", "3"), 13, "until is wrong", id="second-waiver"),
        pytest.param(HEAD + WAIVER.replace("[[waiver]]", "[waiver]"), 4, r"write \[\[waiver\]\]", id="single-brackets"),
        pytest.param("waiver = 3\n" + HEAD, None, r"write \[\[waiver\]\]", id="waiver-is-a-number"),
        pytest.param(HEAD + WAIVER.replace('"ok"', '"okay"'), None, "'okay'.*did you mean ok", id="waiver-of-nothing"),
        pytest.param(HEAD + '[inapplicable]\nok = ["x"]\n', 4, 'provider-or-check = "reason"', id="no-reason-given"),
        pytest.param(HEAD + '[inapplicable]\nsmal = "x"\n', None, "'smal'.*did you mean small", id="nothing-declared"),
    ],
)
def test_environment_file(house: House, text: str, line: int | None, said: str) -> None:
    sentence = refused(house.environment(text))

    assert re.search(said, sentence)
    assert FILE in sentence
    assert line is None or f"{FILE}:{line}:" in sentence or f"(at line {line}," in sentence
    assert "plain-text-1" not in sentence


@pytest.mark.parametrize(
    "manifest",
    [pytest.param(text, id=name) for name, text in {"cut": "{", "list": "[]", "text": '{"ok": "drill"}'}.items()],
)
def test_manifest_of_another_shape(house: House, manifest: str) -> None:
    sentence = refused(house.file("checks/manifest.json", manifest))

    assert "manifest.json cannot be read" in sentence
    assert "make it with python -m reports.manifest" in sentence


def test_manifest_missing(house: House) -> None:
    os.remove(house.root / "checks/manifest.json")

    assert "make it with python -m reports.manifest" in refused(house)


def test_no_drill_on_production(house: House) -> None:
    house.environment(LOCAL.replace('"local"', '"production"').replace(', "write"', ""), "production")

    sentence = refused(house, "-m", "drill", "--env", "production")

    assert re.search("-m drill: not on environment 'production'.*name another", sentence)


def test_prod_smoke_asks_for_production(house: House) -> None:
    assert "'production' is not known" in refused(house, "-m", "prod-smoke")


def test_a_postgres_variable_that_is_misspelt(house: House) -> None:
    house.variables["SEATRIAL_POSTGRES"] = "embeded"

    assert house.run().exit == 4
