"""`python -m selftests.sweep [--write] [--jobs N] [ROW | FILE.toml]...`: what each fault really violates and blinds.

Runs every named row (all of them by default) with everything that it can change, where the suite runs most rows with
the checks that they name, and prints each row whose sets are not exact. With `--write` the sets in
sandbox/faults/*.toml are made so: read the change afterwards, a set is a promise and not a recording.
Nothing of the house may change meanwhile. Some 25 minutes for all rows on two cores.
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
from selftests.voyage import Slipway

EXACT, DIFFERENT, USAGE_ERROR = 0, 1, 2


@dataclass(frozen=True)
class Swept:
    """What a row names, and what happened."""

    fault: Fault
    violated: frozenset[str]
    blinded: frozenset[str]
    trouble: str = ""

    @property
    def differences(self) -> list[str]:
        """In words; none when the row is exact."""
        named = (("violates", self.fault.violates, self.violated), ("blinds", self.fault.blinds, self.blinded))
        said = [
            f"{verb} {how} {', '.join(sorted(cases))}"
            for verb, before, now in named
            for how, cases in (("also", now - set(before)), ("not", set(before) - now))
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
        swept = Swept(fault, frozenset(voyage.ids("violated")), frozenset(voyage.ids("blind")))
        missing = reach.cases - voyage.ids("verified", "violated", "blind", "inapplicable")
        if missing:
            return Swept(fault, swept.violated, swept.blinded, f"was not looked at: {', '.join(sorted(missing)[:5])}")
        return swept


def main(argv: Sequence[str]) -> int:
    """0: every row is exact; 1: some were not; 2: a wrong command line."""
    chosen = _arguments(argv)
    known = all_faults()
    names = _rows(chosen.rows) or list(known)
    if unknown := [name for name in names if name not in known]:
        print(f"sweep: there is no row {', '.join(unknown)} in {FOLDER}", file=sys.stderr)
        return USAGE_ERROR
    different = 0
    with Sweeper() as sweeper, ThreadPoolExecutor(chosen.jobs) as threads:
        for swept in threads.map(sweeper.sweep, (known[name] for name in names)):
            if swept.differences:
                different += 1
                print(f"{swept.fault.name}: {'; '.join(swept.differences)}", flush=True)
                if chosen.write and not swept.trouble:
                    write(swept)
    print(f"{len(names) - different} of {len(names)} rows are exact")
    return DIFFERENT if different else EXACT


def write(swept: Swept, folder: Path = FOLDER) -> None:
    """Make a row's sets exact in its file. Raises NoSuchRow."""
    file = file_of(swept.fault.name, folder)
    text = file.read_text(encoding="utf-8")
    row = tomllib.loads(text)[swept.fault.name]
    sets = {name: written_out(cases) for name, cases in tomllib.loads((folder / SETS).read_text("utf-8")).items()}
    lists = {
        key: shortest(cases, row[key], sets, MANIFEST)
        for key, cases in (("violates", swept.violated), ("blinds", swept.blinded))
        if set(cases) != set(swept.fault.violates if key == "violates" else swept.fault.blinds)
    }
    file.write_text(rewritten(text, swept.fault.name, lists), encoding="utf-8")


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m selftests.sweep", description=__doc__, allow_abbrev=False)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="a row, or a file of rows: all of them by default")
    parser.add_argument("--write", action="store_true", help="make the sets exact in sandbox/faults/*.toml")
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
