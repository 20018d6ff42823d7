"""Filters, keys and the address of the report page."""

from pathlib import Path

import pytest

from selftests.page_browser import Browser
from selftests.page_samples import every_outcome, runbook_alone
from selftests.test_page_runbook import seen

LOUD = {
    "signup_trigger": "crashed",
    "migration_status": "blind",
    "applied_unchanged": "missing",
    "rls_enabled": "violated",
}
COUNTS = """
  const counts = (facet) => page.locator(`.choice[data-facet="${facet}"]`).evaluateAll((all) =>
    Object.fromEntries(all.map((one) =>
      [one.dataset.value, Number(one.querySelector(".count").textContent.replaceAll(",", ""))])));
"""


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return runbook_alone(every_outcome(), tmp_path_factory.mktemp("mixed"))


def test_choices_have_counts(browser: Browser, mixed: Path) -> None:
    outcomes, changes = seen(browser, mixed, COUNTS + 'return [await counts("outcome"), await counts("change")]')

    assert outcomes.pop("not-run") > 500
    assert outcomes == dict.fromkeys(
        ("violated", "blind", "crashed", "missing", "waived", "verified", "inapplicable"), 1
    )
    assert changes == {"still": 1, "unseen": 1, "mended": 1}


def test_choices_narrow_each_other(browser: Browser, mixed: Path) -> None:
    script = """
      await choose("outcome", "violated");
      const first = [await shown(), await told(), await hash()];
      first.push((await counts("family")).row_security, (await counts("outcome")).blind);
      await choose("outcome", "blind");
      const both = [await shown(), await hash()];
      await choose("severity", "high");
      return [first, both, await shown(), await hash()];"""

    first, both, narrowed, address = seen(browser, mixed, COUNTS + script)

    assert first[0] == {"rls_enabled": "violated"}
    assert first[1].startswith("1 case of ")
    assert first[2:] == ["#outcome=violated", 1, 1]
    assert both == [{"migration_status": "blind", "rls_enabled": "violated"}, "#outcome=violated,blind"]
    assert (narrowed, address) == ({"migration_status": "blind"}, "#outcome=violated,blind&severity=high")


@pytest.mark.parametrize(
    ("anchor", "shown"),
    [
        ("#outcome=blind", {"migration_status": "blind"}),
        ("#change=mended", {"endpoint_healthy": "verified"}),
        ("#runbook=HLTH-1&outcome=verified", {"endpoint_healthy": "verified"}),
        ("#family=row_security&outcome=waived", {"rls_enabled": "waived"}),
        ("#lane=prod-smoke&outcome=crashed", {"signup_trigger": "crashed"}),
        ("#text=INVOICES%20off", {"rls_enabled": "violated"}),
        ("#outcome=nonsense", {}),
        ("#%zz", LOUD),
    ],
)
def test_an_address_shows_the_same_again(browser: Browser, mixed: Path, anchor: str, shown: dict[str, str]) -> None:
    assert seen(browser, mixed, "return await shown()", anchor=anchor) == shown


def test_back_and_forward_work(browser: Browser, mixed: Path) -> None:
    script = """
      await page.evaluate(() => { location.hash = "#outcome=blind"; });
      await page.evaluate(() => { location.hash = "#outcome=crashed"; });
      const visible = (check) => page.waitForFunction(
        (name) => document.querySelector(`.promise[data-check=${name}]`)?.checkVisibility(), check);
      await visible("signup_trigger");
      await page.goBack();
      await visible("migration_status");
      return await shown();"""

    assert seen(browser, mixed, script) == {"migration_status": "blind"}


def test_a_link_to_what_a_filter_hides_gives_the_filter_up(browser: Browser, mixed: Path) -> None:
    script = "return [await focused(), await hash()]"

    assert seen(browser, mixed, script, anchor="#rls_enabled&outcome=blind") == ["rls_enabled", "#rls_enabled"]


def test_nothing_found_says_so(browser: Browser, mixed: Path) -> None:
    script = """
      await page.keyboard.press("/");
      await page.keyboard.type("no such text");
      await page.waitForFunction(() => document.querySelector(".told").textContent.startsWith("0 cases"));
      const said = await page.innerText("#runbook .families");
      await page.keyboard.press("Escape");
      return [said, (await told()).includes(" of "), await page.inputValue("#search"), await hash()];"""

    assert seen(browser, mixed, script) == ["Nothing is like that. Escape shows all again.", False, "", ""]


def test_keys_walk_through_what_is_not_green(browser: Browser, mixed: Path) -> None:
    script = """
      const walked = [];
      for (const key of ["j", "j", "j", "j", "j", "k"]) {
        await page.keyboard.press(key);
        walked.push(await focused());
      }
      const open = () => page.evaluate(() => document.activeElement.closest(".promise").open);
      const before = await open();
      await page.keyboard.press("Enter");
      return [walked, before, await open()];"""

    order = ["rls_enabled", "migration_status", "applied_unchanged", "signup_trigger"]
    assert seen(browser, mixed, script) == [[*order, order[0], order[3]], True, False]


def test_keys_are_told_and_are_letters_in_a_field(browser: Browser, mixed: Path) -> None:
    script = """
      await page.keyboard.press("?");
      const dialog = await page.innerText("dialog.keys");
      const wrong = await axe();
      await page.keyboard.press("Escape");
      const closed = !(await page.locator("dialog.keys").isVisible());
      await page.keyboard.press("/");
      await page.keyboard.type("jk?t");
      const explained = dialog.includes("next promise that is not green");
      return [explained, wrong, closed, await page.inputValue("#search"), await focused()];"""

    assert seen(browser, mixed, script) == [True, [], True, "jk?t", "search"]


def test_the_focus_is_seen_and_the_skip_link_leads_in(browser: Browser, mixed: Path) -> None:
    script = """
      await page.keyboard.press("Tab");
      const first = await page.evaluate(() => {
        const one = document.activeElement;
        return [one.textContent, one.getBoundingClientRect().left >= 0, getComputedStyle(one).outlineStyle];
      });
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.activeElement.id === "main");
      await page.keyboard.press("Tab");
      return [first, await focused()];"""

    assert seen(browser, mixed, script) == [["Skip to the runbook", True, "solid"], "search"]


def test_results_are_announced(browser: Browser, mixed: Path) -> None:
    script = 'return await page.evaluate(() => document.querySelector("#runbook .told").getAttribute("role"))'

    assert seen(browser, mixed, script) == "status"
