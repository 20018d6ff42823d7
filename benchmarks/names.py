"""What it costs to judge migration files by name, and whether they still say what ran: no database is asked."""

import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import histories, rounds
from benchmarks.aims import within
from benchmarks.part import Part, lines, named, pairs
from fixtures.migrations import Applied, Folder
from fixtures.migrations.comparison import edited
from fixtures.migrations.files import read_files, read_sources
from fixtures.migrations.statements import split

SIZES = (200, 1000)
AIMED, SECONDS = 1000, 0.1
NAMES, EDITED = "names and order (MIG-1)", "edited since they were applied"
REFORMATTED = "the same, every statement reformatted"


def measure(count: int, tell: Callable[[str], None], sizes: Sequence[int] = SIZES) -> Part:
    """`count` rounds for each number of files; an uncounted round first.

    Raises:
        RuntimeError: a rule says something about files that are as they should be.
    """
    found = {size: _of(size, count, tell) for size in sizes}
    said = {NAMES: f"names and order of {AIMED:,} files judged", EDITED: f"{AIMED:,} files compared with what ran"}
    aims = [
        within(f"{sentence} within {SECONDS:g} s", found[AIMED][kind], SECONDS)
        for kind, sentence in said.items()
        if AIMED in found
    ]
    title, compared = "Files judged without a database", pairs(found, "files", EDITED, REFORMATTED)
    return Part("names", title, named(found, "files"), aims, lines=lines(found), beside=compared)


def _of(size: int, count: int, tell: Callable[[str], None]) -> dict[str, list[float]]:
    tell(f"writing {size} files")
    with tempfile.TemporaryDirectory(prefix="seatrial-benchmark-") as folder:
        checkout = histories.write(Path(folder), size)
        applied, reformatted = _history(checkout, str), _history(checkout, _reformatted)
        kinds: dict[str, Callable[[], float]] = {
            NAMES: lambda: _seconds(lambda: _judge(checkout)),
            EDITED: lambda: _seconds(lambda: _compare(checkout, applied)),
            REFORMATTED: lambda: _seconds(lambda: _compare(checkout, reformatted)),
        }
        for kind in kinds.values():
            kind()
        return rounds.interleaved(kinds, count, lambda text: tell(f"{size} files, {text}"))


def _seconds(look: Callable[[], Sequence[object]]) -> float:
    began = time.perf_counter()
    found = look()
    took = time.perf_counter() - began
    if found:
        raise RuntimeError(f"files that are as they should be were found wrong ({found[0]}): the figure means nothing")
    return took


def _judge(checkout: Path) -> Sequence[object]:
    folder = Folder(files=read_files(checkout), read_at=datetime.now(UTC))
    return [*folder.skipped, *folder.repeated, *folder.untimely, *folder.empty, *folder.uneven]


def _compare(checkout: Path, applied: Sequence[Applied]) -> Sequence[object]:
    return edited(read_sources(checkout), applied)


def _history(checkout: Path, said: Callable[[str], str]) -> list[Applied]:
    """The rows that a database would have, had it run these files as `said` writes their statements."""
    return [
        Applied(
            version=source.file.version or "",
            name=source.file.name,
            statements=tuple(said(statement.text) for statement in split(source.text)),
        )
        for source in read_sources(checkout)
    ]


def _reformatted(text: str) -> str:
    """Blanks do not count, but that has to be found out token by token."""
    return text.replace(" (", "\n(").replace("table", "table ")
