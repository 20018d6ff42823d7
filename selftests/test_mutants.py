"""Mutants are what they say, judge the facts of the check beside it, and a sample of them is noticed in every build.

All of them: `make mutants` (docs/mutants.md has what came of it).
"""

from pathlib import Path

import pytest

from selftests import mutation
from selftests.at_the_limit import AT_THE_LIMIT
from selftests.fault_reach import FAMILIES
from selftests.judged_by_mutants import outcome_of
from selftests.limits import Limit, judged, right
from selftests.looking import HEALTHY, Looked, Looker, rows_for
from selftests.mutants import Mutant, mutants_of
from selftests.mutants_page import page
from selftests.mutation import Noticed, main, mutants_of_check, summary
from selftests.survivors import FILE, Survivors, survivors

CHECK = '''
LIMIT = 3
def test_few(things, rule):
    """Few."""
    many = [one for one in things if one.alive and one.count > LIMIT]
    said = f"{len(many) > 1}" if many else "none"
    if rule == "few" and not (many or things):
        raise Finding(said if many else "x", [one for one in many if one])
'''
SAMPLE = ["dns_answers", "providers_up", "ssl_enforced"]
"""Checks of three families that few rows break, and quickly."""


def changes(kind: str) -> list[str]:
    return [mutant.change.removeprefix(f"{kind}: ") for mutant in mutants_of(CHECK, "few.py") if mutant.kind == kind]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("removed", ["raise Finding(said if many else 'x', [one for one in many if one]) -> pass"]),
        (
            "inverted",
            ["rule == 'few' and (not (many or things)) -> not (rule == 'few' and (not (many or things)))"],
        ),
        ("always", ["rule == 'few' and (not (many or things)) -> True"]),
        ("filter", ["one.alive and one.count > LIMIT -> True"]),
        ("comparison", ["one.count > LIMIT -> one.count >= LIMIT", "rule == 'few' -> rule != 'few'"]),
        ("not", ["not (many or things) -> many or things"]),
        (
            "operand",
            [
                "one.alive and one.count > LIMIT -> one.count > LIMIT",
                "one.alive and one.count > LIMIT -> one.alive",
                "rule == 'few' and (not (many or things)) -> not (many or things)",
                "rule == 'few' and (not (many or things)) -> rule == 'few'",
                "many or things -> things",
                "many or things -> many",
            ],
        ),
        ("choice", []),  # of texts only
    ],
)
def test_each_small_mistake_is_made_once(kind: str, expected: list[str]) -> None:
    assert changes(kind) == expected


def test_each_mutant_is_a_whole_module() -> None:
    for mutant in mutants_of(CHECK, "few.py"):
        module: dict[str, object] = {}
        exec(mutant.code, module)  # noqa: S102 - the text above
        assert module["LIMIT"] == 3
        assert callable(module["test_few"])


def test_every_check_has_mutants_and_no_two_have_a_name() -> None:
    for check in FAMILIES.keys() - {"__init__"}:
        names = [mutant.name for mutant in mutants_of_check(check)]

        assert names, check
        assert len(set(names)) == len(names), check


@pytest.mark.parametrize("limit", AT_THE_LIMIT, ids=lambda limit: f"{limit.check}, {limit.name}")
def test_a_check_says_on_which_side_its_limit_is(limit: Limit) -> None:
    assert outcome_of(right(limit), dict(limit.arguments)) == limit.outcome


def test_every_limit_notices_a_mutant() -> None:
    limits = judged(AT_THE_LIMIT, [limit.check for limit in AT_THE_LIMIT])

    assert len(limits) == len(AT_THE_LIMIT)
    assert [name for name, noticed in limits.items() if not noticed] == []


@pytest.mark.parametrize("check", SAMPLE)
def test_every_mutant_of_a_sample_is_noticed(check: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main([check, "--jobs", "1", "--seen", str(tmp_path / "seen")])

    assert code == 0, capsys.readouterr().out
    assert "0 survive\n" in capsys.readouterr().out


def test_a_mutant_that_nothing_notices_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(mutation, "rows_for", lambda checks: {HEALTHY: frozenset(checks)})  # no fault at all

    assert main(["dns_answers", "--jobs", "1", "--seen", str(tmp_path / "seen")]) == 1
    told = capsys.readouterr().out
    assert "SURVIVES checks/health/dns_answers.py:" in told
    assert "removed: raise Finding" in told


ROW = {"status-vercel-major": frozenset(["providers_up"])}


def test_what_is_kept_is_judged_without_a_sandbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with Looker(tmp_path) as looker:
        first = looker.judge(ROW)
        monkeypatch.setattr("selftests.voyage.Slipway.sail", None)
        second = looker.judge(ROW)

    assert first == second
    assert [looked.trouble for looked in first] == [""]
    assert any(first[0].noticed.values())


def test_what_is_kept_and_says_something_else_by_now_is_looked_at_again(tmp_path: Path) -> None:
    with Looker(tmp_path) as looker:
        first = looker.judge(ROW)
        (kept,) = tmp_path.iterdir()
        kept.write_text('{"version":1,"environment":"local","started":"2026-01-01","observations":[]}')

        assert looker.judge(ROW) == first


def test_rows_show_a_check_what_violates_it_and_near_misses() -> None:
    rows = rows_for({"providers_up"})

    assert next(iter(rows)) == HEALTHY
    assert "status-vercel-major" in rows
    assert set(rows.values()) == {frozenset(["providers_up"])}


def mutant(change: str) -> Mutant:
    kind, _, rest = change.partition(": ")
    was, _, now = rest.partition(" -> ")
    return Mutant("checks/health/few.py", 1, 1, kind, was, now, compile("", "few.py", "exec"))


def test_a_survivor_with_a_reason_is_not_told_and_an_outlived_reason_is() -> None:
    known, other = mutant("comparison: a > b -> a >= b"), mutant("not: not a -> a")
    told = Survivors({"few": {known.change: "they are never equal"}})
    noticed = Noticed({one.name: one for one in (known, other)})

    assert summary(noticed, told).splitlines() == [
        f"SURVIVES {other.name}",
        "0 of 2 mutants are noticed, 1 survive for a known reason, 1 survive",
    ]
    noticed.add(Looked("row", {known.name: ["few"], other.name: []}))
    assert f"KNOWN, AND NOTICED BY NOW: few: {known.change}" in summary(noticed, told)


def test_the_page_counts_and_names_what_survives_and_what_one_row_alone_holds() -> None:
    gone, held = mutant("removed: raise Finding(a) -> pass"), mutant("removed: raise Finding(b | c) -> pass")
    known = mutant("not: not a -> a")
    made = {"day": "2026-01-02", "commit": "abc", "cases": 3, "rows": 4}

    text = page([gone, held, known], {held.name: {"row-a"}}, Survivors({"few": {known.change: "never both"}}), made)

    assert "| `raise Finding` removed | 2 | 1 | 0 | 1 |" in text
    assert "| all | 3 | 1 | 1 | 1 |" in text
    assert "`raise Finding(a)` → `pass`: **not known why**" in text
    assert "`not a` → `a`: never both" in text
    assert "- `few`, line 1: `row-a`" in text


def test_known_survivors_are_mutants_that_there_are() -> None:
    for check, reasons in survivors(FILE).reasons.items():
        assert set(reasons) <= {one.change for one in mutants_of_check(check)}, check
        assert all(reason.strip() for reason in reasons.values())


@pytest.mark.parametrize("words", [["no_such_check"], ["dns_answers", "--write"]])
def test_a_wrong_command_line_is_told(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert capsys.readouterr().err.startswith("mutation: ")
