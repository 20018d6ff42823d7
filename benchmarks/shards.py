"""The migrations lane in shards, each on a machine of its own: how soon the slowest ends, and what all of them cost."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from benchmarks import rounds, sandboxes
from benchmarks.figures import Figure, figure
from benchmarks.lane import LANE, newest_but_one
from benchmarks.part import Beside, Part
from benchmarks.voyage import Voyage, sail

COUNTS = (1, 2, 4)
"""Into how many shards."""


def measure(count: int, tell: Callable[[str], None], counts: Sequence[int] = COUNTS) -> Part:
    """`count` rounds of every shard of every division, and of as many processes of pytest-xdist on one machine.

    Each shard is run alone, as on a machine of its own; a division takes as long as its slowest shard.

    Raises:
        VoyageFailed, fixtures.Unobservable: a run or the sandbox failed.
    """
    with sandboxes.ocean(0) as variables:
        kinds = _kinds(variables, counts)
        rounds.interleaved(kinds, 1, lambda text: tell(f"warming up: {text}"))
        return _part(rounds.interleaved(kinds, count, tell), counts)


def _kinds(variables: Mapping[str, str], counts: Sequence[int]) -> dict[str, Callable[[], Voyage]]:
    pending = (*LANE, f"--applied={newest_but_one(variables)}")
    shards: dict[str, Callable[[], Voyage]] = {
        _shard(number, of): partial(sail, (*pending, *((f"--shard={number}/{of}",) if of > 1 else ())), variables)
        for of in counts
        for number in range(1, of + 1)
    }
    return shards | {_processes(of): partial(sail, (*pending, "-n", str(of)), variables) for of in counts if of > 1}


def _part(taken: Mapping[str, Sequence[Voyage]], counts: Sequence[int]) -> Part:
    slowest = {_slowest(of): [max(one.exit for one in shards) for shards in _rounds(taken, of)] for of in counts}
    processes = {_processes(of): [one.exit for one in taken[_processes(of)]] for of in counts if of > 1}
    whole = _slowest(1)
    compared = [Beside(_slowest(of), peer) for of in counts if of > 1 for peer in (whole, _processes(of))]
    title = "pytest -m migrations on Ocean, one migration pending, in shards"
    return Part("shards", title, {**slowest, **processes}, derived=_costs(taken, counts), beside=compared)


def _costs(taken: Mapping[str, Sequence[Voyage]], counts: Sequence[int]) -> dict[str, Figure]:
    cpu = {
        f"CPU of all, {_divided(of)}": [sum(one.cpu_exit for one in shards) for shards in _rounds(taken, of)]
        for of in counts
    }
    cases = {
        f"cases of the largest shard, {_divided(of)}": [float(max(one.verdicts for one in shards))]
        for of in counts
        for shards in [_rounds(taken, of)[0]]
    }
    return {name: figure(took) for name, took in cpu.items()} | {n: figure(many, "") for n, many in cases.items()}


def _rounds(taken: Mapping[str, Sequence[Voyage]], of: int) -> list[tuple[Voyage, ...]]:
    """Round by round, a run of each shard."""
    return [*zip(*(taken[_shard(number, of)] for number in range(1, of + 1)), strict=True)]


def _shard(number: int, of: int) -> str:
    return f"shard {number}/{of}"


def _divided(of: int) -> str:
    return f"{of} shards" if of > 1 else "not divided"


def _slowest(of: int) -> str:
    return f"the slowest of {of} shards" if of > 1 else "not divided"


def _processes(of: int) -> str:
    return f"-n {of} on one machine"
