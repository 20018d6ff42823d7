"""Observations as plain values. They may be of another version of this suite: what is not as expected is nothing."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Observations = Iterable[Mapping[str, Any]]
"""As in observations.json."""


def by_name(observations: Observations) -> dict[str, list[Mapping[str, Any]]]:
    """The observations by the name that their key begins with."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in observations:
        found.setdefault(str(one.get("key")).partition(" ")[0], []).append(one)
    return found


def facts(observations: Observations) -> Iterator[Mapping[str, Any]]:
    """The facts of observations that have a list of them."""
    for one in observations:
        yield from rows(one.get("facts"))


def rows(value: object) -> list[Mapping[str, Any]]:
    """The objects in a list; nothing of anything else."""
    return [row for row in listed(value) if isinstance(row, Mapping)]


def listed(value: object) -> list[Any]:
    """A list; empty for anything else."""
    return list(value) if isinstance(value, list | tuple) else []


def mapped(value: object) -> Mapping[str, Any]:
    """An object; empty for anything else."""
    return value if isinstance(value, Mapping) else {}


def reasons(observations: Observations) -> list[str]:
    """Why some of these saw nothing, each reason once."""
    unseen = (one for one in observations if one.get("sight") in ("unobservable", "crashed"))
    return list(dict.fromkeys(str(one.get("reason") or "nothing was seen") for one in unseen))
