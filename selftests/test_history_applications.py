"""Two applications can share an environment's name and a file: neither hears of the other."""

import json
import subprocess
from pathlib import Path

import pytest

from fixtures.engine.options import commit
from reports.page.matrix import columns
from reports.page.sparks import lines
from reports.page.strip import strips
from reports.past.applications import identity, plain_address
from reports.past.changes import standing, told
from reports.past.history import read_history
from reports.past.remembering import remember
from selftests.past_samples import after, found, instant, telling

ONE, OTHER = "0123456789abcdef", "fedcba9876543210"


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def repository(folder: Path, *remotes: str) -> Path:
    """A repository without a commit."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q")
    for number, remote in enumerate(remotes):
        git(folder, "remote", "add", f"remote{number}", remote)
    return folder


def test_the_first_run_on_ones_own_checkout_is_not_compared_with_the_sandbox() -> None:
    """``make trial`` first, then one's own application: both are called local, and only one was named."""
    past = after(found({"a": "verified", "b": "verified"}, 1, commit=None))
    mine = telling(found({"a": "violated", "b": "blind"}, 2), past, application=ONE)

    assert (mine.changes.previous, standing(mine.changes), told(mine.changes, instant(2))) == (None, {}, None)
    assert [line.verified for line in lines(mine)] == [None, None], "never verified, as far as is known"
    past = after(mine.report, past=past, application=ONE)
    assert {case: each.verified for case, each in past.applications[ONE]["production"].items()} == {
        "a": None,
        "b": None,
    }


def test_where_nothing_was_named_a_commit_tells_two_apart() -> None:
    """Shards may be merged where there is no checkout."""
    past = after(found({"a": "verified"}, 1, commit=None))

    assert telling(found({"a": "violated"}, 2), past).changes.previous is None
    assert telling(found({"a": "violated"}, 2, commit=None), past).changes.previous is not None


def test_each_keeps_its_own_when_they_take_turns() -> None:
    past = after(found({"a": "violated"}, 1), application=ONE)
    past = after(found({"a": "verified"}, 2), past=past, application=OTHER)
    past = after(found({"a": "verified"}, 3), past=past)
    one, other, neither = (telling(found({"a": "violated"}, 4), past, application=name) for name in (ONE, OTHER, None))

    assert [row.since for row in one.changes.still] == [instant(1)]
    assert [each.changes.previous and each.changes.previous.started for each in (one, other, neither)] == [
        instant(1), instant(2), instant(3),
    ]  # fmt: skip
    assert [len(each.changes.new) for each in (one, other, neither)] == [0, 1, 1]


def test_the_pictures_of_runs_hold_one_application() -> None:
    past = after(found({"a": "violated"}, 1), found({"a": "violated"}, 2, environment="staging"), application=OTHER)
    past = after(found({"a": "verified"}, 3), past=past, application=ONE)
    mine = telling(found({"a": "blind"}, 4), past, application=ONE)

    assert {name: [run.started for run in runs] for name, runs in strips(mine).items()} == {
        "production": [instant(3), instant(4)]
    }
    assert [column.newest.environment for column in columns(mine)] == ["production"]
    assert [line.marks for line in lines(mine)] == [("verified", "blind")]


def test_the_file_holds_both(tmp_path: Path) -> None:
    place = tmp_path / "history.json"
    for name, day in ((ONE, 1), (OTHER, 2), (None, 3)):
        remember(place, telling(found({"a": "verified"}, day), application=name), whole=True)
    past = read_history(place)

    assert [run.application for run in past.runs] == [None, OTHER, ONE]
    assert (set(past.applications), past.cases["production"]["a"].since) == ({ONE, OTHER}, instant(3))


def test_a_file_that_knows_no_applications_is_read_as_of_none(tmp_path: Path) -> None:
    place = tmp_path / "history.json"
    remember(place, telling(found({"a": "verified"})), whole=True)
    older = json.loads(place.read_bytes())
    del older["applications"], older["runs"][0]["application"], older["cases"]["production"]["a"]["judged"]
    place.write_text(json.dumps(older))
    past = read_history(place)

    assert past.runs[0].application is None
    assert telling(found({"a": "violated"}, 2), past).changes.new[0].was == "verified"
    assert telling(found({"a": "violated"}, 2), past, application=ONE).changes.previous is None


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/acme/shop", "https://x-access-token:s3cr3t@GitHub.com/acme/shop.git",
        "git@github.com:acme/shop.git", "ssh://git@github.com/acme/shop.git/", "https://github.com/acme/shop?token=1#a",
    ],
)  # fmt: skip
def test_one_repository_has_many_addresses(address: str) -> None:
    assert plain_address(address) == "github.com/acme/shop"


@pytest.mark.parametrize("address", ["/srv/git/shop.git", "../shop", "file:///srv/git/shop", "C:/shop", ""])
def test_other_addresses_are_others(address: str) -> None:
    assert plain_address(address) != plain_address("git@github.com:acme/shop.git")


def test_clones_of_a_repository_are_one_application_and_its_folders_are_several(tmp_path: Path) -> None:
    first = repository(tmp_path / "first", "https://a:b@example.com/acme/shop.git", "https://example.com/fork/shop")
    second = repository(tmp_path / "second", "git@example.com:acme/shop.git")
    for name in ("one", "other"):
        (first / name).mkdir()

    assert identity(first) == identity(second) != identity(first / "one")
    assert identity(first / "one") != identity(first / "other")
    assert len({identity(repository(tmp_path / "third")), identity(tmp_path), identity(first)}) == 3
    assert identity(tmp_path / "first" / "..") == identity(tmp_path)
    assert identity(None) is None


def test_without_git_it_is_known_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert identity(tmp_path) == identity(tmp_path) != identity(tmp_path / "other")


def test_a_repository_without_a_commit_has_none(tmp_path: Path) -> None:
    assert commit(repository(tmp_path / "new")) is None


def test_a_hook_of_another_repository_does_not_mislead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook has GIT_DIR in its environment; the commit is that of the checkout which was named all the same."""
    hook = repository(tmp_path / "hook", "https://github.com/acme/hook.git")
    git(hook, "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "--allow-empty", "-m", "x")
    other = repository(tmp_path / "other", "https://github.com/acme/other.git")
    known = identity(other)
    monkeypatch.setenv("GIT_DIR", str(hook / ".git"))

    assert (commit(other), identity(other)) == (None, known)


def test_a_git_that_cannot_be_asked_knows_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert commit(tmp_path) is None
