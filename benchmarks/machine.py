"""The machine that the figures were measured on."""

import os
import platform
import time
from importlib.metadata import version

LOOK_SECONDS = 0.25
CALM = 0.15
"""The share of all cores' time that may be used by others for a machine to be called calm."""


def describe() -> dict[str, str]:
    """Cores that this process may use, processor, kernel, versions: name -> text."""
    return {
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "processor": _processor(),
        "kernel": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "pytest": version("pytest"),
    }


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
