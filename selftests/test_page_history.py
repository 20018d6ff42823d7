"""History: the word of every run, and how cases came to be as they are; nothing is green that nobody looked at."""

import re
from pathlib import Path

import pytest

from reports.page import write_page
from reports.page.sparks import CASES, lines
from reports.page.strip import ENVIRONMENTS, RUNS, html, strips
from reports.past.history import Past, PastCase
from selftests.page_browser import Browser
from selftests.page_pictures import past_run
from selftests.page_samples import telling
from selftests.report_samples import HOSTILE, verdict, violated

CASE = "rls_enabled[environment]"


def cases(outcome: str, since: int, verified: int | None) -> dict[str, dict[str, PastCase]]:
    """What history says of `CASE`; hours before the run."""

    def then(hours: int) -> str:
        return past_run(hours).started

    case = PastCase(
        outcome=outcome, since=then(since), verified=None if verified is None else then(verified), commit=None
    )
    return {"production": {CASE: case}}


def test_runs_stand_oldest_first_and_this_one_last() -> None:
    past = Past(runs=(past_run(1, word="HOLD"), past_run(2, "staging"), past_run(3, word="CANNOT SEE")))
    made = strips(telling(verdict(), past=past))

    assert {name: [run.word for run in runs] for name, runs in made.items()} == {
        "production": ["CANNOT SEE", "HOLD", "GO"],
        "staging": ["GO"],
    }


def test_a_run_that_began_later_and_ended_first() -> None:
    past = Past(runs=(past_run(-1, word="HOLD", violated=[CASE]), past_run(2)))
    made = telling(violated(), past=past)

    assert [run.word for run in strips(made)["production"]] == ["GO", "HOLD", "HOLD"]
    assert [line.marks for line in lines(made)] == [("quiet", "violated")]


def test_counts_that_nobody_counted() -> None:
    """Whoever edits history.json by hand gets a page all the same."""
    odd = past_run(1, totals={"violated": -3, "blind": -1}, families={"health": {"violated": -1}})

    assert "2 runs" in html(telling(verdict(), past=Past(runs=(odd,))))


def test_many_runs_are_cut() -> None:
    past = Past(runs=tuple(past_run(number, f"e{number % 20}") for number in range(1, 3_000)))
    made = strips(telling(verdict(), past=past))

    assert len(made) == ENVIRONMENTS
    assert {len(runs) for name, runs in made.items() if name != "production"} == {RUNS}


def test_the_first_run_says_so() -> None:
    text = html(telling(verdict()))

    assert "No earlier run is known" in text
    assert "No case is other than green" in text


def test_a_line_of_marks() -> None:
    runs = (
        past_run(1, word="HOLD", violated=[CASE]),
        past_run(2),
        past_run(3, word="CANNOT SEE", blind=[CASE]),
        past_run(4, lanes=("migrations",)),
        past_run(5),
        past_run(6, "staging", violated=[CASE]),
    )
    (line,) = lines(telling(violated(), past=Past(runs=runs, cases=cases("violated", 1, 5))))

    assert line.marks == ("verified", "", "blind", "quiet", "violated", "violated")
    assert (line.since, line.verified) == (past_run(1).started, past_run(5).started)


def test_a_case_that_stayed_verified_was_so_in_each_run() -> None:
    runs = (past_run(1), past_run(2), past_run(3))
    (line,) = lines(telling(violated(), past=Past(runs=runs, cases=cases("verified", 2, 1))))

    assert line.marks == ("quiet", "verified", "verified", "violated")
    assert line.verified == past_run(1).started


def test_a_run_that_died_saw_nothing() -> None:
    died = past_run(1, word="CANNOT SEE", totals={}, families={})
    (line,) = lines(telling(violated(), past=Past(runs=(died, past_run(2)), cases=cases("verified", 3, 2))))

    assert line.marks == ("verified", "", "violated")


