"""A real Chromium for the self-tests of the report page: `Browser.visit` opens a page and runs a script against it."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "browser"
NAMED = os.environ.get("SEATRIAL_CHROMIUM")  # read before a self-test's own environment hides it
NAMES = ("chromium", "chromium-browser", "google-chrome")


class Visit(NamedTuple):
    """What a script returned, and what the page did that no page of ours does (console errors, requests …)."""

    result: Any
    problems: list[str]


class Browser:
    """A running Chromium, driven by ``browser/drive.mjs``."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def visit(self, page: Path, script: str, anchor: str = "", **options: Any) -> Visit:
        """Open a page and run `script`, the body of an async function of `page` (playwright's) and `axe`.

        `options`: width, height (pixels), dark, print, scripted (whether JavaScript runs), granted (permissions).

        Raises:
            AssertionError: the script failed.
        """
        assert self._process.stdin and self._process.stdout
        asked = {"url": page.resolve().as_uri() + anchor, "script": script, **options}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"error": "the browser has ended"}')
        assert "error" not in answer, f"{answer['error']}\n{answer.get('problems')}"
        return Visit(answer["result"], answer["problems"])


def why_not() -> str | None:
    """Why there is no browser here; None when there is one."""
    if not executable():
        return f"no Chromium here: install one of {', '.join(NAMES)}, or name it in SEATRIAL_CHROMIUM"
    if not shutil.which("node") or not (FOLDER / "node_modules" / "playwright-core").is_dir():
        return "what drives the browser is not installed: make browser (needs Node 20)"
    return None


def executable() -> str | None:
    """The browser's program."""
    return NAMED or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def started() -> Iterator[Browser]:
    """A browser, for as long as it is needed."""
    command = ["node", str(FOLDER / "drive.mjs"), str(executable())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Browser(process)
        finally:
            assert process.stdin
            process.stdin.close()
            process.wait(20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this process."""
    reason = why_not()
    if reason:
        pytest.skip(f"the report page was not tried in a browser: {reason}")
    with started() as running:
        yield running
