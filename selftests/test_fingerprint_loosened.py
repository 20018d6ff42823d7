"""Each protection that can be lost is told when it is gone, and not its near miss, which protects as much."""

import tomllib
from collections.abc import Iterator

import pytest

from fixtures.fingerprint.loosened import loosened
from fixtures.fingerprint.snapshot import Snapshot
from selftests.copies import SCRIPTS, Copies
from selftests.throwaway import running

CASES = tomllib.loads((SCRIPTS / "lost.toml").read_text(encoding="utf-8"))
START = CASES.pop("start")


@pytest.fixture(scope="module")
def copies() -> Iterator[Copies]:
    with running() as server:
        found = Copies(server)
        found.copy("start", sql=START)
        yield found


@pytest.fixture(scope="module")
def before(copies: Copies) -> Snapshot:
    return copies.catalog("start")


@pytest.mark.parametrize("name", CASES)
def test_lost(copies: Copies, before: Snapshot, name: str) -> None:
    after = copies.catalog_after("start", CASES[name]["lost"])
    assert CASES[name]["subject"] in [one.subject for one in loosened(before, after)]


@pytest.mark.parametrize("name", CASES)
def test_not_lost(copies: Copies, before: Snapshot, name: str) -> None:
    after = copies.catalog_after("start", CASES[name]["kept"])
    assert loosened(before, after) == ()


def test_a_role_that_no_policy_binds(copies: Copies, before: Snapshot) -> None:
    copies.run("start", "alter role anon bypassrls", "grant service_role to authenticated")
    found = [one.subject for one in loosened(before, copies.catalog("start"))]
    copies.run("start", "alter role anon nobypassrls", "revoke service_role from authenticated")
    assert found == ["membership service_role to authenticated", "role anon"]
    assert loosened(before, copies.catalog("start")) == ()
