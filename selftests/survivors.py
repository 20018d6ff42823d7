"""Mutants that nothing notices, each with the reason why that may be: selftests/survivors.toml."""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from selftests.mutants import Mutant
from selftests.voyage import HOUSE

FILE = HOUSE / "selftests" / "survivors.toml"


@dataclass(frozen=True)
class Survivors:
    """By check, and by ``kind: was -> now`` of a mutant, the reason."""

    reasons: Mapping[str, Mapping[str, str]]

    def reason(self, mutant: Mutant) -> str | None:
        """Why nothing notices it; None when nobody says."""
        return self.reasons.get(Path(mutant.file).stem, {}).get(mutant.change)

    def unexplained(self, survived: Iterable[Mutant]) -> list[Mutant]:
        """Those of which nobody says why."""
        return [mutant for mutant in survived if self.reason(mutant) is None]

    def outlived(self, mutants: Mapping[str, Mutant], survived: Collection[Mutant]) -> list[str]:
        """Reasons for mutants of the checks that were tried which are noticed, or which there are not."""
        tried = {Path(mutant.file).stem for mutant in mutants.values()}
        needed = {(Path(mutant.file).stem, mutant.change) for mutant in survived}
        listed = [(check, change) for check, reasons in self.reasons.items() for change in reasons]
        return [f"{check}: {change}" for check, change in listed if check in tried and (check, change) not in needed]


def survivors(file: Path = FILE) -> Survivors:
    """What the file says."""
    return Survivors(tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {})
