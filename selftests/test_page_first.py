"""The first screen: the word, what broke, since when, what changed, the first step; also without any script."""

import re
from pathlib import Path

import pytest

from reports.page import page
from reports.page.remedy import containing
from reports.telling import Telling
from selftests.page_browser import Browser
from selftests.page_samples import all_green, before, died, every_outcome, runbook_alone, telling, unseen
from selftests.report_samples import verdict, violated, waived

GREEN_AT_A_PRICE = ["GO", "Accepted as they are: 1, the first until 2026-12-31.", "Not on the first look: 1.", "2/4"]
FIRST = "return await page.evaluate(() => document.querySelector('#first').innerText)"
# What the clipboard holds, as somebody who pastes it gets it.
PASTE = """
  const paste = async (page) => {
    const field = () => Object.assign(document.createElement("textarea"), { id: "paste" });
    await page.evaluate(`document.body.prepend((${field})())`);
    await page.focus("#paste");
    await page.keyboard.press("Control+V");
    return page.inputValue("#paste");
  };
"""
# What is not seen without scrolling on a phone, of the word, the advice, the first step, and the first of what broke.
SEEN = """return await page.evaluate(() => ["h1", ".advice", ".facts", ".step", ".blocks li, .broke p"].filter(
  (one) => document.querySelector(`#first ${one}`)?.getBoundingClientRect().bottom > innerHeight))"""


def first_screen(browser: Browser, sample: Telling, folder: Path, scripted: bool = False) -> str:
    text, problems = browser.visit(runbook_alone(sample, folder), FIRST, scripted=scripted)
    assert problems == []
    return str(text)


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        (all_green(), ["✓ GO", "Keep this release", "Nothing.", "0 violated", "0 blind"]),
        (unseen(), ["? CANNOT SEE", "What could not be seen", "DATABASE_URL is not set: export it", "and 1 more"]),
        (
            every_outcome(),
            ["✕ HOLD", "Contain it now", "row-level security is off", "public.invoices", "revoke all on"],
        ),
        (
            died(),
            [
                "? CANNOT SEE",
                "the run's deadline of 60 s passed",
                "Mend what kept it",
                "Nothing was verified, so nothing is known",
            ],
        ),
        (telling(), ["? CANNOT SEE", "Nothing was verified"]),
        (telling(verdict(unsteady=True, attempts=2), waived(), run={"shard": "2/4"}), GREEN_AT_A_PRICE),
        (telling(verdict(), missing=("a[b]",)), ["? CANNOT SEE", "missing a[b]", "Run the lane again"]),
        (telling(verdict("crashed", message="KeyError: 'x'")), ["? CANNOT SEE", "fault of the suite itself"]),
    ],
    ids=["go", "blind", "hold", "died", "empty", "waived", "missing", "crashed"],
)
def test_it_says_what_to_do(browser: Browser, tmp_path: Path, sample: Telling, said: list[str]) -> None:
    text = " ".join(first_screen(browser, sample, tmp_path).split())

    assert [words for words in said if words not in text] == []


@pytest.mark.parametrize(
    "sample", [all_green(), unseen(), every_outcome(), died()], ids=["go", "blind", "hold", "died"]
)
def test_a_phone_shows_it_without_scrolling(browser: Browser, tmp_path: Path, sample: Telling) -> None:
    assert browser.visit(runbook_alone(sample, tmp_path), SEEN, width=390, height=844) == ([], [])


def test_a_phone_shows_three_and_says_how_many_more(browser: Browser, tmp_path: Path) -> None:
    made = runbook_alone(telling(*(violated(case=str(at)) for at in range(9)), missing=("a",)), tmp_path)
    script = """return await page.evaluate(() => {
      const visible = (one) => [...document.querySelectorAll(`#first ${one}`)].filter((row) => row.checkVisibility());
      return [visible(".blocks li").length, visible(".broke > p").map((row) => row.innerText)];
    })"""

    assert browser.visit(made, script, width=390).result == [3, ["and 7 more"]]
    assert browser.visit(made, script, width=1440).result == [6, ["and 4 more"]]


def test_observations_that_were_late_are_one_thing_to_mend(browser: Browser, tmp_path: Path) -> None:
    late = "no answer within 10 s, the deadline of this observation"
    names = ("tables", "policies", "functions", "keys", "logs", "sessions")
    blind = [verdict("blind", case=name, message=f"{name}: {late}") for name in names]

    text = first_screen(browser, telling(*blind, verdict("blind", case="x", message="y: z")), tmp_path)

    assert "rls_enabled[tables] and 5 more" in text
    assert "6 observations had no answer within 10 s: tables, policies, functions, keys, logs, …" in text
    assert "y: z" in text


def test_it_says_what_changed(browser: Browser, tmp_path: Path) -> None:
    sample = telling(violated(), verdict("blind", check="migration_status", case="unknown", message="x"),
                     violated(case="b"), verdict(check="endpoint_healthy", case="api"), past=before())  # fmt: skip

    text = " ".join(first_screen(browser, sample, tmp_path).split())

    assert "Since the previous run 2026-11-21 09:00 UTC · a1b2c3d · ✕ HOLD" in text
    assert "1 newly violated: rls_enabled[b]" in text
    assert "1 still violated: rls_enabled[environment]" in text
    assert "1 no longer seen: migration_status[unknown]" in text
    assert "1 mended: endpoint_healthy[api]" in text
    assert "violated since 2026-11-21 09:00 UTC" in text


