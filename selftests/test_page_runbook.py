"""The runbook on the page: every promise, what is known of it, what to do; filters, keys and links that lead there."""

from pathlib import Path
from typing import Any

import pytest

from reports.verdicts import Waived
from selftests.page_browser import Browser
from selftests.page_samples import all_green, before, every_outcome, many, runbook, runbook_alone, telling
from selftests.report_samples import verdict, violated

# What a reader can see of the promises: name -> its sign's state.
SHOWN = """
  const shown = () => page.evaluate(() => Object.fromEntries([...document.querySelectorAll("#runbook .promise")]
    .filter((one) => one.checkVisibility()).map((one) => [one.dataset.check, one.dataset.state])));
  const focused = () => page.evaluate(() =>
    document.activeElement.closest(".promise")?.dataset.check ?? document.activeElement.id);
  const told = () => page.textContent("#runbook .told");
  const hash = () => page.evaluate(() => decodeURIComponent(location.hash));
  const choose = (facet, value) =>
    page.locator(`.choice[data-facet="${facet}"][data-value="${value}"]`).evaluate((one) => one.click());
"""


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One verdict of each outcome, one case missing, most of the runbook not run."""
    return runbook_alone(every_outcome(), tmp_path_factory.mktemp("mixed"))


def seen(browser: Browser, made: Path, script: str, **options: Any) -> Any:
    result, problems = browser.visit(made, SHOWN + script, **options)
    assert problems == []
    return result


def test_green_is_closed_and_the_rest_is_open(browser: Browser, mixed: Path) -> None:
    assert seen(browser, mixed, "return await shown()") == {
        "signup_trigger": "crashed",
        "migration_status": "blind",
        "applied_unchanged": "missing",
        "rls_enabled": "violated",
    }


def test_all_green_is_all_closed(browser: Browser, tmp_path: Path) -> None:
    made = runbook_alone(all_green(), tmp_path)

    assert seen(browser, made, "return [await shown(), await page.locator('#runbook .family').count()]") == [
        {},
        len({check.family for check in runbook()}),
    ]


def test_every_promise_is_there(browser: Browser, mixed: Path) -> None:
    """Also those that were not run."""
    script = """
      for (const family of await page.locator(".family").all()) {
        await family.evaluate((one) => { one.open = true; });
        while (await family.locator(".more").count()) await family.locator(".more").click();
      }
      return await shown();"""

    shown = seen(browser, mixed, script)

    assert shown.keys() == {check.check for check in runbook()}
    assert shown["endpoint_healthy"] == "verified"
    assert shown["keys_genuine"] == "not-run"


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("rls_enabled[environment]", ["still", "row-level security is off", "public.invoices", "Affected: 2", "since"]),
        (
            "migration_status[unknown]",
            ["no longer seen", "before this run: verified since", "nothing is known about it"],
        ),
        ("signup_trigger", ["KeyError: 'oid'", "says nothing about the application"]),
        ("rls_enabled[replayed]", ["waived", "until 2026-12-31: prices are public", "public.plans"]),
        ("applied_unchanged[edited-base]", ["missing", "Expected in this lane, but it reached no verdict"]),
        ("auth_in_effect", ["Not run in this run", "before this run: verified since"]),
        ("keys_genuine", ["Not run in this run", "Nothing is known of it"]),
        ("endpoint_healthy[api]", ["mended", "before this run: violated since"]),
    ],
)
def test_a_link_to_a_case_shows_all_of_it(browser: Browser, mixed: Path, where: str, said: list[str]) -> None:
    script = """return await page.evaluate(() => {
      const one = document.activeElement.closest(".promise");
      return [one.open, one.innerText];
    })"""

    opened, text = seen(browser, mixed, script, anchor=f"#{where}")

    assert opened
    assert [words for words in said if words not in text] == []


def test_what_to_do_is_told_and_copied(browser: Browser, tmp_path: Path) -> None:
    script = """
      const texts = await page.locator("#runbook .promise .guide").first().innerText();
      await page.locator("#runbook .promise .copy").first().click();
      await page.waitForFunction(() => document.querySelector("#runbook .copy").textContent === "Copied");
      return texts;"""

    text = seen(browser, runbook_alone(telling(violated()), tmp_path), script)

    assert [
        words for words in ("Means", "anyone reads every row.", "Contain", "Fix", "Confirm") if words not in text
    ] == []


def test_evidence_is_a_table(browser: Browser, tmp_path: Path) -> None:
    rows = [{"table": "public.a", "rows": 3}, {"table": "public.b", "rows": 0}]
    made = runbook_alone(telling(violated(evidence={"tables": rows, "asked": ["x", "y"], "none": None})), tmp_path)
    script = """
      await page.locator("#runbook .seen summary").first().click();
      const table = page.locator("#runbook .seen table");
      const texts = (place) => place.allInnerTexts();
      const names = page.locator("#runbook .seen dt");
      return [await texts(table.locator("th")), await texts(table.locator("td")), await texts(names)];"""

    assert seen(browser, made, script) == [
        ["table", "rows"],
        ["public.a", "3", "public.b", "0"],
        ["tables", "asked", "none"],
    ]


def test_unsteady_and_partly_waived_are_said(browser: Browser, tmp_path: Path) -> None:
    waiver = Waived(subjects=("public.countries",), reason="reference data", until="2026-12-31")
    sample = telling(verdict(case="slow", attempts=3, unsteady=True), violated(waiver=waiver))
    script = """
      await page.locator(".promise").evaluateAll((all) => all.forEach((one) => { one.open = true; }));
      return await page.locator("#runbook").innerText();"""

    text = seen(browser, runbook_alone(sample, tmp_path), script)

    assert "Unsteady: verified, but only after 3 attempts" in text
    assert "until 2026-12-31: reference data" in text


@pytest.mark.parametrize("scripted", [True, False])
def test_paper_and_no_script_show_what_is_not_green(browser: Browser, mixed: Path, scripted: bool) -> None:
    script = "return await page.innerText('#runbook')"

    text = seen(browser, mixed, script, scripted=scripted, print=True)

    for words in (
        "row-level security is off",
        "Contain",
        "DATABASE_URL is not set",
        "KeyError",
        "edited-base",
        "until 2026-12-31",
    ):
        assert words in text
    assert "endpoint_healthy[api]" in text  # the table of all
    assert "Search" not in text


def test_a_large_report_is_drawn_as_it_is_needed(browser: Browser, tmp_path: Path) -> None:
    made = runbook_alone(many(10_000), tmp_path)
    script = """
      const rows = () => page.locator("#runbook .promise").count();
      const before = await rows();
      await page.keyboard.press("/");
      await page.keyboard.type("public.t9999 ");
      await page.waitForFunction(() => document.querySelector(".told").textContent.startsWith("1 case"));
      return [before < 800, await shown(), await told()];"""

    assert seen(browser, made, script) == [True, {"promise_0499": "violated"}, "1 case of 10,000 in 1 promise"]


def test_history_of_one_environment_is_not_another_s(browser: Browser, tmp_path: Path) -> None:
    made = runbook_alone(telling(violated(), run={"environment": "staging"}, past=before()), tmp_path)
    script = 'return await page.locator("#runbook .case").first().innerText()'

    assert "still" not in seen(browser, made, script)


def test_long_lists_and_texts_are_there_when_they_are_asked_for(browser: Browser, tmp_path: Path) -> None:
    subjects = tuple(f"public.t{at}" for at in range(30))
    found = [violated(case=f"c{at}", subjects=subjects, message="long " * 1000) for at in range(250)]
    script = """
      const counts = () => page.evaluate(() => [".chip", "article.case", ".case:first-of-type .subjects code"].map(
        (one) => document.querySelectorAll(`#runbook ${one}`).length));
      const length = () => page.evaluate(() => document.querySelector("#runbook .message").textContent.length);
      const press = (name, at = 0) => page.getByRole("button", { name, exact: true }).nth(at).click();
      const seen = [await counts(), await length() < 2000];
      await press("50 more");
      await press("225 more");
      await press("10 more");
      await press("All of it");
      const arrived = await page.evaluate(() => document.activeElement.className);
      return [...seen, await counts(), await length(), arrived];"""

    few, cut, all_of_them, length, arrived = seen(browser, runbook_alone(telling(*found), tmp_path), script)

    assert (few, cut) == ([200, 25, 20], True)
    assert (all_of_them, length) == ([250, 250, 30], 5000)
    assert arrived == "message"


def test_a_link_leads_far_down(browser: Browser, tmp_path: Path) -> None:
    made = runbook_alone(many(10_000), tmp_path)

    assert seen(browser, made, "return await focused()", anchor="#promise_0497[case-9950]") == "promise_0497"


def test_what_is_most_severe_comes_first(browser: Browser, tmp_path: Path) -> None:
    low = violated(check="a_low", severity="low", file="checks/authentication/a_low.py")
    high = verdict("blind", check="b_high", severity="high", file="checks/database/b_high.py")
    made = runbook_alone(telling(low, high, violated(), verdict(check="c", file="checks/database/c.py")), tmp_path)
    script = 'return await page.locator(".family h3").allInnerTexts()'

    assert seen(browser, made, script) == ["Row security", "Database", "Authentication"]
