"""The timeline: where the time went, who waited, and what saw nothing."""

from pathlib import Path
from typing import Any

import pytest

from fixtures.engine.registry import REGISTRY, Observation
from reports.page import write_page
from reports.page.looks import spoken, times
from reports.page.timeline import data, static
from selftests.page_browser import Browser
from selftests.page_pictures import look
from selftests.page_samples import telling
from selftests.report_samples import HOSTILE, verdict

SOME = (
    look("slow", 1_000, 4_000),
    *(look(f'drift "{kind}"', 200, 900.0 + number) for number, kind in enumerate(("columns", "types", "views"))),
    look('drift "roles"', 200, 400),
    look("gone", 100, 9_000, sight="unobservable", reason="gone: no answer within 9 s", attempts=3),
    look("never", None, 0, sight="unobservable", reason="DATABASE_URL is not set"),
    look("other", 50, 10, sight="inapplicable", reason="nothing of that kind"),
)


def judged(case: str, *keys: str) -> Any:
    return verdict(check=case, case="", observations=keys)


@pytest.fixture
def doors(monkeypatch: pytest.MonkeyPatch) -> None:
    """`late` needs what `slow` saw, and `early` is needed by `slow`."""

    async def probe() -> None: ...

    for name, needs in {"late": ("slow", "http"), "slow": ("early",), "early": ()}.items():
        monkeypatch.setitem(REGISTRY.observations, name, Observation(name, probe, 5.0, "read", needs))


def test_one_piece_of_work_is_one_row() -> None:
    rows = {(row.name, row.count): row for row in times(telling(observations=SOME)).looks}

    assert set(rows) == {("slow", 1), ("drift", 3), ("drift", 1), ("gone", 1), ("other", 1)}
    assert rows["drift", 3].asked == ("columns", "types", "views")
    assert (rows["drift", 3].at, rows["drift", 3].ms, rows["drift", 3].end) == (200.0, 902.0, 1_102.0)


def test_waiting_is_counted_from_the_first_look() -> None:
    rows = {row.name: row for row in times(telling(observations=SOME)).looks}

    assert (rows["other"].waited, rows["slow"].waited) == (0.0, 950.0)


def test_who_waited_also_by_others(doors: None) -> None:
    seen = (look("early", 0, 100), look("slow", 100, 500), look("late", 600, 50))
    rows = {row.name: row for row in times(telling(judged("a", "late"), judged("b", "early"), observations=seen)).looks}

    assert {name: row.checks for name, row in rows.items()} == {"late": ("a",), "slow": ("a",), "early": ("b", "a")}


def test_what_the_end_waited_for(doors: None) -> None:
    seen = (look("early", 0, 100), look("slow", 100, 500), look("late", 601, 50), look("else", 0, 300))

    assert [row.name for row in times(telling(observations=seen)).chain()] == ["early", "slow", "late"]


def test_sentences() -> None:
    told = data(telling(judged("rls", "slow"), observations=SOME))["told"]

    assert told == [
        "7 looks in 9.1 s: 5 pieces of work, 1.6 at once on average.",
        "Slowest: gone, 9.0 s.",
        "Last to answer: gone, 9.0 s.",
        "2 looks saw nothing.",
        "1 look needed more than one attempt.",
    ]


@pytest.mark.parametrize(
    ("verdicts", "sentence"),
    [((), "nothing was looked at before the run ended"), ((verdict(),), "this run kept no observations")],
)
def test_nothing_is_said(verdicts: tuple[Any, ...], sentence: str) -> None:
    assert sentence in static(telling(*verdicts))


def test_a_replay_says_when_it_was_seen() -> None:
    made = telling(verdict(), run={"started": "2026-11-24T10:00:00+00:00"}, observations=SOME)

    assert data(made)["told"][0] == ("Judged again: this was seen by the run that began 2026-11-22 at 10:00:00 UTC.")
    assert times(made).end == pytest.approx(9_050.0)


def test_a_replay_whose_start_is_known_says_so() -> None:
    made = telling(verdict(), run={"started": "2026-11-22T09:59:00+00:00", "replayed": True}, observations=SOME)

    assert data(made)["told"][0] == ("Judged again: this was seen by the run that began 2026-11-22 at 09:59:00 UTC.")


@pytest.mark.parametrize("began", ["yesterday", 12, "", None])
def test_instants_that_are_none_never_began(began: object) -> None:
    assert [row.name for row in times(telling(observations=(look("x", 0) | {"began": began},))).never] == ["x"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ('"live"', "live"),
        ('{"case":"hop","on":"replayed","beyond":null}', "hop, replayed"),
        ('["all","host"]', "all, host"),
        ("15", "15"),
        ("{}", "{}"),
        ("{not json", "{not json"),
    ],
)
def test_questions_without_the_signs_of_json(asked: str, said: str) -> None:
    assert spoken(asked) == said


