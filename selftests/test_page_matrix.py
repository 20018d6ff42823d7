"""Environments beside one another: the worst of each family, when it was seen, and where that leads."""

import re
from pathlib import Path

import pytest

from reports.page import write_page
from reports.page.matrix import MOST, columns, html
from reports.past.history import Past
from selftests.page_browser import Browser
from selftests.page_pictures import past_run
from selftests.page_samples import every_outcome, telling
from selftests.report_samples import HOSTILE, one_of_each, verdict, violated


def cells(text: str) -> dict[str, list[tuple[str, str]]]:
    """Family -> the state and the words of each of its cells."""
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', text)
    return {family: [_cell(*cell) for cell in re.findall(r"<td([^>]*)>(.*?)</td>", of_one)] for family, of_one in rows}


def _cell(attributes: str, content: str) -> tuple[str, str]:
    state = re.search(r'data-state="([^"]*)"', attributes)
    return (state[1] if state else "", re.sub("<[^>]*>", "", content).strip())


def test_the_worst_with_how_many() -> None:
    made = telling(violated(), violated(case="b"), verdict(case="c"), verdict("blind", case="d"))

    assert cells(html(made)) == {"row security": [("violated", "✕ 2 violated of 4and ? 1 blind")]}


@pytest.mark.parametrize("outcome", ["blind", "crashed"])
def test_what_was_not_seen_is_neither_green_nor_red(outcome: str) -> None:
    made = telling(verdict(), verdict(outcome, case="x"))  # type: ignore[arg-type]  # the two are outcomes

    ((state, words),) = cells(html(made))["row security"]

    assert state == outcome
    assert f"1 {outcome} of 2" in words


def test_a_missing_case_counts_in_its_family() -> None:
    assert cells(html(every_outcome()))["migrations"][0][0] == "missing"


def test_each_environment_with_its_newest_run() -> None:
    past = Past(runs=(past_run(1, "staging", "HOLD"), past_run(2, "production"), past_run(3, "staging", "GO")))
    made = columns(telling(verdict(), past=past))

    assert [(column.newest.environment, column.newest.word, column.here) for column in made] == [
        ("production", "GO", True),
        ("staging", "HOLD", False),
    ]


def test_what_the_newest_run_did_not_look_at_is_older() -> None:
    """A smoke after a gate looks at less: what the gate saw stands there, with its age."""
    past = Past(runs=(past_run(5, families={"health": {"violated": 2}, "row_security": {"blind": 9}}),))
    text = html(telling(verdict(), past=past))

    assert cells(text) == {
        "health": [("violated", "✕ not looked at now; then:✕ 2 violated2026-11-22 05:00 UTC")],
        "row security": [("verified", "✓ 1 verified")],
    }
    assert len(re.findall("<td[^>]* data-older", text)) == 1
    assert "Hatched: an earlier run saw it" in text


@pytest.mark.parametrize(
    ("lanes", "was", "now", "shown"),
    [
        (("prod-smoke",), "verified", "GO", "not-run"),
        (("prod-smoke",), "verified", "CANNOT SEE", "blind"),
        (("pre-deploy",), "verified", "GO", "not-run"),
        (("pre-deploy",), "violated", "GO", "violated"),
    ],
)
def test_what_was_green_once_is_not_green_now(lanes: tuple[str, ...], was: str, now: str, shown: str) -> None:
    past = Past(runs=(past_run(5, lanes=lanes, families={"health": {was: 3}}),))
    made = telling(run={"word": now, "exit": 10}, past=past)

    ((state, words),) = cells(html(made))["health"]

    assert state == shown
    assert f"3 {was}" in words


def test_only_this_run() -> None:
    assert "no run of another one is known" in html(telling(verdict()))
    assert "There is no matrix" in html(telling())


def test_many_environments_are_left_out_and_said() -> None:
    past = Past(runs=tuple(past_run(number, f"preview-{number}") for number in range(1, MOST + 10)))
    text = html(telling(verdict(), past=past))

    assert text.count('scope="col"') == MOST + 1
    assert "10 environments that were looked at earlier are left out" in text


def test_cells_lead_somewhere() -> None:
    past = Past(
        runs=(past_run(1, "staging", url="https://example.com/1"), past_run(1, "odd", url="javascript:alert(1)"))
    )
    text = html(telling(verdict(), past=past))

    assert '<a href="#runbook&amp;family=row_security">' in text
    assert text.count('href="https://example.com/1" rel="noreferrer"') == 2
    assert "javascript:" not in text


def test_outcomes_of_another_version() -> None:
    past = Past(runs=(past_run(1, "staging", families={"health": {"flaky": 3}}),))

    assert cells(html(telling(verdict(), past=past)))["health"][1] == ("not-run", "· 3 not run")


def test_hostile_names() -> None:
    past = Past(runs=(past_run(1, HOSTILE, families={HOSTILE: {"verified": 1}}),))
    text = html(telling(*one_of_each(), past=past))

    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_in_the_browser(browser: Browser, tmp_path: Path) -> None:
    past = Past(runs=(past_run(30, "staging"),))
    page = write_page(telling(violated(), verdict(check="up", file="checks/health/up.py"), past=past), tmp_path)
    script = """
      const part = page.locator("#matrix");
      const age = await part.locator("thead time").innerText();
      await part.locator("td a", { hasText: "violated" }).press("Enter");
      return [age, await page.evaluate(() => [location.hash, [...seatrial.state.chosen.family]])];"""

    (age, (address, chosen)), problems = browser.visit(page, script)

    assert re.fullmatch(r"in the future, by your clock|.* ago|just now", age)
    assert (address, chosen, problems) == ("#runbook&family=row_security", ["row_security"], [])
