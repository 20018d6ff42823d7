"""The fault matrix says what checks and fault rows say, and its page works in a browser, by keyboard and offline."""

import json
from pathlib import Path

import msgspec
import pytest

from sandbox.faults import Fault
from selftests import ran
from selftests.fault_reach import MANIFEST, all_faults
from selftests.matrix import Case, Column, Matrix, matrix
from selftests.matrix_page.__main__ import NAME, main
from selftests.matrix_page.page import data, page
from selftests.page_browser import Browser
from selftests.ran import Ran, digest, note, ran_rows
from selftests.voyage import HOUSE

HOSTILE = "</script><script>alert(1)</script>@js@ <!-- & `|` ::error:: @everyone \u2028 \x07"
CASE = Case(case="dns_answers[a]", check="dns_answers", family="health", severity="high", lanes=("prod-smoke",))
OTHER = Case(case="rls_enabled", check="rls_enabled", family="row_security", severity="critical", lanes=("migrations",))
RAN, RAN_SHORT = Ran("2026-01-02", "abc", "1", 2), Ran("2026-01-02", "abc", "1", 1)
SMALL = Matrix(
    (CASE, OTHER),
    (
        Column(fault="gone", file="site", breaks=HOSTILE, violates=(0,), blinds=(1,), ran=RAN),
        Column(fault="late", file="site", breaks="nothing", violates=(0,), blinds=(), ran=RAN_SHORT, changed=True),
        Column(fault="quiet", file="status", breaks="nothing", violates=(), blinds=()),
    ),
)


def test_the_committed_page_is_what_checks_and_faults_say() -> None:
    assert main(["--check"]) == 0, f"{NAME}: run make matrix"


def test_the_matrix_has_every_case_and_every_fault_and_exactly_their_sets() -> None:
    made = matrix()

    assert {case.case for case in made.cases} == set(MANIFEST)
    assert [fault.fault for fault in made.faults] == list(all_faults())
    for column, fault in zip(made.faults, all_faults().values(), strict=True):
        assert {made.cases[index].case for index in column.violates} == set(fault.violates)
        assert {made.cases[index].case for index in column.blinds} == set(fault.blinds)


def test_what_one_fault_alone_violates_is_known() -> None:
    assert SMALL.once() == []
    assert Matrix(SMALL.cases, SMALL.faults[:1]).once() == ["dns_answers[a]"]


def test_the_data_is_json_with_one_fault_a_line() -> None:
    text = data(SMALL)

    assert json.loads(text)["faults"][0]["breaks"] == HOSTILE
    assert sum(line.startswith('{"fault":') for line in text.splitlines()) == len(SMALL.faults)
    assert "digest" not in text


def test_a_page_that_differs_is_told_and_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"], tmp_path) == 1
    assert "make matrix" in capsys.readouterr().err

    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0


def test_the_data_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    assert main(["--json", str(tmp_path / "deep" / "matrix.json")], tmp_path) == 0

    assert len(json.loads((tmp_path / "deep" / "matrix.json").read_bytes())["cases"]) == len(MANIFEST)
    assert not (tmp_path / NAME).exists()


def test_a_row_that_has_changed_since_it_was_run_is_seen(tmp_path: Path) -> None:
    file, fault = tmp_path / "ran.json", Fault(name="a", breaks="it", violates=["x"], blinds=[])

    note({"a": 7}, {"a": fault, "b": fault}, file, commit="abc")
    note({"b": 8}, {"a": fault, "b": fault}, file, commit="def")

    assert {name: (one.commit, one.cases) for name, one in ran_rows(file).items()} == {"a": ("abc", 7), "b": ("def", 8)}
    assert ran_rows(file)["a"].digest == digest(fault)
    assert ran_rows(file)["a"].digest != digest(msgspec.structs.replace(fault, blinds=["y"]))


def test_a_row_that_there_is_no_more_is_forgotten(tmp_path: Path) -> None:
    file, fault = tmp_path / "ran.json", Fault(name="a", breaks="it", violates=["x"], blinds=[])

    note({"a": 7}, {"a": fault}, file, commit="abc")
    note({}, {}, file, commit="abc")

    assert ran_rows(file) == {}


def test_rows_that_were_noted_are_rows_that_there_are() -> None:
    assert set(ran_rows(ran.FILE)) <= set(all_faults())


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "faults.html"
    path.write_text(page(SMALL), encoding="utf-8")
    return path


def test_hostile_texts_stay_texts(browser: Browser, small: Path) -> None:
    visit = browser.visit(small, "return await page.textContent('#fault-rows td')")

    assert visit.result == HOSTILE
    assert visit.problems == []


def test_the_page_of_ours_is_quiet_and_accessible_and_fits_a_phone(browser: Browser) -> None:
    committed = HOUSE / NAME

    assert browser.visit(committed, "return await axe()") == ([], [])
    assert browser.visit(committed, "return await axe()", dark=True) == ([], [])
    narrow = browser.visit(
        committed, "return await page.evaluate(() => document.documentElement.scrollWidth)", width=390
    )
    assert narrow == (390, [])


def test_a_search_leaves_the_cases_and_the_faults_that_touch_them(browser: Browser, small: Path) -> None:
    script = """
        const shown = async () => [await page.textContent('#count'), await page.locator('#fault-rows tr').count()];
        const found = [await shown()];
        await page.fill('#case', 'RLS'); await page.waitForTimeout(150); found.push(await shown());
        await page.click('text=Clear'); await page.waitForTimeout(50);
        await page.fill('#fault', 'quiet'); await page.waitForTimeout(150); found.push(await shown());
        await page.click('text=Clear'); await page.waitForTimeout(50);
        await page.selectOption('#only', 'unrun'); await page.waitForTimeout(150); found.push(await shown());
        return found;
    """

    assert browser.visit(small, script).result == [
        ["2 cases and 3 faults: 2 violated, 1 blinded", 3],
        ["1 case and 1 fault: 0 violated, 1 blinded", 1],
        ["0 cases and 1 fault: 0 violated, 0 blinded", 1],
        ["1 case and 2 faults: 1 violated, 0 blinded", 2],
    ]


def test_a_cell_is_reached_by_keyboard(browser: Browser, small: Path) -> None:
    script = """
        await page.focus('#canvas');
        for (const key of ['ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowLeft']) await page.keyboard.press(key);
        const here = await page.textContent('#here');
        await page.keyboard.press('Enter');
        return [here, await page.inputValue('#case'), await page.textContent('#count')];
    """
    here, case, count = browser.visit(small, script).result

    assert here.endswith("blinds rls_enabled")
    assert (case, count) == ("rls_enabled", "1 case and 1 fault: 0 violated, 1 blinded")


def test_without_scripts_the_families_stand_there(browser: Browser, small: Path) -> None:
    visit = browser.visit(
        small, "return [await page.locator('main table:visible').count(), await page.textContent('h1')]", scripted=False
    )

    assert visit == ([1, "The fault matrix"], [])
