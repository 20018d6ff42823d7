"""One measured run of pytest: started, waited for, and read from what it left behind."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.moments import PLACE

ROOT = Path(__file__).parents[1]
LONGEST_SECONDS = 300.0


class VoyageFailed(Exception):
    """A measured run did not verify everything, so that its figures would mean nothing."""


@dataclass(frozen=True)
class Voyage:
    """Seconds of one run. Moments count from just before its process was started; `cpu_…` is user + system time.

    `floor` is its slowest observation, `observations` the sum of all; `cpu_exit` includes the processes it started.
    """

    looking: float
    sent: float
    first_verdict: float
    last_verdict: float
    exit: float
    floor: float
    observations: float
    cpu_looking: float
    cpu_sent: float
    cpu_exit: float
    verdicts: int


def sail(
    arguments: Sequence[str],
    variables: Mapping[str, str],
    *,
    plugins: Sequence[str] = ("benchmarks.moments",),
    house: Path = ROOT,
) -> Voyage:
    """Run ``pytest`` with `arguments` in `house`, with `variables` added to the environment.

    Raises:
        VoyageFailed: it did not end with exit code 0; the message ends with what it said.
    """
    with tempfile.TemporaryDirectory(prefix="seatrial-benchmark-") as folder:
        report, place = Path(folder, "report"), Path(folder, "moments.json")
        loaded = [word for plugin in plugins for word in ("-p", plugin)]
        command = [sys.executable, "-m", "pytest", *loaded, *arguments, f"--report={report}"]
        environment = {**os.environ, **variables, PLACE: str(place), "PYTHONPATH": str(house)}
        began = time.monotonic()
        process = subprocess.Popen(
            command, cwd=house, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        said, cpu = _wait(process)
        ended = time.monotonic()
        if process.returncode:
            raise VoyageFailed(f"{' '.join(command)}: exit code {process.returncode}\n{said[-2000:]}")
        return _read(json.loads(place.read_bytes()), report, began, ended, cpu)


def _wait(process: "subprocess.Popen[str]") -> tuple[str, float]:
    """What it said, and its CPU seconds with those of the processes it waited for."""
    before = os.times()
    said, _ = process.communicate(timeout=LONGEST_SECONDS)
    after = os.times()
    return said, after.children_user + after.children_system - before.children_user - before.children_system


def _read(moments: Mapping[str, Mapping[str, float]], report: Path, began: float, ended: float, cpu: float) -> Voyage:
    at = {name: moment["at"] - began for name, moment in moments.items()}
    seen = json.loads((report / "observations.json").read_bytes())["observations"]
    took = [row["ms"] / 1000 for row in seen]
    # Under -n nothing is collected here, so that there is no moment at which looking begins.
    started = moments.get("looking", moments["first_verdict"])
    sent = moments.get("sent", started)
    return Voyage(
        looking=started["at"] - began,
        sent=sent["at"] - began,
        first_verdict=at["first_verdict"],
        last_verdict=at["last_verdict"],
        exit=ended - began,
        floor=max(took),
        observations=sum(took),
        cpu_looking=started["cpu"],
        cpu_sent=sent["cpu"],
        cpu_exit=cpu,
        verdicts=len(json.loads((report / "verdicts.json").read_bytes())["verdicts"]),
    )