def test_no_earlier_run_is_not_no_change(browser: Browser, tmp_path: Path) -> None:
    text = first_screen(browser, telling(violated()), tmp_path)

    assert "No earlier run of this environment is known" in text
    assert "newly violated" not in text


def test_age_is_told_and_warned_of(browser: Browser, tmp_path: Path) -> None:
    old = first_screen(
        browser, telling(verdict(), run={"started": "2020-01-01T00:00:00+00:00"}), tmp_path, scripted=True
    )
    young = first_screen(
        browser, telling(verdict(), run={"started": "2099-01-01T00:00:00+00:00"}), tmp_path, scripted=True
    )

    assert re.search(r"2020-01-01 00:00 UTC \(\d+ years ago\)", old)
    assert re.search(r"This report is \d+ years old: look again", old)
    assert "look again" not in young
    assert "in the future, by your clock" in young


@pytest.mark.parametrize("granted", [["clipboard-read", "clipboard-write"], []])
def test_the_first_step_is_copied(browser: Browser, tmp_path: Path, granted: list[str]) -> None:
    script = """
      await page.click("#first .step .copy");
      await page.waitForFunction(() => document.querySelector("#first .step .copy").textContent !== "Copy");
      const said = [await page.textContent("#first .step .copy"), await page.textContent("#said")];
      const pasted = await paste(page);
      return [...said, pasted];"""

    result, problems = browser.visit(runbook_alone(telling(violated()), tmp_path), PASTE + script, granted=granted)

    assert (result, problems) == (
        ["Copied", "Copied", "revoke all on public.invoices from anon;\nrevoke all on public.plans from anon;"],
        [],
    )


@pytest.mark.parametrize(
    ("contain", "subjects", "step"),
    [
        (
            "revoke all on <table> from anon;",
            ("public.a", "b"),
            ("revoke all on public.a from anon;\nrevoke all on b from anon;", ""),
        ),
        (
            "revoke x on <table>;   (nobody\nsees it)",
            ("table public.a",),
            ("revoke x on public.a;", "(nobody\nsees it)"),
        ),
        ("revoke x on <table>;", ("a; drop table b",), ("revoke x on <table>;", "")),
        ("revoke x on <table>;", ("public.a", 'public."B c"'), ("revoke x on <table>;", "")),
        ("revoke x on <table>;", (), ("revoke x on <table>;", "")),
        ("do not deploy. Read <table>", ("public.a",), ("do not deploy. Read <table>", "")),
    ],
)
def test_the_first_step_has_its_names_filled_in(contain: str, subjects: tuple[str, ...], step: tuple[str, str]) -> None:
    assert containing(violated(contain=contain, subjects=subjects)) == step


def test_what_took_too_long_has_a_step(browser: Browser, tmp_path: Path) -> None:
    late = verdict("blind", message="keyring: no answer within 10 s, the deadline of this observation")

    assert "Run it again. If it stays, see whether what is asked is up" in first_screen(
        browser, telling(late), tmp_path
    )
    assert "`within` under [environment]" in first_screen(browser, died(), tmp_path)


def test_what_is_only_accepted_is_not_mended(browser: Browser, tmp_path: Path) -> None:
    text = " ".join(first_screen(browser, telling(waived(case="environment"), past=before()), tmp_path).split())

    assert "~ 1 now waived: rls_enabled[environment]" in text
    assert "mended" not in text


def test_the_whole_commit_is_copied(browser: Browser, tmp_path: Path) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    script = """
      const shown = await page.textContent("#first .facts code");
      await page.click("#first .facts .copy");
      const pasted = await paste(page);
      return [shown, pasted];"""

    made = runbook_alone(telling(violated(), run={"commit": commit}), tmp_path)

    assert browser.visit(made, PASTE + script) == ([commit[:12], commit], [])


def test_its_links_lead_to_the_case(browser: Browser, tmp_path: Path) -> None:
    script = """
      await page.click("#first .blocks .case");
      return await page.evaluate(() => {
        const one = document.activeElement;
        return [location.hash, one.dataset.case, one.closest("details.promise").open];
      });"""

    assert browser.visit(runbook_alone(every_outcome(), tmp_path), script) == (
        ["#rls_enabled[environment]", "rls_enabled[environment]", True],
        [],
    )


def test_light_and_dark_are_kept(browser: Browser, tmp_path: Path) -> None:
    script = """
      const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const seen = [await ground()];
      await page.click("#theme");
      seen.push(await ground());
      await page.reload();
      await page.waitForSelector("html[data-ready]", { state: "attached" });
      return [...seen, await ground(), await page.getAttribute("#theme", "aria-pressed")];"""

    (light, dark, again, pressed), problems = browser.visit(runbook_alone(all_green(), tmp_path), script)

    assert (light != dark, again, pressed, problems) == (True, dark, "true", [])


def test_the_wall_shows_the_first_screen_only(browser: Browser, tmp_path: Path) -> None:
    script = """
      const shown = () => page.evaluate(() =>
        ["#first", "nav", "main"].map((one) => document.querySelector(one).checkVisibility()));
      const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector("h1")).fontSize));
      const seen = [await shown(), await size() > 300];
      await page.keyboard.press("Escape");
      return [...seen, await shown()];"""

    made = runbook_alone(every_outcome(), tmp_path)

    assert browser.visit(made, script, anchor="#wall", width=3840, height=2160) == (
        [[True, False, False], True, [True, True, True]],
        [],
    )


def test_the_title_says_the_word() -> None:
    assert "<title>HOLD · production · Seatrial</title>" in page(every_outcome())
