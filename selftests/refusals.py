"""`python -m selftests.refusals [FILE]... [--jobs N]`: is it noticed when a fixture no longer refuses to judge?

Of each `raise Unobservable` in fixtures/ (or in FILE): which fault rows come to it, and does the shortest of them
still come to what it says when the refusal is taken out? When it does, something else refuses then: the refusal is
doubled, or only says it better. What no row comes to is told as well: other self-tests have to.
An hour for all on two cores.
"""

import argparse
import ast
import json
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sandbox.faults import Fault
from selftests import reached, refusal_removed
from selftests.fault_reach import FAMILIES, all_faults
from selftests.voyage import HOUSE, Slipway, Voyage

ROOT = HOUSE.resolve()
NOTICED, DOUBLED, UNREACHED = "noticed", "refused all the same", "no row comes to it"


@dataclass(frozen=True)
class Refusal:
    """A `raise Unobservable`: its place (file and line), and its words as they stand there."""

    place: str
    words: str


def refusals(files: Iterable[Path]) -> list[Refusal]:
    """All that the files have, in their order."""
    return [
        Refusal(f"{file.relative_to(ROOT).as_posix()}:{node.exc.lineno}", " ".join(ast.unparse(node.exc).split()))
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and _names(node.exc.func) == "Unobservable"
    ]


def _names(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


class Sailing(ExitStack):
    """Runs rows with a plugin, each thread from a slipway of its own. Use it with `with`."""

    def __init__(self) -> None:
        super().__init__()
        self._own = threading.local()

    def comes_to(self, fault: Fault) -> set[str]:
        """The places of refusals that a row comes to."""
        with tempfile.TemporaryDirectory() as name:
            self._sail(Path(name), fault, reached.__name__)
            file = Path(name) / reached.FILE
            return set(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else set()

    def without(self, place: str, fault: Fault) -> str:
        """What becomes of a row when this refusal is taken out."""
        with tempfile.TemporaryDirectory() as name:
            voyage = self._sail(Path(name), fault, refusal_removed.__name__, f"--without={place}")
        same = voyage.ids("violated") == set(fault.violates) and voyage.ids("blind") == set(fault.blinds)
        return DOUBLED if same and not voyage.ids("crashed") else NOTICED

    def _sail(self, folder: Path, fault: Fault, plugin: str, *words: str) -> Voyage:
        if not hasattr(self._own, "slipway"):
            self._own.slipway = self.enter_context(Slipway())
        slipway: Slipway = self._own.slipway
        checks = {case.partition("[")[0] for case in (*fault.violates, *fault.blinds)}
        files = sorted(f"checks/{FAMILIES[check]}/{check}.py" for check in checks)
        return slipway.sail(folder, "-p", plugin, *words, *files, faults=[fault.name])


def main(argv: Sequence[str]) -> int:
    """0, and what became of each refusal on standard output; 2: a wrong command line."""
    parser = argparse.ArgumentParser(prog="make refusals", description=__doc__, allow_abbrev=False)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="of fixtures/; all of them by default")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="rows at once")
    asked = parser.parse_args(argv)
    files = [file.resolve() for file in asked.files] or sorted((ROOT / "fixtures").rglob("*.py"))
    if strange := [str(file) for file in files if not file.is_file() or not file.is_relative_to(ROOT)]:
        print(f"refusals: {', '.join(strange)} is no file of the house; name one of fixtures/", file=sys.stderr)
        return 2
    told = refusals(files)
    with Sailing() as sailing, ThreadPoolExecutor(asked.jobs) as threads:
        rows = rows_by_place(sailing, threads)
        became = threads.map(lambda one: became_of(sailing, rows.get(one.place, []), one), told)
        for refusal, what in zip(told, became, strict=True):
            print(f"{what}: {refusal.place} {refusal.words[:100]}", flush=True)
    return 0


def rows_by_place(sailing: Sailing, threads: ThreadPoolExecutor) -> dict[str, list[Fault]]:
    """By place of a refusal, the rows that come to it, the shortest first."""
    blinding = sorted((fault for fault in all_faults().values() if fault.blinds), key=lambda fault: len(fault.blinds))
    found: dict[str, list[Fault]] = defaultdict(list)
    for fault, places in zip(blinding, threads.map(sailing.comes_to, blinding), strict=True):
        for place in places:
            found[place].append(fault)
    return found


def became_of(sailing: Sailing, rows: Sequence[Fault], refusal: Refusal) -> str:
    """In words, with the row that tells."""
    if not rows:
        return UNREACHED
    return f"{sailing.without(refusal.place, rows[0])} ({rows[0].name})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
