"""Edge Functions: what the checkout declares, as the Supabase CLI would deploy it, and what statistics say."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import respx

from fixtures import Secret, Unobservable
from fixtures.engine.api import Api
from fixtures.engine.http import Http
from fixtures.functions.declared import DeclaredFunction, read_declared_functions
from fixtures.functions.deployed import DeployedFunction, both_sides, with_known_doors
from fixtures.functions.statistics import FunctionStatistics, read_statistics

REF = "oceanoceanoceanocean"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WELL = {
    "success_count": 8, "redirect_count": 0, "client_err_count": 1, "server_err_count": 1,
    "avg_execution_time": 100, "max_execution_time": 900,
}  # fmt: skip


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


@pytest.mark.parametrize("config", ["[functions.api\n", "functions = 3\n", "[functions.api]\nverify_jwt = 'no'\n"])
def test_a_config_that_the_cli_refuses_leaves_the_check_blind(config: str, tmp_path: Path) -> None:
    with pytest.raises(Unobservable, match=r"config\.toml"):
        doors(checkout(tmp_path, config, "api"))


def test_both_sides_are_laid_side_by_side() -> None:
    sides = both_sides(
        (DeclaredFunction(slug="ours"), DeclaredFunction(slug="both")), (deployed("both"), deployed("x"))
    )

    assert [(one.slug, bool(one.declared), bool(one.deployed)) for one in sides] == [
        ("both", True, True), ("ours", True, False), ("x", False, True),
    ]  # fmt: skip


def test_nothing_on_either_side_is_no_pass() -> None:
    with pytest.raises(Unobservable):
        both_sides((), ())
    with pytest.raises(Unobservable):
        with_known_doors(both_sides((DeclaredFunction(slug="ours"),), ()))
    with pytest.raises(Unobservable, match="ours"):
        with_known_doors(both_sides((DeclaredFunction(slug="ours"),), (deployed("ours", None),)))


def statistics(*answers: Any) -> tuple[FunctionStatistics, ...]:
    functions = tuple(deployed(f"function-{nth}") for nth in range(len(answers)))

    async def looked() -> tuple[FunctionStatistics, ...]:
        api = Api(Http(), "Supabase", "https://api.supabase.com", Secret("SUPABASE_ACCESS_TOKEN", "sbp_not_a_secret"))
        return await read_statistics(api, functions, "1hr")

    with respx.mock as router:
        for function, answer in zip(functions, answers, strict=True):
            router.get(params={"function_id": function.id, "interval": "1hr"}).respond(json=answer)
        return asyncio.run(looked())


def test_averages_are_weighed_by_requests() -> None:
    many = {**WELL, "success_count": 88, "avg_execution_time": "200.0", "max_execution_time": "4000"}

    (seen,) = statistics({"result": [WELL, many]})

    assert (seen.requests, seen.failed, seen.longest_ms) == (100, 2, 4000.0)
    assert seen.average_ms == 190.0
    assert seen.failed_share == 0.02


def test_a_function_that_nobody_called_has_no_share_of_failures() -> None:
    idle, busy = statistics({"result": []}, {"result": [WELL]})

    assert (idle.requests, idle.failed_share, busy.requests) == (0, 0.0, 10)


@pytest.mark.parametrize(
    "answer",
    [
        {"result": []},
        {"result": None},
        {"error": "backend timed out"},
        {"result": [WELL], "error": {"code": 500, "message": "backend timed out", "status": "INTERNAL", "errors": []}},
        {"result": [{**WELL, "success_count": "many"}]},
        {"result": [{"count": 3}]},
        {"result": [[1]]},
    ],
    ids=["no-rows", "null", "error", "rows-and-error", "no-number", "other-names", "lists"],
)
def test_statistics_that_say_nothing_are_no_pass(answer: Any) -> None:
    with pytest.raises(Unobservable, match="Supabase"):
        statistics(answer)
