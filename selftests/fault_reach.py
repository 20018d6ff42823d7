"""How far a fault can reach, told from the way in which it breaks things, and so which cases have to run with it.

A service that answers something else changes only what is asked over HTTP; a file in the checkout changes nothing of
what a service answers. Which check asks whom is read from what its observations ask for. Five faults in six run the
checks that they name, and the sixth runs all that it can change; so do those that name none, which are there to be
silent. Running only this saves two thirds of the time. Some faults of each kind run everything all the same: they are
the proof that these rules hold.
"""

import ast
import importlib
import inspect
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from msgspec.structs import replace

from fixtures.engine import door_names
from fixtures.engine.registry import REGISTRY, Instrument, Observation
from sandbox.faults import Fault, load_faults
from selftests.voyage import HOUSE

MANIFEST: dict[str, list[str]] = json.loads((HOUSE / "checks" / "manifest.json").read_text(encoding="utf-8"))
FAMILIES = {file.stem: file.parent.name for file in (HOUSE / "checks").glob("*/*.py")}
"""By check, the folder that it lies in."""
APPLIED = {file.name.partition("_")[0] for file in (HOUSE / "sandbox/ocean/supabase/migrations").iterdir()}
"""Versions that the sandbox's databases have."""
TELLS_WHAT_IS_PENDING = re.compile(r"supabase_migrations|\brole\b|\bseatrial_reader\b", re.IGNORECASE)
"""In SQL: it changes the history, or a role, maybe the one that reads it."""
OPENED = re.compile(r"opening\.get\(\"(\w+)\"")
OF_SERVICES = {"certificate", "graphql", "handshake", "health", "pg_graphql", "sessions", "verify_jwt", "webhook"}
"""Switches that change what is asked over HTTP; the others change the roads to the database, or the checkout."""
SETTINGS_OF = {"dns": "site"}
"""Whose settings name a service that has another name."""
THE_APPLICATION = {"ocean", "supabase"}
EVERYTHING_EACH = 30
"""Of so many faults of one kind the first runs everything."""
ALL_IT_CAN_EACH = 6
"""Of so many faults of one kind the first runs all that it can change."""


def all_faults() -> dict[str, Fault]:
    """Every row of the sandbox's by name, with ``check[begin*]`` written out: all cases that begin so."""
    return {
        name: replace(fault, violates=written_out(fault.violates), blinds=written_out(fault.blinds))
        for name, fault in load_faults().items()
    }


def written_out(names: Iterable[str]) -> list[str]:
    """A pattern that stands for nothing stays as it is, and is then found to name no case."""
    found: list[str] = []
    for name in names:
        begins = [case for case in MANIFEST if case.startswith(name[:-2])] if name.endswith("*]") else []
        found += begins or [name]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Reach:
    """What has to run: pytest's arguments, and the cases that these select."""

    arguments: tuple[str, ...]
    cases: frozenset[str]


EVERYTHING = Reach((), frozenset(MANIFEST))


def reaches(faults: Iterable[Fault]) -> dict[str, Reach]:
    """By the name of each fault what has to run with it."""
    found: dict[str, Reach] = {}
    of_its_kind: Counter[tuple[bool, ...]] = Counter()
    for fault in faults:
        reach, kind = reach_of(fault), _kind(fault)
        turn = of_its_kind[kind]
        found[fault.name] = EVERYTHING if turn % EVERYTHING_EACH == 0 else _narrowed(fault, reach, turn)
        of_its_kind[kind] += 1
    return found


def _narrowed(fault: Fault, reach: Reach, turn: int) -> Reach:
    checks = {case.partition("[")[0] for case in (*fault.violates, *fault.blinds)}
    if turn % ALL_IT_CAN_EACH == 0 or not checks:
        return reach
    return _of_checks(checks)


def reach_of(fault: Fault) -> Reach:
    """What a fault can change, by rule."""
    services, checkout, database = _kind(fault)
    paths = (*fault.write, *fault.remove, *fault.rename)
    if checkout and all(path.partition("/")[0] == "dist" for path in paths) and not (services or database):
        return _of_checks(check for check in FAMILIES if _asks(check, {"ocean"}) or "built" in needs(check))
    if fault.unset or fault.freeze or services + checkout + database != 1:
        return EVERYTHING
    if services:
        return _of_checks(check for check in FAMILIES if _asks(check, _services(fault)))
    if checkout:
        without = "no_drift" if _is_pending(fault) else ""
        return _of_checks(check for check in FAMILIES if check != without and _reads_the_checkout(check))
    return EVERYTHING if TELLS_WHAT_IS_PENDING.search(fault.sql) else _beside_the_workbench()


