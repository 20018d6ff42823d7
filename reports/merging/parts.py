"""The report folders of several runs, read back, and what makes them parts of one whole."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from fixtures.engine.redactor import Redactor
from fixtures.engine.stored import BadStore, read_store
from reports.json_file import NAME
from reports.plain_text import one_line
from reports.verdicts import Report, Run
from reports.writing import OBSERVATIONS

SHARD = re.compile(r"[1-9][0-9]{0,3}/[1-9][0-9]{0,3}")


class Part(Struct, frozen=True, kw_only=True):
    """One run's report, and the folder it came from."""

    place: Path
    report: Report

    @property
    def name(self) -> str:
        """How it is called: by its shard, where it is one."""
        shard = self.report.run.shard
        return f"shard {shard} ({self.place})" if shard else str(self.place)


def read_parts(folders: Iterable[Path]) -> tuple[tuple[Part, ...], list[str]]:
    """The parts that belong together, and a sentence about each that does not."""
    parts: list[Part] = []
    refused: list[str] = []
    for folder in folders:
        try:
            part = Part(place=folder, report=_read(folder))
        except ValueError as problem:
            refused.append(f"{folder} is left out: {problem}")
            continue
        why = unfit(part, parts[0]) if parts else None
        if why:
            refused.append(f"{folder} is left out: {why}")
        else:
            parts.append(part)
    return tuple(parts), refused


def _read(folder: Path) -> Report:
    """Raises ValueError when there is no report of ours; the message says what to do."""
    file = folder / NAME
    try:
        report = msgspec.json.decode(file.read_bytes(), type=Report)
    except (FileNotFoundError, NotADirectoryError):
        what = f"there is no {NAME} in it" if folder.is_dir() else "there is no such folder"
        raise ValueError(f"{what}: name the folder that a run's --report named, or look at why that run died") from None
    except OSError as problem:
        raise ValueError(f"{file} cannot be read: {problem.strerror or problem}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise ValueError(f"{file} is damaged, or of another version of this suite: {problem}") from None
    if report.run.shard is not None and not SHARD.fullmatch(report.run.shard):
        raise ValueError(f"{file} is damaged: its shard is {report.run.shard[:20]!r}")
    return report


def unfit(part: Part, first: Part) -> str | None:
    """Why a part does not belong to the same whole as the first one."""
    one, other = first.report.run, part.report.run
    for what in ("environment", "kind", "commit"):
        if getattr(one, what) != getattr(other, what):
            theirs, ours = (getattr(run, what) or f"no {what}" for run in (other, one))
            return f"it is of {what} {one_line(theirs, 100)}, the others of {one_line(ours, 100)}"
    if one.replayed != other.replayed:
        return f"it {_how(other)}, the others {_how(one)}"
    if one.versions.get("seatrial") != other.versions.get("seatrial"):
        return "it was made by another version of this suite"
    if (one.shard or "/").partition("/")[2] != (other.shard or "/").partition("/")[2]:
        return f"it is shard {other.shard or 'none'}, the others are of {one.shard or 'none'}: divide a run one way"
    return None


def _how(run: Run) -> str:
    return "judged again what was looked at earlier" if run.replayed else "looked"


def observations_of(parts: Iterable[Part], redactor: Redactor, complaints: list[str]) -> Iterator[dict[str, Any]]:
    """Each observation once: as it was seen, where one run saw it and another did not."""
    found: dict[str, dict[str, Any]] = {}
    for part in parts:
        try:
            stored = read_store(part.place / OBSERVATIONS)
        except BadStore as problem:
            complaints.append(f"observations: {problem}")
            continue
        for observed in msgspec.to_builtins(stored.observations):
            if observed["key"] not in found or observed["sight"] == "seen":
                found[observed["key"]] = observed
    for observed in found.values():
        yield redactor.clean_values(observed)
