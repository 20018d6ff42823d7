"""Report folders of runs, merged as ``python -m reports.merge`` does it, and what comes of it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reports.json_file import write_json
from reports.merge import main
from reports.verdicts import Outcome, Report
from selftests.past_samples import found

LANE = ("drill",)
EXPECTED = {"a": [*LANE], "b": [*LANE], "c": [*LANE], "d": ["prod-smoke"]}
"""What the manifest expects."""
ELSEWHERE = ("GITHUB_STEP_SUMMARY", "SEATRIAL_HISTORY", "SEATRIAL_APP", "SEATRIAL_REPORT_URL", "GITHUB_RUN_ID")


class Shards:
    """Report folders below one place, merged there."""

    def __init__(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.place = place
        self.out = place / "whole"
        self._capsys = capsys
        self.said = ""

    def add(self, name: str, sample: Report) -> "Shards":
        """The folder of one run."""
        write_json(sample, self.place / name)
        return self

    def merge(self, *arguments: str, names: tuple[str, ...] = ("1", "2")) -> int:
        """Merge the folders called `names`; returns the exit code."""
        folders = [str(self.place / name) for name in names]
        code = main([*folders, "--report", str(self.out), *arguments])
        told = self._capsys.readouterr()
        self.said = told.out + told.err
        return code

    @property
    def run(self) -> dict[str, Any]:
        """The run of the whole."""
        return dict(self.whole["run"])

    @property
    def whole(self) -> dict[str, Any]:
        """verdicts.json of the whole."""
        content: dict[str, Any] = json.loads((self.out / "verdicts.json").read_bytes())
        return content

    @property
    def outcomes(self) -> dict[str, str]:
        """Case id -> outcome, missing ones included."""
        return {row["check"]: row["outcome"] for row in self.whole["verdicts"]} | dict.fromkeys(
            self.whole["missing"], "missing"
        )


def shards_at(place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shards:
    """No folder yet; the manifest expects a, b and c of the lane that is asked for."""
    monkeypatch.setattr("reports.expectation.read_manifest", lambda: EXPECTED)
    for name in ELSEWHERE:
        monkeypatch.delenv(name, raising=False)
    return Shards(place, capsys)


def part(outcomes: Mapping[str, Outcome], **run: Any) -> Report:
    """What one shard came to, on staging."""
    return found(outcomes, **({"environment": "staging", "kind": "staging", "lanes": LANE} | run))
