"""How cost grows up to 5,000 files and 5,000 tables: what one of them costs, side by side."""

from collections.abc import Callable
from functools import partial

from benchmarks import drift, lint, names, replay, row_security, tracing
from benchmarks.part import Part

SIZES = (200, 1000, 5000)


def measure(count: int, tell: Callable[[str], None]) -> Part:
    """`count` rounds of each part that has sizes, the CLI left out. Takes minutes.

    Raises:
        as the parts' own.
    """
    without = (partial(replay.measure, with_cli=False), partial(row_security.measure, with_cli=False))
    measures = (names.measure, lint.measure, tracing.measure, drift.measure, *without)
    parts = [each(count, tell, sizes=SIZES) for each in measures]
    return Part(
        "curve",
        "Growth up to 5,000 files and tables",
        {name: took for part in parts for name, took in part.seconds.items()},
        derived={name: figure for part in parts for name, figure in (part.derived or {}).items()},
        lines={kind: line for part in parts for kind, line in (part.lines or {}).items()},
        remarks=[remark for part in parts for remark in part.remarks],
        beside=[pair for part in parts for pair in part.beside],
        missing=[peer for part in parts for peer in part.missing],
        versions={name: text for part in parts for name, text in part.versions.items()},
    )
