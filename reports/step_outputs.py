"""``python -m reports.step_outputs DIR CODE``: what a run came to, as lines for GITHUB_OUTPUT.

Written for the composite action. No line holds a text from outside: words of ours, numbers, and the folder as given.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from reports.verdicts import Report, word

FILE = "verdicts.json"


def step_outputs(directory: Path, code: int) -> Iterator[str]:
    """``word=HOLD``, and so on. `code` is the exit code of the run, which counts where it left no verdicts.

    ``blind`` counts everything that could not be looked at: crashed cases and missing ones too. ``report`` is empty
    where there is none.
    """
    report = _read(directory / FILE)
    yield f"word={report.run.word if report and report.run.exit == code else word(code)}"
    yield f"exit={code}"
    for name in ("verified", "violated", "waived", "inapplicable"):
        yield f"{name}={report.totals[name] if report else 0}"
    unseen = report.totals["blind"] + report.totals["crashed"] + len(report.missing) if report else 0
    yield f"blind={unseen}"
    yield f"report={directory if report else ''}"


def _read(path: Path) -> Report | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Report)
    except (OSError, msgspec.MsgspecError):
        return None  # the run was refused, or ended without a word: its exit code says so


if __name__ == "__main__":
    for line in step_outputs(Path(sys.argv[1]), int(sys.argv[2])):
        print(line)
