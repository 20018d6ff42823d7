"""Runs the real suite against the real sandbox, as a user would, and reads the verdicts it leaves."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).parents[1]
OURS = ("SEATRIAL_", "OCEAN_", "PYTEST_", "GITHUB_")
"""Beginnings of variables that a voyage must not inherit from whoever runs the self-tests."""


@dataclass(frozen=True)
class Voyage:
    """What a run left behind."""

    exit: int
    output: str
    verdicts: dict[str, dict[str, Any]]
    report: dict[str, Any]

    def ids(self, *outcomes: str) -> set[str]:
        """The cases that came to one of `outcomes`."""
        return {case for case, verdict in self.verdicts.items() if verdict["outcome"] in outcomes}


def variables() -> dict[str, str]:
    """This process's environment without what would steer a voyage."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "PYTHONDONTWRITEBYTECODE": ""}


def sail(folder: Path, *arguments: str, faults: Iterable[str] = (), seconds: float = 120) -> Voyage:
    """Start a sandbox with `faults`, run pytest with `arguments` against it, and read the report left in `folder`."""
    broken = [word for fault in faults for word in ("--fault", fault)]
    command = [sys.executable, "-m", "sandbox", *broken, "--", sys.executable, "-m", "pytest"]
    command += [*arguments, "--report", str(folder), "-o", f"cache_dir={folder / 'cache'}"]
    return run(command, folder, seconds)


class Slipway:
    """A process that starts voyages without importing everything anew (slipway.py). Use it with `with`.

    Options of ours and their values are one word here, ``--app=…``: nobody joins them (make/seatrial_arguments.py).
    """

    def __init__(self) -> None:
        command = [sys.executable, "-m", "selftests.slipway"]
        # Ctrl-C is for those who wait for it: it ends when they do
        self._process = subprocess.Popen(
            command, cwd=HOUSE, env=variables(), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            start_new_session=True,
        )  # fmt: skip

    def __enter__(self) -> "Slipway":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def sail(self, folder: Path, *arguments: str, faults: Iterable[str] = (), seconds: float = 120) -> Voyage:
        """What `sail` does. Raises RuntimeError when the slipway has ended; a voyage that takes too long is ended."""
        return self._voyage(folder, arguments, [*faults], seconds)

    def run(self, folder: Path, *arguments: str, seconds: float = 120) -> Voyage:
        """Pytest alone, without a sandbox."""
        return self._voyage(folder, arguments, None, seconds)

    def _voyage(self, folder: Path, arguments: Sequence[str], faults: list[str] | None, seconds: float) -> Voyage:
        folder.mkdir(exist_ok=True)
        output = folder / "output"
        words = [*arguments, f"--report={folder}", f"--override-ini=cache_dir={folder / 'cache'}"]
        self._ask({"faults": faults, "arguments": words, "output": str(output), "environment": variables()})
        alarm = threading.Timer(seconds, _end, (self._answer()["pid"],))
        alarm.start()
        code = self._answer()["exit"]
        alarm.cancel()
        return _read(folder, code, output.read_text(encoding="utf-8"))

    def _ask(self, asked: dict[str, Any]) -> None:
        if self._process.poll() is not None:
            raise RuntimeError(f"the slipway has ended with {self._process.returncode}")
        assert self._process.stdin
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()

    def _answer(self) -> dict[str, int]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the slipway has ended with {self._process.wait()}")
        answer: dict[str, int] = json.loads(line)
        return answer


def run(command: list[str], folder: Path, seconds: float, more: Mapping[str, str] | None = None) -> Voyage:
    """Run `command` from the house and read the report left in `folder`; `more` is added to its environment."""
    environment = {**variables(), **(more or {})}
    ended = subprocess.run(
        command, cwd=HOUSE, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )
    return _read(folder, ended.returncode, ended.stdout + ended.stderr)


def _end(group: int) -> None:
    with suppress(ProcessLookupError):  # it has just ended by itself
        os.killpg(group, signal.SIGKILL)


def _read(folder: Path, code: int, output: str) -> Voyage:
    path = folder / "verdicts.json"
    report = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"verdicts": []}
    verdicts = {_id(verdict): verdict for verdict in report["verdicts"]}
    return Voyage(code, output, verdicts, report)


def _id(verdict: dict[str, Any]) -> str:
    return f"{verdict['check']}[{verdict['case']}]" if verdict["case"] else str(verdict["check"])
