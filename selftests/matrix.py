"""The fault matrix: every case of the manifest with every fault of the sandbox, as plain data.

What a fault violates and blinds is exact: `make test` runs each row with what it names or can change, `make sweep` with
all that it can change. When a row was last run, and with how many cases, is kept by `make sweep ARGS=--note`
(ran.py); a row that has changed since is said to have changed.
"""

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache

import msgspec

from reports.check_files import check_files
from sandbox.faults import FOLDER, SETS, Fault
from selftests.fault_reach import all_faults
from selftests.ran import Ran, digest, ran_rows
from selftests.voyage import HOUSE


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the matrix."""

    case: str
    check: str
    family: str
    severity: str
    lanes: tuple[str, ...]


class Column(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A fault. `violates` and `blinds` are indices of cases, ascending; `changed`: since it was last run."""

    fault: str
    file: str
    breaks: str
    violates: tuple[int, ...]
    blinds: tuple[int, ...]
    ran: Ran | None = None
    changed: bool = False

    @property
    def is_quiet(self) -> bool:
        """Whether it expects silence: nothing is wrong, or honestly down."""
        return not self.violates and not self.blinds


@dataclass(frozen=True)
class Matrix:
    """Cases in the order of families, checks and rows; faults in the order of their files."""

    cases: tuple[Case, ...]
    faults: tuple[Column, ...]

    @property
    def violated_by(self) -> Counter[int]:
        """By case, how many faults violate it."""
        return Counter(case for fault in self.faults for case in fault.violates)

    @property
    def blinded_by(self) -> Counter[int]:
        """By case, how many faults blind it."""
        return Counter(case for fault in self.faults for case in fault.blinds)

    def once(self) -> list[str]:
        """Cases that one fault alone violates."""
        counted = self.violated_by
        return [case.case for index, case in enumerate(self.cases) if counted[index] == 1]


@cache
def matrix() -> Matrix:
    """The whole of it, from checks/ and sandbox/faults/."""
    cases = tuple(
        Case(case=case.id, check=check.check, family=check.family, severity=case.severity, lanes=case.lanes)
        for check in check_files(HOUSE)
        for case in check.cases
    )
    index = {case.case: number for number, case in enumerate(cases)}
    files, ran = _files(), ran_rows()
    faults = (_column(fault, files[name], index, ran.get(name)) for name, fault in all_faults().items())
    return Matrix(cases, tuple(faults))


def _column(fault: Fault, file: str, index: dict[str, int], ran: Ran | None) -> Column:
    return Column(
        fault=fault.name,
        file=file,
        breaks=fault.breaks,
        violates=tuple(sorted(index[case] for case in fault.violates)),
        blinds=tuple(sorted(index[case] for case in fault.blinds)),
        ran=ran,
        changed=ran is not None and ran.digest != digest(fault),
    )


def _files() -> dict[str, str]:
    """By row the file that it stands in, without its ending."""
    return {
        row: file.stem
        for file in sorted(FOLDER.glob("*.toml"))
        if file.name != SETS
        for row in tomllib.loads(file.read_text(encoding="utf-8"))
    }
