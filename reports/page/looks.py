"""The observations of a run as rows of a timeline: looks that were one piece of work are one row."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec
from msgspec import Struct

from fixtures.engine.registry import REGISTRY
from reports.telling import Telling

TOGETHER = 25.0
"""Milliseconds between the ends of looks that began together and are taken to be one piece of work."""
SEEN = "seen"
Waiting = dict[str, dict[str, None]]
"""By key of an observation, the ids of the cases that waited for it, each once and in their order."""


class Look(Struct, frozen=True, kw_only=True):
    """One row. `at` and `ms` count milliseconds, `at` from the start of the run.

    `waited` is how long it stood ready, from the first look of all: for what it needs, other looks and instruments.
    """

    name: str
    asked: tuple[str, ...]
    """What was asked for, one a look that is in this row, as people say it: ``live``, ``hop, replayed``."""
    count: int
    sight: str
    reason: str
    at: float
    ms: float
    waited: float
    attempts: int
    needs: tuple[str, ...]
    """Observations and instruments that it was given."""
    checks: tuple[str, ...]
    """Ids of the cases that were judged by it."""

    @property
    def end(self) -> float:
        """When it was over, in milliseconds from the start of the run."""
        return self.at + self.ms


class Times(Struct, frozen=True, kw_only=True):
    """All rows of a run, by when they began. `started` is ISO 8601 in UTC; `again`: they were seen by an earlier run.

    `never` are those that never began: what they need was not to be had.
    """

    started: str
    again: bool
    looks: tuple[Look, ...]
    never: tuple[Look, ...]

    @property
    def end(self) -> float:
        """When the last look was over, in milliseconds from the start."""
        return max((look.end for look in self.looks), default=0.0)

    def slowest(self, most: int) -> list[Look]:
        """The slowest rows, at most so many."""
        return sorted(self.looks, key=lambda look: (-look.ms, look.at, look.name))[:most]

    def chain(self) -> list[Look]:
        """What the end waited for: the row that ended last, before it the one it needed last, and so on; oldest first.

        A row that took no time worth speaking of is left out.
        """
        by_name: dict[str, list[Look]] = {}
        for look in self.looks:
            by_name.setdefault(look.name, []).append(look)
        found: list[Look] = []
        last = max(self.looks, key=lambda look: look.end, default=None)
        while last is not None and last not in found:
            found.append(last)
            began = last.at
            given = [look for name in last.needs for look in by_name.get(name, ()) if look.end <= began + TOGETHER]
            last = max(given, key=lambda look: look.end, default=None)
        return [look for look in reversed(found) if look.ms >= 1.0]


def times(telling: Telling) -> Times:
    """The rows of a run, from its observations."""
    run = telling.report.run
    begun = [one for one in telling.observations if _instant(one.get("began")) is not None]
    first = min((str(one["began"]) for one in begun), key=_moment, default=run.started)
    earlier = _moment(first) < _moment(run.started)
    again, started = earlier or run.replayed, first if earlier else run.started
    waiting = _judged_by(telling)
    _inherit(waiting, [str(one["key"]) for one in telling.observations])
    rows = [_look(group, started, first, waiting) for group in _together(begun)]
    never = [one for one in telling.observations if _instant(one.get("began")) is None]
    return Times(
        started=started,
        again=again,
        looks=tuple(sorted(rows, key=lambda look: (look.at, -look.ms, look.name))),
        never=tuple(_look(group, started, first, waiting) for group in _together(never)),
    )


def _judged_by(telling: Telling) -> Waiting:
    """Key of an observation -> ids of the cases that were judged by it."""
    found: Waiting = {}
    for verdict in telling.report.verdicts:
        for key in verdict.observations:
            found.setdefault(key, {})[verdict.id] = None
    return found


def _inherit(waiting: Waiting, keys: list[str]) -> None:
    """Who is judged by a look also waits for the looks that this one needs, however far back they stand."""
    by_name: dict[str, list[str]] = {}
    for key in keys:
        by_name.setdefault(key.partition(" ")[0], []).append(key)
    pending = [key for key in keys if key in waiting]
    while pending:
        key = pending.pop()
        for needed in (each for name in _needs(key.partition(" ")[0]) for each in by_name.get(name, ())):
            held = waiting.setdefault(needed, {})
            before = len(held)
            held |= waiting[key]
            if len(held) > before:
                pending.append(needed)


def _together(observations: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Those of one name that began and ended together, and came to the same: one piece of work that served several."""

    def alike(one: Mapping[str, Any]) -> tuple[str, ...]:
        return (_name(one), *(str(one.get(key) or "") for key in ("began", "sight", "reason")))

    for _, same in groupby(sorted(observations, key=lambda one: (alike(one), _ms(one))), key=alike):
        group: list[Mapping[str, Any]] = []
        for one in same:
            if group and _ms(one) - _ms(group[-1]) > TOGETHER:
                yield group
                group = []
            group.append(one)
        yield group


def _look(group: list[Mapping[str, Any]], started: str, first: str, waiting: Waiting) -> Look:
    name, began = _name(group[0]), _instant(group[0].get("began"))
    at = (began - _moment(started)) * 1000 if began is not None else 0.0
    ready = max(0.0, (_moment(first) - _moment(started)) * 1000)
    keys = [str(one["key"]) for one in group]
    return Look(
        name=name,
        asked=tuple(sorted(spoken(key.partition(" ")[2]) for key in keys if " " in key)),
        count=len(group),
        sight=str(group[0].get("sight") or ""),
        reason=str(group[0].get("reason") or ""),
        at=round(at, 1),
        ms=max(_ms(one) for one in group),
        waited=round(max(0.0, at - ready), 1) if began is not None else 0.0,
        attempts=max(int(one.get("attempts") or 1) for one in group),
        needs=_needs(name),
        checks=tuple(dict.fromkeys(case for key in keys for case in waiting.get(key, ()))),
    )


def _needs(name: str) -> tuple[str, ...]:
    spec = REGISTRY.observations.get(name)
    return tuple(each for each in spec.arguments if each != spec.asked) if spec else ()


def spoken(asked: str) -> str:
    """What was asked for without the signs of JSON: ``{"case":"hop","on":"replayed"}`` is ``hop, replayed``."""
    try:
        value = msgspec.json.decode(asked)
    except (msgspec.MsgspecError, UnicodeError):
        return asked
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    said = [str(part) for part in parts if isinstance(part, str | int | float) and not isinstance(part, bool)]
    return ", ".join(filter(None, said)) or asked


def _name(observed: Mapping[str, Any]) -> str:
    return str(observed["key"]).partition(" ")[0]


def _ms(observed: Mapping[str, Any]) -> float:
    return float(observed.get("ms") or 0.0)


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _instant(text: object) -> float | None:
    """Seconds since 1970 of an ISO 8601 text; None for anything else, which a stored file may hold."""
    try:
        return _moment(text) if isinstance(text, str) else None
    except ValueError:
        return None