def test_without_scripts_the_blind_are_named(browser: Browser, tmp_path: Path) -> None:
    page = write_page(telling(verdict(), observations=SOME), tmp_path)
    text, problems = browser.visit(
        page, "return await page.evaluate(() => document.querySelector('#timeline').innerText)", scripted=False
    )

    assert problems == []
    assert "gone: no answer within 9 s, 3 attempts" in text
    assert "DATABASE_URL is not set" in text
    assert "5 pieces of work" in text


def test_rows_open_and_can_be_chosen(browser: Browser, tmp_path: Path) -> None:
    page = write_page(telling(judged("rls", "slow"), observations=SOME), tmp_path)
    script = """
      const part = page.locator("#timeline");
      const names = () => part.locator(".called").allInnerTexts();
      const result = [await names()];
      await part.getByRole("button", { name: "not seen" }).click();
      result.push(await names());
      await part.getByRole("button", { name: "all", exact: true }).click();
      await part.getByRole("button", { name: "as they began" }).click();
      result.push(await names());
      await part.getByRole("searchbox").fill("COLUMNS");
      result.push(await names());
      await part.getByRole("searchbox").fill("rls");
      await part.getByRole("button", { name: "slow", exact: true }).press("Enter");
      result.push(await part.locator(".opened").innerText(), await part.locator(".opened a").getAttribute("href"));
      await part.getByRole("button", { name: "slow", exact: true }).press("Enter");
      result.push(await part.locator(".opened").count());
      return result;"""

    (slowest, unseen, began, found, opened, link, left), problems = browser.visit(page, script)

    assert slowest == ["never", "gone", "slow", "drift", "drift", "other"]
    assert unseen == ["never", "gone"]
    assert began == ["never", "other", "gone", "drift", "drift", "slow"]
    assert found == ["drift"]
    assert "From 1.0 s to 5.0 s of the run: 4.0 s" in opened
    assert (link, left, problems) == ("#rls", 0, [])


def test_two_thousand_looks(browser: Browser, tmp_path: Path) -> None:
    many = tuple(look(f"look_{number % 400} {number}", number, 5_000 - number) for number in range(2_000))
    page = write_page(telling(verdict(), observations=many), tmp_path)
    script = """
      const few = await page.locator("#timeline tbody tr[data-state]").count();
      await page.getByRole("button", { name: "Show all 2,000" }).click();
      const shown = await page.locator("#timeline tbody tr[data-state]").count();
      await page.getByRole("searchbox", { name: /^Looks/ }).fill("look_399");
      return [few, shown, await page.locator("#timeline tbody tr[data-state]").count()];"""

    (few, shown, found), problems = browser.visit(page, script)

    assert (few, found, problems) == (15, 5, [])
    assert 15 < shown <= 300


def test_hostile_texts(browser: Browser, tmp_path: Path) -> None:
    seen = look(f"x {HOSTILE}", 0, 5, sight="unobservable", reason=HOSTILE)
    page = write_page(telling(verdict(observations=(f"x {HOSTILE}",)), observations=(seen,)), tmp_path)
    script = """
      await page.locator("#timeline .opens").first().click();
      return [await page.locator("#timeline .opened").innerText(), await page.locator("#timeline script").count()];"""

    (text, scripts), problems = browser.visit(page, script)

    assert "<script>" in text
    assert (scripts, problems) == (0, [])


def test_bars_stand_where_the_time_was(browser: Browser, tmp_path: Path) -> None:
    seen = (look("first", 0, 1_000), look("later", 2_000, 2_000, sight="unobservable", reason="late"))
    page = write_page(telling(verdict(), observations=seen), tmp_path)
    script = """
      return await page.evaluate(() => [...document.querySelectorAll("#timeline tbody .lane")].map((lane) => {
        const whole = lane.getBoundingClientRect();
        return [...lane.children].map((part) => {
          const box = part.getBoundingClientRect();
          const share = (length) => Math.round((length / whole.width) * 100);
          const striped = getComputedStyle(part).backgroundImage !== "none";
          return [part.className, share(box.left - whole.left), share(box.width), striped];
        });
      }))"""

    (later, first), problems = browser.visit(page, script)

    assert later == [["waiting", 0, 50, False], ["look", 50, 50, True]]
    assert first == [["look", 0, 25, False]]
    assert problems == []
