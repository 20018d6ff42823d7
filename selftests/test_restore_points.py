"""Backups and networks: ages, gaps, what point-in-time recovery reaches, and who may connect."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import respx

from fixtures import Secret, Unobservable
from fixtures.engine.api import Api
from fixtures.engine.http import Http
from fixtures.management.backups import RestorePoints, read_restore_points
from fixtures.management.networks import NetworkRestrictions, read_network_restrictions
from fixtures.management.project import read_project

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BORN = NOW - timedelta(days=400)


def api() -> Api:
    return Api(Http(), "Supabase", "https://api.supabase.com", Secret("SUPABASE_ACCESS_TOKEN", "sbp_not_a_secret"))


def points(*backups: tuple[float, str], pitr: bool = False, **physical: int) -> RestorePoints:
    """`backups`: age in hours, and status."""
    items = [
        {
            "id": nth,
            "is_physical_backup": True,
            "status": status,
            "inserted_at": (NOW - timedelta(hours=age)).isoformat(),
        }
        for nth, (age, status) in enumerate(backups)
    ]
    answer = {"region": "x", "walg_enabled": True, "pitr_enabled": pitr, "backups": items}
    with respx.mock as router:
        router.get("https://api.supabase.com/database/backups").respond(
            json={**answer, "physical_backup_data": physical}
        )
        return asyncio.run(read_restore_points(api(), BORN, NOW))


def test_only_what_was_completed_counts() -> None:
    seen = points(
        (2, "PENDING"), (5, "FAILED"), (30, "COMPLETED"), (54, "COMPLETED"), (70, "CANCELLED"), (80, "REMOVED")
    )

    assert (seen.newest_hours, seen.oldest_days) == (30.0, 54 / 24)
    assert [one.status for one in seen.failed] == ["FAILED"]


def test_the_longest_gap_may_be_the_one_up_to_now() -> None:
    assert points((40, "COMPLETED"), (60, "COMPLETED")).gap_hours == 40.0
    assert points((4, "COMPLETED"), (60, "COMPLETED")).gap_hours == 56.0


def test_no_backup_is_no_age() -> None:
    seen = points()

    assert (seen.newest_hours, seen.oldest_days, seen.point_in_time) == (None, None, False)


def test_point_in_time_recovery_has_two_ends() -> None:
    at = {"earliest_physical_backup_date_unix": NOW - timedelta(days=8), "latest_physical_backup_date_unix": NOW}
    seen = points(pitr=True, **{name: int(moment.timestamp()) for name, moment in at.items()})

    assert (seen.newest_hours, seen.oldest_days, seen.project_days) == (0.0, 8.0, 400.0)


def test_a_time_without_a_zone_is_utc() -> None:
    with respx.mock as router:
        item = {"id": 1, "is_physical_backup": False, "status": "COMPLETED", "inserted_at": "2026-11-22T06:00:00"}
        router.get("https://api.supabase.com/database/backups").respond(
            json={"pitr_enabled": False, "backups": [item], "physical_backup_data": {}}
        )
        assert asyncio.run(read_restore_points(api(), BORN, NOW)).newest_hours == 6.0


def test_a_project_s_birth_may_be_without_a_zone() -> None:
    project = {"ref": "o", "name": "o", "region": "x", "status": "ACTIVE_HEALTHY", "created_at": "2026-11-21T12:00:00"}
    with respx.mock as router:
        router.get("https://api.supabase.com").respond(json=project)
        assert asyncio.run(read_project(api())).created == NOW - timedelta(days=1)


def networks(declared: tuple[str, ...], config: dict[str, Any], status: str = "applied") -> NetworkRestrictions:
    with respx.mock as router:
        router.get("https://api.supabase.com/network-restrictions").respond(
            json={"entitlement": "allowed", "config": config, "status": status}
        )
        return asyncio.run(read_network_restrictions(api(), declared))


@pytest.mark.parametrize(
    ("declared", "config", "strangers", "shut_out"),
    [
        (("10.0.0.0/8",), {"dbAllowedCidrs": ["10.1.0.0/16"], "dbAllowedCidrsV6": []}, (), ("10.0.0.0/8",)),
        (("10.1.0.0/16",), {"dbAllowedCidrs": ["10.0.0.0/8"], "dbAllowedCidrsV6": []}, ("10.0.0.0/8",), ()),
        (("10.1.0.0/16",), {"dbAllowedCidrs": ["10.1.0.0/16"]}, (), ()),
        (("10.1.0.0/16",), {"dbAllowedCidrs": ["10.1.0.0/16"], "dbAllowedCidrsV6": ["::/0"]}, ("::/0",), ()),
        (("::/0",), {"dbAllowedCidrs": [], "dbAllowedCidrsV6": ["2001:db8::/32"]}, (), ("::/0",)),
    ],
)
def test_networks_are_compared_by_what_they_hold(
    declared: tuple[str, ...], config: dict[str, Any], strangers: tuple[str, ...], shut_out: tuple[str, ...]
) -> None:
    seen = networks(declared, config)

    assert (seen.strangers, seen.shut_out, seen.pending) == (strangers, shut_out, False)


@pytest.mark.parametrize("config", [{}, {"dbAllowedCidrs": [], "dbAllowedCidrsV6": []}])
def test_where_restrictions_were_never_applied_everybody_may_connect(config: dict[str, Any]) -> None:
    open_to_all = networks(("0.0.0.0/0", "::/0"), config, "stored")

    assert (open_to_all.strangers, open_to_all.shut_out, open_to_all.pending) == ((), (), False)
    assert networks(("203.0.113.0/24",), config, "stored").strangers == ("0.0.0.0/0", "::/0")


def test_nothing_that_is_applied_may_mean_anything() -> None:
    with pytest.raises(Unobservable, match="nobody or everybody"):
        networks(("0.0.0.0/0", "::/0"), {})


def test_what_is_stored_is_not_yet_in_effect() -> None:
    assert networks(("10.1.0.0/16",), {"dbAllowedCidrs": ["10.1.0.0/16"]}, "stored").pending


def test_what_is_no_network_is_said() -> None:
    with pytest.raises(Unobservable, match="office"):
        networks(("office",), {})
