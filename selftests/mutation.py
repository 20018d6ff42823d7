"""`python -m selftests.mutation [CHECK]... [--seen DIR] [--jobs N] [--write]`: is every mistake in a check noticed?

Every mutant of every check (mutants.py), or of those named, judges what the sandbox shows: healthy, with each fault
that violates the check, with each near miss of the same file, and at the limits of at_the_limit.py. A mutant of which
no outcome differs would pass all of these self-tests: it survives, and is told unless survivors.toml says why it may.
Nothing is changed on disk: mutants judge what the check judges, in memory.

What the sandbox shows is looked at once and kept in DIR (by default selftests/.cache/seen), half an hour for all rows
on two cores; a row that by now comes to something else than it says is looked at again. Judging takes a few seconds.
After a change of fixtures/ or sandbox/, remove DIR. `--write` makes docs/mutants.md.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from reports.atomic_file import replace_file
from selftests.at_the_limit import AT_THE_LIMIT
from selftests.fault_reach import FAMILIES, MANIFEST
from selftests.limits import judged
from selftests.looking import Looked, Looker, rows_for
from selftests.mutants import Mutant, mutants_of
from selftests.mutants_page import page
from selftests.ran import commit_of
from selftests.survivors import Survivors, survivors
from selftests.voyage import HOUSE

SEEN = HOUSE / "selftests" / ".cache" / "seen"
PAGE = HOUSE / "docs" / "mutants.md"
ALL_NOTICED, SOME_SURVIVE, USAGE_ERROR = 0, 1, 2


@dataclass
class Noticed:
    """By mutant, the rows that notice it. `trouble` is what rows came to that is not what they say."""

    mutants: dict[str, Mutant]
    by: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    trouble: list[str] = field(default_factory=list)
    rows: int = 0

    def add(self, looked: Looked) -> None:
        """What one row came to."""
        self.rows += 1
        self.trouble += [looked.trouble] if looked.trouble else []
        for name, cases in looked.noticed.items():
            if cases and name in self.mutants:
                self.by[name].add(looked.row)

    @property
    def survived(self) -> list[Mutant]:
        """Mutants that nothing noticed."""
        return [mutant for name, mutant in self.mutants.items() if not self.by[name]]


def main(argv: Sequence[str]) -> int:
    """0: every mutant is noticed, or known; 1: some are not; 2: a wrong command line."""
    asked = _arguments(argv)
    if unknown := sorted(set(asked.checks) - FAMILIES.keys()):
        print(f"mutation: there is no check {', '.join(unknown)}; a check is called as its file is", file=sys.stderr)
        return USAGE_ERROR
    if asked.write and asked.checks:
        print("mutation: --write is for all checks: name none", file=sys.stderr)
        return USAGE_ERROR
    checks = asked.checks or sorted(CHECKS)
    noticed = mutate(checks, asked.seen, asked.jobs)
    told = survivors()
    print(summary(noticed, told))
    if asked.write:
        made = {
            "day": datetime.now(UTC).date(),
            "commit": commit_of(HOUSE),
            "cases": len(MANIFEST),
            "rows": noticed.rows,
        }
        replace_file(PAGE, page(noticed.mutants.values(), noticed.by, told, made).encode())
    failed = noticed.trouble or told.unexplained(noticed.survived) or told.outlived(noticed.mutants, noticed.survived)
    return SOME_SURVIVE if failed else ALL_NOTICED


CHECKS = {case.partition("[")[0] for case in MANIFEST}


def mutate(checks: Iterable[str], seen: Path, jobs: int) -> Noticed:
    """Let all mutants of these checks judge whatever there is to be judged."""
    chosen = set(checks)
    noticed = Noticed({mutant.name: mutant for check in sorted(chosen) for mutant in mutants_of_check(check)})
    for limit, names in judged(AT_THE_LIMIT, chosen).items():
        noticed.add(Looked(limit, {name: ["at the limit"] for name in names}))
    with Looker(seen, jobs) as looker:
        for looked in looker.judge(rows_for(chosen)):
            noticed.add(looked)
            if looked.trouble:
                print(looked.trouble, file=sys.stderr, flush=True)
    return noticed


def mutants_of_check(check: str) -> list[Mutant]:
    """All mutants of a check, by its name."""
    file = f"checks/{FAMILIES[check]}/{check}.py"
    return mutants_of((HOUSE / file).read_text(encoding="utf-8"), file)


def summary(noticed: Noticed, told: Survivors) -> str:
    """What came out, for the terminal: survivors by name, and how many there are of what."""
    unexplained = told.unexplained(noticed.survived)
    lines = [f"SURVIVES {mutant.name}" for mutant in unexplained]
    lines += [f"KNOWN, AND NOTICED BY NOW: {name}" for name in told.outlived(noticed.mutants, noticed.survived)]
    count, survived = len(noticed.mutants), len(noticed.survived)
    lines.append(
        f"{count - survived} of {count} mutants are noticed, {survived - len(unexplained)} survive for a known reason,"
        f" {len(unexplained)} survive"
    )
    return "\n".join(lines)


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__, allow_abbrev=False)
    parser.add_argument("checks", nargs="*", metavar="CHECK", help="all of them by default")
    parser.add_argument("--seen", type=Path, default=SEEN, metavar="DIR", help="where observations are kept")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="rows at once")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(HOUSE)}")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
