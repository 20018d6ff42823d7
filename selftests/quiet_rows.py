"""Rows that expect silence, started together: nothing may be red or blind however many harmless things are true.

Two rows share a voyage only when they touch nothing in common, so that neither can hide what the other does: no
service that both patch or one of them answers for, no file, no table, no switch. A row that changes which
migrations there are, or what a case is applicable for, is started alone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sandbox.faults import Fault
from selftests.fault_reach import EVERYTHING, MANIFEST, THE_APPLICATION, Reach, inapplicable

TOGETHER = 10
"""At the most: so many are soon tried one by one."""
NAMED = re.compile(r"\b([a-z_]+\.[a-z_]+)\b")
"""In SQL: schema and name of a table or function."""
HISTORY = re.compile(r"supabase_migrations|\brole\b|\bseatrial_reader\b", re.IGNORECASE)
BESIDE_THE_WORKBENCH = ("-m", "not migrations")
Touched = tuple[str, ...]
"""A path into what a row changes: two rows meet where one's is the beginning of the other's."""


@dataclass(frozen=True)
class Together:
    """The names of rows that share a voyage, and what has to run with them."""

    names: tuple[str, ...]
    reach: Reach


def is_quiet(fault: Fault) -> bool:
    """Whether it expects silence."""
    return not fault.violates and not fault.blinds


def voyages(quiet: Mapping[str, Fault], reaches: Mapping[str, Reach]) -> list[Together]:
    """Every row in exactly one; those that run most come first, so that what runs with them costs nothing more."""
    crews: list[list[str]] = []
    for name in sorted(quiet, key=lambda one: (-len(reaches[one].cases), one)):
        fits = (crew for crew in crews if len(crew) < TOGETHER and not _meets(quiet[name], crew, quiet))
        crew = next(fits, None)
        if crew is None:
            crews.append([name])
        else:
            crew.append(name)
    return [Together(tuple(crew), union(reaches[name] for name in crew)) for crew in crews]


def _meets(fault: Fault, crew: Iterable[str], quiet: Mapping[str, Fault]) -> bool:
    return any(meet(fault, quiet[name]) for name in crew)


def meet(one: Fault, other: Fault) -> bool:
    """Whether one of the two could hide what the other does."""
    if _alone(one) or _alone(other):
        return True
    if _changes_files(one) and _changes_files(other) and one.commit != other.commit:
        return True  # what the one leaves uncommitted the other's commit would take along
    return any(_begins(a, b) or _begins(b, a) for a in touched(one) for b in touched(other))


def _alone(fault: Fault) -> bool:
    """Whether it changes what there is to look at, or in which order things are."""
    changes = bool(fault.apply or fault.session or fault.unset or fault.freeze or fault.tenant_sql)
    return changes or bool(HISTORY.search(fault.sql)) or inapplicable(fault) != inapplicable(NOTHING)


NOTHING = Fault(name="nothing", breaks="nothing", violates=[], blinds=[])


def _changes_files(fault: Fault) -> bool:
    return bool(fault.write or fault.remove or fault.rename or fault.commit)


def touched(fault: Fault) -> set[Touched]:
    """All that it changes. What is planted in a service, or patched, hides or joins the rest of it; SQL that names no
    table could be about any."""
    answers = {("service", answer.service) for answer in fault.answer}
    states = {("service", service, "state") for service in fault.state}
    names = (*fault.write, *fault.remove, *fault.rename, *fault.rename.values())
    own = {("file", *name.split("/")) for name in names} | {("switch", name) for name in fault.switch}
    own |= _tables(fault.sql) | _tables(fault.staging_sql)
    seen = {
        ("service", service, *path) for service in THE_APPLICATION for path in own
    }  # where others may answer for it
    return answers | states | own | seen


def _tables(sql: str) -> set[Touched]:
    if not sql:
        return set()
    return {("table", name) for name in NAMED.findall(sql.lower())} or {("table",)}


def _begins(path: Touched, other: Touched) -> bool:
    return other[: len(path)] == path


def union(reaches: Iterable[Reach]) -> Reach:
    """What has to run where all of these have to."""
    all_of_them = [*reaches]
    arguments = {reach.arguments for reach in all_of_them}
    if len(arguments) == 1:
        return all_of_them[0]
    if any(not each or each == BESIDE_THE_WORKBENCH for each in arguments):
        return EVERYTHING
    files = tuple(sorted({file for each in arguments for file in each}))
    cases = frozenset(case for reach in all_of_them for case in reach.cases)
    return Reach(files, cases) if len(cases) < len(MANIFEST) else EVERYTHING
