"""Files that observations enclose: data that people keep beside their code, ``access.json``."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from reports.atomic_file import replace_file

ENCLOSED = (
    "access.json",
    "bundle.json",
    "checklist-*.log",
    "subscriptions-to-revert.csv",
    "tenants.toml",
    "shown-*.sql",
)
"""Patterns of the files that there can be."""


def write_enclosures(observations: Iterable[Mapping[str, Any]], directory: Path) -> None:
    """Write the `enclosures` of each observation (as plain values) that has some.

    Raises:
        OSError: the directory cannot be written to.
    """
    for observed in observations:
        facts = observed.get("facts")
        for enclosure in facts.get("enclosures", ()) if isinstance(facts, dict) else ():
            replace_file(directory / Path(enclosure["file"]).name, _encoded(enclosure["content"]))


def _encoded(content: object) -> bytes:
    """JSON is sorted, so that its lines stay where they are from run to run."""
    if isinstance(content, str):
        return content.encode()
    return msgspec.json.format(msgspec.json.encode(content, order="sorted"), indent=2) + b"\n"