def _kind(fault: Fault) -> tuple[bool, bool, bool]:
    """Whether it changes what services answer, the checkout, the database."""
    services = bool(fault.answer or fault.state or set(fault.switch) & OF_SERVICES)
    checkout = bool(fault.write or fault.remove or fault.rename)
    database = bool(fault.sql or fault.staging_sql or fault.tenant_sql or fault.apply or fault.session)
    return services, checkout, database


def _services(fault: Fault) -> set[str]:
    """The services that a fault changes; a switch is Ocean's."""
    asked = {answer.service for answer in fault.answer} | set(fault.state) | ({"ocean"} if fault.switch else set())
    return {SETTINGS_OF.get(service, service) for service in asked}


def _asks(check: str, services: set[str]) -> bool:
    """A provider's API is asked by whoever names its settings; the application and its project in many ways."""
    needed = needs(check)
    return "http" in needed and bool(services & THE_APPLICATION or needed & services)


def _reads_the_checkout(check: str) -> bool:
    return bool(needs(check) & {"checkout", "bench", "opening", "app"})


@cache
def needs(check: str) -> frozenset[str]:
    """All that a check's observations ask for, by name, and what that asks for in turn."""
    _open_doors()
    source = (HOUSE / "checks" / FAMILIES[check] / f"{check}.py").read_text(encoding="utf-8")
    found: set[str] = set()
    asked = [
        argument.arg
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
        for argument in node.args.args
    ]
    while asked:
        name = asked.pop()
        found.add(name)
        spec = REGISTRY.observations.get(name) or REGISTRY.instruments.get(name)
        asked += [one for one in _asked_by(spec) if one not in found] if spec else []
    return frozenset(found)


def _asked_by(spec: Observation | Instrument) -> tuple[str, ...]:
    """Its arguments, and what its door opens while looking, whichever of the door's observations it is that does."""
    look = spec.look if isinstance(spec, Observation) else spec.open
    return (*spec.arguments, *(OPENED.findall(inspect.getsource(sys.modules[look.__module__]))))


@cache
def _open_doors() -> None:
    for door in door_names():
        importlib.import_module(door)


def inapplicable(fault: Fault) -> set[str]:
    """What there is nothing to look at for: Ocean makes no bucket, and what is pending has no script that undoes it."""
    absent = set()
    if "drop extension pg_stat_statements" in fault.sql:
        absent.add("statements_usual")  # no statement was counted
    if "storage.buckets" not in "".join(fault.write.values()):
        absent.add("no_drift[buckets]")
    if '"personas"' not in fault.write.get("seatrial/access.json", '"personas"'):
        absent.add("access_unchanged")  # what personas may do was not agreed on
    if ".env.local" in fault.remove:
        absent.add("keys_agree[checkout]")
    pending = {"migration_status[pending]", "migration_status[out-of-order]"}.intersection(fault.violates)
    if pending and not any(path.startswith("seatrial/down/") for path in fault.write):
        absent.add("leaves_nothing[down-script]")
    return absent.difference(fault.blinds)


def _is_pending(fault: Fault) -> bool:
    """Whether it only adds what no database has yet, so that the applied migrations make what they made."""
    return not (fault.remove or fault.rename) and all(_is_new(PurePosixPath(path)) for path in fault.write)


def _is_new(path: PurePosixPath) -> bool:
    if path.parts[0] == "supabase":
        return str(path.parent) == "supabase/migrations" and path.name.partition("_")[0] not in APPLIED
    return path.parts[0] == "seatrial"


def _of_checks(checks: Iterable[str]) -> Reach:
    """All cases of these."""
    wanted = sorted(checks)
    files = tuple(f"checks/{FAMILIES[check]}/{check}.py" for check in wanted)
    return Reach(files, frozenset(case for case in MANIFEST if case.partition("[")[0] in wanted))


def _beside_the_workbench() -> Reach:
    """All but what is judged without the environment's database, or of what is pending."""
    cases = frozenset(case for case, lanes in MANIFEST.items() if "migrations" not in lanes)
    return Reach(("-m", "not migrations"), cases)
