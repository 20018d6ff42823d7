"""Tenants are asked for real: many databases behind a proxy that picks them by the name in the TLS greeting."""

import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from fixtures.facts import Unobservable
from fixtures.tenants.asked import complete, controlled
from fixtures.tenants.asking import Asking
from fixtures.tenants.fleet import Asked, ask, ask_all, ask_sample
from fixtures.tenants.rows import TenantRow, TenantRows
from fixtures.tenants.versions import history_of, versions_of
from fixtures.variables import Variable
from selftests.tenant_fleet import Fleet, fleet

MANY, AT_ONCE = int(os.environ.get("SEATRIAL_TENANTS", "40")), 8
"""A thousand were tried too: `SEATRIAL_TENANTS=1000` needs 7.5 GB and some minutes."""
HANGING, CUT, STRANGE, MUTE = "t3", "t17", "t29", "t33"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
VERSIONS = ["20250506120000", "20250902080000", "20260420090000"]


@pytest.fixture(scope="module")
def many() -> Iterator[Fleet]:
    """All of them, and four of them are broken in ways of their own."""
    with fleet(MANY, **{HANGING: "silent", CUT: "cut", STRANGE: "stranger", MUTE: "mute"}) as running:
        yield running


def asking(running: Fleet, **more: Any) -> Asking:
    usual = {"domains": ("neon.example",), "at_once": AT_ONCE, "tenant_seconds": 2.0, "sweep_seconds": 60.0}
    files = {"passfile": running.passfile, "ca": running.ca, "address": running.address}
    return Asking(**{**usual, **{name: Variable(None, text) for name, text in files.items()}, **more})


def rows(running: Fleet) -> TenantRows:
    found = tuple(TenantRow(f"t{n}", f"seed-t{n}", "", host, "ready", None) for n, host in enumerate(running.hosts))
    return TenantRows("public.organization_databases", found, len(found))


def all_asked(running: Fleet, **more: Any) -> Asked:
    return asyncio.run(ask_all(rows(running), ("ready",), asking(running, **more), "staging"))


def asked_of(running: Fleet, *rows_: TenantRow, **more: Any) -> Asked:
    return asyncio.run(ask(TenantRows("t", rows_, len(rows_)), rows_, asking(running, **more)))


def row(host: str, organization: str = "one") -> TenantRow:
    known = host.removeprefix("ep-").partition(".")[0]
    return TenantRow(organization, f"seed-{known}", "", host, "ready", None)


def test_one_that_hangs_one_that_hangs_up_and_one_that_is_a_stranger_leave_the_others_alone(many: Fleet) -> None:
    seen = all_asked(many)

    assert {one.organization: one.kind for one in seen.reach.unreached} == {
        HANGING: "no answer", CUT: "no connection", STRANGE: "certificate", MUTE: "no answer",
    }  # fmt: skip
    assert (seen.reach.asked, seen.reach.reached, seen.reach.unfinished_count) == (MANY, MANY - 4, 0)
    healthy = [answer for answer in seen.answers if answer.kind is None]
    assert {answer.history for answer in healthy} == {history_of(VERSIONS)}
    assert max(answer.seconds for answer in healthy) < 2.0 <= seen.reach.slowest < 3.0
    assert seen.reach.seconds < 5.0 + MANY / 20, "the one that hangs keeps its own place, and for its own time only"


def test_no_more_are_open_than_are_declared_and_all_are_closed_afterwards() -> None:
    with fleet(6) as few:
        seen = all_asked(few, at_once=2)
        address = {"host": "127.0.0.1", "port": few.port, "user": "supabase_admin", "password": few.superuser}
        count = "select count(*) from pg_stat_activity where application_name = 'seatrial'"
        with psycopg.connect(dbname="postgres", **address) as admin:  # type: ignore[arg-type]  # a plain dictionary
            deadline = time.monotonic() + 5
            while (left := admin.execute(count).fetchone()) != (0,) and time.monotonic() < deadline:
                time.sleep(0.05)

        assert left == (0,)
        assert seen.reach.at_once == 2
        assert few.counted()["served"] == 6


def test_who_is_not_asked_in_time_is_unknown_and_not_at_fault(many: Fleet) -> None:
    reach = all_asked(many, at_once=1, sweep_seconds=1.0).reach

    assert reach.unfinished_count > MANY - 10
    assert HANGING in reach.unfinished
    assert not reach.unreached
    with pytest.raises(Unobservable, match="did not come within 1 s"):
        complete(reach)


def test_whoever_has_no_line_in_the_password_file_is_unknown(many: Fleet, tmp_path: Path) -> None:
    lines = Path(many.passfile).read_text(encoding="utf-8").splitlines(keepends=True)
    short = tmp_path / "short"
    short.touch(0o600)
    short.write_text("".join(line for line in lines if not line.startswith("ep-t5.")), encoding="utf-8")

    seen = asked_of(many, row(many.hosts[4], "t4"), row(many.hosts[5], "t5"), passfile=Variable("X", str(short)))

    assert (seen.reach.reached, seen.reach.without_password, seen.reach.unreached) == (1, ("t5",), ())
    with pytest.raises(Unobservable, match=f"{short} has no line for t5"):
        complete(seen.reach)
    with pytest.raises(Unobservable, match=r"the 1 tenants that were asked agree, but .* no line for t5"):
        versions_of(seen.reach, seen.answers, history_of(VERSIONS), "public.schema_migrations")


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        pytest.param("", "no host", id="none"),
        pytest.param("/tmp/.neon.example", "foreign host", id="socket"),  # noqa: S108  libpq would leave TLS out
        pytest.param("@.neon.example", "foreign host", id="abstract-socket"),
        pytest.param("ep-t0.a.neon.example,evil.neon.example", "foreign host", id="list"),
        pytest.param("ep-t0.neon.example.evil.example", "foreign host", id="other-domain"),
        pytest.param("evilneon.example", "foreign host", id="no-subdomain"),
        pytest.param("ep-gone.eu-central-1.aws.neon.example", "no such endpoint", id="deleted"),
    ],
)
def test_a_row_with_another_host(many: Fleet, host: str, kind: str) -> None:
    served = many.hosts[1]
    reach = complete(asked_of(many, row(host), row(served, "two")).reach)

    assert {one.organization: one.kind for one in reach.unreached} == {"one": kind}
    assert reach.reached == 1


