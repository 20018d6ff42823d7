"""docs/faults.html: the whole matrix in one file that opens offline."""

import html
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from selftests.matrix import Matrix

ASSETS = Path(__file__).parent


def page(matrix: Matrix) -> str:
    """The page's text; it depends on the matrix only."""
    parts = {
        "css": _asset("page.css"),
        "js": _asset("page.js"),
        "figures": figures(matrix),
        "ran": html.escape(ran(matrix)),
        "families": families(matrix),
        "data": data(matrix).replace("<", "\\u003c"),
    }
    text = _asset("page.html")
    for name, part in parts.items():
        text = text.replace(f"@{name}@", part)
    return text + "\n"


def data(matrix: Matrix) -> str:
    """JSON: ``cases`` and ``faults``, one a line; `violates` and `blinds` are indices of cases."""
    cases = ",\n".join(_line(msgspec.to_builtins(case)) for case in matrix.cases)
    faults = ",\n".join(_line(_without_digest(msgspec.to_builtins(fault))) for fault in matrix.faults)
    return f'{{"cases":[\n{cases}\n],"faults":[\n{faults}\n]}}'


def figures(matrix: Matrix) -> str:
    """The numbers of the page's head."""
    shown = {
        "cases": len(matrix.cases),
        "faults": len(matrix.faults),
        "pairs": len(matrix.cases) * len(matrix.faults),
        "violated (V)": matrix.violated_by.total(),
        "blinded (B)": matrix.blinded_by.total(),
        "near misses": sum(fault.is_quiet for fault in matrix.faults),
    }
    return "".join(f"<div><dt>{name}</dt><dd>{count:,}</dd></div>" for name, count in shown.items())


def ran(matrix: Matrix) -> str:
    """When the rows were last run, in a sentence."""
    noted = [fault for fault in matrix.faults if fault.ran and not fault.changed]
    whole = [fault for fault in noted if fault.ran and fault.ran.cases == len(matrix.cases)]
    runs = Counter((fault.ran.at, fault.ran.commit) for fault in noted if fault.ran)
    said = f"{len(noted):,} of {len(matrix.faults):,} rows were run as they are now and found exact"
    if not runs:
        return f"{said}."
    days = ", ".join(f"{day} at {commit}" for (day, commit), _ in runs.most_common(3))
    more = f", {len(whole):,} of them with every case" if whole else ", with the cases that they name"
    return f"{said} ({days}){more}."


def families(matrix: Matrix) -> str:
    """The rows of the table of families."""
    counted = matrix.violated_by
    rows = []
    for family in dict.fromkeys(case.family for case in matrix.cases):
        own = {index for index, case in enumerate(matrix.cases) if case.family == family}
        cells = (
            len({matrix.cases[index].check for index in own}),
            len(own),
            sum(not own.isdisjoint(fault.violates) for fault in matrix.faults),
            sum(not own.isdisjoint(fault.blinds) for fault in matrix.faults),
            sum(counted[index] == 1 for index in own),
        )
        rows.append(_row(family, cells))
    return "\n".join(rows)


def _row(family: str, cells: Iterable[int]) -> str:
    told = "".join(f'<td class="n">{count:,}</td>' for count in cells)
    return f'<tr><th scope="row">{html.escape(family)}</th>{told}</tr>'


def _without_digest(fault: dict[str, Any]) -> dict[str, Any]:
    if "ran" in fault:
        fault["ran"] = {key: value for key, value in fault["ran"].items() if key != "digest"}
    return fault


def _line(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8").strip()
