"""The machine that the figures were measured on."""

import os
import platform
from importlib.metadata import version


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


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()
