"""Edge Functions: what the checkout declares, as the Supabase CLI would deploy it, beside what is deployed."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fixtures import Unobservable
from fixtures.functions.declared import DeclaredFunction, read_declared_functions, read_functions_of_base
from fixtures.functions.deployed import DeployedFunction, side_by_side, with_known_doors

REF = "oceanoceanoceanocean"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def checkout(folder: Path, config: str | None, *functions: str) -> Path:
    for slug in functions:
        (folder / "supabase" / "functions" / slug).mkdir(parents=True)
        (folder / "supabase" / "functions" / slug / "index.ts").write_text("Deno.serve(() => new Response());")
    (folder / "supabase").mkdir(exist_ok=True)
    if config is not None:
        (folder / "supabase" / "config.toml").write_text(config)
    return folder


def doors(folder: Path) -> dict[str, bool]:
    return {one.slug: one.verify_jwt for one in read_declared_functions(folder, REF)}


def deployed(slug: str, verify_jwt: bool | None = True) -> DeployedFunction:
    return DeployedFunction(id=slug, slug=slug, status="ACTIVE", version=1, updated=NOW, verify_jwt=verify_jwt)


def test_a_function_demands_a_token_unless_its_table_says_otherwise(tmp_path: Path) -> None:
    config = "[functions.webhook]\nverify_jwt = false\n[functions.api]\nimport_map = './map.json'\n"

    assert doors(checkout(tmp_path, config, "webhook", "api", "plain")) == {
        "api": True, "plain": True, "webhook": False,
    }  # fmt: skip


def test_without_config_every_folder_with_an_index_is_a_function(tmp_path: Path) -> None:
    folder = checkout(tmp_path, None, "api", "_shared", "9lives")
    (folder / "supabase" / "functions" / "notes").mkdir()

    assert doors(folder) == {"api": True}


def test_what_is_switched_off_is_not_deployed_and_what_is_only_in_the_config_is(tmp_path: Path) -> None:
    config = "[functions.old]\nenabled = false\n[functions.elsewhere]\nentrypoint = './other/main.ts'\n"

    assert doors(checkout(tmp_path, config, "old", "api")) == {"api": True, "elsewhere": True}


def test_what_is_said_of_this_very_project_goes_first(tmp_path: Path) -> None:
    config = (
        "[functions.api]\nverify_jwt = false\n"
        f"[remotes.production]\nproject_id = '{REF}'\n[remotes.production.functions.api]\nverify_jwt = true\n"
        "[remotes.staging]\nproject_id = 'stagingstagingstagin'\n[remotes.staging.functions.api]\nenabled = false\n"
    )

    assert doors(checkout(tmp_path, config, "api")) == {"api": True}


def test_what_only_the_environment_tells_is_not_told_here(tmp_path: Path) -> None:
    with pytest.raises(Unobservable, match="env"):
        doors(checkout(tmp_path, "[functions.api]\nverify_jwt = 'env(API_VERIFY_JWT)'\n", "api"))


@pytest.mark.parametrize("config", ["[functions.api\n", "functions = 3\n", "[functions.api]\nverify_jwt = 'no'\n"])
def test_a_config_that_the_cli_refuses_leaves_the_check_blind(config: str, tmp_path: Path) -> None:
    with pytest.raises(Unobservable, match=r"config\.toml"):
        doors(checkout(tmp_path, config, "api"))


def test_all_sides_are_laid_side_by_side() -> None:
    ours, both, gone, new = (DeclaredFunction(slug=slug) for slug in ("ours", "both", "gone", "new"))
    sides = side_by_side((ours, both, new), (ours, both, gone), (deployed("both"), deployed("gone"), deployed("x")))

    assert {one.slug: (one.missing, one.foreign, one.coming) for one in sides} == {
        "both": (False, False, False), "gone": (False, True, True), "new": (True, False, True),
        "ours": (True, False, False), "x": (False, True, False),
    }  # fmt: skip


def test_without_a_base_branch_nothing_is_only_coming() -> None:
    (one,) = side_by_side((DeclaredFunction(slug="ours"),), None, ())

    assert (one.missing, one.coming) == (True, False)


@pytest.mark.parametrize(
    ("before", "now", "runs", "door"),
    [
        (False, False, False, "right"), (False, True, True, "right"), (False, True, False, "released"),
        (False, False, True, "wrong"), (None, True, False, "wrong"),
    ],
)  # fmt: skip
def test_a_door_that_this_release_changes_is_not_wrong_before_it(
    before: bool | None, now: bool, runs: bool, door: str
) -> None:
    base = () if before is None else (DeclaredFunction(slug="a", verify_jwt=before),)
    (one,) = side_by_side((DeclaredFunction(slug="a", verify_jwt=now),), base, (deployed("a", runs),))

    assert one.door == door


def test_the_base_branch_is_read_without_a_checkout_of_it(tmp_path: Path) -> None:
    folder = checkout(tmp_path, "[functions.api]\nverify_jwt = false\n", "api")
    git(folder, "init", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--message", "functions")
    shutil.rmtree(folder / "supabase")
    checkout(tmp_path, None, "other")

    assert read_functions_of_base(folder, "main", REF) == (DeclaredFunction(slug="api", verify_jwt=False),)
    assert doors(folder) == {"other": True}
    assert read_functions_of_base(folder, "no-such-branch", REF) is None


def test_another_repository_around_the_checkout_is_no_base(tmp_path: Path) -> None:
    git(tmp_path, "init", "--initial-branch", "main")
    git(tmp_path, "commit", "--allow-empty", "--message", "nothing")

    assert read_functions_of_base(checkout(tmp_path, None, "api"), "main", REF) is None


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Ocean", "-c", "user.email=ocean@example.invalid", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_nothing_on_either_side_is_no_pass() -> None:
    ours = (DeclaredFunction(slug="ours"),)
    with pytest.raises(Unobservable):
        side_by_side((), None, ())
    with pytest.raises(Unobservable):
        with_known_doors(side_by_side(ours, None, ()))
    with pytest.raises(Unobservable, match="ours"):
        with_known_doors(side_by_side(ours, None, (deployed("ours", None),)))
