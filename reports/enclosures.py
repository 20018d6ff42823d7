"""Files that observations enclose: data that people keep beside their code, ``access.json``."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from reports.atomic_file import replace_file


def write_enclosures(observations: Iterable[Mapping[str, Any]], directory: Path) -> None:
    """Write the `enclosure` of each observation (as plain values) that has one. Lines are stable from run to run.

    Raises:
        OSError: the directory cannot be written to.
    """
    for observed in observations:
        facts = observed.get("facts")
        enclosure = facts.get("enclosure") if isinstance(facts, dict) else None
        if isinstance(enclosure, dict):
            text = msgspec.json.format(msgspec.json.encode(enclosure["content"], order="sorted"), indent=2)
            replace_file(directory / Path(enclosure["file"]).name, text + b"\n")
