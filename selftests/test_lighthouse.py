"""Lighthouse's report and budget files are read as its own tools do, and the stand-in says what the real one says."""

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from fixtures import Inapplicable, Unobservable
from fixtures.lighthouse.budget import Assertion, assertions
from fixtures.lighthouse.report import Report, middle, read_report, score_of
from fixtures.lighthouse.running import command_of, look
from sandbox.faults import load_faults
from selftests.voyage import HOUSE, sail

CHECKS = ("checks/performance/pages_fast.py", "checks/performance/budget_kept.py")
REAL = os.environ.get("SEATRIAL_LIGHTHOUSE") or shutil.which("lighthouse")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
ROWS = [None, *(f"lighthouse-{name}" for name in ("slow", "shuts-out", "hidden", "mixed", "heavy", "page-down"))]
"""Faults that are also tried with the real one; None: a page with which nothing is wrong."""


def written(**members: Any) -> bytes:
    audits = {
        "largest-contentful-paint": {
            "id": "largest-contentful-paint", "score": 0.4, "numericValue": 3100.5, "displayValue": "3.1 s",
        },
        "insight": {"id": "insight", "score": None, "details": {"type": "list", "items": {"value": [1]}}},
        "image-alt": {"id": "image-alt", "score": 0, "details": {"items": [{"node": 1}, {"node": 2}]}},
        "resource-summary": {
            "id": "resource-summary", "score": 1,
            "details": {"items": [{"resourceType": "script", "transferSize": 20480, "requestCount": 3}]},
        },
    }  # fmt: skip
    refs = [{"id": "image-alt", "weight": 1}, {"id": "largest-contentful-paint", "weight": 25}]
    report = {
        "lighthouseVersion": "12.8.2",
        "requestedUrl": "https://ocean.example/",
        "finalDisplayedUrl": "https://ocean.example/#top", "audits": audits,
        "categories": {"performance": {"score": 0.62, "auditRefs": refs}, "seo": {"score": None}},
    }  # fmt: skip
    return json.dumps({**report, **members}).encode()


def report(**members: Any) -> Report:
    return read_report(written(**members))


def demanded(budget: Any) -> tuple[Assertion, ...]:
    return assertions(json.dumps(budget).encode(), "budget.json", "/", report())


def asserted(**said: Any) -> Any:
    return {"ci": {"assert": {"assertions": said}}}


@pytest.mark.parametrize("content", [b"", b"<html>", b"{}", b"[]", written()[:200], written(categories=1)])
def test_what_is_no_report_is_blind(content: bytes) -> None:
    with pytest.raises(Unobservable, match="something else than its report"):
        read_report(content)


def test_a_page_that_did_not_load_is_blind() -> None:
    with pytest.raises(Unobservable, match=r"could not load https://ocean.example/ \(NO_FCP: nothing painted\)"):
        report(runtimeError={"code": "NO_FCP", "message": "nothing painted"})


@pytest.mark.parametrize(
    "shown", ["https://vercel.com/login?next=ocean", "https://ocean.example/sign-in", "https://www.ocean.example/", ""]
)
def test_a_page_that_leads_elsewhere_is_blind(shown: str) -> None:
    with pytest.raises(Unobservable, match=r"https://ocean\.example/ led Lighthouse to"):
        report(finalDisplayedUrl=shown)

    assert report(finalDisplayedUrl="", finalUrl="https://ocean.example").final_url


def test_a_score_names_the_audits_that_cost_most() -> None:
    score = score_of(report(), "/", "performance", 0.9)

    assert (score.score, score.floor) == (0.62, 0.9)
    assert score.lowered_by == ("largest-contentful-paint (3.1 s)", "image-alt")


@pytest.mark.parametrize("category", ["seo", "accessibility"])
def test_a_category_without_a_score_is_blind(category: Any) -> None:
    with pytest.raises(Unobservable, match=f"gave / no score for {category}"):
        score_of(report(), "/", category, 0.9)


def test_of_three_runs_the_middle_one_counts() -> None:
    runs = [report(categories={"performance": {"score": score}}) for score in (0.9, 0.2, 0.5)]

    assert middle(runs) is runs[2]
    assert middle(runs[:2]) is runs[1]


