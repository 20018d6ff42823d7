"""`python -m selftests.sweep [--write] [--note] [--jobs N] [ROW | FILE.toml]...`: what each fault really does.

Runs every named row (all of them by default) with everything that it can change, where the suite runs most rows with
the checks that they name, and prints each row whose sets are not exact. With `--write` the sets in
sandbox/faults/*.toml are made so: read the change afterwards, a set is a promise and not a recording. With `--note`
the rows that are exact are noted with day and commit, for the fault matrix (`make matrix` shows them).
Nothing of the house may change meanwhile. An hour for all rows on two cores.
"""

import argparse
import sys
import tempfile
import threading
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sandbox.faults import FOLDER, SETS, Fault
from selftests.fault_files import NoSuchRow, file_of, rewritten, shortest
from selftests.fault_reach import MANIFEST, all_faults, reach_of, written_out
from selftests.ran import note
from selftests.voyage import Slipway

EXACT, DIFFERENT, USAGE_ERROR = 0, 1, 2


@dataclass(frozen=True)
class Swept:
    """What a row names, and what happened."""

    fault: Fault
    violated: frozenset[str]
    blinded: frozenset[str]
    trouble: str = ""
    cases: int = 0

    @property
    def sets(self) -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
        """(list of the row, what it names, what happened)."""
        named = frozenset(self.fault.violates), frozenset(self.fault.blinds)
        return ("violates", named[0], self.violated), ("blinds", named[1], self.blinded)

    @property
    def differences(self) -> list[str]:
        """In words; none when the row is exact."""
        said = [
            f"{verb} {how} {', '.join(sorted(cases))}"
            for verb, before, now in self.sets
            for how, cases in (("also", now - before), ("not", before - now))
            if cases
        ]
        return [self.trouble] if self.trouble else said


class Sweeper(ExitStack):
    """Runs rows, each thread from a slipway of its own. Use it with `with`."""

    def __init__(self) -> None:
        super().__init__()
        self._own = threading.local()

    def sweep(self, fault: Fault) -> Swept:
        """One row, with all that it can change."""
        if not hasattr(self._own, "slipway"):
            self._own.slipway = self.enter_context(Slipway())
        reach = reach_of(fault)
        with tempfile.TemporaryDirectory() as folder:
            voyage = self._own.slipway.sail(Path(folder), *reach.arguments, faults=[fault.name])
        missing = reach.cases - voyage.ids("verified", "violated", "blind", "inapplicable")
        trouble = f"was not looked at: {', '.join(sorted(missing)[:5])}" if missing else ""
        violated, blinded = frozenset(voyage.ids("violated")), frozenset(voyage.ids("blind"))
        return Swept(fault, violated, blinded, trouble, len(reach.cases))


def main(argv: Sequence[str]) -> int:
    """0: every row is exact; 1: some were not; 2: a wrong command line."""
    chosen = _arguments(argv)
    known = all_faults()
    names = _rows(chosen.rows) or list(known)
    if unknown := [name for name in names if name not in known]:
        print(f"sweep: there is no row {', '.join(unknown)} in {FOLDER}", file=sys.stderr)
        return USAGE_ERROR
    exact: dict[str, int] = {}
    with Sweeper() as sweeper, ThreadPoolExecutor(chosen.jobs) as threads:
        for swept in threads.map(sweeper.sweep, (known[name] for name in names)):
            if not swept.differences:
                exact[swept.fault.name] = swept.cases
                continue
            print(f"{swept.fault.name}: {'; '.join(swept.differences)}", flush=True)
            if chosen.write and not swept.trouble:
                write(swept)
    print(f"{len(exact)} of {len(names)} rows are exact")
    if chosen.note:
        note(exact, known)
    return EXACT if len(exact) == len(names) else DIFFERENT


def write(swept: Swept, folder: Path = FOLDER) -> None:
    """Make a row's sets exact in its file. Raises NoSuchRow."""
    file = file_of(swept.fault.name, folder)
    text = file.read_text(encoding="utf-8")
    row = tomllib.loads(text)[swept.fault.name]
    named = sets_of(folder)
    lists = {key: shortest(now, row[key], named, MANIFEST) for key, before, now in swept.sets if now != before}
    file.write_text(rewritten(text, swept.fault.name, lists), encoding="utf-8")


def sets_of(folder: Path) -> dict[str, list[str]]:
    """The named sets of cases, written out."""
    return {name: written_out(cases) for name, cases in tomllib.loads((folder / SETS).read_text("utf-8")).items()}


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m selftests.sweep", description=__doc__, allow_abbrev=False)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="a row, or a file of rows: all of them by default")
    parser.add_argument("--write", action="store_true", help="make the sets exact in sandbox/faults/*.toml")
    parser.add_argument("--note", action="store_true", help="note the exact rows, with day and commit")
    parser.add_argument("--jobs", type=int, default=3, metavar="N", help="rows at once")
    return parser.parse_args(argv)


def _rows(words: Sequence[str]) -> list[str]:
    """The rows that the words name; a file stands for all of its rows."""
    names: list[str] = []
    for word in words:
        file = FOLDER / word
        names += tomllib.loads(file.read_text(encoding="utf-8")) if word.endswith(".toml") and file.exists() else [word]
    return names


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except NoSuchRow as problem:
        sys.exit(f"sweep: {problem}")
