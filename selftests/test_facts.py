"""Facts of the real house survive a journey: to another process, into a file and back."""

import importlib
from typing import Any, get_type_hints

import msgspec

from fixtures.engine.registry import REGISTRY
from selftests.small_house import ROOT


def test_every_real_observation_can_be_sent_and_stored() -> None:
    for door in sorted((ROOT / "fixtures").glob("*/__init__.py")):
        importlib.import_module(f"fixtures.{door.parent.name}")
    REGISTRY.settle()

    assert len(REGISTRY.observations) > 10
    assert [flaw for name in sorted(REGISTRY.observations) for flaw in flaws(name)] == []


def flaws(name: str) -> list[str]:
    """Why the facts of an observation, or what it is asked, could not be made again from JSON."""
    spec = REGISTRY.observations[name]
    hints = get_type_hints(spec.look)
    found = []
    for place in filter(None, ("return", spec.asked)):
        if hints.get(place, Any) in (object, Any):
            found.append(f"{name} ({place}) may be of any type")
            continue
        try:
            msgspec.json.Decoder(hints[place])
        except TypeError as problem:
            found.append(f"{name} ({place}): {problem}")
    return found
