"""The history in the environment's database is read once, however many observations ask for it."""

import asyncio
from collections.abc import Sequence
from typing import cast

import pytest

from fixtures import Unobservable
from fixtures.migrations import Recorded
from fixtures.postgres import Databases


class Counting:
    """Stands in for the databases: counts how often the history is read."""

    def __init__(self, answer: list[tuple[str, str, list[str] | None]] | Unobservable) -> None:
        self.reads = 0
        self._answer = answer

    async def on(self, target: str) -> "Counting":
        return self

    async def rows(self, query: str, parameters: Sequence[object] = ()) -> list[tuple[str, str, list[str] | None]]:
        self.reads += 1
        await asyncio.sleep(0.01)
        if isinstance(self._answer, Unobservable):
            raise self._answer
        return self._answer


async def ask_thrice(counting: Counting) -> list[object]:
    recorded = Recorded(cast(Databases, counting))
    return list(await asyncio.gather(*(recorded.rows() for _ in range(3)), return_exceptions=True))


def test_it_is_read_once() -> None:
    counting = Counting([("20250101000000", "first", None)])

    first, *others = asyncio.run(ask_thrice(counting))

    assert counting.reads == 1
    assert all(other is first for other in others)


def test_when_it_cannot_be_read_everybody_hears_why() -> None:
    counting = Counting(Unobservable("no such table"))

    heard = asyncio.run(ask_thrice(counting))

    assert counting.reads == 1
    assert [str(problem) for problem in heard] == ["no such table"] * 3


def test_who_is_late_does_not_end_it_for_the_others() -> None:
    counting = Counting([("20250101000000", "first", None)])

    async def one_is_late() -> int:
        recorded = Recorded(cast(Databases, counting))
        late = asyncio.ensure_future(recorded.rows())
        await asyncio.sleep(0)
        late.cancel()
        with pytest.raises(asyncio.CancelledError):
            await late
        return len(await recorded.rows())

    assert asyncio.run(one_is_late()) == 1
    assert counting.reads == 1
