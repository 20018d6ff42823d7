"""What trying tells: a matrix that can be kept and compared, and what became of what reading found."""

from pathlib import Path

import msgspec
import pytest

from fixtures.access.weakness import Weakness
from fixtures.facts import Unobservable
from fixtures.trying.confirming import confirm
from fixtures.trying.matrix import access_of, differences, read_declared_access, stopped
from fixtures.trying.outcome import Trespass, Trials

CELLS = {
    "public.docs": {
        "anon": {"select": "none"},
        "member-A": {"select": "own", "delete": "none"},
        "member-B": {"select": "own", "delete": "none"},
        "owner-A": {"select": "own", "delete": "own"},
        "owner-B": {"select": "own", "delete": "none"},
    }
}
CAUGHT = Trespass(
    case="stranger-select", about="public.docs", persona="stranger", action="select", says="", shown="begin;",
    allowed_by=("policy 'seen' on public.docs",), instead="alter policy seen;", mended=True,
)  # fmt: skip


def trials(*trespasses: Trespass, settled: tuple[tuple[str, str], ...] = ()) -> Trials:
    return Trials(probes=1, seconds=0, trespasses=trespasses, settled=settled, matrix=CELLS)


def weakness(rule: str = "always-true", policy: str = "seen") -> Weakness:
    return Weakness(rule=rule, about="public.docs", policy=policy, commands=("SELECT",), says="", instead="read")


def written(checkout: Path, text: str) -> Path:
    (checkout / "seatrial").mkdir()
    (checkout / "seatrial" / "access.json").write_text(text, encoding="utf-8")
    return checkout


def test_members_of_both_sides_are_one_where_they_may_do_the_same() -> None:
    told = access_of(trials())["personas"]["public.docs"]
    assert told == {"member": "SELECT=own", "owner-A": "SELECT=own DELETE=own", "owner-B": "SELECT=own"}


def test_what_was_written_reads_as_no_difference(tmp_path: Path) -> None:
    now = access_of(trials())
    declared = read_declared_access(written(tmp_path, msgspec.json.encode({**now, "privileges": {}}).decode()))
    assert declared is not None
    assert differences(declared, now) == ()


def test_a_difference_is_told_persona_by_persona() -> None:
    declared = {"personas": {"public.docs": {"member": "SELECT=own DELETE=own", "owner": "SELECT=own"}}}
    said = [each.says for each in differences(declared, access_of(trials()))]
    assert said == [
        "member-A: DELETE on public.docs is none, declared is own",
        "member-B: DELETE on public.docs is none, declared is own",
        "owner-A: DELETE on public.docs is own, declared is none",
    ]


def test_without_a_file_nothing_is_declared(tmp_path: Path) -> None:
    assert read_declared_access(tmp_path) is None


@pytest.mark.parametrize("text", ["{", "[]", '{"personas": {"public.docs": 1}}'])
def test_a_file_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(Unobservable, match=r"access\.json"):
        read_declared_access(written(tmp_path, text))


def test_what_was_seen_is_confirmed_with_what_shows_and_mends_it() -> None:
    (told,) = confirm([weakness()], trials(CAUGHT))
    assert (told.tried, told.shown, told.instead, told.mended) == ("confirmed", "begin;", "alter policy seen;", True)


def test_another_policy_or_another_kind_of_rule_is_left_as_it_is() -> None:
    several = [weakness(policy="other"), weakness(rule="per-row-call")]
    assert confirm(several, trials(CAUGHT)) == tuple(several)


def test_refuted_is_only_what_was_settled() -> None:
    (settled,) = confirm([weakness()], trials(settled=(("public.docs", "select"),)))
    (open_still,) = confirm([weakness()], trials(settled=(("public.docs", "update"),)))
    (function,) = confirm([weakness("definer-reads", "")], trials(settled=(("public.docs", "select"),)))
    assert (settled.tried, open_still.tried, function.tried) == ("refuted", "", "")


def test_a_cell_whose_trial_was_stopped_is_no_difference_and_is_told() -> None:
    declared = {"personas": {"public.notes": {"member": "SELECT=own INSERT=own"}}}
    now = {"personas": {"public.notes": {"member": "SELECT=own INSERT=stopped"}}}

    assert differences(declared, now) == ()
    assert stopped(now) == ("INSERT on public.notes",)
    assert stopped(declared) == ()
