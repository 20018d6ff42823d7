"""Ways around row security: each kind is found where it is, and nothing close to it that is none."""

import asyncio
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from fixtures.access.catalog import Catalog
from fixtures.access.reading import catalog_of
from fixtures.around.ground import Ground
from fixtures.around.kinds import RULES, of_case, weaknesses
from fixtures.facts import Unobservable
from selftests.tenant_schema import VARIANTS, Variant, schema
from selftests.throwaway import running

CASES: dict[str, dict[str, str]] = {}
for file in sorted(Path(__file__).with_name("access_cases").glob("*.toml")):
    CASES |= tomllib.loads(file.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def conninfo() -> Iterator[str]:
    with running() as server:
        yield make_conninfo(**server.conninfo())


def seen(conninfo: str, *statements: str) -> Catalog:
    """The catalog after these statements, which are rolled back."""

    async def run() -> Catalog:
        connection: psycopg.AsyncConnection[Any] = await psycopg.AsyncConnection.connect(conninfo)
        try:
            for text in statements:
                await connection.execute(text.encode())
            return await catalog_of(connection)
        finally:
            await connection.close()

    return asyncio.run(run())


@pytest.mark.parametrize("name", CASES)
def test_a_way_around_is_found(name: str, conninfo: str) -> None:
    case = CASES[name]

    found = of_case(Ground(seen(conninfo, schema(), case["bad"])), case["kind"])

    assert case["about"] in {one.about for one in found}
    assert all(one.says and one.instead for one in found)


@pytest.mark.parametrize("name", CASES)
def test_what_is_close_to_it_is_not(name: str, conninfo: str) -> None:
    found = weaknesses(seen(conninfo, schema(), CASES[name]["good"]))

    assert [(one.rule, one.about) for one in found] == []


@pytest.mark.parametrize("name", CASES)
def test_the_mend_that_is_told_mends(name: str, conninfo: str) -> None:
    case = CASES[name]
    (first, *_) = (
        one
        for one in of_case(Ground(seen(conninfo, schema(), case["bad"])), case["kind"])
        if one.about == case["about"]
    )

    mended = seen(conninfo, schema(), case["bad"], first.instead)

    left = of_case(Ground(mended), case["kind"])
    assert (first.about, first.policy) not in {(one.about, one.policy) for one in left}


def test_every_kind_has_a_case() -> None:
    # auth-users and the like by their own; those of row_faults/ are tried by test_row_faults.py
    assert set(RULES) == {case["kind"] for case in CASES.values()}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_healthy_schema_is_silent(variant: Variant, conninfo: str) -> None:
    found = weaknesses(seen(conninfo, schema(20, variant)))

    by_default = [("default-privileges", "default privileges of postgres in public")]
    assert [(one.rule, one.about) for one in found] == (by_default if variant == "default-grants" else [])


def test_default_grants_are_one_finding_however_many_tables(conninfo: str) -> None:
    assert len(weaknesses(seen(conninfo, schema(60, "default-grants")))) == 1


def test_files_are_unknown_where_buckets_are(conninfo: str) -> None:
    loose = "create policy look on storage.objects for select to authenticated using (true);"
    hidden = "set local role authenticator;"

    catalog = seen(conninfo, schema(), loose, hidden)

    assert catalog.buckets is None
    for kind in ("public-bucket-listing", "storage-folders"):
        with pytest.raises(Unobservable, match=r"storage\.buckets"):
            of_case(Ground(catalog), kind)


def test_what_is_declared_public_is_no_secret(conninfo: str) -> None:
    view = "create view public.all_tasks as select * from public.tasks; grant select on public.all_tasks to anon;"
    catalog = seen(conninfo, schema(), view)

    assert of_case(Ground(catalog), "definer-view")
    assert not of_case(Ground(catalog, frozenset({"public.tasks"})), "definer-view")
