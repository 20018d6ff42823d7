"""What is shown of a trespass can be typed into psql as it is, and what mends it was tried."""

from collections.abc import Iterator

import psycopg
import pytest

from fixtures.trying.outcome import Trespass
from fixtures.workbench.engines.local import LocalServer
from selftests.trying_house import FAULTS, clone, tenants_server, tried

SILENT = ("function-counts",)
"""What they show is a number, and none of a row's own values."""


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with tenants_server() as started:
        yield started


def trespass_of(server: LocalServer, name: str) -> Trespass:
    case, about, sql = FAULTS[name]
    trials = tried(server, sql, prove=False)
    return next(each for each in trials.trespasses if (each.case, each.about) == (case, about))


def effect(conninfo: str, script: str) -> int:
    """Rows that the script's last statement before the rollback saw or wrote; 0 for a command that counts none."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        cursor = connection.execute(script.encode())
        counts = []
        while True:
            counts.append((cursor.statusmessage or "", cursor.rowcount))
            if not cursor.nextset():
                break
        status, count = counts[-2]
        return 1 if status.startswith(("TRUNCATE", "CALL")) else count


@pytest.mark.parametrize("name", [name for name in FAULTS if name != "unique"])
def test_the_statements_show_it_on_a_database_without_a_row(server: LocalServer, name: str) -> None:
    trespass = trespass_of(server, name)
    assert trespass.shown.startswith("begin;") and trespass.shown.endswith("rollback;")
    assert effect(clone(server, FAULTS[name][2]), trespass.shown) > 0


def test_a_value_that_is_taken_shows_as_a_violation(server: LocalServer) -> None:
    trespass = trespass_of(server, "unique")
    with pytest.raises(psycopg.errors.UniqueViolation):
        effect(clone(server, FAULTS["unique"][2]), trespass.shown)


DESCRIBED = ("unique", "reference", "trigger", "trigger-elsewhere", "file")


@pytest.mark.parametrize("name", [name for name in FAULTS if name not in DESCRIBED])
def test_a_migration_that_is_said_to_mend_it_does(server: LocalServer, name: str) -> None:
    case, about, sql = FAULTS[name]
    trespass = trespass_of(server, name)
    assert trespass.mended, trespass.instead
    again = tried(server, f"{sql};{trespass.instead}", prove=False, mend=False)
    assert (case, about) not in [(each.case, each.about) for each in again.trespasses]


@pytest.mark.parametrize("name", DESCRIBED)
def test_what_no_migration_mends_for_certain_is_described(server: LocalServer, name: str) -> None:
    trespass = trespass_of(server, name)
    assert not trespass.mended
    assert trespass.instead.startswith("--")
