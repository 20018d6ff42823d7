"""What ``python -m reports.merge`` does not take for a part of the whole: refused by name, and nothing else is lost."""

import json
from pathlib import Path
from typing import Any

import pytest

from reports.made import MADE
from reports.merge import main
from selftests.merged_shards import Shards, part, shards_at
from selftests.report_samples import HOSTILE


@pytest.fixture
def shards(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shards:
    """No folder yet."""
    return shards_at(tmp_path, capsys, monkeypatch)


UNREADABLE = {
    "nothing": None,
    "empty": b"",
    "cut": b'{"run":{"environment":"sta',
    "no text": b"\xff\xfe",
    "of a later version": b'{"run":{},"verdicts":[],"more":1}',
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_a_folder_that_cannot_be_read_is_refused_by_name(shards: Shards, content: bytes | None) -> None:
    shards.add("1", part({"a": "verified", "b": "blind"}))
    (shards.place / "2").mkdir()
    if content is not None:
        (shards.place / "2" / "verdicts.json").write_bytes(content)

    assert shards.merge() == 4
    assert f"{shards.place / '2'} is left out: " in shards.run["reason"]
    assert (shards.run["exit"], shards.run["word"]) == (4, "CANNOT SEE")
    assert shards.outcomes == {"a": "verified", "b": "blind", "c": "missing"}
    assert not (shards.out / "history.json").exists()


def test_what_is_violated_is_so_whatever_is_refused(shards: Shards) -> None:
    shards.add("1", part({"a": "violated", "b": "verified"}))

    assert shards.merge(names=("gone", "1")) == 1
    assert (shards.run["exit"], shards.run["word"]) == (1, "HOLD")
    assert f"{shards.place / 'gone'} is left out: " in shards.run["reason"]
    assert f"note: {shards.place / 'gone'} is left out: " in " ".join(
        shards.said.split()
    )  # wrapped where a terminal is narrow
    assert shards.said.splitlines()[-1].endswith("HOLD, do not ship; start with a")
    assert "left out" in (shards.out / "comment.md").read_text(encoding="utf-8")
    assert json.loads((shards.out / "history.json").read_bytes())["runs"][0]["violated"] == ["a"]
    told = json.loads((shards.out / "seatrial.sarif").read_bytes())["runs"][0]["invocations"][0]
    assert not told["executionSuccessful"]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"commit": "fedcba9"}, "it is of commit fedcba9, the others of 0123abc"),
        ({"commit": None}, "it is of commit no commit, the others of 0123abc"),
        ({"environment": "production"}, "it is of environment production, the others of staging"),
        ({"kind": "preview"}, "it is of kind preview, the others of staging"),
        ({"versions": {"seatrial": "9"}}, "it was made by another version of this suite"),
        ({"shard": "2/3"}, "it is shard 2/3, the others are of 1/2: divide a run one way"),
        ({"replayed": True}, "it judged again what was looked at earlier, the others looked"),
        ({"shard": "2/x"}, "is damaged: its shard is '2/x'"),
        ({"environment": HOSTILE}, "it is of environment ab"),
    ],
)
def test_a_run_of_something_else_is_refused_by_name(shards: Shards, other: dict[str, Any], said: str) -> None:
    shards.add("1", part({"a": "verified", "b": "verified"}, shard="1/2"))
    shards.add("2", part({"c": "violated"}, **({"shard": "2/2"} | other)))

    assert shards.merge() == 4
    assert said in shards.run["reason"]
    assert shards.outcomes["c"] == "missing"
    assert "\x1b" not in shards.said


def test_nothing_is_written_when_nothing_can_be_read(shards: Shards) -> None:
    assert shards.merge(names=("gone", "lost")) == 4
    assert [line.partition(" is left out: ")[0] for line in shards.said.splitlines()] == [
        f"ERROR: {shards.place / name}" for name in ("gone", "lost")
    ]
    assert not shards.out.exists()


@pytest.mark.parametrize("refused", [("gone",), ("1", "--lanes", "drill and"), ("1", "--env", "nonesuch")])
def test_what_an_earlier_merge_left_is_not_the_answer(shards: Shards, refused: tuple[str, ...]) -> None:
    shards.add("1", part(dict.fromkeys("abc", "verified"))).merge(names=("1",))
    name, *arguments = refused

    assert shards.merge(*arguments, names=(name,)) == 4
    assert not [path.name for pattern in MADE for path in shards.out.glob(pattern)]
    assert (shards.out / "history.json").exists()


def test_what_cannot_be_merged_with_itself_is_left_to_its_owner(shards: Shards) -> None:
    shards.out.mkdir()
    (shards.out / "verdicts.json").write_text("{")

    assert main([str(shards.out), "--report", str(shards.out)]) == 4
    assert (shards.out / "verdicts.json").read_text() == "{"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "DIR"),
        (["x", "--lanes", ""], "--lanes is empty"),
        (["x", "--lanes="], "--lanes is empty"),
        (["x", "--report="], "--report is empty"),
        (["x", "--history", " "], "--history is empty"),
        (["x", "--env="], "--env is empty"),
        (["x", "--lanes", "prod-smok"], "--lanes prod-smok: there is no lane 'prod-smok': did you mean prod-smoke?"),
        (["x", "--lanes", "drill and"], "is no expression"),
        (["x", "--app", " "], "--app is empty"),
        (["x", "--history", "."], "is a folder: name a file"),
        (["x", "--env", "nonesuch"], "nonesuch.toml does not exist"),
        (["x", "--nonesuch"], "--nonesuch"),
    ],
)
def test_what_the_user_got_wrong(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code: int | str | None = main(arguments)
    except SystemExit as ended:
        code = ended.code
    told = capsys.readouterr()

    assert (code, told.out) == (4, "")
    assert said in told.err
    assert len(told.err.strip().splitlines()) == 1