@pytest.mark.parametrize(
    ("budget", "about", "found", "met"),
    [
        (asserted(**{"categories:performance": ["error", {"minScore": 0.6}]}), "categories:performance", 0.62, True),
        (asserted(**{"categories.performance": ["error", {"minScore": 0.7}]}), "categories.performance", 0.62, False),
        (asserted(**{"largest-contentful-paint": ["error", {"maxNumericValue": 3000}]}),
         "largest-contentful-paint", 3100.5, False),
        (asserted(**{"largest-contentful-paint": "error"}), "largest-contentful-paint", 0.4, False),
        (asserted(**{"image-alt": ["error", {"maxLength": 2}]}), "image-alt", 2, True),
        (asserted(**{"image-alt": ["error", {"maxLength": 1}]}), "image-alt", 2, False),
        (asserted(**{"resource-summary:script:size": ["error", {"maxNumericValue": 20000}]}),
         "resource-summary:script:size", 20480, False),
        (asserted(**{"resource-summary:font:size": ["error", {"maxNumericValue": 1}]}),
         "resource-summary:font:size", 0, True),
        ([{"path": "/*", "resourceSizes": [{"resourceType": "script", "budget": 20}]}],
         "resource-summary:script:size", 20480, True),
        ([{"path": "/*", "resourceSizes": [{"resourceType": "script", "budget": 19}]}],
         "resource-summary:script:size", 20480, False),
        ([{"resourceCounts": [{"resourceType": "script", "budget": 2}]}], "resource-summary:script:count", 3, False),
        ([{"timings": [{"metric": "largest-contentful-paint", "budget": 4000}]}],
         "largest-contentful-paint", 3100.5, True),
        ([{"path": "/shop"}, {"path": "/", "timings": [{"metric": "largest-contentful-paint", "budget": 1}]}],
         "largest-contentful-paint", 3100.5, False),
    ],
)  # fmt: skip
def test_a_budget_is_judged_as_its_tool_does(budget: Any, about: str, found: float, met: bool) -> None:
    (assertion,) = demanded(budget)

    assert (assertion.about, assertion.found, assertion.is_met) == (about, found, met)


@pytest.mark.parametrize(
    ("budget", "why"),
    [
        ({}, "is no budget of Lighthouse's"),
        ("text", "is no budget of Lighthouse's"),
        ([1], "is no budget of Lighthouse's"),
        ({"ci": {"assert": {"preset": "lighthouse:recommended"}}}, "name each assertion"),
        (asserted(**{"image-alt": "fatal"}), "fatal is no level"),
        (asserted(**{"image-alt": ["warn", {"maxLength": 1}]}), "demands nothing of /"),
        (asserted(**{"no-such-audit": "error"}), "demands minScore of no-such-audit"),
        (asserted(**{"image-alt": ["error", {"maxNumericValue": 1}]}), "demands maxNumericValue of image-alt"),
        ([{"path": "/shop", "timings": []}], "demands nothing of /"),
    ],
)
def test_a_budget_that_cannot_be_judged_is_blind(budget: Any, why: str) -> None:
    with pytest.raises(Unobservable, match=why):
        demanded(budget)


def test_where_it_is_not_installed_it_is_blind_unless_the_environment_allows_that() -> None:
    with pytest.raises(Unobservable, match="no-such-program is not installed here: npm install"):
        command_of("no-such-program --x", only_if_installed=False)
    with pytest.raises(Inapplicable, match="need not be"):
        command_of("no-such-program", only_if_installed=True)

    assert command_of(f"{sys.executable} -m x", only_if_installed=True) == [sys.executable, "-m", "x"]


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("import time; time.sleep(60)", "did not end within 1 s"),
        ("print('no chrome'); raise SystemExit(1)", "left no report of http://localhost:1/, exit code 1: no chrome"),
        ("pass", "exit code 0: it said nothing"),
    ],
)
def test_a_run_that_comes_to_nothing_is_blind(program: str, why: str) -> None:
    with pytest.raises(Unobservable, match=why):
        asyncio.run(look([sys.executable, "-c", program], "http://localhost:1/", ["--headless=new"], None, 1.0))


@pytest.mark.skipif(not REAL, reason="Lighthouse is not installed: npm install --global lighthouse, and Chromium")
@pytest.mark.parametrize("fault", ROWS)
def test_the_real_lighthouse_says_what_the_stand_in_says(fault: str | None, tmp_path: Path) -> None:
    text = (HOUSE / "fixtures/environments/local.toml").read_text(encoding="utf-8")
    environment = tmp_path / "real.toml"
    environment.write_text(text.replace('{ env = "LIGHTHOUSE" }', json.dumps(REAL)), encoding="utf-8")
    row = load_faults()[fault] if fault else None

    voyage = sail(tmp_path, *CHECKS, "--env-file", str(environment), faults=[fault] if fault else [], seconds=300)

    asked = {"budget_kept", *(f"pages_fast[{name}]" for name in CATEGORIES)}
    blind = asked if fault == "lighthouse-page-down" else set()
    assert voyage.ids("violated") == set(row.violates if row else ()), voyage.output
    assert voyage.ids("blind") == blind, voyage.output
    assert voyage.ids("verified", "violated", "blind") == asked