def test_two_rows_whose_hosts_were_exchanged(many: Fleet) -> None:
    one, two = rows(many).rows[4:6]
    exchanged = (msgspec.structs.replace(one, host=two.host), msgspec.structs.replace(two, host=one.host))

    reach = complete(asked_of(many, *exchanged).reach)

    assert reach.kinds == {"another project": 2}
    assert reach.unreached[0].said == f"it is {two.project}, and the row says {one.project}"


@pytest.mark.parametrize("more", [{"identity": "neon.elsewhere"}, {}])
def test_who_does_not_say_whose_it_is_is_unknown(many: Fleet, more: dict[str, str]) -> None:
    said = row(many.hosts[4]) if more else msgspec.structs.replace(row(many.hosts[4]), project="")

    with pytest.raises(Unobservable, match="not known whose it is: one does not say its project, or its row has none"):
        complete(asked_of(many, said, **more).reach)
    assert complete(asked_of(many, said, identity="").reach).reached == 1


@pytest.mark.parametrize("lines", ["ep-t4.", "ep-t4-pooler."])
def test_a_row_with_the_poolers_host(many: Fleet, tmp_path: Path, lines: str) -> None:
    """The compute itself is asked, unless the password file knows the pooler's name alone."""
    line = next(line for line in Path(many.passfile).read_text("utf-8").splitlines() if line.startswith("ep-t4."))
    file = tmp_path / "passwords"
    file.touch(0o600)
    file.write_text(line.replace("ep-t4.", lines) + "\n", encoding="utf-8")
    pooled = row(many.hosts[4].replace("ep-t4.", "ep-t4-pooler."))
    meant = msgspec.structs.replace(pooled, project="seed-t4")

    seen = asked_of(many, meant, passfile=Variable(None, str(file)))

    assert (seen.answers[0].host == meant.host) is ("pooler" in lines)
    assert seen.reach.reached == 1


def test_variables_of_this_process_change_nothing(many: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PGPASSWORD": "another", "PGSSLMODE": "disable", "PGSSLROOTCERT": "/nowhere", "PGHOSTADDR": "192.0.2.1",
        "PGOPTIONS": "-c search_path=nowhere", "PGREQUIREAUTH": "none", "PGPORT": "1", "PGDATABASE": "another",
        "PGUSER": "another", "PGPASSFILE": "/nowhere", "PGSSLNEGOTIATION": "direct", "PGTARGETSESSIONATTRS": "standby",
        "PGCHANNELBINDING": "require", "PGGSSENCMODE": "require",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)

    assert asked_of(many, row(many.hosts[1])).reach.reached == 1


def test_an_authority_that_nobody_uses_says_nothing_of_the_tenants(many: Fleet) -> None:
    reach = asked_of(many, row(many.hosts[1]), ca=None).reach  # certifi's

    assert reach.kinds == {"certificate": 1}
    with pytest.raises(Unobservable, match=r"is ca under \[tenant_databases.sql\] right"):
        controlled(reach)


def test_the_sample_is_another_every_day_and_the_same_all_day(many: Fleet) -> None:
    def sampled(day: int) -> set[str]:
        now = NOW.replace(day=day)
        answers = asyncio.run(ask_sample(rows(many), ("ready",), asking(many, sample=2), now)).answers
        return {answer.organization for answer in answers}

    assert sampled(23) == sampled(23)
    assert len(sampled(23) | sampled(24) | sampled(25)) == 6


def test_a_sample_by_name_that_is_not_there_is_no_sample(many: Fleet) -> None:
    with pytest.raises(Unobservable, match=r"sample under .* names t9999, and public.organization_databases has no"):
        asyncio.run(ask_sample(rows(many), ("ready",), asking(many, sample=("t1", "t9999")), NOW))
    with pytest.raises(Unobservable, match=r"none of the organizations in sample .* is ready"):
        parked = (rows(many).rows[0], msgspec.structs.replace(rows(many).rows[1], state="parked"))
        asyncio.run(ask_sample(replace(rows(many), rows=parked), ("ready",), asking(many, sample=("t1",)), NOW))


def test_only_tenants_that_are_ready_are_asked(many: Fleet) -> None:
    seen = rows(many)
    parked = replace(
        seen, rows=tuple(msgspec.structs.replace(one, state="parked") for one in seen.rows[1:]) + seen.rows[:1]
    )

    reach = asyncio.run(ask_all(parked, ("ready",), asking(many), "staging")).reach

    assert (reach.rows, reach.asked, reach.reached) == (MANY, 1, 1)
    with pytest.raises(Unobservable, match=f"no tenant to ask: of {MANY} rows"):
        controlled(asyncio.run(ask_all(parked, ("elsewhere",), asking(many), "staging")).reach)


def test_in_production_only_the_sample_is_woken(many: Fleet) -> None:
    with pytest.raises(Unobservable, match="wakes and bills each compute"):
        asyncio.run(ask_all(rows(many), ("ready",), asking(many), "production"))

    few = replace(rows(many), rows=rows(many).rows[:2])
    assert asyncio.run(ask_all(few, ("ready",), asking(many, wake="all"), "production")).reach.reached == 2
