"""``--shard K/N``: which checks fall to which of N parts, the same in every part without a word between them.

Whole checks go to one part, because their cases share observations. Checks that look through the same slow instrument
(everything that replays, say) stay together, or each part would do the slow thing again. What is slow is read from
the doors: how long they let an instrument take to open. No durations are kept.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from zlib import crc32

import pytest
from msgspec import Struct

from fixtures.engine import LANES_ASKED, options
from fixtures.engine.registry import REGISTRY, Registry
from reports import expectation

SLOW = 30.0
"""Seconds: an instrument that may take longer to open is not opened in two parts."""


class Share(Struct, frozen=True, kw_only=True):
    """The part that a run is to judge: the `part`-th of `number`, counted from 1."""

    part: int
    number: int
    parts: Mapping[str, int]
    """Check -> its part."""

    def __str__(self) -> str:
        return f"{self.part}/{self.number}"

    def holds(self, case: str) -> bool:
        """Whether a case falls to this part; also one whose check is not in checks/ falls to exactly one."""
        check = case.partition("[")[0]
        own = self.parts.get(check) or crc32(check.encode("utf-8", "replace")) % self.number + 1
        return own == self.part


SHARE = pytest.StashKey[Share | None]()


def share_of(config: pytest.Config) -> Share | None:
    """The part that `--shard` asks for, reckoned once; None: everything."""
    if SHARE not in config.stash:
        asked = options.shard(config)
        config.stash[SHARE] = _share(config, *asked) if asked else None
    return config.stash[SHARE]


def _share(config: pytest.Config, part: int, number: int) -> Share:
    expression = config.option.markexpr
    known = expression if expectation.speaks_of_lanes_only(expression) else ""
    lanes = config.stash[LANES_ASKED]
    cases = expectation.expected(expectation.read_manifest(), known, lanes)
    root = expectation.MANIFEST.parents[1]
    return Share(part=part, number=number, parts=parts(asked_by(root), cases, REGISTRY, number))


def parts(
    asked: Mapping[str, tuple[str, ...]], cases: Iterable[str], registry: Registry, number: int
) -> dict[str, int]:
    """The part (from 1 to `number`) of every check: the largest group first, each to the part that has least so far.

    Args:
        asked: check -> what its function asks for.
        cases: the ids of all cases that are selected, which say how much each check is.
    """
    sizes = dict.fromkeys(asked, 0)
    for case in cases:
        check = case.partition("[")[0]
        sizes[check] = sizes.get(check, 0) + 1
    groups = _groups({check: _slow(asked.get(check, ()), registry) for check in sizes})
    loads = [0] * number
    found: dict[str, int] = {}
    for group in sorted(groups, key=lambda group: (-sum(sizes[check] for check in group), group)):
        part = loads.index(min(loads))
        loads[part] += sum(sizes[check] for check in group)
        found |= dict.fromkeys(group, part + 1)
    return found


def _groups(behind: Mapping[str, set[str]]) -> list[list[str]]:
    """Checks that belong together. `behind` has the slow instruments of each."""
    groups: list[tuple[set[str], set[str]]] = []
    for check, slow in behind.items():
        alike = [group for group in groups if group[1] & slow]
        groups = [group for group in groups if group not in alike]
        groups.append(({check}.union(*(group[0] for group in alike)), slow.union(*(group[1] for group in alike))))
    return [sorted(checks) for checks, _ in groups]


def _slow(names: Iterable[str], registry: Registry) -> set[str]:
    """The slow instruments that stand behind these observations."""
    behind: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        spec = registry.observations.get(name) or registry.instruments.get(name)
        if spec is not None and name not in behind:
            behind.add(name)
            left += spec.arguments
    return {name for name in behind & registry.instruments.keys() if registry.instruments[name].within > SLOW}


def asked_by(root: Path) -> dict[str, tuple[str, ...]]:
    """Check -> what its function asks for, read from checks/ without importing: a broken file has a part too."""
    paths = sorted((root / "checks").glob("*/*.py"))
    return {path.stem: tuple(_arguments(path)) for path in paths if not path.name.startswith("_")}


def _arguments(path: Path) -> Iterator[str]:
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return  # it cannot be collected either, which each part says
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield from (argument.arg for argument in node.args.args)
