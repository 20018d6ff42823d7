"""Who may do what, as a picture: words and squares, with three tables and with a thousand."""

from pathlib import Path

from reports.page import write_page
from reports.page.access import data, static
from reports.page.rights import STRENGTH
from selftests.page_browser import Browser
from selftests.page_pictures import PEOPLE, look, served, trespass
from selftests.page_samples import telling
from selftests.report_samples import HOSTILE


def test_of_many_tables_the_text_has_the_urgent_ones() -> None:
    many = served({f"public.t{number:03}": {"member": "SELECT=own"} for number in range(1_000)} | PEOPLE)
    text = static(telling(observations=(many, trespass())))

    assert text.count("<tr>") == 3
    assert "READS: ROWS OF ANOTHER TENANT" in text
    assert "these are the 2 with something wrong in them" in text
    assert "access.json has the other 1,001" in text


def test_the_picture(browser: Browser, tmp_path: Path) -> None:
    change = {"about": "public.profiles", "persona": "member", "command": "UPDATE", "says": "member: UPDATE is own"}
    page = write_page(telling(observations=(served(), trespass(), look("access_changes", facts=[change]))), tmp_path)
    script = """
      const part = page.locator("#access .live");
      const rows = () => part.locator("tbody th").evaluateAll((all) => all.map((one) => one.textContent));
      const cell = (name, at) => part.locator("tr", { hasText: name }).locator("td").nth(at);
      const words = (name, at) => cell(name, at).locator(".unseen").textContent();
      const result = [await rows(), await words("public.invoices", 1), await words("public.invoices", 2)];
      result.push(await words("public.plans", 0), await words("public.profiles", 2));
      result.push(await cell("public.invoices", 1).locator("i").first().getAttribute("data-wrong"));
      await part.getByRole("button", { name: /^Only wrong/ }).click();
      result.push(await rows());
      await part.getByRole("searchbox").fill("INVOI");
      result.push(await rows());
      await part.getByRole("button", { name: /public.invoices/ }).press("Enter");
      result.push(await part.locator(".opened").innerText());
      return result;"""

    (rows, stranger, member, anon, profile, wrong, urgent, found, opened), problems = browser.visit(page, script)

    assert rows == [
        "Wrong, not known, or not as agreed on (2)", "✕ rows of another tenant, public.invoices",
        "Δ not as agreed on, public.profiles", "public (1)", "public.plans",
    ]  # fmt: skip
    assert (stranger, wrong) == ("reads: rows of another tenant", "trespass")
    assert member == "reads: rows of another tenant; reads: rows of their tenant"
    assert (anon, profile) == ("reads: all rows", "changes: not as agreed on; reads, changes: rows of their tenant")
    assert urgent == rows
    assert found == ["Wrong, not known, or not as agreed on (1)", rows[1]]
    assert "in the environment's database: Anybody who signs up can read rows" in opened
    assert problems == []


def test_a_thousand_tables(browser: Browser, tmp_path: Path) -> None:
    people = {who: "SELECT=own" for who in STRENGTH if "-" not in who}
    many = served({f"schema{number % 3}.t{number:04}": people for number in range(1_000)})
    page = write_page(telling(observations=(many,)), tmp_path)
    script = """
      const rows = () => page.locator("#access tbody th[scope=row]").count();
      const before = await rows();
      const box = page.locator("#access .tall");
      await box.evaluate((box) => { box.scrollTop = box.scrollHeight; });
      await page.locator("#access").getByText("schema2.t0998").waitFor();
      const group = await page.locator("#access .group").first().innerText();
      return [before, group, await box.evaluate((box) => box.scrollHeight)];"""

    (before, group, high), problems = browser.visit(page, script)

    assert before < 200
    assert group == "schema0 (334)"
    assert high > 20_000
    assert problems == []


def test_hostile_names(browser: Browser, tmp_path: Path) -> None:
    made = telling(observations=(served({HOSTILE: {HOSTILE: "SELECT=all"}}), trespass(about=HOSTILE, says=HOSTILE)))
    script = """
      await page.locator("#access .opens").first().click();
      return [await page.locator("#access .opened").innerText(), await page.locator("#access script").count()];"""

    (text, scripts), problems = browser.visit(write_page(made, tmp_path), script)

    assert "<script>" in text
    assert (scripts, problems) == (0, [])
    assert data(made)["tables"]


def test_levels_differ_by_more_than_colour(browser: Browser, tmp_path: Path) -> None:
    """Nothing, own rows, those of a tenant, all, an error, not known: letter, edge or pattern tells them apart."""
    people = {"stranger": "SELECT=own INSERT=error DELETE=stopped", "member": "SELECT=own", "admin": "SELECT=all"}
    page = write_page(telling(observations=(served({"public.t": people}),)), tmp_path)
    script = """
      return await page.evaluate(() => [...document.querySelectorAll("#access .rights .cell i")].map((one) => {
        const { borderTopStyle, backgroundImage, backgroundColor } = getComputedStyle(one);
        const empty = backgroundColor === "rgba(0, 0, 0, 0)";
        const filled = backgroundImage !== "none" ? "striped" : empty ? "open" : "full";
        return [one.dataset.level, [one.textContent.replace(/[SIUD]/, "letter"), borderTopStyle, filled].join(" ")];
      }))"""

    found, problems = browser.visit(page, script)

    looks = dict(found)
    assert looks.keys() == {"n", "o", "t", "a", "e", "u"}
    assert len({*looks.values()}) == len(looks)
    assert problems == []
