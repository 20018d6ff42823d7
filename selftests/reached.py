"""A plugin of pytest's (`-p selftests.reached`): which refusals to look (`raise Unobservable`) a run came to.

Left as reached.json in the report's folder: file and line, relative to the house, and how often.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from fixtures import Unobservable
from selftests.voyage import HOUSE

FILE = "reached.json"
REACHED = pytest.StashKey[Counter[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Count from here on."""
    found = config.stash[REACHED] = Counter()
    setattr(Unobservable, "__new__", _counting(found))  # noqa: B010 - mypy allows no plain assignment


def pytest_unconfigure(config: pytest.Config) -> None:
    """Write what was counted."""
    folder = Path(config.getoption("--report"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(json.dumps(dict(sorted(config.stash[REACHED].items()))), encoding="utf-8")


def _counting(found: "Counter[str]") -> Any:
    """Whoever makes one is about to raise it."""

    def made(kind: type[BaseException], *words: Any, **more: Any) -> BaseException:
        frame = sys._getframe(1)
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(HOUSE):
            found[f"{file.relative_to(HOUSE).as_posix()}:{frame.f_lineno}"] += 1
        return BaseException.__new__(kind, *words)

    return made
