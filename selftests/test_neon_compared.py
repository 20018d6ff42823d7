"""TEN-3: what counts as a disagreement between rows and projects, what does not, and where nothing can be said."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fixtures import Inapplicable, Secret, Unobservable
from fixtures.engine.registry import REGISTRY
from fixtures.neon import Neon, differing
from fixtures.neon.branches import Branch, Endpoint, Looked, Sample
from fixtures.neon.comparing import Sides, refuse_elsewhere, refuse_unnamed
from fixtures.neon.projects import Deleted, Project, Projects
from fixtures.neon.standing import Kind, stands
from fixtures.tenants import TenantDatabases
from fixtures.tenants.rows import TenantRow

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PROXY = "eu-central-1.aws.neon.tech"


def row(organization: str = "o", project: str = "p", **other: Any) -> TenantRow:
    said = {"region": "aws-eu-central-1", "host": f"ep-{project}.{PROXY}", "state": "ready", "seconds": 9.0, **other}
    return TenantRow(organization, project, **said)


def project(key: str = "p", **other: Any) -> Project:
    said = {
        "name": key, "region_id": "aws-eu-central-1", "pg_version": 17, "proxy_host": PROXY,
        "created_at": NOW - timedelta(days=9), "history_retention_seconds": 86400, **other,
    }  # fmt: skip
    return Project(id=key, **said)


def sides(
    *rows: TenantRow, projects: tuple[Project, ...] = (project(),), named: tuple[str, ...] = ("*",),
    ignore: tuple[str, ...] = (), ready: tuple[str, ...] = ("ready",),
) -> Sides:  # fmt: skip
    known = Projects("org-o", {one.id: one for one in projects}, 1)
    return Sides(rows, tuple(one for one in rows if one.state in ready), known, named, ignore)


def said(found: list[Any]) -> list[str]:
    return [f"{one.about}: {one.said}" for one in found]


def test_a_project_that_can_be_brought_back_is_told_with_the_time() -> None:
    both = sides(row(), row("b", "gone"), row("c", "back"), row("d", ""))
    deleted = {"back": Deleted(id="back", recoverable_until=NOW)}

    assert said(differing.without_project(both, deleted)) == [
        "organization b: project gone is not there",
        "organization c: project back was deleted, and can be recovered until 2026-11-23 09:00 UTC",
        "organization d: no project is written down",
    ]


def test_a_tenant_that_is_not_ready_needs_no_project_and_keeps_its_own() -> None:
    both = sides(
        row(), row("b", "new", state="creating"), row("c", "q", state="failed"), projects=(project(), project("q"))
    )

    assert differing.without_project(both, {}) == []
    assert differing.without_row(both, timedelta(0), NOW) == []


@pytest.mark.parametrize(
    ("named", "ignore", "orphans"),
    [
        (("*",), (), ["stray", "tenant-9"]), (("tenant-*",), (), ["tenant-9"]), (("*",), ("str*",), ["tenant-9"]),
        (("nothing-*",), (), []), (("*",), ("tenant-9", "stray"), []),
    ],
)  # fmt: skip
def test_which_projects_are_tenants_is_declared(
    named: tuple[str, ...], ignore: tuple[str, ...], orphans: list[str]
) -> None:
    both = sides(row(), projects=(project(), project("stray"), project("tenant-9")), named=named, ignore=ignore)

    found = differing.without_row(both, timedelta(minutes=15), NOW)

    assert sorted(one.about.removeprefix("project ") for one in found) == orphans


def test_patterns_that_do_not_fit_the_tenants_there_are_say_nothing_of_others() -> None:
    with pytest.raises(Unobservable, match="1 projects of tenants, p for one, are not named as"):
        refuse_unnamed(sides(row(), named=("tenant-*",)))
    with pytest.raises(Unobservable, match="correct these patterns"):
        refuse_unnamed(sides(row(), ignore=("*",)))
    refuse_unnamed(sides(row(), projects=(project(name="tenant-1"),), named=("tenant-*",)))


def test_a_time_without_a_zone_is_utc_and_new_projects_wait_for_their_rows() -> None:
    new = project("new", created_at=(NOW - timedelta(minutes=5)).replace(tzinfo=None))
    old = project("old", created_at=(NOW - timedelta(minutes=25)).replace(tzinfo=None))

    found = differing.without_row(sides(row(), projects=(project(), new, old)), timedelta(minutes=15), NOW)

    assert [one.about for one in found] == ["project old"]


def test_nobody_shares_a_project_a_compute_or_an_organization() -> None:
    rows = (
        row("a", "p1"), row("b", "p2", host=f"ep-p1-pooler.{PROXY}"), row("c", "p3"), row("d", "p3", host=""),
        row("e", "p5"), row("e", "p6"), row("", ""), row("", "", host=""),
    )  # fmt: skip

    assert said(differing.shared(sides(*rows, projects=()))) == [
        "project p3: is of organization c and of organization d",
        f"host ep-p1.{PROXY}: is of organization a and of organization b",
        "organization e: is of p5 and of p6",
    ]


@pytest.mark.parametrize(
    ("written", "there", "allowed", "count"),
    [
        ("aws-eu-central-1", "aws-eu-central-1", (), 0), ("eu-central-1", "aws-eu-central-1", (), 0),
        ("eastus2", "azure-eastus2", (), 0), ("", "aws-eu-central-1", (), 1), ("central-1", "aws-eu-central-1", (), 1),
        ("aws-us-east-2", "aws-eu-central-1", (), 1), ("aws-us-east-2", "aws-us-east-2", ("aws-eu-central-1",), 1),
        ("aws-us-east-2", "aws-us-east-2", ("aws-eu-central-1", "aws-us-east-2"), 0),
    ],
)  # fmt: skip
def test_regions(written: str, there: str, allowed: tuple[str, ...], count: int) -> None:
    both = sides(row(region=written), projects=(project(region_id=there),))

    assert len(differing.regions(both, allowed)) == count


@pytest.mark.parametrize(
    ("host", "proxy", "count"),
    [
        (f"ep-p.{PROXY}", PROXY, 0), (f"ep-p-pooler.{PROXY}", PROXY, 0), (f"ep-p.c-2.{PROXY}", f"c-2.{PROXY}", 0),
        (f"ep-p.c-2.{PROXY}", PROXY, 0), ("", PROXY, 1), (PROXY, PROXY, 1), ("ep-p.us-east-2.aws.neon.tech", PROXY, 1),
        (f"ep-p.{PROXY}.example", PROXY, 1), (f"ep-p.{PROXY}", PROXY.upper(), 0), ("db.example", PROXY, 1),
    ],
)  # fmt: skip
def test_hosts(host: str, proxy: str, count: int) -> None:
    assert len(differing.hosts(sides(row(host=host), projects=(project(proxy_host=proxy),)))) == count


def test_windows_of_zero_and_of_less_than_declared_the_shortest_first() -> None:
    lengths = {"none": 0, "hour": 3600, "day": 86400, "week": 604800, "unknown": None}
    projects = [project(name, history_retention_seconds=seconds) for name, seconds in lengths.items()]

    assert said(differing.windows(projects, 86400)) == ["project none: no restore window", "project hour: 1 hours"]


@pytest.mark.parametrize(
    ("rows", "projects", "deleted", "told"),
    [
        ((), (project(),), {}, "no tenant is ready, so there is nothing to compare with Neon's 1 projects of org-o"),
        ((row(),), (), {}, r"not one of 1 tenants has its project among Neon's 0 projects"),
        ((row(),), (project("other"),), {}, r"is it the right organization \(\[neon\] org\)"),
        ((row(),), (project("other"),), {"p": Deleted(id="p")}, ""),
        ((row(), row("b", "q")), (project("q"),), {}, ""),
    ],
)
def test_where_nothing_fits_it_is_the_wrong_place(
    rows: tuple[TenantRow, ...], projects: tuple[Project, ...], deleted: Mapping[str, Deleted], told: str
) -> None:
    both = sides(*rows, projects=projects)
    if not told:
        return refuse_elsewhere(both, deleted)
    with pytest.raises(Unobservable, match=told):
        refuse_elsewhere(both, deleted)


MAIN = Branch(id="br-main", name="main", default=True, protected=True, current_state="ready")
COMPUTE = Endpoint(
    id="ep-p", host=f"ep-p.{PROXY}", branch_id="br-main", type="read_write", current_state="idle", disabled=False
)


def looked(kind: Kind, *, branches: Any = (MAIN,), endpoints: Any = (COMPUTE,), **other: Any) -> list[str]:
    """What is told of one project that was looked at so."""
    one = Looked("p", branches, endpoints, **other)
    return said(list(stands(kind, sides(row()), Sample(1, {"p": one}), ("suspended",)).first))


@pytest.mark.parametrize("kind", ["reachable", "host", "protected"])
def test_a_compute_that_sleeps_is_fine_and_what_was_not_seen_is_not(kind: Kind) -> None:
    assert looked(kind) == []
    assert looked(kind, endpoints=(COMPUTE, COMPUTE)) == []
    with pytest.raises(Unobservable, match="1 of 1 projects could not be looked at: Neon said no"):
        looked(kind, problem="Neon said no")
    with pytest.raises(Unobservable, match=r"no project was looked into: \[neon\] sample"):
        stands(kind, sides(row()), Sample(1), ())


def test_what_is_wrong_is_told_though_another_could_not_be_seen() -> None:
    seen = {"p": Looked("p", problem="Neon said no"), "q": Looked("q", (MAIN,), ())}
    both = sides(row(), row("b", "q"), projects=(project(), project("q")))

    compared = stands("reachable", both, Sample(2, seen), ())

    assert (compared.count, compared.looked_at, compared.unseen) == (1, 1, ("Neon said no",))


def test_a_project_without_any_default_branch_is_wrong_in_every_way() -> None:
    for kind in ("reachable", "host", "protected"):
        assert len(looked(kind, branches=(), endpoints=())) == 1


class _Opening:
    def __init__(self, sample: Sample) -> None:
        self._sample = sample

    async def get(self, name: str, kind: object) -> Sample:
        return self._sample


def observed(name: str, **arguments: Any) -> Any:
    return asyncio.run(REGISTRY.observations[name].look(**arguments))  # type: ignore[arg-type]  # it is a coroutine


def test_what_is_not_declared_cannot_be_judged() -> None:
    declared = Neon(key=Secret("NEON_API_KEY", "x"))
    both = {"neon_sides": sides(row()), "neon_deleted": {}}

    with pytest.raises(Unobservable, match=r"\[neon\] in the environment file has no pg_versions"):
        observed("tenants_compared", kind="version", neon=declared, **both)
    assert observed("tenants_compared", kind="region", neon=declared, **both).count == 0


def test_protection_that_is_declared_needless_is_not_looked_at() -> None:
    declared = Neon(key=Secret("NEON_API_KEY", "x"), protected=False)
    given = {
        "opening": _Opening(Sample(1, {"p": Looked("p", (MAIN,), (COMPUTE,))})), "neon": declared, "neon_deleted": {},
        "tenant_databases": TenantDatabases(), "neon_sides": sides(row()),
    }  # fmt: skip

    with pytest.raises(Inapplicable, match="protected = false"):
        observed("tenant_branches", asked=("sample", "protected"), **given)
    assert observed("tenant_branches", asked=("sample", "host"), **given).count == 0
