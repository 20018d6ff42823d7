"""Going back: what a former commit had, what was applied since, and a commit that the checkout has not got."""

import subprocess
from pathlib import Path

import pytest

from fixtures import Unobservable
from fixtures.going_back.restoring import read_then, require, since_then
from fixtures.migrations.files import read_sources
from fixtures.migrations.release import Release, divided

PLANS, NOTES, LATER = "20250101000000_plans.sql", "20250201000000_notes.sql", "20250301000000_later.sql"
ASKS = "select id from public.plans\n"


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=x", "-c", "user.email=x@example.invalid", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Two releases: the second has another migration, and asks for another column."""
    folder = tmp_path / "ocean"
    write(folder, f"supabase/migrations/{PLANS}", "create table public.plans (id int);")
    write(folder, "seatrial/contract/plans.sql", ASKS)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "one")
    write(folder, f"supabase/migrations/{NOTES}", "alter table public.plans add note text;")
    write(folder, "seatrial/contract/plans.sql", "select id, note from public.plans;\n")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "two")
    return folder


def applied(checkout: Path, *names: str) -> Release:
    return divided(read_sources(checkout), {name.partition("_")[0] for name in names}, "the environment's history")


def first(checkout: Path) -> str:
    return git(checkout, "rev-list", "--max-parents=0", "HEAD")


def test_what_the_release_asked_for_then_counts_not_what_it_asks_now(checkout: Path) -> None:
    contract, then = read_then(checkout, "dpl_previous", first(checkout))

    assert [statement.text.strip() for statement in contract.statements] == [ASKS.strip()]
    assert [source.file.version for source in then.sources] == ["20250101000000"]


def test_where_nothing_was_recorded_then_what_is_now_stands_for_it(checkout: Path) -> None:
    git(checkout, "rm", "--quiet", "-r", "seatrial")
    git(checkout, "commit", "--quiet", "--message", "three")
    bare = git(checkout, "rev-parse", "HEAD")
    write(checkout, "seatrial/contract/plans.sql", ASKS)

    contract, _ = read_then(checkout, "dpl_previous", bare)

    assert [statement.place for statement in contract.statements] == ["seatrial/contract/plans.sql"]


def test_what_was_applied_since(checkout: Path) -> None:
    write(checkout, f"supabase/migrations/{LATER}", "select 1;")
    _, then = read_then(checkout, "dpl_previous", first(checkout))

    since = since_then(then, applied(checkout, PLANS, NOTES), "dpl_previous")

    assert [source.file.version for source in since.applied] == ["20250101000000"]
    assert [source.file.version for source in since.pending] == ["20250201000000"]


def test_nothing_was_applied_since(checkout: Path) -> None:
    _, then = read_then(checkout, "dpl_live", git(checkout, "rev-parse", "HEAD"))

    assert since_then(then, applied(checkout, PLANS, NOTES), "dpl_live").pending == ()


def test_a_migration_that_the_target_has_not_is_no_part_of_what_was_there(checkout: Path) -> None:
    _, then = read_then(checkout, "dpl_live", git(checkout, "rev-parse", "HEAD"))

    assert [one.file.version for one in since_then(then, applied(checkout, PLANS), "x").applied] == ["20250101000000"]


def test_a_file_that_was_edited_since_counts_as_it_was(checkout: Path) -> None:
    write(checkout, f"supabase/migrations/{PLANS}", "create table public.plans (id int, edited text);")
    _, then = read_then(checkout, "dpl_previous", first(checkout))

    assert "edited" not in since_then(then, applied(checkout, PLANS, NOTES), "x").applied[0].text


def test_a_commit_that_was_never_fetched_says_how_to_fetch_it(checkout: Path) -> None:
    with pytest.raises(
        Unobservable, match=rf"has not got {'c' * 10}, of which dpl_old was made: .* fetch origin {'c' * 40}"
    ):
        require(checkout, "dpl_old", "c" * 40)


def test_a_shallow_clone_says_how_to_deepen_it(checkout: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{checkout}", "shallow")

    with pytest.raises(Unobservable, match=r"fetch --unshallow \(actions/checkout: fetch-depth: 0\)"):
        require(tmp_path / "shallow", "dpl_old", first(checkout))


def test_a_folder_that_is_in_no_repository_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unobservable, match="in no git repository"):
        require(tmp_path, "dpl_old", "c" * 40)
