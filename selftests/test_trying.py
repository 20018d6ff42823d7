"""Whoever can do something to a strange tenant's rows is caught doing it, and whoever cannot is not."""

from collections.abc import Iterator

import pytest

from fixtures.trying import runner
from fixtures.trying.outcome import Trials
from fixtures.workbench.engines.local import LocalServer
from selftests.trying_house import FAULTS, NEAR, tenants_server, tried


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with tenants_server() as started:
        yield started


def found(trials: Trials) -> list[tuple[str, str]]:
    return [(each.case, each.about) for each in trials.trespasses]


def test_nothing_is_found_in_a_healthy_schema_and_nothing_is_left_open(server: LocalServer) -> None:
    trials = tried(server)
    assert (trials.trespasses, trials.defects, trials.blind) == ((), (), ())
    assert trials.mutations.made > 0
    assert (trials.mutations.seen, trials.mutations.missed) == (trials.mutations.made, ())


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_caught_where_it_is(server: LocalServer, name: str) -> None:
    case, about, sql = FAULTS[name]
    assert (case, about) in found(tried(server, sql, prove=False, mend=False))


@pytest.mark.parametrize("name", NEAR)
def test_what_only_looks_like_a_fault_is_not_found(server: LocalServer, name: str) -> None:
    trials = tried(server, NEAR[name], prove=False, mend=False)
    assert (trials.trespasses, trials.defects) == ((), ())


def test_in_one_transaction_that_is_rolled_back_the_same_is_found(server: LocalServer) -> None:
    case, about, sql = FAULTS["select"]
    trials = tried(server, sql, alone=True)
    assert found(trials) == found(tried(server, sql)) == [(case, about)]


def test_the_weakest_is_named_and_the_others_in_a_list(server: LocalServer) -> None:
    (trespass,) = tried(server, FAULTS["select-by-anon"][2], prove=False).trespasses
    assert trespass.persona == "anon-bare"
    assert {"anon"} == set(trespass.others)
    assert trespass.allowed_by == ("policy 'shown' on public.docs",)


def test_of_two_policies_the_one_to_blame_is_named(server: LocalServer) -> None:
    sql = "create policy open on public.docs for select to authenticated using (true)"
    (trespass,) = tried(server, sql, prove=False).trespasses
    assert trespass.allowed_by == ("policy 'open' on public.docs",)


def test_without_anybody_who_is_served_a_table_is_blind(server: LocalServer) -> None:
    sql = "alter policy gone on public.docs using (auth.jwt() ->> 'badge' = 'never heard of')"
    (blind,) = tried(server, sql, prove=False).blind
    assert (blind.about, blind.action) == ("public.docs", "delete")
    assert "member-delete" in blind.cases
    assert "seatrial/tenants.toml" in blind.reason


def test_what_fails_for_everybody_is_told_once_and_by_its_relation(server: LocalServer) -> None:
    sql = "alter policy seen on public.members using (org_id in (select org_id from public.members))"
    (defect,) = tried(server, sql, prove=False).defects
    assert (defect.about, defect.sqlstate) == ("public.members", "42P17")


def test_what_nobody_may_by_any_policy_needs_no_witness(server: LocalServer) -> None:
    trials = tried(server, "drop policy gone on public.docs", prove=False)
    assert (trials.trespasses, trials.defects, trials.blind) == ((), (), ())


def test_a_policy_that_reads_what_its_readers_may_not_is_a_defect(server: LocalServer) -> None:
    sql = "alter policy seen on public.docs using (exists (select from auth.users u where u.id = auth.uid()))"
    defects = tried(server, sql, prove=False).defects
    assert [(each.about, each.sqlstate) for each in defects] == [("public.docs", "42501")]


def test_a_statement_that_does_not_end_is_blind_and_the_rest_is_tried(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "BATCH_SECONDS", 0.5)
    monkeypatch.setattr(runner, "ALONE_SECONDS", 0.2)
    sql = "alter policy gone on public.docs using (org_id in (select private.mine()) and pg_sleep(60) is not null)"
    trials = tried(server, sql, prove=False)
    assert [(each.about, each.action) for each in trials.blind] == [("public.docs", "delete")]
    assert "did not end" in trials.blind[0].reason
    assert trials.trespasses == ()


def test_default_privileges_are_told_once_for_all_tables(server: LocalServer) -> None:
    tables = "".join(
        f"create table public.more_{number} (id uuid primary key default gen_random_uuid(),"
        f" org_id uuid not null references public.orgs); alter table public.more_{number} enable row level security;"
        for number in range(3)
    )
    granted = "alter default privileges for role postgres in schema public grant all on tables to anon, authenticated;"
    (trespass,) = tried(server, granted + tables, prove=False).trespasses
    assert (trespass.case, trespass.about) == ("truncate", "default privileges of postgres in public")
    assert "3 tables" in trespass.says
