"""docs/mutants.md: what came of the mutants of all checks when they were last judged."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from selftests.mutants import Mutant
from selftests.survivors import Survivors

KINDS = {
    "removed": "`raise Finding` removed",
    "inverted": "its condition inverted",
    "always": "its condition always true",
    "operand": "an operand of `and` or `or` left out",
    "comparison": "a comparison turned, or moved by one",
    "filter": "a filter dropped",
    "not": "a `not` dropped",
    "choice": "one side of a choice always taken",
}
HEAD = """# Mutants of the checks

A check that cannot fail protects nobody. So each check is made wrong in every small way, one at a time, and each of
these mutants judges what the sandbox shows: healthy, under every fault that violates the check, at near misses, and at
limits that no fault can hit exactly (`selftests/at_the_limit.py`). A mutant is *noticed* when at least one outcome
differs from the check's: then `make test` would fail. The facts are looked at once and judged by all; nothing on disk
is changed. What a finding *says* is not mutated here: its texts are compared by self-tests of their own.

`make mutants` does it again (`make mutants ARGS="rls_enabled"` for one check). What follows was made on {day} at
{commit}: {cases} cases, shown {rows} rows and limits.
"""
TABLE = """
| mutant | made | noticed | survive, for a known reason | survive |
|---|--:|--:|--:|--:|
"""
SURVIVE = """
## Those that survive

A survivor is a mutant that no self-test of outcomes tells from the check. Those below are known: they cannot make a
verdict wrong, for the reason beside them (`selftests/survivors.toml`). Any other makes `make mutants` fail.

"""
THIN = """
## Held by one row alone

Of each `raise Finding` below only one row notices that it is gone. Whoever changes that row takes the proof away.

"""


def page(mutants: Iterable[Mutant], by: Mapping[str, set[str]], told: Survivors, made: Mapping[str, object]) -> str:
    """The page. `by`: the rows that notice each mutant, by its name; `made`: day, commit, cases, rows."""
    every = list(mutants)
    survived = [mutant for mutant in every if not by.get(mutant.name)]
    thin = [
        (mutant, by[mutant.name]) for mutant in every if mutant.kind == "removed" and len(by.get(mutant.name, ())) == 1
    ]
    return (
        HEAD.format(**made)
        + TABLE
        + "\n".join(_rows(every, survived, told))
        + "\n"
        + SURVIVE
        + "".join(sorted(_survivor(mutant, told) for mutant in survived))
        + THIN
        + "".join(sorted(f"- `{_check(mutant)}`, line {mutant.line}: `{next(iter(rows))}`\n" for mutant, rows in thin))
    )


def _rows(every: list[Mutant], survived: list[Mutant], told: Survivors) -> list[str]:
    made = Counter(mutant.kind for mutant in every)
    left = Counter(mutant.kind for mutant in survived)
    unknown = Counter(mutant.kind for mutant in told.unexplained(survived))
    rows = [
        f"| {words} | {made[kind]} | {made[kind] - left[kind]} | {left[kind] - unknown[kind]} | {unknown[kind]} |"
        for kind, words in KINDS.items()
    ]
    sums = [counted.total() for counted in (made, left, unknown)]
    return [*rows, f"| all | {sums[0]} | {sums[0] - sums[1]} | {sums[1] - sums[2]} | {sums[2]} |"]


def _survivor(mutant: Mutant, told: Survivors) -> str:
    reason = told.reason(mutant) or "**not known why**"
    return f"- `{_check(mutant)}`, line {mutant.line}, {mutant.kind}: `{mutant.was}` → `{mutant.now}`: {reason}\n"


def _check(mutant: Mutant) -> str:
    return Path(mutant.file).stem
