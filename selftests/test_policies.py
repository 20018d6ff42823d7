"""Each kind of unsound policy is found, at its table, and what looks like it is not; what mends it, mends it."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from fixtures.workbench.engines.server import Server
from selftests.policy_house import found_after, house


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change that brings a weakness, and one like it that does not."""

    rule: str
    about: str
    bad: str
    good: str
    mends: bool = True
    """Whether the finding's SQL, run as it is, takes the weakness away."""


FILE = Path(__file__).with_name("policy_cases.toml")
CASES = msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), dict[str, Case])


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with house() as server:
        yield server


def test_nothing_is_found_in_sound_policies(server: Server) -> None:
    assert found_after(server) == ()


@pytest.mark.parametrize("name", CASES)
def test_it_is_found(server: Server, name: str) -> None:
    case = CASES[name]
    assert (case.rule, case.about) in {(each.rule, each.about) for each in found_after(server, case.bad)}


@pytest.mark.parametrize("name", CASES)
def test_what_looks_like_it_is_not(server: Server, name: str) -> None:
    case = CASES[name]
    assert case.rule not in {each.rule for each in found_after(server, case.good)}


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.mends])
def test_its_sql_mends_it(server: Server, name: str) -> None:
    case = CASES[name]
    found = [each for each in found_after(server, case.bad) if each.rule == case.rule]
    mends = [each.instead.replace(" concurrently", "") for each in found]  # not in the transaction of a test
    assert case.rule not in {each.rule for each in found_after(server, case.bad, *mends)}
