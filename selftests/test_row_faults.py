"""What reading and trying say of each fault of row_faults, and that they say nothing of what is healthy."""

from collections.abc import Iterator

import pytest
from _pytest.mark import ParameterSet

from fixtures.tenancy.declared import Declared
from selftests.row_faults import Sight, rows
from selftests.row_faults.house import House, at, findings_of_reading, findings_of_trying, tried
from selftests.tenant_schema import FOLDER, VARIANTS, Variant
from selftests.throwaway import running

ROWS = rows()
LEGACY: Variant = "default-grants"
FEW = 20
OTHERS = {path.stem: path.read_text(encoding="utf-8") for path in sorted((FOLDER / "others").glob("*.sql"))}
DECLARED = {"diary": Declared(public=("public.people",))}


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Templates of the healthy variants on one server."""
    with running() as server:
        yield House(server)


def _for(sight: Sight) -> list[ParameterSet]:
    """Names of rows; what is not seen yet has to fail, so that somebody notices when it no longer does."""
    return [
        pytest.param(name, marks=pytest.mark.xfail(strict=True) if sight in row.unseen_by else ())
        for name, row in ROWS.items()
        if sight in (*row.seen_by, *row.unseen_by)
    ]


@pytest.mark.parametrize("name", _for("reading"))
def test_reading_finds_it_at_the_right_object(house: House, name: str) -> None:
    row = ROWS[name]
    with house.with_fault(bad=row.bad, undo=row.undo) as conninfo:
        found = findings_of_reading(conninfo)

    assert at(found, row), found


@pytest.mark.parametrize("name", _for("trying"))
def test_trying_finds_it_at_the_right_object(house: House, name: str) -> None:
    row = ROWS[name]
    with house.with_fault(bad=row.bad, undo=row.undo) as conninfo:
        found = findings_of_trying(tried(conninfo))

    assert at(found, row), found


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.good])
def test_nothing_is_found_in_its_twin(house: House, name: str) -> None:
    with house.with_fault(bad=ROWS[name].good) as conninfo:
        assert not findings_of_reading(conninfo)
        assert not findings_of_trying(tried(conninfo))


@pytest.mark.parametrize("variant", [variant for variant in VARIANTS if variant != LEGACY])
def test_nothing_is_found_in_a_healthy_schema(house: House, variant: Variant) -> None:
    with house.with_fault(variant) as conninfo:
        read = findings_of_reading(conninfo)
        trials = tried(conninfo)

    assert not read
    assert not findings_of_trying(trials)
    assert not trials.blind


@pytest.mark.parametrize("name", OTHERS)
def test_nothing_is_found_in_other_kinds_of_healthy_schemas(house: House, name: str) -> None:
    with house.with_other(OTHERS[name]) as conninfo:
        read = findings_of_reading(conninfo)
        trials = tried(conninfo, DECLARED.get(name))

    assert not read
    assert not findings_of_trying(trials)
    assert not trials.blind


def test_of_supabases_own_grants_only_they_are_found_however_many_tables_they_open(house: House) -> None:
    with house.with_fault(LEGACY) as conninfo:
        found = [*findings_of_reading(conninfo), *findings_of_trying(tried(conninfo))]

    assert {finding.about for finding in found} == {"default privileges of postgres in public"}


def test_every_door_that_is_opened_on_purpose_is_seen(house: House) -> None:
    with house.with_fault() as conninfo:
        mutations = tried(conninfo).mutations

    assert mutations.made > FEW
    assert mutations.seen == mutations.made
