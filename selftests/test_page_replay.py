"""The first screen of a replay: it must not read as if something had been looked at."""

import re
from pathlib import Path

from reports.page import page
from selftests.page_browser import Browser
from selftests.page_samples import before, telling
from selftests.report_samples import verdict
from selftests.test_page_first import first_screen

REPLAYED = telling(verdict(), run={"replayed": True}, past=before())


def test_a_replay_does_not_read_as_a_look() -> None:
    text = re.sub("<[^>]+>", " ", page(REPLAYED).partition("<main")[0])

    assert "As it was on 2026-11-22 10:00 UTC: look again before you keep this release" in text
    assert "Replayed, looked at" in text
    assert "A replay is compared with nothing" in text


def test_a_reader_sees_it(browser: Browser, tmp_path: Path) -> None:
    text = first_screen(browser, REPLAYED, tmp_path)

    assert "Look again before you keep this release".lower() in text.lower()
    assert "since the previous run" not in text.lower()
