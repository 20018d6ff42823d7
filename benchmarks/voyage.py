"""One measured run of pytest: started, waited for, and read from what it left behind."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from benchmarks.moments import PLACE

ROOT = Path(__file__).parents[1]
LONGEST_SECONDS = 300.0


class VoyageFailed(Exception):
    """A measured run did not verify everything, so that its figures would mean nothing."""


class Moment(NamedTuple):
    """Seconds since just before the process was started, and CPU seconds that it has used."""

    at: float
    cpu: float


@dataclass(frozen=True)
class Voyage:
    """Seconds of one run. Moments count from just before its process was started; `cpu_…` is user + system time.

    `floor` is its slowest observation, `observations` the sum of all; `cpu_exit` includes the processes it started.
    `cpu_looking` is None under ``-n``, where the process that looks collects nothing.
    """

    sent: float
    first_verdict: float
    last_verdict: float
    exit: float
    floor: float
    observations: float
    cpu_looking: float | None
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
        subprocess.TimeoutExpired: it did not end at all.
    """
    with tempfile.TemporaryDirectory(prefix="seatrial-benchmark-") as folder:
        report, place = Path(folder, "report"), Path(folder, "moments.json")
        loaded = [word for plugin in plugins for word in ("-p", plugin)]
        command = [sys.executable, "-m", "pytest", *loaded, *arguments, f"--report={report}"]
        environment = {**os.environ, **variables, PLACE: str(place), "PYTHONPATH": str(house)}
        # Under -n pytest tidies up its temporary folders, and those of every earlier run of anybody else's.
        environment["PYTEST_DEBUG_TEMPROOT"] = folder
        began, cpu = time.monotonic(), _cpu_of_children()
        ran = subprocess.run(
            command, cwd=house, env=environment, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
        )
        ended, cpu = time.monotonic() - began, _cpu_of_children() - cpu
        if ran.returncode:
            raise VoyageFailed(f"{' '.join(command)}: exit code {ran.returncode}\n{(ran.stdout + ran.stderr)[-2000:]}")
        return _read(_moments(place, began), report, ended, cpu)


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _moments(place: Path, began: float) -> dict[str, Moment]:
    noted = json.loads(place.read_bytes())
    return {name: Moment(moment["at"] - began, moment["cpu"]) for name, moment in noted.items()}


def _read(moments: Mapping[str, Moment], report: Path, ended: float, cpu: float) -> Voyage:
    took = [row["ms"] / 1000 for row in json.loads((report / "observations.json").read_bytes())["observations"]]
    never = Moment(ended, cpu)  # a shard may have nothing to ask, or nothing at all
    sent, looking = moments.get("sent", never), moments.get("looking")
    return Voyage(
        sent=sent.at,
        first_verdict=moments.get("first_verdict", never).at,
        last_verdict=moments.get("last_verdict", never).at,
        exit=ended,
        floor=max(took, default=0.0),
        observations=sum(took),
        cpu_looking=looking.cpu if looking else None,
        cpu_sent=sent.cpu,
        cpu_exit=cpu,
        verdicts=len(json.loads((report / "verdicts.json").read_bytes())["verdicts"]),
    )
