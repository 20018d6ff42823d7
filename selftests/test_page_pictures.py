"""All four pictures at once, full of what they can show: nobody is shut out, and nothing is wider than the screen."""

from pathlib import Path

import pytest

from reports.page import write_page
from reports.past.history import Past
from reports.telling import Telling
from selftests.page_browser import Browser
from selftests.page_pictures import PEOPLE, look, past_run, served, trespass
from selftests.page_samples import telling
from selftests.report_samples import one_of_each, verdict, violated

PARTS = ("matrix", "timeline", "access", "history")
LONG = "public." + "a_table_with_a_long_name_" * 6
OPENED = """
  await page.evaluate(() => {
    document.querySelectorAll("#timeline .opens, #access .opens").forEach((one) => one.click());
    document.querySelectorAll("#history .strip").forEach((strip) => strip.querySelector("button")?.click());
    document.querySelectorAll("#access details").forEach((one) => { one.open = true; });
  });"""


def everything() -> Telling:
    """Each state of each picture."""
    people = PEOPLE | {LONG: {"member": "SELECT=error UPDATE=stopped", "forged": "INSERT=all"}}
    change = {"about": "public.profiles", "persona": "member", "command": "UPDATE", "says": "UPDATE is own"}
    defect = {"about": "public.plans", "message": "infinite recursion", "actions": ["insert-own"]}
    blind = {"about": LONG, "action": "delete", "reason": "nobody succeeds"}
    observations = (
        served(people, defects=[defect]),
        trespass(),
        look('attempted {"case":"member-delete","on":"replayed"}', 10, facts={"trespasses": [], "blind": [blind]}),
        look("access_changes", 20, facts=[change]),
        look("late", 900, 3_000, sight="unobservable", reason="late: no answer within 3 s", attempts=4),
        look("broken", 900, 30, sight="crashed", reason="KeyError: 'oid'"),
        look("quiet", 900, 3, sight="inapplicable", reason="nothing of that kind"),
        look("never", None, 0, sight="unobservable", reason="DATABASE_URL is not set"),
    )
    runs = (
        past_run(1, word="HOLD", violated=["rls_enabled[environment]"], url="https://example.com/1"),
        past_run(2, word="CANNOT SEE", blind=["migration_status[unknown]"]),
        past_run(3, "staging", families={"health": {"crashed": 1}, "tenants": {"waived": 1}}),
        past_run(9, "staging", families={"rollback": {"inapplicable": 1}}),
        *(past_run(10 + number) for number in range(40)),
    )
    verdicts = (*one_of_each(), violated(case="second", observations=("late",)))
    return telling(*verdicts, missing=("gone",), observations=observations, past=Past(runs=runs))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(everything(), tmp_path_factory.mktemp("pictures"))


def test_nobody_is_shut_out(browser: Browser, made: Path) -> None:
    script = f"""
      {OPENED}
      const found = {{}};
      for (const width of [390, 1440]) for (const [name, media] of Object.entries({{
        light: {{ media: "screen", colorScheme: "light" }}, dark: {{ media: "screen", colorScheme: "dark" }},
        print: {{ media: "print", colorScheme: "light" }},
      }})) {{
        await page.setViewportSize({{ width, height: 900 }});
        await page.emulateMedia(media);
        for (const line of await axe()) found[`${{width}} ${{name}} ${{line}}`] = 1;
      }}
      return Object.keys(found);"""

    assert browser.visit(made, script) == ([], [])


def test_nothing_is_wider_than_the_screen(browser: Browser, made: Path) -> None:
    script = f"""
      {OPENED}
      const wider = {{}};
      for (const width of [320, 390, 768, 1440, 3840]) {{
        await page.setViewportSize({{ width, height: 900 }});
        const by = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (by > 0) wider[width] = by;
      }}
      return wider;"""

    assert browser.visit(made, script) == ({}, [])


def test_every_picture_can_be_reached_by_keyboard(browser: Browser, made: Path) -> None:
    script = """
      const reached = new Set();
      for (let at = 0; at < 400; at += 1) {
        await page.keyboard.press("Tab");
        const part = await page.evaluate(() => document.activeElement.closest("section")?.id);
        if (part) reached.add(part);
        if (reached.has("history")) break;
      }
      return [...reached];"""

    reached, problems = browser.visit(made, script)

    assert {*PARTS} <= {*reached}
    assert problems == []


@pytest.mark.parametrize("part", PARTS)
def test_there_is_a_table_with_heads(browser: Browser, made: Path, part: str) -> None:
    """The text alternative: without scripts too, each picture is a table whose rows and columns have heads."""
    script = f"""return await page.evaluate(() => [...document.querySelectorAll("#{part} table")].map((table) =>
      [table.querySelectorAll("th[scope=col]").length > 1, table.querySelectorAll("th[scope=row]").length > 0]))"""

    for scripted in (True, False):
        tables, problems = browser.visit(made, script, scripted=scripted)
        assert tables
        assert all(columns and rows for columns, rows in tables)
        assert problems == []


def test_a_run_that_died(browser: Browser, tmp_path: Path) -> None:
    made = write_page(telling(run={"reason": "the run hung", "exit": 10, "word": "CANNOT SEE"}), tmp_path)
    script = "return await page.evaluate((parts) => parts.map((id) => document.getElementById(id).innerText), {})"

    texts, problems = browser.visit(made, script.format(str([*PARTS]).replace("'", '"')))

    assert problems == []
    for text, sentence in zip(
        texts,
        (
            "There is no matrix",
            "nothing was looked at before",
            "Nobody tried who may do what",
            "No earlier run is known",
        ),
        strict=True,
    ):
        assert sentence in text


def test_a_green_run_is_short(browser: Browser, tmp_path: Path) -> None:
    made = write_page(telling(verdict(), past=Past(runs=(past_run(1),))), tmp_path)
    script = "return await page.evaluate(() => document.querySelector('#history').innerText)"

    text, problems = browser.visit(made, script)

    assert "No case is other than green" in text
    assert problems == []
