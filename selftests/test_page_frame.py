"""The page's frame in a real Chromium: nothing leaves it, nothing gets into it, nobody is shut out."""

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from reports.page import page, write_page
from reports.page.document import embeddable
from reports.page.markup import Html
from reports.page.sections import SECTIONS
from reports.telling import Telling
from reports.verdicts import Verdict
from selftests.page_browser import Browser
from selftests.page_samples import all_green, before, died, every_outcome, hostile, many, runbook, telling, unseen
from selftests.report_samples import violated

SAMPLES: dict[str, Callable[[], Telling]] = {
    "hold": every_outcome,
    "go": all_green,
    "cannot see": unseen,
    "died": died,
    "empty": telling,
    "hostile": hostile,
    "loud": partial(many, 300, loud=True),
}
READY = "document.documentElement.dataset.ready = 1"


@pytest.fixture(scope="module", params=SAMPLES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(SAMPLES[request.param](), tmp_path_factory.mktemp("page"))


def test_nobody_is_shut_out(browser: Browser, made: Path) -> None:
    """axe-core finds nothing: light, dark and printed, on a phone and on a desk."""
    script = """
      const found = {};
      for (const width of [390, 1440]) for (const [name, media] of Object.entries({
        light: { media: "screen", colorScheme: "light" },
        dark: { media: "screen", colorScheme: "dark" },
        print: { media: "print", colorScheme: "light" },
      })) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia(media);
        for (const line of await axe()) found[`${width} ${name} ${line}`] = 1;
      }
      return Object.keys(found);"""

    assert browser.visit(made, script) == ([], [])


def test_nothing_is_wider_than_the_screen(browser: Browser, made: Path) -> None:
    script = """
      const wider = {};
      for (const width of [320, 390, 768, 1440, 3840]) {
        await page.setViewportSize({ width, height: 900 });
        const by = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (by > 0) wider[width] = by;
      }
      return wider;"""

    assert browser.visit(made, script) == ({}, [])


@pytest.mark.parametrize("scripted", [True, False])
def test_every_part_is_drawn(browser: Browser, made: Path, scripted: bool) -> None:
    parts = (
        "return await page.evaluate(() => [...document.querySelectorAll('main > section')].map(s => s.dataset.drawn))"
    )

    drawn, problems = browser.visit(made, parts, scripted=scripted)

    assert ({*drawn}, problems) == ({"yes"} if scripted else {None}, [])


def test_the_policy_lets_nothing_in_or_out(browser: Browser, tmp_path: Path) -> None:
    tries = """
      await page.evaluate(async () => {
        const script = document.createElement("script");
        try { script.textContent = "window.in = 1"; document.body.append(script); } catch {}
        document.body.append(Object.assign(new Image(), { src: "https://example.invalid/x.png" }));
        try { await fetch("https://example.invalid/"); } catch {}
        try { document.body.innerHTML = "<b>x</b>"; } catch {}
      });
      return await page.evaluate(() => [window.in ?? null, document.body.innerHTML === "<b>x</b>"]);"""

    came_in, problems = browser.visit(write_page(every_outcome(), tmp_path), tries)

    assert came_in == [None, False]
    assert len([problem for problem in problems if "Content Security Policy" in problem]) >= 3
    assert not [problem for problem in problems if problem.startswith("request:")]


def test_a_request_would_be_noticed(browser: Browser, tmp_path: Path) -> None:
    """The harness itself: what the tests above look for is there to be found."""
    file = tmp_path / "index.html"
    file.write_text(
        '<html data-ready lang="en"><img src="https://example.invalid/x.png"><script>throw Error("boo")</script>'
    )

    wrong, problems = browser.visit(file, "return await axe()")

    assert {"error: boo", "request: https://example.invalid/x.png"} <= {*problems}
    assert [line.partition(":")[0] for line in wrong if line.startswith("image-alt")] == ["image-alt"]


def test_hostile_texts_are_shown_as_texts(browser: Browser, tmp_path: Path) -> None:
    script = """
      await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
      return await page.evaluate(() =>
        [document.querySelectorAll("img, script[src]").length, document.scripts.length, document.body.innerText]);"""

    (images, scripts, text), problems = browser.visit(write_page(hostile(), tmp_path), script)

    assert (images, scripts, problems) == (0, 3, [])
    assert "</script><script>alert(1)</script>" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


@pytest.mark.parametrize("text", ["</script>", "<!--<script>", "&lt;", "é𝄞", "C:\\new\\u0001", "a\nb\tc", '"\\"'])
def test_embedded_json_is_the_same_json(text: str) -> None:
    embedded = embeddable({"a": [text]})

    assert json.loads(embedded) == {"a": [text]}
    assert not re.search("[<>&]", embedded)


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x1b", "\r", "\x7f", "\x9b", "\u2028", "\u202e", "\u2069"])
def test_what_steers_is_not_embedded(sign: str) -> None:
    assert json.loads(embeddable({f"a{sign}": f"b{sign}\\{sign}c"})) == {"a": "b\\c"}


def test_a_lone_surrogate_and_what_is_no_json_are_named() -> None:
    assert json.loads(embeddable({"a": "\ud800", "b": object()})) == {"a": "\ufffd", "b": "<object>"}


def test_no_part_that_fails_takes_the_others_along(browser: Browser, tmp_path: Path) -> None:
    broken = page(every_outcome()).replace('"name":"checks"', "")
    broken = re.sub(r'("checks":\[)', r"\1null,", broken, count=1)  # scripts find a check that is none
    (tmp_path / "index.html").write_text(broken)
    script = """return await page.evaluate(() => {
      const [live, told] = [".live", ".static"].map((one) => document.querySelector(`#runbook ${one}`));
      return [live.innerText, getComputedStyle(told).display];
    })"""

    (said, display), _ = browser.visit(tmp_path / "index.html", script)

    assert said.startswith("This part could not be drawn")
    assert display == "block"


def test_large_texts_are_cut(tmp_path: Path) -> None:
    assert write_page(hostile(), tmp_path).stat().st_size < 1_000_000


def test_the_page_is_the_same_each_time() -> None:
    assert page(every_outcome()) == page(every_outcome())


def test_a_flood_of_evidence_is_cut(tmp_path: Path) -> None:
    """A thousand findings with a thousand subjects each: still a page."""
    subjects = tuple(f"public.t{at} {'x' * 80}" for at in range(1000))
    found = [violated(case=str(at), subjects=subjects, evidence={"rows": ["y" * 1000] * 40}) for at in range(1000)]

    made = write_page(telling(*found), tmp_path).read_text("utf-8")

    assert len(made) < 25_000_000
    assert "rls_enabled[999]" in made


def test_a_verdict_without_texts_has_those_of_its_file(browser: Browser, tmp_path: Path) -> None:
    bare = Verdict(
        check="rls_enabled", severity="critical", outcome="crashed", file="checks/row_security/rls_enabled.py", line=1
    )
    script = "await page.click('#runbook .seen summary'); return await page.innerText('#runbook .promise .guide')"

    text, problems = browser.visit(write_page(telling(bare, runbook=runbook()), tmp_path), script)

    assert ("Contain" in text, problems) == (True, [])


def test_scripts_that_fail_leave_the_text(browser: Browser, tmp_path: Path) -> None:
    """Some browser may not know what we write in: then the page is what it is without scripts."""
    whole = page(every_outcome())
    own = re.sub(r"<meta [^>]*Content-Security-Policy[^>]*>", "", whole)  # which would not run what is not ours
    broken = own.replace('"use strict";', "this is no script;").replace("</body>", f"<script>{READY}</script></body>")
    (tmp_path / "index.html").write_text(broken, encoding="utf-8")
    script = "return await page.evaluate(() => document.querySelector('#runbook .static').checkVisibility())"

    visible, problems = browser.visit(tmp_path / "index.html", script)

    assert (own != whole, broken != own, visible) == (True, True, True)
    assert [problem.partition(":")[0] for problem in problems] == ["error"]


def test_a_part_that_cannot_be_made_says_so(browser: Browser, tmp_path: Path) -> None:
    def broken(_: Telling) -> Html:
        raise ValueError("math domain <error>")

    parts = tuple(replace(part, html=broken) if part.name == "history" else part for part in SECTIONS)
    (tmp_path / "index.html").write_text(page(every_outcome(), parts), encoding="utf-8")
    script = """return await page.evaluate(() =>
      [document.querySelector("#history").innerText.trim(), document.querySelector("#runbook").dataset.drawn]);"""

    (said, runbook_drawn), problems = browser.visit(tmp_path / "index.html", script)

    assert said.endswith("a fault of the suite itself: ValueError: math domain <error>")
    assert (runbook_drawn, problems) == ("yes", [])


def test_an_address_from_history_is_a_link_only_to_a_page() -> None:
    past = before()
    for url, linked in (("https://ci.invalid/1", True), ("javascript:alert(1)", False), ("file:///etc/passwd", False)):
        known = replace(past, runs=(replace(past.runs[0], url=url),))
        assert (f'href="{url}"' in page(every_outcome(past=known))) == linked