def test_nothing_is_said_of_a_run_that_does_not_name_all() -> None:
    full = past_run(1, word="HOLD", violated=[f"other[{number}]" for number in range(200)])
    (line,) = lines(telling(violated(), past=Past(runs=(full,))))

    assert line.marks == ("", "violated")
    assert line.verified is None


def test_the_most_urgent_first_then_those_that_were_mended() -> None:
    past = Past(runs=(past_run(1, word="HOLD", violated=["mended", "gone"]),))
    made = telling(
        verdict("blind", check="b", case=""),
        violated(check="low", case="", severity="low"),
        violated(check="a", case=""),
        verdict(check="mended", case=""),
        past=past,
    )

    assert [line.cases for line in lines(made)] == [("a",), ("low",), ("b",), ("mended",)]


def test_cases_with_one_story_are_one_line() -> None:
    past = Past(runs=(past_run(1, word="HOLD", violated=["rls_enabled[odd]"]),))
    made = telling(*(verdict("blind", case=case) for case in ("a", "b", "odd")), verdict("blind", check="x"), past=past)

    assert [line.cases for line in lines(made)] == [
        ("rls_enabled[a]", "rls_enabled[b]"),
        ("rls_enabled[odd]",),
        ("x[environment]",),
    ]
    assert '<a href="#rls_enabled">rls_enabled</a> (2 cases)' in html(made)


def test_many_lines_are_cut_and_said() -> None:
    text = html(telling(*(violated(check=f"c{number}", case="") for number in range(CASES + 7))))

    assert text.count('<th scope="row">') == CASES
    assert "7 more cases like these" in text


@pytest.mark.parametrize("outcome", ["violated", "blind"])
def test_marks_differ_by_more_than_colour(outcome: str) -> None:
    made = telling(verdict(outcome), past=Past(runs=(past_run(1),)))  # type: ignore[arg-type]  # the two are outcomes
    shape = {"violated": 'height="16"', "blind": 'height="10"'}[outcome]

    assert re.search(rf'<rect [^>]*{shape} data-state="{outcome}">', html(made))
    assert "in 1 run of the last 2" in html(made)


def test_a_run_tells_what_it_came_to(browser: Browser, tmp_path: Path) -> None:
    past = Past(runs=(past_run(1, word="HOLD", violated=[CASE], url="https://example.com/7"), past_run(2), past_run(3)))
    page = write_page(telling(verdict(), past=past), tmp_path)
    script = """
      const marks = page.locator("#history .strip button");
      await marks.last().focus();
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("Enter");
      const about = page.locator("#history .detail");
      const each = (what, name) => what.evaluateAll((all, name) => all.map((one) => one.getAttribute(name)), name);
      const result = [await marks.count(), await about.innerText(), await each(about.locator("a"), "href")];
      result.push(await each(marks, "aria-expanded"));
      await page.keyboard.press("Home");
      result.push(await each(marks, "tabindex"));
      await page.keyboard.press("Enter");
      await page.keyboard.press("Enter");
      return [...result, await about.isVisible()];"""

    (count, told, links, opened, stops, visible), problems = browser.visit(page, script)

    assert count == 4
    assert told.startswith("HOLD, ")
    assert "null" not in told
    assert "prod-smoke, in 4.2 s, commit a1b2c3d4e5f6." in told
    assert links == ["https://example.com/7", f"#{CASE}".replace("[", "%5B").replace("]", "%5D")]
    assert opened == ["false", "false", "true", "false"]
    assert stops == ["0", "-1", "-1", "-1"]
    assert (visible, problems) == (False, [])


def test_hostile_texts(browser: Browser, tmp_path: Path) -> None:
    run = past_run(1, HOSTILE, "HOLD", violated=[HOSTILE], url=f"https://example.com/{HOSTILE}")
    page = write_page(telling(violated(case=HOSTILE), past=Past(runs=(run,))), tmp_path)
    script = """
      await page.locator("#history .strip button").last().click();
      return [await page.locator("#history").innerText(), await page.locator("#history script").count()];"""

    (text, scripts), problems = browser.visit(page, script)

    assert "<script>" in text
    assert (scripts, problems) == (0, [])
